/* A case as it is played: opening, clock and notebook, one stop at a time, saved as a trace. */
(function () {
  "use strict";
  const P = globalThis.CrossingsPlayer;
  const K = P.kit;
  const { h, t } = K;

  /**
   * @param {HTMLElement} el
   * @param {any} payload what `documents.case_payload` makes
   * @param {{trace?: any, mode?: string, seed?: string, onChange?: Function,
   *   keep?: boolean, direct?: boolean}} [options] `keep: false` stores nothing in the browser;
   *   `direct` shows a given trace where it stands, without asking
   */
  P.case = function (el, payload, options) {
    const o = options || {};
    const E = globalThis.CrossingsEngine;
    /* A play that began on an older version is finished on that version, which is kept for it. */
    let doc = payload.doc;
    const key = "case:" + payload.ref;
    const shelf = "doc:" + payload.ref;
    const keep = o.keep !== false;
    /** @type {any} */
    let trace = null;
    /** @type {any} */
    let state = null;
    /** What asking did, by `node.question`: shown beneath the answer. */
    const effects = new Map();
    /** At first nothing takes the focus: the page around may be read from its beginning. */
    let calm = true;
    const focus = (el) => calm || K.focus(el);
    const root = h("section", { class: "cx-root cx-case", "aria-label": doc.title });
    K.fill(el, root);

    const load = () => o.trace || (keep && K.store.get(key)) || null;

    function save() {
      if (state.ending) {
        const { percent, outcome } = E.score(doc, state);
        trace.result = { percent, outcome };
      }
      if (keep) K.store.set(key, trace);
      if (!o.onChange) return;
      const score = E.score(doc, state);
      o.onChange({ trace, score, ending: state.ending });
    }

    function begin(mode, seed, time) {
      effects.clear();
      doc = payload.doc;
      trace = { case: doc.id, version: doc.version, seed: seed || o.seed || K.seed(), mode,
        time: time || 0, events: [] };
      if (keep) K.store.set(shelf, doc);
      state = E.start(doc, trace.seed, mode);
      save();
      show(null);
    }

    /* Replays a stored trace on the version that it began with; a damaged one is not played. */
    function resume(stored) {
      const older = stored.version !== payload.doc.version && keep && K.store.get(shelf);
      for (const version of [payload.doc, older]) {
        const play = version && played(version, stored);
        if (play) return Object.assign(play, { doc: version });
      }
      return null;
    }

    function played(version, stored) {
      try {
        const play = E.replay(version, stored);
        return play.problem || !stored.events.length ? null : play;
      } catch (_) {
        return null; // what was kept is no case any more
      }
    }

    /* opening */

    function opening(skipped) {
      const stored = load();
      const play = stored && resume(stored);
      const stale = stored && !play && (stored.events || []).length > 0;
      const note = doc.content_note && h("div", { class: "cx-care" },
        h("h4", null, t("case.content_note")), K.prose(doc.content_note));
      K.fill(root, K.place(doc.nodes[doc.start].place, doc.starts_at),
        h("h3", { class: "cx-title", tabindex: "-1" }, doc.title),
        h("p", { class: "cx-small cx-meta" }, K.mark("clock"), t("case.takes", { n: doc.minutes })),
        K.prose(doc.summary, "cx-scene-text"),
        h("p", { class: "cx-role" }, h("span", { class: "cx-kind" }, t("case.role")),
          h("span", { dir: "auto" }, K.inline(doc.role))),
        note, stale ? h("p", { class: "cx-stale", role: "status" }, t("case.stale")) : null,
        play && play.doc !== payload.doc
          ? h("p", { class: "cx-stale", role: "status" }, t("case.older")) : null,
        skipped ? h("p", { role: "status" }, t("case.skipped")) : null,
        play ? resumeRow(stored, play) : startRow(Boolean(note)));
    }

    function resumeRow(stored, play) {
      const go = K.button(t(play.state.ending ? "case.see_end" : "case.resume"), () => {
        trace = stored;
        doc = play.doc;
        state = play.state;
        show(null);
      }, "cx-main");
      return h("div", { class: "cx-buttons" }, go,
        K.button(t("case.restart"), () => forget(), "cx-quiet"));
    }

    function forget() {
      if (keep) {
        K.store.drop(key);
        K.store.drop(shelf);
      }
      doc = payload.doc;
      o.trace = null;
      opening(false);
      K.focus(root.querySelector("h3"));
    }

    /* A question before the start; the first answer is chosen. */
    function asks(words, values, line, cls) {
      const name = K.id();
      const label = K.id();
      return h("div", { class: "cx-modes " + cls, role: "radiogroup", "aria-labelledby": label },
        h("p", { id: label, class: "cx-kind" }, t(words)),
        values.map((value, i) => h("label", { class: "cx-mode" },
          h("input", { type: "radio", name, value, checked: i === 0 }),
          h("span", null, line(value)))));
    }

    const answer = (box) => box && box.querySelector("input:checked").value;

    function startRow(gated) {
      const timed = Object.values(doc.nodes).some((node) => node.seconds);
      const modes = o.mode ? null : asks("mode.ask", ["learn", "assess"], (mode) => [
        h("strong", null, t("mode." + mode)),
        h("span", { class: "cx-small" }, t(`mode.${mode}_means`))], "");
      const times = timed ? asks("time.ask", ["0", "1", "2"],
        (times) => t("time." + times), "cx-times") : null;
      const row = h("div", null, modes, times,
        timed ? h("p", { class: "cx-small" }, t("time.rule")) : null,
        h("div", { class: "cx-buttons" },
          K.button(t(gated ? "case.go_on" : "case.start"), () => {
            begin(o.mode || answer(modes), null, Number(answer(times)));
          }, "cx-main"),
          gated ? K.button(t("case.skip"), () => (opening(true), K.say(t("case.skipped"))),
            "cx-quiet") : null));
      return row;
    }

    /* one stop */

    function act(view, action, fields) {
      const event = Object.assign({ seq: trace.events.length + 1, at: new Date().toISOString(),
        node: state.node, action }, fields);
      state = E.apply(doc, state, event);
      trace.events.push(event);
      save();
      const now = E.view(doc, state);
      if ((action === "ask" || action === "open") && now.node === view.node) {
        return stay(now, fields);
      }
      const told = action === "rewind" ? null : K.followed(now.announce, payload);
      if (!told) return show(null);
      if (event.late) told.prepend(h("p", { class: "cx-kind" }, K.mark("clock"), t("time.ran_out")));
      const words = t(state.ending ? "case.to_end" : "case.continue");
      told.append(h("div", { class: "cx-buttons cx-forward" },
        K.button(words, () => show(null), "cx-main")));
      draw(view, event, told);
      K.focus(told);
    }

    /* A question answered or a thing opened, and the play stays where it is. */
    function stay(now, fields) {
      draw(now, null, K.followed(now.announce, payload, ["rule"]), true);
      const said = now.announce[0] || {};
      const find = fields.question
        ? root.querySelector(`.cx-talk [data-id="${fields.question}"]`)
        : root.querySelector(".cx-stop > .cx-evidence:nth-last-of-type(1)");
      if (find) K.focus(find);
      const rule = now.announce.find((a) => a.kind === "rule");
      K.say([said.answer, said.consequence, rule && rule.text].filter(Boolean).join(" "));
    }

    function show(told) {
      if (state.ending) return finish();
      const view = E.view(doc, state);
      view.clockTimes = trace.time;
      draw(view, null, told);
      focus(root.querySelector(".cx-title"));
    }

    function draw(view, locked, told, before) {
      if (view.kind === "interview") prepareTalk(view);
      const stop = K.stop(view, (action, fields) => act(view, action, fields), locked);
      const place = before && told ? stop.querySelector(".cx-left") : null;
      if (place) place.before(told);
      K.fill(root, bar(view), stop, place ? null : told);
    }

    /* The view names the person and the questions; what asking did is told in the log's words. */
    function prepareTalk(view) {
      const id = view.person;
      view.person = view.people.find((p) => p.id === id) ||
        Object.assign({}, doc.people[id], { name: " " });
      const said = view.announce.find((a) => a.kind === "answer");
      if (said) effects.set(state.asked[state.asked.length - 1], said.consequence);
      for (const q of view.questions) q.note = q.asked && effects.get(`${view.node}.${q.id}`);
    }

    /* clock and notebook */

    function bar(view) {
      const panel = notebook(view);
      panel.id = K.id();
      const toggle = K.button([K.mark("read"), t("notebook.title")], () => {
        panel.hidden = !panel.hidden;
        toggle.setAttribute("aria-expanded", String(!panel.hidden));
      }, "cx-quiet cx-toggle", { "aria-expanded": "false", "aria-controls": panel.id });
      return h("header", { class: "cx-bar" },
        h("div", { class: "cx-bar-row" },
          h("span", { class: "cx-clock" }, K.mark("clock"),
            h("span", { class: "cx-sr" }, t("case.time")), h("strong", null, view.time)),
          h("span", { class: "cx-bar-title", dir: "auto" }, doc.title), toggle), panel);
    }

    function fact(variable) {
      const value = variable.value;
      if (Array.isArray(value)) {
        return h("div", null, h("dt", null, variable.label), h("dd", null, value.length
          ? h("ul", null, value.map((v) => h("li", null, v))) : t("notebook.none")));
      }
      if (variable.type === "boolean") {
        return h("div", null, h("dt", null, variable.label),
          h("dd", null, t(value ? "notebook.yes" : "notebook.no")));
      }
      const span = variable.max - variable.min || 1;
      const meter = h("span", { class: "cx-meter", "aria-hidden": "true" }, h("span", null));
      meter.firstChild.style.inlineSize = (100 * (value - variable.min)) / span + "%";
      return h("div", null, h("dt", null, variable.label), h("dd", null, meter,
        t("notebook.of", { value, max: variable.max })));
    }

    function notebook(view) {
      return h("div", { class: "cx-notebook", hidden: true },
        view.variables.length ? h("dl", { class: "cx-known" }, view.variables.map(fact)) : null,
        h("h4", null, t("notebook.evidence")),
        view.dossier.length ? view.dossier.map((card) => h("details", null,
          h("summary", null, card.title), K.evidence(card)))
          : h("p", { class: "cx-small" }, t("notebook.no_evidence")),
        view.rewind.length ? [h("h4", null, t("notebook.rewind")),
          h("ul", { class: "cx-asks" }, view.rewind.map((r) => h("li", null,
            h("button", { type: "button", class: "cx-choice-btn",
              on: { click: () => act(view, "rewind", { to: r.seq }) } },
            h("span", null, r.title), K.mark("back")))))] : null,
        h("div", { class: "cx-buttons" },
          K.button(t("case.download"), () => K.download(doc.id + ".trace.json", trace), "cx-quiet"),
          K.button(t("case.restart"), forget, "cx-quiet")));
    }

    /* the end */

    function finish() {
      const view = E.view(doc, state);
      K.fill(root, K.debrief({ doc, payload, view, score: E.score(doc, state),
        debrief: E.debrief(doc, state) }, {
        rewind: trace.mode === "learn" ? (to) => act(view, "rewind", { to }) : null,
        again: (mode) => begin(mode, K.seed(), trace.time),
        download: () => K.download(doc.id + ".trace.json", trace),
      }));
      focus(root.querySelector(".cx-title"));
    }

    function standing() {
      const play = o.direct && o.trace && resume(o.trace);
      if (!play) return opening(false);
      trace = o.trace;
      doc = play.doc;
      state = play.state;
      show(null);
    }

    standing();
    calm = false;
    return {
      element: root,
      trace: () => trace,
      score: () => (state ? E.score(doc, state) : null),
      ending: () => (state ? state.ending : null),
    };
  };
})();
