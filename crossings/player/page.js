/* Building blocks: elements, words, marks, storage. Text is only ever put in as text nodes. */
(function () {
  "use strict";
  const P = (globalThis.CrossingsPlayer = globalThis.CrossingsPlayer || {});
  const K = (P.kit = {});
  P.strings = globalThis.CrossingsStrings || {};

  const SVG = "http://www.w3.org/2000/svg";
  let ids = 0;

  /** A new id for one element. */
  K.id = () => "cx" + ++ids;

  /**
   * An element. Props: `class`, `on` (event handlers), any attribute; `value`, `checked`,
   * `disabled`, `hidden`, `selected` are set as properties. Children: nodes, text, lists, null.
   * @param {string} tag
   * @param {Object<string, any>|null} [props]
   * @returns {any}
   */
  K.h = function (tag, props, ...kids) {
    const el = document.createElement(tag);
    for (const [name, value] of Object.entries(props || {})) {
      if (value === undefined || value === null) continue;
      if (name === "on") {
        for (const [type, run] of Object.entries(value)) el.addEventListener(type, run);
      } else if (/^(value|checked|disabled|hidden|selected|open)$/.test(name)) el[name] = value;
      else el.setAttribute(name, String(value));
    }
    return K.put(el, kids);
  };

  /** Appends nodes and text; lists are flattened, nothing is parsed. */
  K.put = function (el, kids) {
    for (const kid of [].concat(kids)) {
      if (Array.isArray(kid)) K.put(el, kid);
      else if (kid !== null && kid !== undefined && kid !== false && kid !== "") {
        el.append(kid instanceof Node ? kid : String(kid));
      }
    }
    return el;
  };

  K.fill = (el, ...kids) => (el.replaceChildren(), K.put(el, kids));

  /** The words for `key`; `{name}` takes values; `n` picks the plural form of the language. */
  K.t = function (key, values) {
    const all = P.strings;
    const v = values || {};
    const form = v.n === undefined ? "" : new Intl.PluralRules(all.lang || "en").select(v.n);
    const text = all[key + "." + form] || all[key + ".other"] || all[key] || key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in v ? String(v[name]) : whole));
  };

  /** Inline **bold** and *italic*, as nodes. */
  K.inline = function (text) {
    return String(text)
      .split(/(\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/)
      .map((part, i) => {
        if (i % 2 === 0) return part;
        return part.startsWith("**")
          ? K.h("strong", null, part.slice(2, -2))
          : K.h("em", null, part.slice(1, -1));
      });
  };

  /** Paragraphs (one a line) and `- ` lists. */
  K.prose = function (text, cls) {
    const box = K.h("div", { class: "cx-prose " + (cls || ""), dir: "auto" });
    let list = null;
    for (const line of String(text || "").split(/\n+/)) {
      if (!line.trim()) continue;
      if (/^\s*[-•] /.test(line)) {
        if (!list) box.append((list = K.h("ul")));
        list.append(K.h("li", null, K.inline(line.replace(/^\s*[-•] /, ""))));
      } else {
        list = null;
        box.append(K.h("p", null, K.inline(line)));
      }
    }
    return box;
  };

  /** A drawing of ours: `paths` are [class, d] pairs, or [class, [x, y, text]]. It only decorates
   * what words say. */
  K.svg = function (box, paths, cls) {
    const el = document.createElementNS(SVG, "svg");
    el.setAttribute("viewBox", box);
    el.setAttribute("class", cls);
    el.setAttribute("aria-hidden", "true");
    for (const [kind, d] of paths) {
      const word = Array.isArray(d);
      const path = document.createElementNS(SVG, word ? "text" : "path");
      if (word) {
        path.setAttribute("x", d[0]);
        path.setAttribute("y", d[1]);
        path.textContent = d[2];
      } else path.setAttribute("d", d);
      path.setAttribute("class", kind);
      el.append(path);
    }
    return el;
  };

  /* Each mark is its own shape, so that no meaning rests on colour: a disc with a tick, a disc cut
     in half, a triangle, an eight-sided stop, a square with a cross. */
  const DISC = "M10 1a9 9 0 1 0 0 18a9 9 0 1 0 0-18z";
  const MARKS = {
    good: [["f", DISC], ["k", "M5.8 10.4l2.9 2.9 5.6-6"]],
    acceptable: [["s", "M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16z"], ["f", "M10 2a8 8 0 0 1 0 16z"]],
    poor: [["f", "M10 1.5l9 16.5h-18z"], ["k", "M10 7.5v4.6M10 15v.3"]],
    harmful: [["f", "M6.2 1h7.6l5.2 5.2v7.6l-5.2 5.2h-7.6l-5.2-5.2v-7.6z"],
      ["k", "M6.6 6.6l6.8 6.8M13.4 6.6l-6.8 6.8"]],
    wrong: [["s", "M3 3h14v14h-14z"], ["s", "M7 7l6 6M13 7l-6 6"]],
    missed: [["s", "M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16z"], ["s", "M6 10h8"]],
    read: [["s", "M4 3h12v14h-12zM7 7h6M7 10h6M7 13h4"]],
    clock: [["s", "M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16zM10 5.5v4.7l3 2"]],
    law: [["s", "M10 3v14M5 17h10M3.5 6l6.5-1.5l6.5 1.5M3.5 6l-2 5.5h4zM16.5 6l-2 5.5h4z"]],
    back: [["s", "M8 4l-5 5l5 5M3.5 9h8a5 4 0 0 1 0 8h-3"]],
  };
  MARKS.right = MARKS.good;
  MARKS.part = MARKS.acceptable;
  const TONE = { right: "good", part: "ok", wrong: "poor", missed: "ok", read: "sea", acceptable: "ok",
    harmful: "harm", good: "good", poor: "poor" };

  K.mark = (name, cls) => K.svg("0 0 20 20", MARKS[name] || MARKS.read, "cx-mark " + (cls || ""));

  /** A word with its shape: right, part, wrong, missed, good, acceptable, poor, harmful. */
  K.badge = (name, word) =>
    K.h("span", { class: "cx-badge cx-" + (TONE[name] || "ok") },
      K.mark(name), K.h("span", null, word || K.t("mark." + name)));

  K.button = (words, run, cls, props) =>
    K.h("button", Object.assign({ type: "button", class: "cx-btn " + (cls || ""),
      on: { click: run } }, props), words);

  /** Says something to screen readers without moving the focus. */
  K.say = function (text) {
    let region = document.getElementById("cx-live");
    if (!region) {
      region = K.h("div", { id: "cx-live", class: "cx-sr", role: "status", "aria-live": "polite" });
      document.body.append(region);
    }
    region.textContent = "";
    setTimeout(() => (region.textContent = text), 60);
  };

  /** Moves the focus to a heading or a panel that is not in the tab order. */
  K.focus = function (el) {
    if (!el.hasAttribute("tabindex")) el.setAttribute("tabindex", "-1");
    el.focus({ preventScroll: true });
    const top = el.getBoundingClientRect().top;
    if (top < 144 || top > innerHeight * 0.6) {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      scrollBy({ top: top - 152, behavior: calm ? "auto" : "smooth" });
    }
  };

  /* Progress. Where the browser keeps nothing (file://, private windows) play goes on without. */
  K.store = {
    /** @returns {any} */
    get(key) {
      try {
        return JSON.parse(localStorage.getItem("crossings:" + key) || "null");
      } catch (_) {
        return null;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem("crossings:" + key, JSON.stringify(value));
      } catch (_) {
        /* not kept */
      }
    },
    drop(key) {
      try {
        localStorage.removeItem("crossings:" + key);
      } catch (_) {
        /* nothing was kept */
      }
    },
  };

  /**
   * A list to pick from; a choice too long for a phone's list is written out beneath it.
   * @param {Object<string, any>} props @param {{id: string, text: string}[]} options
   */
  K.picker = function (props, options, chosen, change) {
    const full = K.h("p", { class: "cx-small", dir: "auto" });
    const write = () => {
      const option = options.find((o) => o.id === select.value);
      full.textContent = option && option.text.length > 28 ? option.text : "";
    };
    const select = K.h("select", Object.assign({ on: { change: () => (write(), change(select)) } },
      props), K.h("option", { value: "" }, K.t("item.choose")), options.map((o) =>
      K.h("option", { value: o.id, selected: o.id === chosen }, o.text)));
    write();
    return { select, full, clear: () => ((select.value = ""), write()) };
  };

  K.letter = (i) => String.fromCharCode(65 + i);

  K.number = (value) => String(Math.round(value * 100) / 100);

  /** A seed that has not been used. */
  K.seed = () => Math.random().toString(36).slice(2, 10);

  /** Offers `data` as a JSON file. */
  K.download = function (name, data) {
    const url = URL.createObjectURL(
      new Blob([JSON.stringify(data, null, 2)], { type: "application/json" }));
    K.h("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
})();
