/* What this browser keeps of a learner's cases and quizzes: to see, to take along, to delete. */
(function () {
  "use strict";
  const P = globalThis.CrossingsPlayer;
  const K = P.kit;
  const { h, t } = K;
  const FORMAT = "crossings-progress";
  const MOST = 8e6;

  const isObject = (v) => v !== null && typeof v === "object" && !Array.isArray(v);

  /* How much was done: of two states of one thing, the longer one is the later one. */
  const size = (v) => (v.events || Object.keys(v.items || {})).length;

  const fits = (key, v) => isObject(v) && (/^case:/.test(key) ? Array.isArray(v.events)
    : /^quiz:/.test(key) ? isObject(v.items) : /^doc:/.test(key) && isObject(v.nodes));

  /** Keys of what is kept of cases and quizzes. */
  function keys() {
    try {
      return Object.keys(localStorage).filter((k) => /^crossings:(case|quiz|doc):/.test(k))
        .map((k) => k.slice(10));
    } catch (_) {
      return [];
    }
  }

  /** Everything that is kept, as one document. */
  function taken() {
    const entries = {};
    for (const key of keys()) entries[key] = K.store.get(key);
    return { format: FORMAT, version: 1, saved: new Date().toISOString(), entries };
  }

  /** Puts a document's entries in; what is here already and longer stays. Throws what to say. */
  function brought(text) {
    let data = null;
    try {
      data = JSON.parse(text);
    } catch (_) { /* said below */ }
    if (!isObject(data) || data.format !== FORMAT || !isObject(data.entries)) {
      throw new Error(t("progress.not_ours"));
    }
    let count = 0;
    for (const [key, value] of Object.entries(data.entries)) {
      if (!fits(key, value)) continue;
      const here = K.store.get(key);
      if (here && size(here) >= size(value)) continue;
      K.store.set(key, value);
      if (JSON.stringify(K.store.get(key)) !== JSON.stringify(value)) {
        throw new Error(t("progress.full"));
      }
      if (!/^doc:/.test(key)) count += 1;
    }
    return count;
  }

  function begun(activity) {
    const kept = K.store.get(activity.key);
    return fits(activity.key, kept) && size(kept) > 0;
  }

  function state(activity) {
    const kept = K.store.get(activity.key);
    if (!begun(activity)) return t("progress.none");
    if (kept.result) {
      return t("progress.ended", { percent: kept.result.percent,
        outcome: t("outcome." + kept.result.outcome) });
    }
    if (kept.events) return t("progress.begun");
    let points = 0;
    for (const one of Object.values(kept.items)) points += Number((one.first || {}).points) || 0;
    return t("progress.quiz", { done: size(kept), of: activity.items, points: K.number(points) });
  }

  /** @param {HTMLElement} el @param {any} payload `groups`: [{title, activities}] */
  P.progress = function (el, payload) {
    const said = h("p", { role: "status", class: "cx-small" });
    const lists = h("div", null);
    const file = h("input", { type: "file", accept: ".json,application/json", class: "cx-sr",
      tabindex: "-1", "aria-label": t("progress.bring"), on: { change: read } });
    let sure = false;
    const drop = K.button(t("progress.delete"), forget, "cx-quiet");

    function read() {
      const chosen = file.files[0];
      if (!chosen) return;
      if (chosen.size > MOST) return void (said.textContent = t("progress.not_ours"));
      chosen.text().then((text) => {
        try {
          said.textContent = t("progress.brought", { n: brought(text) });
        } catch (error) {
          said.textContent = error.message;
        }
        file.value = "";
        draw();
      });
    }

    function forget() {
      if (!sure) {
        sure = true;
        drop.textContent = t("progress.sure");
        return;
      }
      keys().forEach(K.store.drop);
      sure = false;
      drop.textContent = t("progress.delete");
      said.textContent = t("progress.deleted");
      draw();
    }

    /* A whole course has some ninety lines: a module stands open once something in it is begun, the
       first one where nothing is. */
    function draw() {
      const held = payload.groups.map((group) => group.activities.filter(begun).length);
      const was = Array.from(lists.children, (part) => part.open);
      const first = held.findIndex(Boolean);
      K.fill(lists, payload.groups.map((group, n) => {
        const part = h("details", null,
          h("summary", null, h("h2", { class: "cx-inline" }, group.title), " ",
            h("span", { class: "cx-small" }, held[n] + " / " + group.activities.length)),
          h("ul", { class: "cx-progress" }, group.activities.map((a) => h("li", null,
            h("a", { href: a.href }, a.title), h("span", { class: "cx-small" }, state(a))))));
        part.open = Boolean(was[n] || held[n] || (first < 0 && n === 0));
        return part;
      }));
    }

    draw();
    K.fill(el, h("section", { class: "cx-root", "aria-label": t("progress.title") }, lists, said,
      h("div", { class: "cx-buttons" },
        K.button(t("progress.take"), () => K.download("crossings-progress.json", taken()), "cx-main"),
        K.button(t("progress.bring"), () => file.click(), "cx-quiet"), file, drop)));
    return { element: el };
  };

  P.mountAll();
})();
