/* One item: its inputs, and what is said about the answer. */
(function () {
  "use strict";
  const P = globalThis.CrossingsPlayer;
  const K = P.kit;
  const { h, t } = K;
  const E = () => globalThis.CrossingsEngine;

  /**
   * Inputs of one kind. `read` gives the response or null; `mark` says how each option was
   * handled; `reveal` shows the key.
   * @typedef {{node: any, read: () => any, lock: (on: boolean) => void,
   *   mark?: (perOption: Object<string, boolean>) => void, reveal?: () => void}} Inputs
   */

  function feedbackUnder(row, kind, text) {
    row.append(h("div", { class: "cx-said" }, kind && K.badge(kind),
      text && h("span", { dir: "auto" }, K.inline(text))));
  }

  function clearSaid(box) {
    for (const old of box.querySelectorAll(".cx-said")) old.remove();
  }

  /* single and multiple */
  function choices(item, s) {
    const many = item.kind !== "single";
    const name = K.id();
    const rows = s.options.map((option, i) => {
      const input = h("input", { type: many ? "checkbox" : "radio", name, value: option.id,
        checked: many
          ? ((s.response || {}).choices || []).includes(option.id)
          : (s.response || {}).choice === option.id,
        on: { change: s.changed } });
      const row = h("div", { class: "cx-option" }, h("label", null, input,
        h("span", { class: "cx-letter", "aria-hidden": "true" }, K.letter(i)),
        h("span", { dir: "auto" }, K.inline(option.text))));
      return { option, input, row };
    });
    const node = h("div", { role: many ? "group" : "radiogroup", "aria-labelledby": s.stemId,
      class: "cx-options" }, rows.map((r) => r.row));
    return {
      node,
      read() {
        const chosen = rows.filter((r) => r.input.checked).map((r) => r.option.id);
        if (!chosen.length) return null;
        return many ? { choices: chosen } : { choice: chosen[0] };
      },
      lock: (on) => rows.forEach((r) => (r.input.disabled = on)),
      mark(per) {
        clearSaid(node);
        for (const { option, input, row } of rows) {
          if (!input.checked || !(option.id in per)) continue;
          const word = per[option.id] ? "right" : "wrong";
          feedbackUnder(row, many || !option.feedback ? word : null, option.feedback);
        }
      },
      reveal() {
        for (const { option, input, row } of rows) {
          if (input.checked || (!option.correct && !option.feedback)) continue;
          feedbackUnder(row, option.correct ? "missed" : null, option.feedback);
        }
      },
    };
  }

  /* hotspot: places in a picture, each a label of its line in the list, which keys and readers use */
  function places(item, s) {
    const lines = choices(item, s);
    const boxes = lines.node.querySelectorAll("input");
    const frame = h("div", { class: "cx-picture" },
      h("img", { src: item.picture.data, alt: item.picture.alt }));
    s.options.forEach((option, i) => {
      boxes[i].id = K.id();
      const spot = h("label", { class: "cx-spot", for: boxes[i].id, "aria-hidden": "true" },
        h("span", null, K.letter(i)));
      const r = option.region;
      Object.assign(spot.style, { left: r.x + "%", top: r.y + "%", width: r.width + "%",
        height: r.height + "%" });
      const show = () => spot.classList.toggle("cx-on", boxes[i].checked);
      boxes[i].addEventListener("change", show);
      boxes[i].addEventListener("focus", () => spot.classList.add("cx-here"));
      boxes[i].addEventListener("blur", () => spot.classList.remove("cx-here"));
      show();
      frame.append(spot);
    });
    return Object.assign({}, lines, { node: h("div", null, frame, lines.node) });
  }

  /* order: buttons move a line up or down; the arrow keys do the same */
  function order(item, s) {
    const byId = new Map(s.options.map((o) => [o.id, o]));
    let now = ((s.response || {}).order || s.options.map((o) => o.id)).filter((i) => byId.has(i));
    if (now.length !== byId.size) now = s.options.map((o) => o.id);
    let touched = Boolean((s.response || {}).order) || s.keyed;
    let locked = false;
    const list = h("ol", { class: "cx-order", "aria-labelledby": s.stemId });
    const keep = h("label", { class: "cx-keep" }, h("input", { type: "checkbox",
      checked: touched, on: { change: (e) => ((touched = e.target.checked), s.changed()) } }),
    t("item.keep_order"));

    function move(id, by, side) {
      const from = now.indexOf(id);
      const to = from + by;
      if (locked || to < 0 || to >= now.length) return;
      now.splice(from, 1);
      now.splice(to, 0, id);
      touched = true;
      keep.firstChild.checked = true;
      draw();
      const row = list.children[to];
      const button = row.querySelector(side);
      (button.disabled ? row.querySelector("button:not(:disabled)") : button).focus();
      K.say(t("item.moved", { place: to + 1, total: now.length }));
      s.changed();
    }

    function draw() {
      K.fill(list, now.map((id, i) => {
        const arrow = (by, key, cls, last) => h("button", { type: "button", class: "cx-arrow " + cls,
          disabled: locked || last, "aria-label": t(key, { text: byId.get(id).text }),
          on: { click: () => move(id, by, "." + cls) } }, by < 0 ? "↑" : "↓");
        return h("li", { "data-id": id, on: { keydown(e) {
          const by = { ArrowUp: -1, ArrowDown: 1 }[e.key];
          if (!by) return;
          e.preventDefault();
          move(id, by, by < 0 ? ".cx-up" : ".cx-down");
        } } },
        h("span", { class: "cx-order-text", dir: "auto" }, K.inline(byId.get(id).text)),
        arrow(-1, "item.up", "cx-up", i === 0),
        arrow(1, "item.down", "cx-down", i === now.length - 1));
      }));
    }
    draw();
    return {
      node: h("div", null, list, s.keyed ? null : keep),
      read: () => (touched ? { order: now.slice() } : null),
      lock(on) {
        locked = on;
        keep.firstChild.disabled = on;
        draw();
      },
      mark(per) {
        for (const row of list.children) {
          const id = row.getAttribute("data-id");
          if (id in per) feedbackUnder(row, per[id] ? "right" : "wrong");
        }
      },
      reveal() {
        list.after(h("div", { class: "cx-key" }, h("p", null, t("item.right_order")),
          h("ol", null, item.options.map((o) => h("li", null, K.inline(o.text),
            o.feedback && [" – ", K.inline(o.feedback)])))));
      },
    };
  }

  /* match, and grid with many columns: one select a line. grid: radios. */
  function placed(item, s) {
    const pairs = Object.assign({}, (s.response || {}).pairs);
    const asSelect = item.kind === "match" || s.targets.length > 4;
    const rows = s.options.map((o) => (asSelect ? selectRow(o) : radioRow(o)));
    const node = h("div", { role: "group", "aria-labelledby": s.stemId,
      class: asSelect ? "cx-match" : "cx-grid" }, rows.map((r) => r.row));

    function take(id, target) {
      if (item.kind === "match" && target) {
        for (const other of rows) {
          if (other.option.id === id || pairs[other.option.id] !== target) continue;
          delete pairs[other.option.id];
          other.picker.clear();
          K.say(t("item.taken", { text: other.option.text }));
        }
      }
      if (target) pairs[id] = target;
      else delete pairs[id];
      s.changed();
    }

    function selectRow(option) {
      const id = K.id();
      const picker = K.picker({ id }, s.targets, pairs[option.id],
        (select) => take(option.id, select.value));
      return { option, picker, row: h("div", { class: "cx-pair" },
        h("label", { for: id, dir: "auto" }, K.inline(option.text)), picker.select, picker.full) };
    }

    function radioRow(option) {
      const name = K.id();
      const label = K.id();
      const row = h("div", { class: "cx-pair", role: "radiogroup", "aria-labelledby": label },
        h("div", { id: label, class: "cx-pair-text", dir: "auto" }, K.inline(option.text)),
        h("div", { class: "cx-columns" }, s.targets.map((g) => h("label", null,
          h("input", { type: "radio", name, value: g.id, checked: pairs[option.id] === g.id,
            on: { change: () => take(option.id, g.id) } }),
          h("span", { dir: "auto" }, g.text)))));
      return { option, row };
    }

    return {
      node,
      read: () => (Object.keys(pairs).length ? { pairs: Object.assign({}, pairs) } : null),
      lock(on) {
        for (const input of node.querySelectorAll("input, select")) input.disabled = on;
      },
      mark(per) {
        clearSaid(node);
        for (const { option, row } of rows) {
          if (!(option.id in per)) continue;
          const kind = per[option.id] ? "right" : pairs[option.id] ? "wrong" : "missed";
          feedbackUnder(row, kind, pairs[option.id] ? option.feedback : "");
        }
      },
      reveal() {
        for (const { option, row } of rows) {
          const right = item.targets.find((g) => g.id === option.target);
          if (!right || pairs[option.id] === right.id) continue;
          feedbackUnder(row, null, t("item.belongs", { text: right.text }));
        }
      },
    };
  }

  /* number, short, text */
  function written(item, s) {
    const unit = K.id();
    const given = s.response || {};
    const long = item.kind === "text";
    const number = item.kind === "number";
    const input = h(long ? "textarea" : "input", {
      "aria-labelledby": s.stemId, "aria-describedby": item.unit ? unit : null,
      type: long ? null : "text", rows: long ? 6 : null, dir: "auto",
      inputmode: number ? "decimal" : null, autocomplete: "off", maxlength: 20000,
      class: number ? "cx-number" : null,
      value: String((number ? given.number : given.text) === undefined ? ""
        : number ? given.number : given.text),
      on: { input: () => (count(), s.changed()),
        keydown: (e) => e.key === "Enter" && !long && s.enter && s.enter() },
    });
    const words = h("p", { class: "cx-small" });
    function count() {
      if (long) words.textContent = t("item.words", { n: (input.value.match(/\S+/g) || []).length });
    }
    count();
    function read() {
      if (!input.value.trim()) return null;
      if (!number) return { text: input.value };
      const plain = input.value.replace(/[\s\u00a0]/g, "").replace(",", ".");
      return { number: /^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : input.value };
    }
    return {
      node: h("div", { class: "cx-written" }, h("div", null, input,
        item.unit && h("span", { id: unit, class: "cx-unit" }, item.unit)), long && words),
      read,
      lock: (on) => (input.disabled = on),
      reveal() {
        const answer = number
          ? K.number(item.answer) + (item.tolerance ? " ± " + K.number(item.tolerance) : "") +
            (item.unit ? " " + item.unit : "")
          : (item.accept || []).join(" · ");
        if (!long) {
          this.node.append(h("p", { class: "cx-key" }, t("item.answer"), " ",
            h("strong", { dir: "auto" }, answer)));
        }
      },
    };
  }

  const KINDS = { single: choices, multiple: choices, hotspot: places, order, match: placed, grid: placed,
    number: written, short: written, text: written };

  function mixed(item, seed) {
    const options = item.options || [];
    if (item.rationale === undefined || (item.shuffle === false && item.kind !== "order")) {
      return options;
    }
    const order = E().shuffled(options, `${seed}/${item.id}/options`);
    const same = item.kind === "order" && order.every((o, i) => o === options[i]);
    return same ? order.slice(1).concat(order[0]) : order;
  }

  function mixedTargets(item, seed) {
    const targets = item.targets || [];
    if (item.rationale === undefined || item.kind !== "match") return targets;
    return E().shuffled(targets, `${seed}/${item.id}/targets`);
  }

  /** The inputs of `item`, with the stem; shared by practice, worksheets and drills. */
  K.inputs = function (item, options) {
    const stemId = K.id();
    const s = {
      stemId, response: options.response, keyed: item.rationale !== undefined,
      options: mixed(item, options.seed || item.id),
      targets: mixedTargets(item, options.seed || item.id),
      enter: options.enter, changed: () => options.onChange && options.onChange(inputs.read()),
    };
    /** @type {Inputs} */
    const inputs = (KINDS[item.kind] || written)(item, s);
    const stem = K.prose(item.stem, "cx-stem");
    stem.id = stemId;
    const rule = { multiple: "item.every", hotspot: "item.places", match: "item.once", grid: "item.grid",
      order: "item.arrange" }[item.kind];
    return Object.assign(inputs, { stem, rule: rule && h("p", { class: "cx-small" }, t(rule)) });
  };
})();
