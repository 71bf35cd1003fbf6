/* Lists of law: the filter of the register, "Which rule applies?", and who joined which treaty.
   Works from file://, asks nobody, and shows its forms itself: without it the lists stand in full. */
(function () {
  "use strict";

  /** @param {string} name @returns {HTMLElement[]} */
  function marked(name) { return Array.from(document.querySelectorAll('[data-cx-law="' + name + '"]')); }

  /** @param {string} text */
  function plain(text) { return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, ""); }

  /** Show the form, do its work on each change, and never send it anywhere. */
  function ready(form, work) {
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("input", work);
    form.hidden = false;
    work();
  }

  // --- the register: words and force -----------------------------------------------------------
  marked("filter").forEach(function (form) {
    const rows = marked("rules").flatMap(function (list) { return Array.from(list.children); });
    const texts = rows.map(function (row) { return plain(row.textContent + " " + row.dataset.more); });
    const told = form.querySelector("[role=status]");
    // The texts of the rules weigh more than the page: they come when somebody looks for a word.
    form.elements.words.addEventListener("focus", function () {
      const script = document.createElement("script");
      script.src = form.dataset.words;
      script.onload = function () {
        rows.forEach(function (row, index) { texts[index] += " " + plain(window.crossingsLawWords[row.id] || ""); });
        form.dispatchEvent(new Event("input"));
      };
      document.head.append(script);
    }, { once: true });
    ready(form, function () {
      const words = plain(form.elements.words.value).split(/\s+/).filter(Boolean);
      const force = form.elements.force.value;
      let shown = 0;
      rows.forEach(function (row, index) {
        const held = (!force || row.dataset.force === force) && words.every(function (word) { return texts[index].includes(word); });
        row.hidden = !held;
        shown += held ? 1 : 0;
      });
      marked("rules").forEach(function (list) {
        list.closest("section").hidden = Array.from(list.children).every(function (row) { return row.hidden; });
      });
      told.textContent = shown ? form.dataset.count.replace("{n}", shown) : form.dataset.none;
    });
  });

  // --- which rule applies? ---------------------------------------------------------------------
  marked("finder").forEach(function (finder) {
    const form = finder.querySelector("form");
    const groups = Array.from(finder.querySelectorAll("[data-group]"));
    const told = finder.querySelector("[role=status]");
    const rules = new Map();
    marked("found").forEach(function (list) {
      Array.from(list.children).forEach(function (row) { if (!rules.has(row.dataset.id)) rules.set(row.dataset.id, row); });
    });
    const names = ["who", "where", "what"];
    new URLSearchParams(location.hash.slice(1)).forEach(function (value, name) {
      const field = names.includes(name) && form.elements[name];
      if (field && Array.from(field.options).some(function (o) { return o.value === value; })) field.value = value;
    });

    function has(row, name, value) { return row.dataset[name].split(" ").includes(value); }
    function fits(row, asked) {
      return (has(row, "who", "any") || (asked.who && has(row, "who", asked.who)))
        && (!asked.where || has(row, "where", "any") || has(row, "where", asked.where))
        && (!asked.what || has(row, "what", asked.what));
    }
    /** Core, then how far it binds, then who names this person, then this place: as in finder.py. */
    function rank(row, asked) {
      const [core, bound, order] = row.dataset.rank.split(" ").map(Number);
      const near = asked.who && has(row, "who", asked.who) ? 0 : asked.where && has(row, "where", asked.where) ? 1 : 2;
      return [core, bound, near, order];
    }
    function before(asked, one, other) {
      const a = rank(one, asked);
      const b = rank(other, asked);
      const at = a.findIndex(function (value, index) { return value !== b[index]; });
      return at < 0 ? 0 : a[at] - b[at];
    }
    ready(form, function () {
      const asked = Object.fromEntries(names.map(function (name) { return [name, form.elements[name].value]; }));
      const held = Array.from(rules.values()).filter(function (row) { return fits(row, asked); })
        .sort(function (one, other) { return before(asked, one, other); });
      groups.forEach(function (group) {
        const own = held.filter(function (row) { return row.dataset.rank.startsWith(group.dataset.group + " "); });
        const list = group.querySelector("ol");
        list.replaceChildren.apply(list, own.map(function (row) { return row.cloneNode(true); }));
        group.hidden = !own.length;
      });
      told.textContent = held.length === 1 ? finder.dataset.one : finder.dataset.found.replace("{n}", held.length);
      const kept = new URLSearchParams(Object.entries(asked).filter(function (pair) { return pair[1]; })).toString();
      if (kept || /(^#|&)(who|where|what)=/.test(location.hash)) history.replaceState(null, "", "#" + kept);
    });
    finder.hidden = false;
  });

  // --- who joined which treaty -----------------------------------------------------------------
  marked("countries").forEach(function (form) {
    const told = form.querySelector("[role=status]");
    ready(form, function () {
      const country = form.elements.country.value;
      const region = form.elements.region.value;
      const seen = form.elements.seen.value;
      let shown = 0;
      marked("country").forEach(function (block) {
        const held = (!country || block.dataset.country === country) && (!region || block.dataset.region === region)
          && (!seen || block.dataset.seen.split(" ").includes(seen));
        block.hidden = !held;
        if (country) block.open = held;
        shown += held ? 1 : 0;
      });
      document.querySelectorAll(".cx-region").forEach(function (part) { part.hidden = !part.querySelector("details:not([hidden])"); });
      told.textContent = form.dataset.count.replace("{n}", shown);
    });
  });
})();
