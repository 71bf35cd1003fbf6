/* Evidence drawn as the thing it is: passport page, contract, phone, log, ticket, … */
(function () {
  "use strict";
  const P = globalThis.CrossingsPlayer;
  const K = P.kit;
  const { h, t } = K;

  const lines = (fields) => (fields || []).length
    ? h("dl", { class: "cx-fields" }, fields.map(([label, value]) =>
      h("div", null, h("dt", null, label), h("dd", { dir: "auto" }, K.inline(value)))))
    : null;

  const body = (card) => (card.body ? K.prose(card.body) : null);

  function passport(card) {
    return [h("div", { class: "cx-page" },
      K.svg("0 0 60 76", [["f", "M0 0h60v76H0z"], ["d", "M30 16a12 13 0 1 0 .1 0zM8 76c0-22 10-28 22-28s22 6 22 28z"]], "cx-photo"),
      lines(card.fields)), body(card),
    h("div", { class: "cx-mrz", "aria-hidden": "true" }, "‹".repeat(80))];
  }

  function signed(card) {
    return [lines(card.fields), body(card),
      h("div", { class: "cx-signature", "aria-hidden": "true" },
        K.svg("0 0 120 30", [["s", "M6 22c10-24 16-20 12-4s8 2 14-6 4 10 12 4 8-10 12-2 14 4 20-2 10 4 34-2"]], "cx-scribble"),
        h("span", null, t("evidence.signature")))];
  }

  function phone(card) {
    const first = (card.messages || [["", ""]])[0][0];
    return [h("ol", { class: "cx-chat" }, (card.messages || []).map(([who, text], i, all) =>
      h("li", { class: who === first ? "cx-them" : "cx-me" },
        i && all[i - 1][0] === who ? h("span", { class: "cx-sr" }, who + ": ")
          : h("span", { class: "cx-who" }, who),
        h("span", { class: "cx-bubble", dir: "auto" }, K.inline(text))))),
    lines(card.fields), body(card)];
  }

  function photo(card) {
    return [h("div", { class: "cx-print" },
      K.svg("0 0 40 30", [["s", "M2 2h36v26H2zM2 24l11-11 8 8 6-5 11 10M28 9a3 3 0 1 0 .1 0z"]], "cx-scribble"),
      h("p", { dir: "auto" }, card.alt || card.body)), card.alt ? body(card) : null,
    lines(card.fields)];
  }

  const plain = (card) => [lines(card.fields), body(card)];
  const DRAW = { passport, contract: signed, phone, photo };

  /** One piece of evidence as a figure. */
  K.evidence = function (card) {
    const name = t("evidence." + card.type);
    return h("figure", { class: "cx-evidence cx-ev-" + card.type, tabindex: "-1" },
      h("figcaption", null, h("span", { class: "cx-kind" }, name), h("strong", { dir: "auto" },
        card.title)),
      h("div", { class: "cx-sheet" }, (DRAW[card.type] || plain)(card),
        card.alt && card.type !== "photo" ? h("p", { class: "cx-sr" }, card.alt) : null));
  };
})();
