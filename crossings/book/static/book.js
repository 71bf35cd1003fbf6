/* The book's own script: cards for citations, search loaded when opened, links to the learner site.
   Works from file:// and asks no other origin. Text is set as text, never as HTML. */
(function () {
  "use strict";

  /** @param {string} tag @param {string} name @param {string} [text] */
  function make(tag, name, text) {
    const element = document.createElement(tag);
    element.className = name;
    if (text) element.textContent = text;
    return element;
  }

  // --- citation cards -------------------------------------------------------------------------
  let card = null;
  let owner = null;

  function close() {
    if (card) card.remove();
    if (owner) owner.removeAttribute("aria-describedby");
    card = owner = null;
  }

  function open(link) {
    if (owner === link) return;
    close();
    const data = link.dataset;
    card = make("div", "cx-cite-card");
    card.id = "cx-cite-card";
    card.setAttribute("role", "tooltip");
    card.append(make("strong", "cx-cite-title", data.title));
    card.append(make("p", "cx-cite-text", data.text));
    if (data.binds) card.append(make("p", "cx-cite-meta", "Who is bound: " + data.binds));
    if (data.author) card.append(make("p", "cx-cite-meta", "Whose reading: " + data.author));
    if (data.where) card.append(make("p", "cx-cite-meta", data.where));
    const more = make("a", "cx-cite-more", link.classList.contains("cx-cite-law") ? "Open in the law register" : "Open in the list of sources");
    more.href = link.href;
    card.append(more);
    (link.closest("main") || document.body).append(card);
    owner = link;
    link.setAttribute("aria-describedby", card.id);
    place(link);
    card.addEventListener("mouseleave", later);
    card.addEventListener("mouseenter", stay);
  }

  function place(link) {
    const at = link.getBoundingClientRect();
    const width = Math.min(380, document.documentElement.clientWidth - 24);
    card.style.width = width + "px";
    const left = Math.max(12, Math.min(at.left, document.documentElement.clientWidth - width - 12));
    card.style.left = left + window.scrollX + "px";
    const below = at.bottom + card.offsetHeight + 12 < window.innerHeight || at.top < card.offsetHeight + 12;
    card.style.top = (below ? at.bottom + 8 : at.top - card.offsetHeight - 8) + window.scrollY + "px";
  }

  let timer = 0;
  function stay() { window.clearTimeout(timer); }
  function later() { stay(); timer = window.setTimeout(close, 220); }

  const fine = window.matchMedia("(hover: hover)").matches;
  document.querySelectorAll("a.cx-cite").forEach(function (link) {
    if (fine) {
      link.addEventListener("mouseenter", function () { stay(); timer = window.setTimeout(function () { open(link); }, 120); });
      link.addEventListener("mouseleave", later);
    }
    link.addEventListener("focus", function () { if (link.matches(":focus-visible")) open(link); });
    link.addEventListener("click", function (event) {
      if (owner === link || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      open(link);
    });
  });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") close(); });
  document.addEventListener("click", function (event) {
    if (card && !card.contains(event.target) && event.target !== owner) close();
  });

  // --- the theme's dialogs and switches --------------------------------------------------------
  // The theme takes the focus off what is pressed, so that no tooltip of it stays under the mouse.
  // Who presses it without a mouse gets it back: nobody should have to start again at the top.
  let pressed = null;
  function giveBack() { if (pressed) pressed.focus({ preventScroll: true }); }
  window.addEventListener("click", function (event) {
    const button = event.target.closest(".theme-switch-button, .search-button__button, .primary-toggle, .secondary-toggle");
    if (!button) return;
    pressed = event.detail && fine ? null : button;
    window.setTimeout(function () { if (!document.querySelector("dialog[open]")) giveBack(); });
  }, true);
  [
    ["pst-search-dialog", "Search"],
    ["pst-primary-sidebar-modal", "Contents of the course"],
    ["pst-secondary-sidebar-modal", "Contents of this page"],
  ].forEach(function ([id, name]) {
    const dialog = document.getElementById(id);
    if (!dialog) return;
    dialog.setAttribute("aria-label", name);
    dialog.addEventListener("close", function () { giveBack(); pressed = null; });
  });

  // --- handouts and role cards: print one sheet, or all cards, and nothing else ------------------
  /** @param {Element[]} sheets */
  function print(sheets) {
    const only = make("div", "cx-print-sheet bd-article");
    sheets.forEach(function (sheet) {
      const copy = sheet.cloneNode(true);
      copy.querySelectorAll("button").forEach(function (button) { button.remove(); });
      copy.querySelectorAll("[id]").forEach(function (named) { named.removeAttribute("id"); });
      only.append(copy);
    });
    document.body.append(only);
    document.body.classList.add("cx-printing");
    window.addEventListener("afterprint", function () {
      only.remove();
      document.body.classList.remove("cx-printing");
    }, { once: true });
    window.print();
  }

  function offer(sheet, words, sheets) {
    const title = sheet.querySelector(".cx-box-title");
    const button = make("button", "cx-print", words);
    button.type = "button";
    button.addEventListener("click", function () { print(sheets); });
    const head = make("div", "cx-sheet-head");
    title.replaceWith(head);
    head.append(title, button);
  }

  document.querySelectorAll("div.cx-box-handout").forEach(function (sheet) {
    offer(sheet, "Print this handout", [sheet]);
  });
  const cards = Array.from(document.querySelectorAll("div.cx-box-rolecard"));
  cards.forEach(function (card, place) {
    // One button for all stands at the first: cards of one role play are cut from the same pages.
    if (place) offer(card, "Print this card", [card]);
    else offer(card, cards.length > 1 ? "Print all role cards" : "Print this card", cards);
  });

  // --- wide tables on a phone -------------------------------------------------------------------
  // Four columns of words are too many for a phone, and so are three with much text: each row becomes
  // a card there. Tables of numbers stay, since they are read down a column.
  document.querySelectorAll(".bd-article table:not(.cx-matrix, .dataframe)").forEach(function (table) {
    const heads = Array.from(table.querySelectorAll("thead th")).map(function (head) { return head.textContent.trim(); });
    const rows = Array.from(table.tBodies).flatMap(function (body) { return Array.from(body.rows); });
    if (heads.length < 3 || table.closest(".crossings-mount, .cell_output") || rows.some(function (row) { return row.cells.length !== heads.length; })) return;
    const longest = heads.map(function (_, column) {
      return Math.max.apply(null, rows.map(function (row) { return row.cells[column].textContent.trim().length; }));
    });
    const wordy = longest.filter(function (length) { return length > (heads.length > 3 ? 12 : 60); }).length;
    const toFillIn = longest.includes(0); // by hand, on paper
    if (toFillIn || wordy < (heads.length > 3 ? 1 : 2)) return;
    table.classList.add("cx-stack");
    // A table that is laid out as cards is still a table for who listens to it.
    table.setAttribute("role", "table");
    table.querySelectorAll("thead, tbody").forEach(function (part) { part.setAttribute("role", "rowgroup"); });
    table.querySelectorAll("tr").forEach(function (row) { row.setAttribute("role", "row"); });
    table.querySelectorAll("thead th").forEach(function (head) { head.setAttribute("role", "columnheader"); });
    rows.forEach(function (row) {
      Array.from(row.cells).forEach(function (cell, column) {
        cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
        if (!cell.textContent.trim()) cell.classList.add("cx-none");
        if (longest[column] <= 12) cell.classList.add("cx-short");
        if (column === 0) cell.classList.add("cx-first");
        if (heads[column] && (column > 0 || longest[0] <= 12)) cell.dataset.label = heads[column];
      });
    });
  });

  // --- links to the learner site --------------------------------------------------------------
  if (location.protocol === "file:") {
    document.querySelectorAll("a[data-site]").forEach(function (link) {
      const note = make("p", "cx-band-note", "This part needs the learner site of your class: ask your trainer for its address.");
      link.replaceWith(note);
    });
  }

  // --- search, loaded when it is opened --------------------------------------------------------
  const wanted = document.querySelector('meta[name="cx-search"]');
  let asked = false;
  function loadSearch() {
    if (asked || !wanted) return;
    asked = true;
    const files = wanted.getAttribute("content").split(" ");
    (function next() {
      const file = files.shift();
      if (!file) return;
      const script = document.createElement("script");
      script.src = file;
      script.onload = next;
      document.head.append(script);
    })();
  }
  document.querySelectorAll(".search-button__button").forEach(function (button) {
    button.addEventListener("click", loadSearch);
  });
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") loadSearch();
  });
})();
