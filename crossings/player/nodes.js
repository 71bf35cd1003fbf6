/* The stops of a case: scene, decision, interview, search, triage, note; and what followed. */
(function () {
  "use strict";
  const P = globalThis.CrossingsPlayer;
  const K = P.kit;
  const { h, t } = K;

  const evidence = (cards) => (cards || []).map(K.evidence);

  const forward = (words, run) => h("div", { class: "cx-buttons cx-forward" },
    K.button(words, run, "cx-main"));

  function scene(view, act) {
    return [evidence(view.evidence), forward(t("case.continue"), () => act("continue"))];
  }

  /* For those who asked for a clock. Without a `timeout` it presses, and changes nothing. */
  function clock(view, act, locked, warn) {
    if (locked || !view.clockTimes || !view.seconds) return null;
    return K.timer(view.seconds * view.clockTimes, () => {
      if (view.timeout) act("choose", { choice: view.timeout, late: true });
      else warn.textContent = t("time.over");
    }).node;
  }

  function decision(view, act, locked) {
    const name = K.id();
    const ask = K.id();
    const warn = h("p", { class: "cx-warn", role: "alert" });
    const rows = view.options.map((option, i) => h("div", {
      class: "cx-option cx-choice" + (locked && locked.choice === option.id ? " cx-chosen" : ""),
    }, h("label", null,
      h("input", { type: "radio", name, value: option.id, disabled: Boolean(locked),
        checked: Boolean(locked) && locked.choice === option.id,
        on: { change: () => (warn.textContent = "") } }),
      h("span", { class: "cx-letter", "aria-hidden": "true" }, K.letter(i)),
      h("span", { dir: "auto" }, K.inline(option.text)))));
    const group = h("div", { role: "radiogroup", "aria-labelledby": ask, class: "cx-options" }, rows);
    function decide() {
      const picked = group.querySelector("input:checked");
      if (!picked) return void (warn.textContent = t("case.choose_one"));
      act("choose", { choice: picked.value });
    }
    return [evidence(view.evidence), h("h4", { id: ask, class: "cx-question", dir: "auto" },
      K.inline(view.question)), clock(view, act, locked, warn), group,
    locked ? null : [warn, forward(t("case.decide"), decide)]];
  }

  function interview(view, act, locked) {
    const person = view.person;
    const asked = view.questions.filter((q) => q.asked);
    const left = view.remaining.questions;
    const open = view.questions.filter((q) => !q.asked);
    return [evidence(view.evidence),
      h("ol", { class: "cx-talk", "aria-label": t("case.transcript") }, asked.map((q) =>
        h("li", { tabindex: "-1", "data-id": q.id },
          h("p", { class: "cx-ask", dir: "auto" }, h("span", { class: "cx-sr" }, t("case.you")),
            K.inline(q.text)),
          h("div", { class: "cx-answer" }, K.person(person), K.prose(q.answer)),
          q.note && h("p", { class: "cx-effect", dir: "auto" }, K.inline(q.note))))),
      locked ? null : [h("p", { class: "cx-left" }, K.mark("clock"),
        left ? t("case.questions_left", { n: left }) : t("case.no_questions")),
      left > 0 && open.length ? h("ul", { class: "cx-asks", "aria-label": t("case.ask") },
        open.map((q) => h("li", null, h("button", { type: "button", class: "cx-choice-btn",
          on: { click: () => act("ask", { question: q.id }) } },
        h("span", { dir: "auto" }, K.inline(q.text)),
        h("span", { class: "cx-cost" }, t("case.minutes", { n: q.minutes })))))) : null,
      forward(t("case.end_talk"), () => act("leave"))]];
  }

  function search(view, act, locked) {
    const open = view.finds.filter((f) => !f.opened);
    return [evidence(view.evidence),
      locked ? null : [h("p", { class: "cx-left" }, K.mark("clock"),
        t("case.minutes_left", { n: view.remaining.minutes })),
      h("ul", { class: "cx-asks", "aria-label": t("case.open") }, open.map((f) => h("li", null,
        h("button", { type: "button", class: "cx-choice-btn", disabled: !f.open,
          on: { click: () => act("open", { evidence: f.evidence }) } },
        h("span", { dir: "auto" }, K.inline(f.label)),
        h("span", { class: "cx-cost" }, t(f.open ? "case.minutes" : "case.too_long",
          { n: f.minutes })))))),
      forward(t("case.move_on"), () => act("leave"))]];
  }

  function triage(view, act, locked) {
    const warn = h("p", { class: "cx-warn", role: "alert" });
    const chosen = (locked && locked.pairs) || {};
    const rows = view.arrivals.map((a) => {
      const picker = K.picker({ "data-id": a.id, disabled: Boolean(locked),
        "aria-label": t("case.channel", { name: a.person.name }) }, view.channels, chosen[a.id],
      () => (warn.textContent = ""));
      return h("li", { class: "cx-arrival" }, K.person(a.person, true), K.prose(a.text),
        picker.select, picker.full);
    });
    const list = h("ul", { class: "cx-arrivals" }, rows);
    function decide() {
      const pairs = {};
      for (const s of list.querySelectorAll("select")) if (s.value) pairs[s.dataset.id] = s.value;
      if (Object.keys(pairs).length < view.arrivals.length) {
        warn.textContent = t("case.everyone");
        return;
      }
      act("sort", { pairs });
    }
    return [evidence(view.evidence), list,
      locked ? null : [warn, forward(t("case.decide"), decide)]];
  }

  function note(view, act, locked) {
    const id = K.id();
    const box = h("textarea", { id, rows: 6, dir: "auto", maxlength: 20000,
      disabled: Boolean(locked), value: (locked && locked.text) || "" });
    return [evidence(view.evidence), h("label", { for: id, class: "cx-question" },
      K.inline(view.prompt)), box, h("p", { class: "cx-small" }, t("case.note_kept")),
    locked ? null : forward(t("case.keep_note"), () => act("write", { text: box.value }))];
  }

  const KINDS = { scene, decision, interview, search, triage, note };

  /**
   * A stop of the case. `act(action, fields)` plays; `locked` (the action just taken) draws the
   * same stop with its inputs closed.
   */
  K.stop = function (view, act, locked) {
    const heading = h("h3", { class: "cx-title", tabindex: "-1", dir: "auto" }, view.title);
    return h("article", { class: "cx-stop cx-" + view.kind }, K.place(view.place, view.time),
      heading,
      view.people.length ? h("ul", { class: "cx-people", "aria-label": t("case.people") },
        view.people.map((p) => h("li", null, K.person(p, true)))) : null,
      K.prose(view.text, "cx-scene-text"),
      KINDS[view.kind] ? KINDS[view.kind](view, act, locked) : null);
  };

  function judged(said, context) {
    return h("div", { class: "cx-judged cx-tone-" + (said.grade || "none") },
      said.kind === "verdict" && h("p", { class: "cx-who-where" }, h("strong", null, said.name),
        " → ", said.channel),
      said.consequence && K.prose(said.consequence, "cx-scene-text"),
      said.grade && h("div", { class: "cx-reason" }, K.badge(said.grade, t("grade." + said.grade)),
        K.prose(said.reason), K.citations(said.cites, said.sources, context)));
  }

  const SAY = {
    choice: (said, context) => (said.consequence ? judged(said, context) : null),
    verdict: (said, context) => (said.consequence ? judged(said, context) : null),
    rule: (said, context) => h("div", { class: "cx-judged cx-rule" },
      h("p", { class: "cx-kind" }, K.mark("clock"), t("case.meanwhile")),
      K.prose(said.text, "cx-scene-text"), K.citations(said.cites, null, context)),
    answer: (said) => h("div", { class: "cx-judged" }, h("p", { class: "cx-ask" }, said.text),
      K.prose(said.answer, "cx-scene-text"), said.consequence && K.prose(said.consequence)),
    evidence: (said) => K.evidence(said.evidence),
  };

  /** What an event brought about, or null when there is nothing to tell. */
  K.followed = function (announce, context, kinds) {
    const told = announce.filter((a) => !kinds || kinds.includes(a.kind))
      .map((a) => SAY[a.kind](a, context)).filter(Boolean);
    if (!told.length) return null;
    return h("section", { class: "cx-followed", tabindex: "-1",
      "aria-label": t("case.what_followed") }, told);
  };
})();
