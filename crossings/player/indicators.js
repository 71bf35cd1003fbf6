/* Signs by dimension, and how they combine. It weighs dimensions and never a person: there is no
   total, and every path ends with what to do: refer, ask, look. */
(function () {
  "use strict";
  const P = globalThis.CrossingsPlayer;
  const K = P.kit;
  const { h, t } = K;
  const STRENGTHS = ["strong", "medium", "weak"];
  const AGES = ["adult", "child"];

  const sum = (counts) => counts.reduce((all, n) => all + n, 0);
  const covers = (have, need) => have.every((n, i) => n >= need[i]);
  const lacks = (have, need) => need.map((n, i) => Math.max(0, n - have[i]));

  /** The twin of `weigh` in crossings/curriculum/indicators.py; a test holds them together. */
  function weigh(table, age, ticked) {
    if (!AGES.includes(age)) throw new Error(`no list for ${age}`);
    const list = table.signs.filter((s) => s[age]);
    const chosen = new Set(ticked);
    for (const id of chosen) {
      if (!list.some((s) => s.id === id)) throw new Error(`no sign ${id} for ${age}`);
    }
    const count = (no, inside) => STRENGTHS.map((strength) => list.filter((s) =>
      s.dimension === no && s[age] === strength && chosen.has(s.id) === inside).length);
    return {
      age,
      dimensions: table.dimensions.map((d) =>
        weighed(table.rule, d.no, count(d.no, true), count(d.no, false))),
    };
  }

  function weighed(rule, no, counts, left) {
    const met = rule.find((c) => covers(counts, c.counts));
    if (met) return { no, counts, by: met.name, missing: 0, next: [] };
    const gaps = rule.map((c) => lacks(counts, c.counts)).filter((gap) => covers(left, gap));
    const missing = gaps.length ? Math.min(...gaps.map(sum)) : 0;
    const single = gaps.filter((gap) => missing === 1 && sum(gap) === 1);
    const next = STRENGTHS.filter((_, i) => single.some((gap) => gap[i]));
    return { no, counts, by: null, missing, next };
  }

  const listed = (words, type) => new Intl.ListFormat(P.strings.lang || "en", { type }).format(words);
  const word = (strength) => t(`indicators.strength_${strength}`);

  function counted(counts) {
    const parts = STRENGTHS.map((s, i) => counts[i] && `${counts[i]} ${word(s)}`).filter(Boolean);
    return parts.length ? listed(parts, "conjunction") : t("indicators.nothing");
  }

  const verdict = (d) => d.by ? t("indicators.enough")
    : sum(d.counts) ? t("indicators.not_enough") : t("indicators.nothing");

  function explained(d) {
    if (d.by) return t("indicators.enough_by", { by: d.by });
    if (!sum(d.counts)) return t("indicators.nothing_means");
    if (d.next.length) {
      return t("indicators.one_more", { which: listed(d.next.map(word), "disjunction") });
    }
    return d.missing ? t("indicators.more", { n: d.missing }) : t("indicators.not_enough");
  }

  const marks = (counts) => h("span", { class: "cx-ind-marks", "aria-hidden": "true" },
    STRENGTHS.flatMap((s, i) => Array.from({ length: counts[i] }, () =>
      h("span", { class: `cx-ind-mark cx-ind-${s}` }, s[0].toUpperCase()))));

  P.indicators = function (el, payload, options) {
    const o = options || {};
    const table = payload.table;
    const label = K.id();
    let age = AGES.includes(o.age) ? o.age : "adult";
    let ticked = new Set(o.ticked || []);
    const said = h("p", { class: "cx-ind-said", role: "status" });
    const result = h("div", { class: "cx-ind-result" });
    const groups = h("div", { class: "cx-ind-groups" });
    const rows = new Map();

    const onList = () => table.signs.filter((s) => s[age]);
    const named = (d) => table.dimensions.find((x) => x.no === d.no).name;

    /* A box keeps its place and focus while its dimension is weighed anew. */
    function group(dimension) {
      const head = h("span", { class: "cx-ind-state" });
      const line = h("p", { class: "cx-ind-line" });
      const signs = onList().filter((s) => s.dimension === dimension.no);
      const box = h("details", { class: "cx-ind-group", open: dimension.no === 1 },
        h("summary", null,
          h("span", { class: "cx-ind-no" }, dimension.no),
          h("span", { class: "cx-ind-name" }, dimension.name), head),
        h("p", { class: "cx-ind-question" }, dimension.question, " ",
          h("span", { class: "cx-ind-part" }, t(`indicators.part_${dimension.part}`))),
        h("ul", { class: "cx-ind-signs" }, signs.map((s) => h("li", null, h("label", null,
          h("input", {
            type: "checkbox", checked: ticked.has(s.id),
            on: { change: (event) => tick(s, event.target.checked) },
          }),
          h("span", { class: "cx-ind-label" }, s.label),
          h("span", { class: `cx-ind-strength cx-ind-${s[age]}` }, word(s[age])))))),
        line);
      rows.set(dimension.no, { box, head, line });
      return box;
    }

    function tick(sign, on) {
      if (on) ticked.add(sign.id);
      else ticked.delete(sign.id);
      const d = show().dimensions.find((x) => x.no === sign.dimension);
      said.textContent = `${named(d)}: ${counted(d.counts)}. ${explained(d)}`;
      tell();
    }

    function take(ids, words) {
      ticked = new Set(ids.filter((id) => onList().some((s) => s.id === id)));
      draw();
      said.textContent = words;
      tell();
    }

    function choose(next) {
      age = next;
      take([...ticked], t(`indicators.list_${age}`));
    }

    const tell = () => o.onChange && o.onChange({ age, ticked: [...ticked].sort() });

    function draw() {
      rows.clear();
      K.fill(groups, table.dimensions.map(group));
      for (const d of show().dimensions) if (sum(d.counts)) rows.get(d.no).box.open = true;
    }

    function show() {
      const all = weigh(table, age, ticked);
      for (const d of all.dimensions) {
        const row = rows.get(d.no);
        row.box.classList.toggle("cx-ind-met", Boolean(d.by));
        K.fill(row.head, marks(d.counts), h("span", null, verdict(d)));
        row.line.textContent = explained(d);
      }
      K.fill(result, shown(all));
      return all;
    }

    /* Act, means and purpose side by side; what it does not mean; what to do. No other ending. */
    function shown(all) {
      const of = (part) => all.dimensions.filter((d) =>
        table.dimensions.find((x) => x.no === d.no).part === part);
      const child = all.age === "child";
      const near = all.dimensions.filter((d) => d.missing === 1).map(named);
      const any = all.dimensions.some((d) => sum(d.counts));
      const item = (key, text) => [h("dt", null, t(`indicators.${key}`)), h("dd", null, text)];
      return [
        h("h3", null, t("indicators.definition")),
        h("dl", { class: "cx-ind-parts" },
          item("act", t("indicators.act_not_asked")),
          item("means", child ? t("indicators.means_child") : found(of("means"))),
          item("purpose", found(of("purpose")) + " " + t("indicators.purpose_plan"))),
        h("h3", null, t("indicators.not_mean")),
        h("ul", null, ["no_finding", any ? "no_sum" : "no_safety", "no_missing", "no_quote"].map((key) =>
          h("li", null, t(`indicators.${key}`)))),
        h("h3", null, t("indicators.now")),
        h("dl", { class: "cx-ind-now" }, [
          item("refer", t(child ? "indicators.refer_child"
            : any ? "indicators.refer_any" : "indicators.refer_none")),
          item("ask", t(child ? "indicators.ask_child" : "indicators.ask_adult")),
          item("look", t("indicators.look_facts") + (near.length
            ? " " + t("indicators.look_near", { where: listed(near, "conjunction") }) : "")),
        ].map((pair) => h("div", null, pair))),
      ];
    }

    function found(dimensions) {
      const met = dimensions.filter((d) => d.by).map(named);
      const some = dimensions.filter((d) => !d.by && sum(d.counts)).map(named);
      return [
        met.length && t("indicators.found_enough", { where: listed(met, "conjunction") }),
        some.length && t("indicators.found_some", { where: listed(some, "conjunction") }),
        !met.length && !some.length && t("indicators.found_none"),
      ].filter(Boolean).join(" ");
    }

    const radio = (value) => h("label", null, h("input", {
      type: "radio", name: label, checked: age === value, on: { change: () => choose(value) },
    }), h("span", null, t(`indicators.age_${value}`)));

    draw();
    K.fill(el, h("section", { class: "cx-root cx-ind", "aria-label": t("indicators.title") },
      h("h3", { class: "cx-ind-title" }, t("indicators.title")),
      h("p", { class: "cx-ind-use" }, t("indicators.use"), " ",
        t(globalThis.CrossingsHosted ? "indicators.use_notebook" : "indicators.use_page")),
      h("fieldset", { class: "cx-ind-ages" }, h("legend", null, t("indicators.whose")),
        AGES.map(radio)),
      h("div", { class: "cx-buttons" },
        payload.example && K.button(payload.example.title,
          () => take(payload.example.signs, t("indicators.example_loaded")), "cx-quiet"),
        K.button(t("indicators.clear"), () => take([], t("indicators.cleared")), "cx-quiet")),
      groups, said, result,
      h("details", { class: "cx-ind-never" },
        h("summary", null, t("indicators.never", { n: table.listed.length })),
        h("p", null, t("indicators.never_why")),
        h("ul", null, table.listed.map((s) =>
          h("li", null, h("strong", null, s.label), ". ", s.meaning))))));
    return { element: el, weigh: () => weigh(table, age, ticked) };
  };

  P.indicators.weigh = weigh;
  if (!globalThis.CrossingsHosted) P.mountAll(); // a notebook mounts by itself
})();
