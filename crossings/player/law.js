/* Citations: chips that open the plain-language card of a rule, and lines for sources. */
(function () {
  "use strict";
  const P = globalThis.CrossingsPlayer;
  const { h, t, mark } = P.kit;

  /**
   * @typedef {{law?: Object<string, any>, sources?: Object<string, any>,
   *   objectives?: Object<string, any>, links?: Object<string, string>}} Context
   */

  function card(rule, id) {
    const line = (name, text) => text && h("p", { class: "cx-law-line" },
      h("span", null, t(name)), " ", text);
    return [
      h("p", { class: "cx-law-title" }, rule.title || id),
      h("p", { class: "cx-law-text" }, rule.paraphrase),
      line("law.where", [rule.instrument, rule.article].filter(Boolean).join(", ")),
      line("law.binds", rule.binds),
      line("law.reading", rule.author),
      line("law.mistake", rule.mistake),
    ];
  }

  function chip(id, rule, row) {
    const panelId = P.kit.id();
    const panel = h("div", { class: "cx-law", id: panelId, hidden: true }, card(rule, id));
    const words = [rule.short || rule.instrument || id, rule.article].filter(Boolean).join(" ");
    const button = h("button", {
      type: "button", class: "cx-chip", "aria-expanded": "false", "aria-controls": panelId,
      on: {
        click() {
          const opening = panel.hidden;
          for (const other of row.querySelectorAll(".cx-law")) other.hidden = true;
          for (const other of row.querySelectorAll(".cx-chip")) {
            other.setAttribute("aria-expanded", "false");
          }
          panel.hidden = !opening;
          button.setAttribute("aria-expanded", String(opening));
        },
        keydown(event) {
          if (event.key === "Escape" && !panel.hidden) button.click();
        },
      },
    }, mark("law"), h("span", null, words));
    return [button, panel];
  }

  function sourceLine(text, sources) {
    const [key, ...rest] = text.split(" ");
    const found = sources[key];
    const name = found ? `${found.author}, ${found.title} (${found.year})` : key;
    return h("li", null, [name, rest.join(" ")].filter(Boolean).join(", "));
  }

  /**
   * The row of citations, or null when there is none.
   * @param {string[]|undefined} cites @param {string[]|undefined} sources
   * @param {Context} context
   */
  P.kit.citations = function (cites, sources, context) {
    const law = context.law || {};
    if (!(cites && cites.length) && !(sources && sources.length)) return null;
    const row = h("div", { class: "cx-cites" });
    const chips = h("div", { class: "cx-chips" });
    const panels = [];
    for (const id of cites || []) {
      const [button, panel] = chip(id, law[id] || { title: id, short: id }, row);
      chips.append(button);
      panels.push(panel);
    }
    P.kit.put(row, [chips.childNodes.length ? chips : null, panels]);
    if (sources && sources.length) {
      row.append(h("ul", { class: "cx-sources", "aria-label": t("law.sources") },
        sources.map((s) => sourceLine(s, context.sources || {}))));
    }
    return row;
  };
})();
