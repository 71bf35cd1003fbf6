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
    const decisions = finder.querySelector(".cx-decisions");
    const back = finder.querySelector(".cx-back");

    /** The answers as the address holds them; an address without any leaves the questions open. */
    function read() {
      const held = new URLSearchParams(location.hash.slice(1));
      names.forEach(function (name) {
        const field = form.elements[name];
        const value = held.get(name) || "";
        field.value = Array.from(field.options).some(function (o) { return o.value === value; }) ? value : "";
      });
    }
    /** @param {object} asked @returns {string} */
    function address(asked) {
      return "#" + new URLSearchParams(Object.entries(asked).filter(function (pair) { return pair[1]; }));
    }
    /** @param {number} n */
    function counted(n) { return n === 1 ? finder.dataset.single : finder.dataset.count.replace("{n}", n); }

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
    function answer(asked) {
      return Array.from(rules.values()).filter(function (row) { return fits(row, asked); });
    }
    /** What can be decided here, with the number of rules for each. */
    function overview(asked) {
      decisions.querySelectorAll("li").forEach(function (line) {
        const one = Object.assign({}, asked, { what: line.dataset.what });
        const n = answer(one).length;
        line.hidden = !n;
        line.querySelector("a").href = address(one);
        line.querySelector("span").textContent = counted(n);
      });
    }
    function draw() {
      const asked = Object.fromEntries(names.map(function (name) { return [name, form.elements[name].value]; }));
      const held = answer(asked).sort(function (one, other) { return before(asked, one, other); });
      overview(asked);
      decisions.hidden = Boolean(asked.what);
      back.hidden = !asked.what;
      back.querySelector("a").href = address(Object.assign({}, asked, { what: "" }));
      groups.forEach(function (group) {
        const own = held.filter(function (row) { return row.dataset.rank.startsWith(group.dataset.group + " "); });
        const list = group.querySelector("ol");
        // Without a decision only the ban on return stands here: all rules at once would help nobody.
        group.hidden = !own.length || !(asked.what || group.dataset.group === "0 0");
        list.replaceChildren.apply(list, group.hidden ? [] : own.map(function (row) { return row.cloneNode(true); }));
        const told = group.querySelector("summary span");
        if (told) told.textContent = counted(own.length);
      });
      const shown = groups.filter(function (group) { return !group.hidden; });
      if (asked.what && shown.length && shown.every(function (group) { return group.open === false; })) shown[0].open = true;
      const text = asked.what ? finder.dataset.found : finder.dataset.open;
      told.textContent = asked.what && held.length === 1 ? finder.dataset.one : text.replace("{n}", held.length);
      return address(asked);
    }
    const ours = /(^#|&)(who|where|what)=/;
    read();
    ready(form, function () {
      const kept = draw();
      if (kept !== "#" || ours.test(location.hash)) history.replaceState(null, "", kept);
    });
    // A decision is a step that "back" undoes; the question that it answers takes the focus.
    finder.addEventListener("click", function (event) {
      const link = event.target.closest(".cx-decisions a, .cx-back a");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      history.pushState(null, "", link.getAttribute("href"));
      read();
      draw();
      form.elements.what.focus();
    });
    window.addEventListener("popstate", function () {
      if (location.hash.length > 1 && !ours.test(location.hash)) return; // a heading of this page
      read();
      draw();
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
