/* The end of a case: outcome, a letter-like debrief, the way taken and the roads not taken. */
(function () {
  "use strict";
  const P = globalThis.CrossingsPlayer;
  const K = P.kit;
  const { h, t } = K;

  const OUTCOME = { protected: "good", partly: "acceptable", missed: "poor", harmed: "harmful" };

  /* A part of the debrief. A long one starts folded, so that what happened to people, what went
     wrong and what was missed are read first. */
  function part(key, content, count, folded) {
    const full = [].concat(content).flat().filter(Boolean);
    return full.length ? h("details", { class: "cx-part", open: !folded },
      h("summary", null, h("h4", null, t("debrief." + key)),
        count ? h("span", { class: "cx-small" }, count) : null), full) : null;
  }

  const list = (lines, cls) => (lines.length ? h("ul", { class: cls || "cx-lines" }, lines) : null);

  function moment(m, context) {
    return h("li", null,
      h("p", null, K.badge(m.grade, t("grade." + m.grade)), " ",
        h("span", { class: "cx-small" }, m.title)),
      h("p", { class: "cx-did", dir: "auto" }, m.name ? m.name + " → " : "", K.inline(m.text)),
      K.prose(m.reason), K.citations(m.cites, m.sources, context));
  }

  function missed(found, context) {
    const line = (kind, title, why, cites) => h("li", null, h("p", null,
      h("span", { class: "cx-kind" }, t("debrief." + kind)), " ",
      h("strong", { dir: "auto" }, K.inline(title))), why && K.prose(why),
    K.citations(cites, null, context));
    return list([].concat(
      found.evidence.map((e) => line("evidence", e.title, e.why, e.cites)),
      found.signs.map((s) => line("sign", s.label)),
      found.questions.map((q) => line("question", q.text, q.reason, q.cites))));
  }

  function fate(doc, one, context) {
    const person = Object.assign({}, doc.people[one.person], { name: one.name });
    return h("li", { class: "cx-fate" }, K.person(person),
      h("div", null, h("strong", { dir: "auto" }, one.name), K.prose(one.text),
        K.citations(one.cites, null, context)));
  }

  /* The way as a list that reads well aloud and draws as a line with side roads. */
  function way(path, rewind) {
    const others = (done) => (done.others || []).map((other) => h("li", { class: "cx-not" },
      h("span", { class: "cx-small" }, t("debrief.not_taken", { grade: t("grade." + other.grade) })),
      h("span", { dir: "auto" }, K.inline(other.text))));
    const did = (done) => [h("li", { class: "cx-taken" },
      done.grade ? K.badge(done.grade, t("grade." + done.grade)) : K.badge("read", t("debrief.opened")),
      h("span", { dir: "auto" }, done.name ? done.name + " → " : "", K.inline(done.text)),
      rewind && done.kind === "choice" ? K.button([K.mark("back"), t("debrief.back_here")],
        () => rewind(done.seq), "cx-quiet cx-tiny") : null), others(done)];
    const names = [...new Set(path.map((stop) => stop.node))];
    return h("ol", { class: "cx-way" }, path.map((stop) => h("li", { class: "cx-way-stop" },
      h("p", { class: "cx-way-title" }, h("span", { class: "cx-nth" }, names.indexOf(stop.node) + 1),
        h("span", { class: "cx-clock" }, stop.time), " ",
        h("strong", { dir: "auto" }, stop.title)),
      stop.done.length ? h("ul", null, stop.done.map(did)) : null)));
  }

  /* The map: the whole case in grey, the way taken in colour, its stops numbered as in the list. */
  function map(plan, doc, path) {
    if (!plan) return null;
    const stops = [];
    for (const stop of path) if (!stops.includes(stop.node)) stops.push(stop.node);
    const gone = new Set(path.map((stop, i) => i && path[i - 1].node + " " + stop.node));
    const x = (n) => n * 3;
    const y = (layer) => 20 + layer * 32;
    const ways = [[], []];
    for (const [from, to, via] of plan.ways) {
      if (!plan.at[from] || !plan.at[to]) continue;
      const points = [plan.at[from], ...via, plan.at[to]];
      let d = `M${x(points[0][0])} ${y(points[0][1])}`;
      for (let i = 1; i < points.length; i++) {
        const [a, b] = [points[i - 1], points[i]];
        const middle = (y(a[1]) + y(b[1])) / 2;
        d += `C${x(a[0])} ${middle} ${x(b[0])} ${middle} ${x(b[0])} ${y(b[1])}`;
      }
      const taken = gone.has(from + " " + to);
      ways[Number(taken)].push([taken ? "t" : "o", d]);
    }
    const dots = Object.keys(plan.at).filter((name) => doc.nodes[name]).map((name) => {
      const place = stops.indexOf(name);
      const [cx, cy, r] = [x(plan.at[name][0]), y(plan.at[name][1]), place < 0 ? 6 : 11];
      const shape = doc.nodes[name].kind === "ending" ? `M${cx - r} ${cy - r}h${2 * r}v${2 * r}h${-2 * r}z`
        : `M${cx} ${cy - r}a${r} ${r} 0 1 0 .1 0z`;
      return place < 0 ? [["u", shape]] : [["v", shape], ["n", [cx, cy + 4, String(place + 1)]]];
    });
    const width = x(plan.width);
    const height = y(Math.max(...Object.values(plan.at).map((p) => p[1]))) + 20;
    return h("figure", { class: "cx-map" },
      K.svg(`-14 0 ${width + 28} ${height}`, ways[0].concat(ways[1], dots.flat()), ""),
      h("figcaption", { class: "cx-small" }, t("debrief.map",
        { seen: stops.length, all: Object.keys(doc.nodes).length })));
  }

  function bars(tallies, name) {
    const ids = Object.keys(tallies).filter((id) => tallies[id].max > 0);
    return ids.length ? h("ul", { class: "cx-bars" }, ids.map((id) => {
      const { points, max } = tallies[id];
      const meter = h("span", { class: "cx-meter", "aria-hidden": "true" }, h("span", null));
      meter.firstChild.style.inlineSize = Math.max(0, Math.min(100, (100 * points) / max)) + "%";
      return h("li", null, h("span", { dir: "auto" }, name(id)), meter,
        h("strong", null, t("debrief.of", { points, max })));
    })) : null;
  }

  function total(score, d) {
    const kind = OUTCOME[d.outcome] || "acceptable";
    return h("div", { class: "cx-outcome cx-tone-" + kind },
      h("p", { class: "cx-outcome-word" }, K.badge(kind, t("outcome." + d.outcome)),
        h("strong", { class: "cx-percent" }, t("debrief.percent", { percent: score.percent }))),
      // A ceiling that was not met limits nothing: what was done is told below, at its stop.
      score.percent < score.uncapped &&
        [h("p", null, t("debrief.capped", { percent: score.uncapped })),
          d.caps.map((cap) => K.prose(cap.reason))],
      score.rewinds ? h("p", { class: "cx-small" }, t("debrief.rewinds", { n: score.rewinds }))
        : null);
  }

  function printAll() {
    for (const folded of document.querySelectorAll(".cx-debrief details")) folded.open = true;
    print();
  }

  function again(actions, mode) {
    return h("div", { class: "cx-buttons cx-noprint" },
      K.button(t("debrief.again"), () => actions.again(mode), "cx-main"),
      K.button(t(mode === "learn" ? "debrief.again_assess" : "debrief.again_learn"),
        () => actions.again(mode === "learn" ? "assess" : "learn"), "cx-quiet"),
      K.button(t("debrief.print"), printAll, "cx-quiet"),
      K.button(t("case.download"), actions.download, "cx-quiet"));
  }

  /** The debrief of a finished play. */
  K.debrief = function ({ doc, payload, view, score, debrief: d }, actions) {
    const law = payload.law || {};
    const goals = payload.objectives || {};
    return h("article", { class: "cx-stop cx-debrief" },
      K.place(doc.nodes[d.ending].place, d.time),
      h("h3", { class: "cx-title", tabindex: "-1", dir: "auto" }, d.title),
      K.prose(d.text, "cx-scene-text"), total(score, d),
      h("div", { class: "cx-report" },
        part("people", list(d.people.map((f) => fate(doc, f, payload)), "cx-fates")),
        part("later", list(d.later.map((r) => h("li", null, K.prose(r.text),
          K.citations(r.cites, null, payload))))),
        part("well", list(d.well.map((m) => moment(m, payload))), d.well.length,
          d.well.length > 4),
        part("wrong", list(d.went_wrong.map((m) => moment(m, payload))),
          d.went_wrong.length),
        part("missed", missed(d.missed, payload)),
        part("notes", d.notes.filter((n) => n.text.trim()).map((n) => h("blockquote", null,
          h("p", { class: "cx-small" }, n.prompt || n.title), K.prose(n.text)))),
        part("ask", list((d.ask || []).map((q) => h("li", null, K.inline(q)))))),
      part("way", [map(payload.map, doc, d.path), way(d.path, actions.rewind)], 0,
        d.path.length > 10),
      part("objectives", bars(score.objectives, (id) => (goals[id] ? goals[id].text : id))),
      part("law", bars(score.law, (id) => (law[id]
        ? [law[id].title, " ", h("span", { class: "cx-small" }, law[id].short, " ",
          law[id].article)] : id)), 0, Object.keys(score.law).length > 6),
      again(actions, view.mode));
  };
})();
