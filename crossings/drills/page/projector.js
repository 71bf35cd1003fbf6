/* The big screen of a live drill: what the room sees together. It is sent no names. */
(function () {
  "use strict";
  var key = new URLSearchParams(location.search).get("key") || "";
  var main = document.getElementById("main"), foot = document.getElementById("foot");
  var view = null, offset = 0, drawn = "", timer = null, source = null;

  function el(tag, props) {
    var node = document.createElement(tag);
    for (var name in props || {}) {
      var value = props[name];
      if (value === undefined || value === null || value === false) continue;
      if (name === "text") { node.textContent = value; node.dir = "auto"; } else node.setAttribute(name, value);
    }
    for (var i = 2; i < arguments.length; i++) add(node, arguments[i]);
    return node;
  }
  function add(node, child) {
    if (Array.isArray(child)) child.forEach(function (c) { add(node, c); });
    else if (child) node.appendChild(child);
  }
  function letter(i) { return "ABCDEFGHIJKLMNOPQRSTUVWXYZ".charAt(i % 26); }
  function people(n) { return n === 1 ? "1 person" : n + " people"; }
  function now() { return Date.now() / 1000 + offset; }
  function qr() { return "qr.svg?code=" + encodeURIComponent(view.code); }
  function put(parts) { main.textContent = ""; add(main, parts); }
  function set(id, text) { var node = document.getElementById(id); if (node && node.textContent !== text) node.textContent = text; }

  function phase() {
    var s = view.step;
    return s.phase === "open" && s.deadline !== null && now() >= s.deadline ? "closed" : s.phase;
  }
  function draw() {
    clearInterval(timer);
    var state = view.status + (view.step ? "/" + view.step.index + "/" + phase() + "/" + !!view.step.bars : "");
    if (state !== drawn) {
      drawn = state;
      if (view.status === "lobby") lobby();
      else if (view.status === "ended") ended();
      else if (view.status === "paused") put(el("div", { "class": "middle" }, el("div", {}, el("h1", { text: "A short pause" }), el("p", { "class": "quiet", text: "Time stands still." }))));
      else play();
      footer();
      fit();
    }
    update();
    if (view.step && phase() === "open" && view.status === "running") timer = setInterval(tick, 250);
  }
  function footer() {
    foot.textContent = "";
    if (view.status !== "lobby") add(foot, [el("img", { src: qr(), alt: "" }), el("span", { text: "Join at " + view.join.replace(/^https?:\/\//, "") + "/drill/" }), el("b", { text: view.code })]);
    add(foot, el("span", { "class": "net", id: "net" }));
  }
  /* Nobody can scroll a wall: the type gets smaller until everything is on it. */
  function fit() {
    var root = document.documentElement;
    root.style.fontSize = "";
    var size = parseFloat(getComputedStyle(root).fontSize);
    for (var k = 1; k >= 0.5 && root.scrollHeight > window.innerHeight + 1; k -= 0.04) root.style.fontSize = size * k + "px";
  }
  window.addEventListener("resize", fit);
  function lobby() {
    put(el("div", { "class": "lobby" },
      el("div", {}, el("h1", { text: view.title }), 
        // A long text is for the phones, which show it too; a wall has room for the code.
        view.intro.length <= 240 ? el("p", { "class": "lines", text: view.intro }) : null, view.note ? el("p", { "class": "quiet", text: view.note }) : null,
        el("p", { "class": "quiet", text: "Open this address, or scan the code:" }),
        el("p", { "class": "address", text: view.join + "/drill/" }),
        el("p", { "class": "quiet", text: "Join code" }), el("p", { "class": "code", text: view.code }),
        el("p", { "class": "count" }, el("b", { id: "seats", text: "0" }), el("span", { text: " in the room" }))),
      el("img", { src: qr(), alt: "QR code that opens the join page with the code " + view.code })));
  }
  function ended() {
    put(el("div", { "class": "middle" }, el("div", {}, el("h1", { text: "The drill is over" }),
      el("p", { text: people(view.room.people) + " together earned " + view.room.percent + " % of the points." }),
      el("p", { "class": "quiet", text: "Look at your own page: it shows what to read again." }))));
  }
  function title(s) { return s.person ? s.person.name + ": where to?" : s.item.stem; }
  function play() {
    var s = view.step, at = phase();
    var body = at === "open" ? question(s) : at === "revealed" || (s.bars && s.bars.length) ? results() : el("p", { "class": "quiet", text: "Time is over. Hands off the phones." });
    put([el("div", { "class": "head" }, el("span", { text: view.title }), at === "open" ? null : el("span", { text: s.answered + " of " + s.of + " answered" }), el("span", { text: (s.person ? "Person " : "Question ") + (s.index + 1) + " of " + s.total })),
      at === "open" ? el("div", { "class": "time", id: "time" }, el("i")) : null,
      at === "open" ? null : el("h1", { text: title(s) }),
      el("div", { "class": "play " + at }, el("div", {}, at === "open" ? el("h1", { text: title(s) }) : null, body),
        s.reason ? why(s) : null,
        at === "open" ? el("div", { "class": "side" }, el("div", { "class": "num", id: "left" }), el("div", { "class": "quiet", text: "left" }), el("hr"),
          el("div", { "class": "num", id: "answered" }), el("div", { "class": "quiet", id: "of" })) : null)]);
  }
  function picture(item) {
    return el("div", { "class": "picture" }, el("img", { src: item.picture.src, alt: item.picture.alt }), item.options.map(function (o, i) {
      var spot = el("span", { "class": "spot", "aria-hidden": "true" }, el("span", { text: letter(i) }));
      ["left", "top", "width", "height"].forEach(function (side, n) { spot.style[side] = o.region[["x", "y", "width", "height"][n]] + "%"; });
      return spot;
    }));
  }
  function question(s) {
    var parts = [];
    if (s.person) parts.push(el("dl", { "class": "person" }, el("dt", { text: "What you see" }), el("dd", { text: s.person.seen }), el("dt", { text: "What the person says" }), el("dd", { "class": "says", text: s.person.says }), el("dt", { text: "Documents" }), el("dd", { text: s.person.documents })));
    if (s.item && s.item.picture) parts.push(picture(s.item));
    var options = s.person ? s.channels : s.item.options;
    parts.push(el("ul", { "class": "options" + (options.length > 3 ? " two" : "") }, (options || []).map(function (o, i) {
      return el("li", {}, el("span", { "class": "letter", text: letter(i) }), el("span", { text: o.text }));
    })));
    return parts;
  }
  var WORDS = { good: "✓ right", ok: "◆ acceptable" };
  function results() { return el("ul", { "class": "bars", id: "bars" }); }
  function why(s) {
    return el("div", { "class": "why" }, el("b", { text: "Why" }), el("p", { text: s.reason }),
      s.law.length ? el("p", { "class": "law", text: s.law.map(function (l) { return l.title + " (" + l.where + ")"; }).join("; ") }) : null);
  }
  function bars(s) {
    var list = document.getElementById("bars");
    if (!list) return;
    var most = Math.max.apply(null, [1, s.none].concat((s.bars || []).map(function (b) { return b.count; })));
    var rows = (s.bars || []).concat(s.none ? [{ letter: "", text: "No answer", count: s.none, none: true }] : []);
    list.textContent = "";
    rows.forEach(function (b) {
      var fill = el("i", { "class": b.count ? "" : "zero" }), choices = s.person || /^(single|multiple|hotspot)$/.test(s.item.kind);
      add(list, el("li", { "class": b.none ? "none" : b.grade ? "g-" + b.grade : "" },
        b.letter ? el("span", { "class": "letter", text: b.letter }) : null, el("span", { "class": "text", text: b.text }),
        el("div", { "class": "track" }, fill, el("b", { text: String(b.count) }), b.grade && choices && WORDS[b.grade] ? el("span", { "class": "mark", text: WORDS[b.grade] }) : null)));
      requestAnimationFrame(function () { fill.style.width = 62 * b.count / most + "%"; });
    });
    fit();
  }
  function update() {
    set("seats", String(view.seats));
    if (!view.step) return;
    set("answered", String(view.step.answered));
    set("of", "of " + view.step.of + " answered");
    var state = JSON.stringify([view.step.bars, view.step.none]);
    var list = document.getElementById("bars");
    if (list && list.getAttribute("data-of") !== state) { list.setAttribute("data-of", state); bars(view.step); }
    tick();
  }
  function tick() {
    var s = view.step, clock = document.getElementById("left");
    if (!clock) return;
    var left = s.deadline === null ? s.left : s.deadline - now();
    // The bars of a closed step come from the server: ask for them when time is over here.
    if (left <= 0) { clearInterval(timer); setTimeout(look, 300); return; }
    var whole = Math.ceil(left), bar = document.getElementById("time");
    clock.textContent = whole < 60 ? String(whole) : Math.floor(whole / 60) + ":" + String(whole % 60 + 100).slice(1);
    clock.className = "num" + (whole <= 10 ? " soon" : "");
    bar.className = "time" + (whole <= 10 ? " soon" : "");
    bar.firstChild.style.transform = "scaleX(" + Math.min(1, left / s.seconds) + ")";
  }
  function receive(news) { view = news; offset = news.now - Date.now() / 1000; net(true); draw(); }
  function net(yes) { set("net", yes ? "" : "No connection to the course"); }
  function look() {
    return fetch("/api/drill/projector?key=" + encodeURIComponent(key), { cache: "no-store" }).then(function (r) {
      return r.json().then(function (data) {
        if (r.ok) { receive(data); return; }
        if (source) source.close();
        put(el("div", { "class": "middle" }, el("div", {}, el("h1", { text: "No drill here" }), el("p", { text: data.message }))));
      });
    }).catch(function () { net(false); });
  }
  look();
  if (window.EventSource) {
    source = new EventSource("/api/drill/projector/stream?key=" + encodeURIComponent(key));
    source.onmessage = function (event) { receive(JSON.parse(event.data)); };
    source.onerror = function () { net(false); };
  } else setInterval(look, 1500);
})();
