/* Items and quizzes as a learner meets them: answer, check, read why, try again. */
(function () {
  "use strict";
  const P = globalThis.CrossingsPlayer;
  const K = P.kit;
  const { h, t } = K;
  const SURE = ["guess", "fairly", "certain"];

  /** What a score is called: right, part, wrong, or read (marked by a person). */
  function verdict(score) {
    if (score.status === "manual") return "read";
    if (score.points >= score.max_points) return "right";
    return score.points > 0 ? "part" : "wrong";
  }

  function scoreLine(score) {
    const kind = verdict(score);
    if (kind === "read") return h("p", { class: "cx-verdict" }, K.badge("read"));
    return h("p", { class: "cx-verdict" }, K.badge(kind), h("span", { class: "cx-small" },
      t("item.points", { points: K.number(score.points), n: score.max_points })));
  }

  function rubric(item) {
    return [
      item.model_answer && [h("h4", null, t("item.model")), K.prose(item.model_answer)],
      item.rubric && [h("h4", null, t("item.rubric")),
        h("ul", null, item.rubric.map((c) => h("li", null, K.inline(c.text), " ",
          h("span", { class: "cx-small" }, t("item.worth", { n: c.points })))))],
    ];
  }

  function sureRow(now, change) {
    const name = K.id();
    const label = K.id();
    return h("div", { class: "cx-sure", role: "radiogroup", "aria-labelledby": label },
      h("span", { id: label, class: "cx-small" }, t("sure.ask")),
      SURE.map((level) => h("label", null,
        h("input", { type: "radio", name, value: level, checked: now === level,
          on: { change: () => change(level) } }), h("span", null, t("sure." + level)))));
  }

  /* A result that came from elsewhere: a marked worksheet. */
  function showResult(box, inputs, result, context) {
    const score = result.score || result;
    inputs.lock(true);
    if (inputs.mark && score.per_option) inputs.mark(score.per_option);
    K.put(box, [scoreLine(score), result.comment && K.prose(result.comment, "cx-comment"),
      result.rationale && K.prose(result.rationale),
      K.citations(result.cites, result.sources, context)]);
    box.hidden = false;
  }

  /**
   * Draws one item. With its key it is practice: it checks and explains. Without its key (the
   * public view) it is inputs only, and reports each change to `onChange`.
   * @param {HTMLElement} el
   * @param {any} item
   * @param {{onChange?: Function, onResult?: Function, response?: any, disabled?: boolean,
   *   result?: any, context?: any, seed?: string, heading?: any, saved?: any}} [options]
   */
  P.item = function (el, item, options) {
    const o = options || {};
    const context = o.context || {};
    const keyed = item.rationale !== undefined;
    const saved = o.saved || null;
    let seed = o.seed || item.id;
    let response = saved ? saved.response : o.response || null;
    let sure = saved ? saved.sure : (response && response.sure) || null;
    let tries = saved ? saved.tries : 0;
    let inputs;
    const root = h("div", { class: "cx-item" });
    K.fill(el, root);

    /* Where somebody else scores, how sure one is goes with the answer. */
    const told = (value) => (value && sure && !keyed ? Object.assign({}, value, { sure }) : value);

    function changed(value) {
      response = value;
      if (o.onChange) o.onChange(told(value));
      const warn = root.querySelector(".cx-warn");
      if (warn) warn.textContent = "";
    }

    function draw() {
      inputs = K.inputs(item, { response, seed, onChange: changed, enter: keyed && check });
      const after = h("div", { class: "cx-after", hidden: true });
      K.fill(root, o.heading, inputs.stem, inputs.rule, inputs.node,
        controls(), after);
      inputs.lock(Boolean(o.disabled));
      if (o.result) showResult(after, inputs, o.result, context);
    }

    function controls() {
      const hint = item.hint && K.prose(item.hint, "cx-hint");
      if (hint) hint.hidden = true;
      const ask = hint && K.button(t("item.hint"), () => {
        hint.hidden = !hint.hidden;
        ask.setAttribute("aria-expanded", String(!hint.hidden));
      }, "cx-quiet", { "aria-expanded": "false" });
      return h("div", { class: "cx-controls" },
        item.kind === "text" || (!keyed && !o.onChange) ? null : sureRow(sure, (level) => {
          sure = level;
          if (!keyed) changed(inputs.read());
        }),
        h("div", { class: "cx-buttons" }, keyed ? K.button(
          t(item.kind === "text" ? "item.compare" : "item.check"), check, "cx-main") : null, ask),
        h("p", { class: "cx-warn", role: "alert" }), hint);
    }

    function check() {
      response = inputs.read();
      const score = globalThis.CrossingsEngine.scoreItem(item, response);
      if (score.status === "empty" || score.status === "malformed") {
        root.querySelector(".cx-warn").textContent = t("item." + score.status);
        return;
      }
      tries += 1;
      explain(score, true);
      if (o.onResult) o.onResult({ item: item.id, response, score, sure, tries, seed });
    }

    function explain(score, live) {
      const kind = verdict(score);
      const after = root.querySelector(".cx-after");
      inputs.lock(true);
      if (inputs.mark) inputs.mark(score.per_option || {});
      root.querySelector(".cx-controls").hidden = true;
      const why = h("div", { class: "cx-why" }, K.prose(item.rationale), rubric(item),
        K.citations(item.cites, item.sources, context));
      const full = kind === "right" || kind === "read";
      why.hidden = !full;
      const show = K.button(t("item.show"), () => {
        why.hidden = false;
        show.remove();
        if (inputs.reveal) inputs.reveal();
        K.focus(why);
      }, "cx-quiet");
      const head = h("div", { class: "cx-head" }, scoreLine(score), sureNote(kind));
      K.fill(after, head, why, h("div", { class: "cx-buttons" },
        K.button(t("item.again"), again, full ? "cx-quiet" : "cx-main"), full ? null : show));
      after.className = "cx-after cx-tone-" + kind;
      after.hidden = false;
      if (live) K.focus(head);
    }

    function sureNote(kind) {
      if (!sure || kind === "read") return null;
      const key = `sure.${sure}_${kind === "right" ? "right" : "wrong"}`;
      return P.strings[key] ? h("p", { class: "cx-small" }, t(key)) : null;
    }

    function again() {
      response = null;
      sure = null;
      seed = K.seed();
      draw();
      const first = root.querySelector("input, select, textarea, button");
      if (first) first.focus();
    }

    draw();
    if (keyed && saved && saved.response) {
      explain(globalThis.CrossingsEngine.scoreItem(item, saved.response), false);
    }
    return {
      element: root,
      response: () => inputs.read(),
      set(value) {
        response = value;
        draw();
      },
      disable: (on) => inputs.lock(on),
    };
  };

  /* Quizzes */

  function readAgain(payload, kept) {
    const missed = new Set();
    for (const item of payload.items) {
      const first = kept.items[item.id] && kept.items[item.id].first;
      if (first && verdict(first) !== "right" && verdict(first) !== "read") {
        for (const id of item.objectives || []) missed.add(id);
      }
    }
    const lines = [...missed].filter((id) => (payload.objectives || {})[id]).map((id) => {
      const objective = payload.objectives[id];
      const links = payload.links || {};
      return h("li", null, objective.text, (objective.taught || []).length ? h("span", {
        class: "cx-small" }, " ", objective.taught.map((c, i) => [i ? ", " : "",
        links[c.where] ? h("a", { href: links[c.where] }, c.title) : c.title])) : null);
    });
    if (!lines.length) return null;
    return [h("h4", null, t("quiz.read_again")), h("ul", { class: "cx-again" }, lines)];
  }

  function totals(payload, kept) {
    let points = 0;
    let max = 0;
    let done = 0;
    for (const item of payload.items) {
      const one = kept.items[item.id];
      if (item.kind !== "text") max += item.points;
      if (!one) continue;
      done += 1;
      points += one.first.points;
    }
    return { points, max, done };
  }

  /** A quiz: one question at a time, and at the end what to read again. */
  P.quiz = function (el, payload, options) {
    const o = options || {};
    const many = payload.items.length > 1;
    const key = "quiz:" + payload.ref;
    const keep = o.keep !== false;
    let kept = o.responses ? { items: o.responses } : keep ? K.store.get(key) : null;
    if (!kept || typeof kept.items !== "object" || kept.items === null) kept = { items: {} };
    for (const [id, one] of Object.entries(kept.items)) {
      if (!one || !one.first || !payload.items.some((i) => i.id === id)) delete kept.items[id];
    }
    let at = Math.max(0, payload.items.findIndex((i) => !kept.items[i.id]));
    const finished = () => payload.items.every((i) => kept.items[i.id]);

    const steps = h("ol", { class: "cx-steps", "aria-label": t("quiz.progress") });
    const box = h("div");
    const next = K.button(t("quiz.next"), () => go(at + 1), "cx-main");
    const back = K.button(t("quiz.back"), () => go(at - 1), "cx-quiet");
    const root = h("section", { class: "cx-root cx-quiz", "aria-label":
      payload.title || t("quiz.title") },
    many && h("header", { class: "cx-quiz-head" }, h("h3", null, payload.title || t("quiz.title")),
      steps), box, many && h("div", { class: "cx-buttons cx-turn" }, back, next));
    K.fill(el, root);

    /* One main button at a time: the way on is quiet until the question is answered. */
    function quieten() {
      const open = payload.items[at] && !kept.items[payload.items[at].id];
      next.className = "cx-btn " + (open ? "cx-quiet" : "cx-main");
    }

    function drawSteps() {
      K.fill(steps, payload.items.map((item, i) => {
        const one = kept.items[item.id];
        const kind = one ? verdict(one.first) : "";
        const label = t("quiz.step", { place: i + 1 }) + (kind ? ": " + t("mark." + kind) : "");
        return h("li", null, h("button", { type: "button", class: "cx-step",
          "aria-label": label, "aria-current": i === at ? "step" : null,
          on: { click: () => go(i) } }, kind ? K.badge(kind, " ") : String(i + 1)));
      }));
    }

    function go(to) {
      at = Math.min(payload.items.length, Math.max(0, to));
      draw();
      const heading = box.querySelector("h4");
      if (heading) K.focus(heading);
    }

    function draw() {
      drawSteps();
      back.hidden = at === 0 || at >= payload.items.length;
      const last = at >= payload.items.length - 1;
      next.hidden = at >= payload.items.length || (last && !finished());
      next.textContent = last ? t("quiz.finish") : t("quiz.next");
      quieten();
      if (at >= payload.items.length) return drawEnd();
      const item = payload.items[at];
      const one = kept.items[item.id];
      P.item(box, item, {
        context: payload, seed: (one && one.seed) || payload.ref, saved: one,
        heading: many && h("h4", { class: "cx-count" },
          t("quiz.question", { place: at + 1, total: payload.items.length })),
        onResult: (result) => record(item, result),
      });
    }

    function record(item, result) {
      const before = kept.items[item.id];
      const { points, max_points, status } = result.score;
      kept.items[item.id] = { response: result.response, sure: result.sure, seed: result.seed,
        tries: ((before && before.tries) || 0) + 1,
        first: before ? before.first : { response: result.response, points, max_points, status } };
      if (keep) K.store.set(key, kept);
      drawSteps();
      quieten();
      next.hidden = !many || (at >= payload.items.length - 1 && !finished());
      if (o.onChange) o.onChange({ responses: kept.items, totals: totals(payload, kept) });
    }

    function drawEnd() {
      const sum = totals(payload, kept);
      K.fill(box, h("h4", { class: "cx-count" }, t("quiz.end")),
        h("p", { class: "cx-total" }, h("strong", null, K.number(sum.points)), " ",
          t("quiz.of", { n: K.number(sum.max) })),
        h("p", { class: "cx-small" }, t("quiz.first_counts")),
        readAgain(payload, kept) || h("p", null, t("quiz.nothing_again")),
        h("div", { class: "cx-buttons" }, K.button(t("quiz.restart"), () => {
          if (keep) K.store.drop(key);
          kept = { items: {} };
          go(0);
        }, "cx-quiet")));
      K.say(t("quiz.end"));
    }

    draw();
    return { element: root, totals: () => totals(payload, kept), responses: () => kept.items };
  };
})();
