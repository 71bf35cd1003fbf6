/* The participant's page of a live drill.

   An answer goes into an outbox that survives a reload, and is sent with its own key until the
   server has acknowledged it. "Saved" is said only then. Text of the drill and of people is only
   ever set as text, never as HTML. */
(function () {
  "use strict";

  var SEAT = "crossings.drill.seat", BOX = "crossings.drill.outbox", DEVICE = "crossings.drill.device";
  var GRACE = 2;
  var memory = {};
  var main = document.getElementById("main"), say = document.getElementById("say");
  var net = document.getElementById("net"), who = document.getElementById("who");
  var seat = load(SEAT), box = load(BOX) || [];
  var view = null, shown = "", acked = {}, refused = {}, drafts = {}, offsets = [];
  var source = null, heard = null, sending = false, pause = 0, timer = null, poller = null, warned = "", connected = true;

  /* Storage: private windows may refuse it; then memory has to do. */
  function load(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch (e) { return memory[key] || null; }
  }
  function keep(key, value) {
    memory[key] = value;
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch (e) { /* kept in memory */ }
  }
  function newKey() {
    var bytes = crypto.getRandomValues(new Uint8Array(16)), text = "";
    for (var i = 0; i < bytes.length; i++) text += (bytes[i] + 256).toString(16).slice(1);
    return text;
  }

  /* A random word, so that a trainer can keep out a device that disturbs. It says nothing else. */
  function device() {
    var word = load(DEVICE);
    if (typeof word !== "string") { word = newKey(); keep(DEVICE, word); }
    return word;
  }

  /* Elements */
  function el(tag, props) {
    var node = document.createElement(tag);
    for (var name in props || {}) {
      var value = props[name];
      if (value === undefined || value === null || value === false) continue;
      // The mark of a line of a list stays on the page's side, whichever way its text reads.
      if (name === "text" && tag === "li") add(node, el("span", { text: value }));
      else if (name === "text") { node.textContent = value; node.dir = "auto"; }
      else if (name === "on") for (var kind in value) node.addEventListener(kind, value[kind]);
      else node.setAttribute(name, value === true ? "" : value);
    }
    for (var i = 2; i < arguments.length; i++) add(node, arguments[i]);
    return node;
  }
  function add(node, child) {
    if (Array.isArray(child)) child.forEach(function (c) { add(node, c); });
    else if (child) node.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
  function show(key, parts) {
    shown = key;
    main.textContent = "";
    add(main, parts);
    var heading = main.querySelector("[data-first]") || main.querySelector("h1");
    if (heading) { heading.tabIndex = -1; heading.focus({ preventScroll: true }); }
    window.scrollTo(0, 0);
  }
  function speak(text) { if (say.textContent !== text) say.textContent = text; }

  /* Each grade has its own shape, so that colour is never the only sign. */
  var SHAPES = {
    good: "M4 12.5l5.5 5.5L20 6.5", ok: "M4 12h16", poor: "M5 5l14 14M19 5L5 19",
    none: "M12 12h.01", open: "M5 7h14M5 12h14M5 17h9"
  };
  function shape(grade) {
    var ns = "http://www.w3.org/2000/svg", svg = document.createElementNS(ns, "svg");
    var ring = document.createElementNS(ns, "path"), mark = document.createElementNS(ns, "path");
    svg.setAttribute("viewBox", "-6 -6 36 36");
    svg.setAttribute("class", "shape");
    svg.setAttribute("aria-hidden", "true");
    ring.setAttribute("d", grade === "poor" ? "M-4 -4h32v32h-32z" : grade === "ok" ? "M12 -5L29 12L12 29L-5 12z" : "M12 -5a17 17 0 1 0 .01 0z");
    mark.setAttribute("d", SHAPES[grade] || SHAPES.none);
    [ring, mark].forEach(function (p, i) {
      p.setAttribute("fill", "none");
      p.setAttribute("stroke", "currentColor");
      p.setAttribute("stroke-width", i ? 3.4 : 2);
      p.setAttribute("stroke-linecap", "round");
      svg.appendChild(p);
    });
    return svg;
  }
  function points(n) { return String(Math.round(n * 100) / 100); }
  function letter(i) { return "ABCDEFGHIJKLMNOPQRSTUVWXYZ".charAt(i % 26); }

  /* Talking to the server */
  function post(path, body) {
    var abort = window.AbortController ? new AbortController() : null;
    var late = setTimeout(function () { if (abort) abort.abort(); }, 10000);
    return fetch("/api/drill/" + path, {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body), signal: abort ? abort.signal : undefined
    }).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (data) {
        clearTimeout(late);
        if (answer.ok) return data;
        var error = new Error(data.message || "The course does not answer. Try again.");
        error.status = answer.status; error.code = data.error; error.wait = Number(data.wait) || 0;
        throw error;
      });
    }, function (error) { clearTimeout(late); throw error; });
  }

  function online(yes) {
    connected = yes;
    net.hidden = yes;
    if (!yes) net.textContent = "No connection. Your answers are kept on this device and sent when it is back.";
  }

  function look() {
    return fetch("/api/drill/view?token=" + encodeURIComponent(seat.token), { cache: "no-store" })
      .then(function (answer) {
        if (answer.status === 401) { forget(); join("Your seat is no longer known. Please join again."); return; }
        if (!answer.ok) throw new Error("no view");
        return answer.json().then(receive);
      });
  }
  function poll() {
    if (!seat) return;
    look().catch(function () { online(false); });
  }
  function follow() {
    if (source) source.close();
    clearInterval(poller);
    heard = null;
    if (!window.EventSource) { poll(); poller = setInterval(poll, 2000); return; }
    source = new EventSource("/api/drill/stream?token=" + encodeURIComponent(seat.token));
    source.onmessage = function (event) {
      heard = CrossingsNews(heard, JSON.parse(event.data));
      if (heard) receive(heard);
      // Something was missed. A new stream begins with the whole.
      else { source.close(); source = null; setTimeout(function () { if (seat && !source) follow(); }, 500 + 1000 * Math.random()); }
    };
    source.onopen = function () { online(true); flush(); };
    source.onerror = function () {
      online(false);
      if (source && source.readyState === 2) {
        source.close(); source = null;
        setTimeout(function () { if (seat) { poll(); follow(); } }, 2000);
      }
    };
  }
  function receive(news) {
    if (!seat) return;
    online(true);
    // What was asked for before may arrive after what the stream told since.
    if (view && (news.seq < view.seq || (news.seq === view.seq && news.now < view.now))) return;
    // The message that travelled fastest tells best how far the two clocks are apart.
    offsets.push(news.now - Date.now() / 1000);
    if (offsets.length > 8) offsets.shift();
    var before = view && view.you && view.you.team, now = news.you && news.you.team;
    if (before && now && before.id !== now.id) {
      // Another team is elsewhere in its play: what was sent for the old one is not for this one.
      acked = {}; refused = {}; drafts = {};
      speak("You are now in " + now.name + ".");
    } else if (before && now && !before.leads && now.leads && now.decides) speak("You are the captain of your team now.");
    view = news;
    draw();
    flush();
  }
  function serverNow() { return Date.now() / 1000 + Math.max.apply(null, offsets.length ? offsets : [0]); }

  /* The outbox */
  function mine() { return box.filter(function (m) { return seat && m.token === seat.token; }); }
  function waiting(step) { return mine().filter(function (m) { return m.step === step; }).pop() || null; }
  function stored(step) {
    var server = view && view.step && view.step.index === step ? view.step.answer : null;
    var own = acked[step] || null;
    if (own && server) return own.n >= server.n ? own : server;
    return own || server;
  }
  function current(step) { return waiting(step) || stored(step); }

  function give(step, response, decide) {
    var before = current(step);
    var message = { token: seat.token, step: step, response: response, n: (before ? before.n : 0) + 1, key: newKey() };
    if (decide) message.decide = true;
    // An older answer to the same question that has not left yet need not be sent any more.
    box = box.filter(function (m, i) { return (i === 0 && sending) || m.step !== step || m.token !== seat.token; });
    box.push(message);
    keep(BOX, box);
    delete refused[step];
    pause = 0;
    status();
    flush();
  }
  function flush() {
    if (sending || !box.length) return;
    sending = true;
    var message = box[0];
    post("answer", message).then(function () {
      var known = acked[message.step];
      if (seat && message.token === seat.token && (!known || known.n < message.n)) acked[message.step] = message;
      settled(message);
      online(true);
      if (!waiting(message.step)) speak("Answer saved.");
    }, function (error) {
      var again = !error.status || error.status >= 500 || error.status === 429 || error.status === 408;
      if (!again) {
        if (!newer(message)) { refused[message.step] = error.message; speak(error.message); }
        settled(message);
        return;
      }
      sending = false;
      if (!error.status) online(false);
      pause = Math.min(8, pause ? pause * 2 : 0.7);
      setTimeout(flush, 1000 * Math.max(error.wait || 0, pause * (0.7 + 0.6 * Math.random())));
      status();
    });
  }
  function newer(message) {
    var other = box.some(function (m) { return m !== message && m.step === message.step && m.n > message.n; });
    return other || !!(acked[message.step] && acked[message.step].n > message.n);
  }
  function settled(message) {
    box = box.filter(function (m) { return m.key !== message.key; });
    keep(BOX, box);
    sending = false;
    pause = 0;
    status();
    flush();
  }
  function status() {
    var line = document.getElementById("saved");
    if (view && view.table) return tables.status();
    if (!line || !view || !view.step) return;
    var step = view.step.index, text = "", kind = "";
    if (waiting(step)) { text = connected ? "Waiting to send…" : "Waiting to send. No connection yet."; kind = "wait"; }
    else if (refused[step]) { text = refused[step]; kind = "no"; }
    else if (stored(step)) { text = "Saved ✓"; kind = "yes"; }
    line.className = "saved " + kind;
    if (line.textContent !== text) line.textContent = text;
    var hint = document.getElementById("hint");
    if (hint) hint.hidden = kind !== "yes";
    var sure = document.getElementById("sure"), stands = current(step);
    if (!sure) return;
    sure.hidden = !stands;
    for (var i = 1; i < sure.children.length; i++) {
      var on = !!stands && stands.response.sure === sure.children[i].getAttribute("data-level");
      sure.children[i].setAttribute("aria-pressed", String(on));
    }
  }

  /* Joining */
  function forget() {
    if (source) { source.close(); source = null; }
    clearInterval(poller); clearInterval(timer);
    keep(SEAT, null);
    seat = null; view = null; acked = {}; refused = {}; drafts = {}; shown = "";
    who.textContent = "";
  }
  function enter(admitted) {
    forget();
    seat = admitted;
    keep(SEAT, seat);
    history.replaceState(null, "", "/drill/?code=" + encodeURIComponent(seat.code));
    show("entering", el("p", { "class": "quiet", text: "You are in. One moment…" }));
    poll();
    follow();
  }
  function join(problem) {
    var wanted = (new URLSearchParams(location.search).get("code") || "").toUpperCase().slice(0, 12);
    var key = newKey(), keyFor = "";
    var code = el("input", { type: "text", id: "code", "class": "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 12, required: true, value: wanted, "aria-describedby": "problem" });
    var name = el("input", { type: "text", id: "name", autocomplete: "nickname", maxlength: 40, required: true, dir: "auto", "aria-describedby": "name-hint problem" });
    var button = el("button", { "class": "main-button", text: "Join" });
    var line = el("p", { id: "problem", "class": "problem", role: "alert", text: problem || "" });
    var form = el("form", { on: { submit: function (event) {
      event.preventDefault();
      // The same name and code again is the same request: a lost reply must not make two seats.
      if (keyFor !== code.value + "\n" + name.value) { key = newKey(); keyFor = code.value + "\n" + name.value; }
      work(button, line, "Joining…", post("join", { code: code.value, name: name.value, key: key, device: device() }), function (error) {
        (error.code === "code" ? code : error.code === "name" ? name : button).focus();
      });
    } } },
      el("label", { "for": "code", text: "Join code" }), code,
      el("label", { "for": "name", text: "Your name" }), name,
      el("p", { id: "name-hint", "class": "quiet small hint", text: "Your trainer sees it, and your team if there are teams. Nobody else does." }),
      line, button);
    show("join", [el("h1", { "class": "big", text: "Join the drill" }), form, otherDevice(code)]);
    (wanted ? name : code).focus();
  }
  function otherDevice(code) {
    var input = el("input", { type: "text", id: "seat-code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 12, required: true, "aria-describedby": "seat-problem" });
    var button = el("button", { "class": "plain-button", text: "Continue in my seat" });
    var line = el("p", { id: "seat-problem", "class": "problem", role: "alert" });
    var form = el("form", { on: { submit: function (event) {
      event.preventDefault();
      work(button, line, "Looking for your seat…", post("rejoin", { code: code.value, seat_code: input.value, device: device() }), function () { input.focus(); });
    } } },
      el("p", { "class": "quiet", text: "Write the join code above, and here the seat code from your first device. Your trainer can tell you the seat code too." }),
      el("label", { "for": "seat-code", text: "Seat code" }), input, line, button);
    return el("details", {}, el("summary", { text: "I was already in, on another device" }), form);
  }
  function work(button, line, words, request, failed) {
    var before = button.textContent;
    button.disabled = true; button.textContent = words; line.textContent = "";
    request.then(enter, function (error) {
      button.disabled = false; button.textContent = before;
      line.textContent = error.status ? error.message : "No connection to the course. Check that you are on the class network, and try again.";
      failed(error);
    });
  }

  /* Drawing */
  function draw() {
    clearInterval(timer);
    who.textContent = view.you ? view.you.name + (view.you.team ? " · " + view.you.team.name : "") : "";
    document.title = view.title;
    if (view.status === "removed") return removed();
    if (view.status === "lobby") return lobby();
    if (view.status === "ended") return shown === "final" ? null : final();
    if (view.status === "paused") return shown === "paused" ? null : paused();
    playing();
  }
  function removed() {
    var blocked = view.blocked;
    forget();
    show("removed", [
      el("h1", { "class": "big", text: "You are no longer in this drill" }),
      el("p", { text: "The trainer has taken this seat out. If that is a mistake, speak to your trainer." }),
      blocked ? null : el("button", { "class": "plain-button", text: "Join again", on: { click: function () { join(); } } })
    ]);
  }
  function seatCode() {
    var code = view.you.seat_code;
    return [el("p", { "class": "quiet small", text: "Your seat code, if you need to change device:" }),
      el("p", { "class": "seat-code", text: code.slice(0, 3) + " " + code.slice(3) })];
  }
  function dots() { return el("div", { "class": "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")); }
  /* One's team: its role, who is in it, who leads it. Drawn anew only where it is new. */
  function team(level) {
    var t = view.you.team;
    if (!t) return null;
    var names = t.mates.join(", ") + (t.more ? " and " + t.more + " more" : "");
    return [el(level, { text: t.name }), t.roles.map(function (r) {
      return [r.title === t.name ? null : el("p", {}, el("b", { text: r.title })), el("p", { "class": "lines", text: r.brief })];
    }), t.roles.length ? el("p", { "class": "quiet small", text: "Only your team reads this." }) : null,
    el("p", { text: names ? "With you: " + names : "You are the first in this team." }),
    t.decides ? el("p", { text: t.leads ? "You are the captain." : "Captain: " + t.captain }) : null];
  }
  function teamLine() {
    var t = view.you.team, roles = t ? t.roles.map(function (r) { return r.title; }).filter(function (r) { return r !== t.name; }) : [];
    return t ? el("details", { id: "own-team", "data-of": JSON.stringify(t) }, el("summary", { text: "Your team: " + [t.name].concat(roles).join(" · ") }), el("div", {}, team("h2"))) : null;
  }
  function lobby() {
    var key = "lobby/" + view.you.name, card = document.getElementById("team"), drawn = JSON.stringify(view.you.team || null);
    if (shown === key) {
      // Who joins one's team changes the list of names and moves nothing else.
      if (card && card.getAttribute("data-of") !== drawn) { card.textContent = ""; add(card, team("h2")); card.setAttribute("data-of", drawn); }
      if (!card === !view.you.team) return;
    }
    show(key, [
      el("h1", { "class": "big", text: "You are in, " + view.you.name }),
      el("p", { text: "The drill starts when your trainer starts it. Keep this page open." }), dots(),
      view.you.team ? el("section", { id: "team", "class": "card", "aria-label": "Your team", "data-of": drawn }, team("h2")) : null,
      view.note ? el("div", { "class": "card note" }, el("p", { text: view.note })) : null,
      el("div", { "class": "card" }, el("h2", { text: view.title }), el("p", { "class": "lines", text: view.intro })),
      el("div", {}, seatCode())
    ]);
  }
  function paused() {
    show("paused", [el("h1", { "class": "big", text: "A short pause" }),
      el("p", { text: "Your trainer has paused the drill. Your time stands still." }), dots()]);
  }
  function over(step) { return step.deadline !== null && serverNow() >= step.deadline; }
  function phase() {
    var step = view.step;
    // In a team time over closes nothing: it lets the captain decide.
    if (step.decide === "team") return "open";
    if (step.phase === "open" && step.deadline !== null && serverNow() >= step.deadline) return "closed";
    return step.phase;
  }
  /* A case draws its own turns; voting, sending and time are the same as for a question. */
  var cases = window.CrossingsCase({
    el: el, add: add, letter: letter, choice: choice, shape: shape, points: points, dots: dots, give: give, over: over, captain: function () { return view.you.team.captain; }, clock: clockLine, current: current,
    draft: function (index, value) { if (value) drafts[index] = value; return drafts[index]; }
  });
  /* A role's desk in an exercise: every act has a number of its own. */
  var tables = window.CrossingsTable({
    el: el, add: add, show: show, shown: function () { return shown; }, shape: shape, speak: speak, now: serverNow, give: give, waiting: mine, connected: function () { return connected; },
    refused: function () { return refused; }, last: function () { return Object.keys(acked).length; },
    foot: function () { return [teamLine(), el("details", {}, el("summary", { text: "Change device" }), el("div", {}, seatCode()))]; }
  });
  function playing() {
    if (view.table) { tables.draw(view); sameTeam(); timer = setInterval(tables.tick, 1000); return; }
    var step = view.step, now = phase();
    var server = step.answer ? step.answer.n + "" : "";
    var key = "step/" + step.index + "/" + now + cases.mode(step) + (view.you.team ? "/" + view.you.team.id : "");
    var elsewhere = now === "open" && server && !waiting(step.index) && step.answer.n > (acked[step.index] ? acked[step.index].n : 0);
    if (shown !== key || elsewhere) {
      if (elsewhere) { acked[step.index] = step.answer; delete drafts[step.index]; }
      if (step.scene) show(key, [cases.turn(step, now), teamLine(), el("details", {}, el("summary", { text: "Change device" }), el("div", {}, seatCode()))]);
      else if (now === "open") question(key, step);
      else if (now === "closed") closed(key, step);
      else revealed(key, step);
    }
    status();
    cases.update(step);
    sameTeam();
    if (now === "open" && !over(step)) { tick(); timer = setInterval(tick, 250); }
  }
  function sameTeam() {
    var line = document.getElementById("own-team");
    if (line && line.getAttribute("data-of") !== JSON.stringify(view.you.team)) {
      var open = line.open, there = line.contains(document.activeElement), anew = teamLine();
      line.replaceWith(anew);
      anew.open = open;
      if (there) anew.firstChild.focus();
    }
  }
  function place(step) {
    return el("p", { "class": "place", text: (step.person ? "Person " : "Question ") + (step.index + 1) + " of " + step.total });
  }
  function words(seconds) {
    if (seconds < 60) return seconds + " s";
    return Math.floor(seconds / 60) + ":" + String(seconds % 60 + 100).slice(1);
  }
  function tick() {
    var step = view && view.step;
    if (!step || step.deadline === null) return;
    var left = step.deadline - serverNow();
    if (left <= 0) {
      clearInterval(timer);
      speak(step.decide === "team" ? "Time is over. Your captain can decide now." : "Time is over.");
      playing();
      // Only the server tells a captain how the team has voted.
      if (step.decide === "team") poll();
      else setTimeout(function () { if (!source) poll(); }, 1000 * (GRACE + 0.3));
      return;
    }
    var clock = document.getElementById("clock");
    if (!clock) return;
    var whole = Math.ceil(left), mark = step.index + "/" + step.deadline;
    clock.querySelector("b").textContent = words(whole);
    clock.querySelector("i").style.transform = "scaleX(" + Math.max(0, Math.min(1, left / step.seconds)) + ")";
    clock.className = "clock" + (whole <= 10 ? " soon" : "");
    if (whole <= 10 && warned !== mark) { warned = mark; speak("Ten seconds left."); }
  }
  function face(step) {
    var p = step.person;
    return [el("div", { "class": "person" },
      el("span", { "class": "monogram", "aria-hidden": "true", text: p.name.trim().charAt(0) }), el("h1", { id: "question", text: p.name })),
      el("div", { "class": "card" }, el("dl", {},
        el("dt", { text: "What you see" }), el("dd", { text: p.seen }),
        el("dt", { text: "What the person says" }), el("dd", { "class": "says", text: p.says }),
        el("dt", { text: "Documents" }), el("dd", { text: p.documents })))];
  }
  function clockLine() {
    return el("div", { id: "clock", "class": "clock", role: "timer", "aria-label": "Time left", "aria-live": "off" },
      el("div", { "class": "bar" }, el("i")), el("b"));
  }
  function question(key, step) {
    var parts = [place(step), clockLine()];
    if (step.person) parts = parts.concat(face(step), [el("h2", { id: "ask", text: "Where do you send this person?" })]);
    else parts.push(el("h1", { id: "question", text: step.item.stem }));
    if (step.item && step.item.picture) parts.push(picture(step.item));
    if (step.item && step.item.hint) parts.push(el("details", {}, el("summary", { text: "Hint" }), el("p", { text: step.item.hint })));
    parts.push(control(step));
    if (!step.item || step.item.kind !== "text") parts.push(sureness(step));
    parts.push(el("p", { id: "saved", "class": "saved" }));
    parts.push(el("p", { id: "hint", "class": "quiet small", hidden: true, text: "You can change your answer until time is over." }));
    if (step.rules) parts.push(el("details", {}, el("summary", { text: "Rules of this drill" }), el("p", { "class": "lines", text: step.rules })));
    parts.push(teamLine(), el("details", {}, el("summary", { text: "Change device" }), el("div", {}, seatCode())));
    show(key, parts);
  }

  /* One control for each kind of question. `one tap` kinds are sent at once, others by a button. */
  function control(step) {
    if (step.person) return tapped(step, step.channels, "ask");
    var item = step.item;
    if (item.kind === "single") return tapped(step, item.options, "question");
    var before = current(step.index);
    var draft = drafts[step.index] || (before && bare(before.response)) || {};
    var button = el("button", { "class": "main-button", type: "button", on: { click: function () { give(step.index, drafts[step.index]); sent(); } } });
    function sent() {
      var stands = current(step.index), has = drafts[step.index];
      var same = stands && has && JSON.stringify(bare(stands.response)) === JSON.stringify(has);
      button.disabled = !has || !!same;
      button.textContent = stands && !same && has ? "Send the changed answer" : "Send my answer";
    }
    function changed(response) {
      if (response) drafts[step.index] = response; else delete drafts[step.index];
      sent();
    }
    var body = CONTROLS[item.kind](item, draft, changed);
    sent();
    return el("div", { role: "group", "aria-labelledby": "question" }, body, button);
  }
  /* How sure one is goes with the answer that stands; a new answer asks again. */
  function bare(response) {
    var plain = Object.assign({}, response);
    delete plain.sure;
    return plain;
  }
  function sureness(step) {
    return el("div", { id: "sure", "class": "sure", role: "group", "aria-label": "How sure are you?", hidden: true },
      el("p", { "class": "quiet small", text: "How sure are you? You may skip this." }),
      [["guess", "Guessing"], ["fairly", "Fairly sure"], ["certain", "Certain"]].map(function (level) {
        return el("button", { type: "button", "class": "plain-button", "data-level": level[0], text: level[1], on: { click: function () {
          give(step.index, Object.assign(bare(current(step.index).response), { sure: level[0] }));
        } } });
      }));
  }
  function picture(item) {
    var frame = el("div", { "class": "picture" }, el("img", { src: item.picture.src, alt: item.picture.alt }));
    item.options.forEach(function (option, i) {
      var r = option.region, spot = el("button", { type: "button", tabindex: "-1", "aria-hidden": "true", "class": "spot", on: { click: function () {
        var line = document.querySelectorAll("#main .choice")[i];
        if (line) { line.click(); line.focus(); }
      } } }, el("span", { text: letter(i) }));
      spot.style.left = r.x + "%"; spot.style.top = r.y + "%"; spot.style.width = r.width + "%"; spot.style.height = r.height + "%";
      frame.appendChild(spot);
    });
    return frame;
  }
  function choice(role, text, mark, on, press) {
    var props = { type: "button", "class": "choice", on: { click: press } };
    props[role === "checkbox" ? "aria-checked" : "aria-pressed"] = String(on);
    if (role) props.role = role;
    return el("button", props, el("span", { "class": "letter", "aria-hidden": "true", text: mark }),
      el("span", { "class": "text", text: text }), el("span", { "class": "tick", "aria-hidden": "true", text: "✓" }));
  }
  function tapped(step, options, label) {
    var before = current(step.index), chosen = before && before.response.choice;
    var buttons = options.map(function (option, i) {
      return choice("", option.text, letter(i), option.id === chosen, function () {
        if (chosen === option.id && !refused[step.index]) return;
        chosen = option.id;
        buttons.forEach(function (b, k) { b.setAttribute("aria-pressed", String(k === i)); });
        give(step.index, { choice: option.id });
      });
    });
    return el("div", { "class": "choices", role: "group", "aria-labelledby": label }, buttons);
  }
  function pairs(item, draft, changed) {
    var chosen = {};
    for (var id in draft.pairs || {}) chosen[id] = draft.pairs[id];
    return item.options.map(function (option, i) {
      var select = el("select", { id: "o" + i, on: { change: function () {
        if (select.value) chosen[option.id] = select.value; else delete chosen[option.id];
        if (item.kind === "match") once(option.id);
        changed(Object.keys(chosen).length ? { pairs: Object.assign({}, chosen) } : null);
      } } }, el("option", { value: "", text: "Choose…" }), item.targets.map(function (t) {
        return el("option", { value: t.id, text: t.text });
      }));
      select.value = chosen[option.id] || "";
      return el("div", { "class": "place-one" }, el("label", { "for": "o" + i, text: option.text }), select);
    });
    // In a match each partner is used once: taking it away from another option frees that one.
    function once(taker) {
      item.options.forEach(function (other, i) {
        if (other.id !== taker && chosen[other.id] && chosen[other.id] === chosen[taker]) {
          delete chosen[other.id];
          document.getElementById("o" + i).value = "";
        }
      });
    }
  }
  var CONTROLS = {
    multiple: function (item, draft, changed) {
      var chosen = (draft.choices || []).slice();
      return [el("p", { "class": "quiet", text: "Choose all that hold." }),
        el("div", { "class": "choices" }, item.options.map(function (option, i) {
          var button = choice("checkbox", option.text, letter(i), chosen.indexOf(option.id) >= 0, function () {
            var at = chosen.indexOf(option.id);
            if (at >= 0) chosen.splice(at, 1); else chosen.push(option.id);
            button.setAttribute("aria-checked", String(at < 0));
            changed(chosen.length ? { choices: chosen.slice().sort() } : null);
          });
          return button;
        }))];
    },
    order: function (item, draft, changed) {
      var order = draft.order || item.options.map(function (o) { return o.id; });
      var list = el("ol", { "class": "choices" }), texts = {};
      item.options.forEach(function (o) { texts[o.id] = o.text; });
      function move(at, by) {
        var id = order[at], next = at + by;
        order = order.slice();
        order.splice(at, 1);
        order.splice(next, 0, id);
        fill();
        var button = list.children[next].querySelectorAll("button")[by < 0 ? 0 : 1];
        (button.disabled ? list.children[next].querySelectorAll("button")[by < 0 ? 1 : 0] : button).focus();
        speak(texts[id] + ": place " + (next + 1) + " of " + order.length);
        changed({ order: order.slice() });
      }
      function fill() {
        list.textContent = "";
        order.forEach(function (id, i) {
          add(list, el("li", { "class": "row" }, el("span", { "class": "letter", "aria-hidden": "true", text: i + 1 }), el("span", { "class": "text", text: texts[id] }),
            el("span", { "class": "moves" },
              el("button", { type: "button", "aria-label": "Move up: " + texts[id], disabled: i === 0, on: { click: function () { move(i, -1); } } }, "↑"),
              el("button", { type: "button", "aria-label": "Move down: " + texts[id], disabled: i === order.length - 1, on: { click: function () { move(i, 1); } } }, "↓"))));
        });
      }
      fill();
      if (!draft.order) changed({ order: order.slice() });
      return [el("p", { "class": "quiet", text: "Put them in order with the arrows." }), list];
    },
    match: pairs,
    grid: pairs,
    number: function (item, draft, changed) {
      var input = el("input", { type: "text", inputmode: "decimal", "aria-labelledby": "question", value: draft.number, maxlength: 20, on: { input: function () {
        changed(input.value.trim() ? { number: input.value.trim() } : null);
      } } });
      return el("div", { "class": "with-unit" }, input, item.unit ? el("span", { text: item.unit }) : null);
    },
    hotspot: function (item, draft, changed) { return CONTROLS.multiple(item, draft, changed); },
    short: written("input", 200),
    text: written("textarea", 2000)
  };
  function written(tag, most) {
    return function (item, draft, changed) {
      var input = el(tag, { type: tag === "input" ? "text" : null, "aria-labelledby": "question", maxlength: most, dir: "auto", on: { input: function () {
        changed(input.value.trim() ? { text: input.value.trim() } : null);
      } } });
      input.value = draft.text || "";
      return input;
    };
  }

  /* What was answered, in words */
  function asText(step, response) {
    if (!response) return "";
    var item = step.item || { options: step.channels };
    function name(list, id) { var hit = (list || []).filter(function (o) { return o.id === id; })[0]; return hit ? hit.text : ""; }
    if (response.choice) return name(item.options, response.choice);
    if (response.choices) return response.choices.map(function (c) { return name(item.options, c); }).join("; ");
    if (response.order) return response.order.map(function (c, i) { return (i + 1) + ". " + name(item.options, c); }).join("\n");
    if (response.pairs) return Object.keys(response.pairs).map(function (c) { return name(item.options, c) + " → " + name(item.targets, response.pairs[c]); }).join("\n");
    if (response.number !== undefined) return response.number + (item.unit ? " " + item.unit : "");
    return response.text || "";
  }
  function closed(key, step) {
    var own = current(step.index);
    show(key, [place(step), el("h1", { "class": "big", text: "Time is over" }),
      own ? el("div", { "class": "card" }, el("p", { "class": "quiet small", text: "Your answer" }), el("p", { "class": "lines", text: asText(step, own.response) })) :
        el("p", { text: "You gave no answer. That happens: the next one comes." }),
      el("p", { id: "saved", "class": "saved" }),
      el("p", { "class": "quiet", text: "Look up: your trainer goes on in a moment." }), dots()]);
  }
  function tag(grade, text) { return el("span", { "class": "tag t-" + grade, text: text }); }
  function revealed(key, step) {
    var r = step.result, own = step.answer && step.answer.response;
    var parts = [place(step), el("div", { "class": "verdict " + r.grade }, shape(r.grade), el("div", {}, el("h1", { text: r.word }),
      r.grade === "open" ? null : el("p", { text: points(r.points) + " of " + points(r.of) + (r.of === 1 ? " point" : " points") })))];
    if (r.missed) parts.push(el("p", { "class": "missed", text: "A need for protection was missed here." }));
    parts.push(el("h2", { text: step.person ? step.person.name : step.item.stem }));
    if (step.item && step.item.picture) parts.push(picture(step.item));
    parts.push(marks(step, r, own));
    (r.feedback || []).forEach(function (f) { parts.push(el("p", { text: f })); });
    parts.push(el("h2", { text: "Why" }), el("p", { text: r.reason }));
    if (r.signs && r.signs.length) parts.push(el("p", { "class": "quiet", text: "Signs: " + r.signs.join("; ") + "." }));
    var rules = r.law.map(function (law) {
      return el("div", { "class": "law" }, el("b", { text: law.title }), el("p", { text: law.paraphrase }), el("span", { text: law.where }));
    });
    parts.push(rules.slice(0, 1));
    if (rules.length > 1) parts.push(el("details", {}, el("summary", { text: "More rules (" + (rules.length - 1) + ")" }), el("div", {}, rules.slice(1))));
    r.sources.forEach(function (s) { parts.push(el("p", { "class": "quiet small", text: s })); });
    show(key, parts);
  }
  function marks(step, r, own) {
    if (step.person || /^(single|multiple|hotspot)$/.test(step.item.kind)) {
      var right = step.person ? r.right : r.key.choices, fine = r.acceptable || [];
      var chosen = own ? own.choices || [own.choice] : [];
      return el("ul", { "class": "choices marks" }, (step.person ? step.channels : step.item.options).map(function (o, i) {
        var good = right.indexOf(o.id) >= 0, ok = fine.indexOf(o.id) >= 0, you = chosen.indexOf(o.id) >= 0;
        if (step.person && !good && !ok && !you) return null;
        return el("li", { "class": good ? "is-right" : ok ? "is-ok" : "" }, el("span", { "class": "letter", "aria-hidden": "true", text: letter(i) }), el("div", { "class": "text" }, el("div", { text: o.text }),
          good ? tag("good", "✓ Right") : ok ? tag("ok", "◆ Acceptable") : you ? tag("poor", "✗ Not right") : null, you ? tag("you", "Your answer") : null));
      }));
    }
    var key = asText(step, r.key);
    return el("div", { "class": "card" },
      el("p", { "class": "quiet small", text: "Your answer" }), el("p", { "class": "lines", text: asText(step, own) || "none" }),
      key ? [el("p", { "class": "quiet small", text: "Right answer" }), el("p", { "class": "lines", text: key })] : null);
  }
  function final() {
    var f = view.final, parts = f.table ? tables.final(f.table) : f.well ? cases.final(f) : [el("h1", { "class": "big", text: "The drill is over" })];
    if (f.rows) parts.push(el("div", { "class": "card" }, el("p", { "class": "quiet small", text: "Your points, " + view.you.name }), el("p", { "class": "score", text: points(f.points) + " of " + points(f.of) })));
    if (f.team) parts.push(el("p", { "class": "card", text: f.team.name + " together: " + points(f.team.points) + " of " + points(f.team.of) + " points. For each question the mean of those who answered." }));
    if (f.needs) parts.push(el("p", { "class": f.missed ? "missed" : "card good", text: f.missed ? "You missed " + f.missed + " of " + f.needs + (f.needs === 1 ? " person" : " people") + " who needed protection." : "You found everybody who needed protection." }));
    if (f.rows) parts.push(el("ul", { "class": "rows" }, f.rows.map(function (row) {
      return el("li", { "class": "r-" + row.grade }, shape(row.grade), el("div", { "class": "text" }, el("div", { text: row.title }), el("b", { text: row.word })));
    })));
    if (f.read.length) parts.push(el("h2", { text: "Read again" }), el("ul", {}, f.read.map(function (t) { return el("li", { text: t }); })));
    parts.push(el("p", { "class": "quiet", text: "Thank you for taking part. Your trainer will now talk about the drill with you." }));
    parts.push(el("button", { "class": "plain-button", text: "Leave: forget my seat on this device", on: { click: function () { forget(); history.replaceState(null, "", "/drill/"); join(); } } }));
    show("final", parts);
  }

  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState !== "visible" || !seat) return;
    if (!source && window.EventSource) follow();
    poll(); flush();
  });
  window.addEventListener("online", function () { if (seat) { poll(); flush(); } });
  window.addEventListener("offline", function () { online(false); status(); });

  var asked = (new URLSearchParams(location.search).get("code") || "").toUpperCase();
  if (seat && asked && asked !== seat.code) { forget(); join(); }
  else if (seat) { poll(); follow(); flush(); }
  else join();
})();
