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
    var state = view.status + !!view.curtain + !!view.locked + (view.step ? "/" + view.step.index + "/" + phase() + "/" + !!(view.step.bars || view.step.split) + JSON.stringify(view.step.highlight || 0) : "");
    var fresh = state !== drawn;
    if (fresh) {
      drawn = state;
      if (view.status === "lobby") lobby();
      else if (view.status === "ended") ended();
      else if (view.curtain) put(el("div", { "class": "middle" }, el("div", {}, el("h1", { text: view.title }), el("p", { "class": "quiet", text: "Look at your trainer." }))));
      else if (view.status === "paused") put(el("div", { "class": "middle" }, el("div", {}, el("h1", { text: "A short pause" }), el("p", { "class": "quiet", text: "Time stands still." }))));
      else play();
      footer();
    }
    update();
    if (fresh) fit();
    if (view.step && phase() === "open" && view.status === "running") timer = setInterval(tick, 250);
    if (view.table && view.status === "running") timer = setInterval(hour, 1000);
  }
  function footer() {
    foot.textContent = "";
    // Nobody joins a drill that is over, or a room that is locked.
    if (view.locked && view.status !== "ended") add(foot, el("span", { text: "The room is locked" }));
    else if (view.status !== "lobby" && view.status !== "ended") add(foot, [el("img", { src: qr(), alt: "" }), el("span", { text: "Join at " + view.join.replace(/^https?:\/\//, "") + "/drill/" }), el("b", { text: view.code })]);
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
    if (view.kind === "case") return caseEnded();
    if (view.kind === "tabletop") return tableEnded();
    var r = view.room;
    put([el("h1", { text: "The drill is over" }), el("div", { "class": "over" },
      el("div", {}, el("p", { "class": "big" }, el("b", { text: r.percent + " %" })), el("p", { text: "of the points: " + people(r.people) + " together" }),
        r.needs ? el("p", { "class": "outcome " + (r.missed ? "t-harm" : "t-good"), text: r.missed ? "A need for protection was missed in " + r.missed + " of " + r.needs + " referrals." : "No need for protection was missed." }) : null,
        el("p", { "class": "quiet", text: "Look at your own page: it shows what to read again." })),
      el("div", {}, r.hardest.length ? table("Talk about these first: points of the room", r.hardest.map(function (h) { return { name: h.title, percent: h.percent }; }), function (h) { return meter(h.percent); }) : null,
        standings("For each question the mean of those in the team who answered", r.hardest.length ? 5 : 0)))]);
    grow();
  }
  /* A case: the room's scene and what it can decide, or how far everybody is on their own way. */
  var TONES = { protected: "good", partly: "ok", missed: "poor", harmed: "harm", none: "none" };
  function prose(text) {
    return String(text || "").replace(/\*/g, "").split(/\n+/).filter(function (l) { return l.trim(); }).map(function (l) { return el("p", { text: l }); });
  }
  function caseEnded() {
    var r = view.room;
    if (r.decide === "room") {
      put(el("div", { "class": "middle" }, el("div", { "class": "tale" }, el("h1", { text: r.title }), r.text ? el("div", { "class": "story" }, prose(r.text)) : null,
        el("p", { "class": "outcome t-" + TONES[r.tone] }, el("b", { text: r.outcome || "The case was not played to its end" }), el("span", { text: r.percent + " % of the points" })),
        el("p", { "class": "quiet", text: "Look at your own page: it shows what counted, and why." }))));
      return;
    }
    put([el("h1", { text: view.title }), el("p", { "class": "quiet", text: view.teams ? "How it ended, for each team:" : "How it ended, for each of you:" }), el("ul", { "class": "bars", id: "ends" }, r.outcomes.map(function (o) { return row(o, r.people, "t-" + TONES[o.tone]); })), standings("Points of the teams"),
      el("p", { "class": "quiet", text: "Look at your own page: it shows what counted, and why." })]);
    grow();
  }
  /* An exercise: the hour of the story, what everybody knows, and how much goes to and fro. */
  function tablePlay() {
    put([el("div", { "class": "head" }, el("h1", { text: view.title }), el("span", { id: "minute" })),
      el("div", { "class": "desk" }, el("div", {}, el("p", { "class": "hour", id: "hour" }), el("p", { "class": "quiet", id: "sums" })),
        el("div", { id: "public" }))]);
  }
  function hour() {
    var t = view.table, at = t.starts_at.split(":"), ms = t.ms + (t.running ? Math.max(0, now() - view.now) * 1000 : 0);
    var story = (at[0] * 60 + +at[1] + Math.floor(ms * t.pace / 60000)) % 1440;
    set("hour", String(100 + Math.floor(story / 60)).slice(1) + ":" + String(100 + story % 60).slice(1));
    set("minute", "Minute " + Math.floor(ms / 60000));
  }
  function sum(n, one, many) { return n + " " + (n === 1 ? one : many); }
  function publicNews() {
    var t = view.table, place = document.getElementById("public"), drawn = String(t.news.length);
    if (!place) return;
    hour();
    set("sums", [sum(t.counts.message, "message", "messages"), sum(t.counts.action, "step taken", "steps taken"), sum(t.counts.form, "form filed", "forms filed")].join("\n"));
    if (place.getAttribute("data-of") === drawn) return;
    place.setAttribute("data-of", drawn);
    place.textContent = "";
    add(place, t.news.slice(-3).reverse().map(function (n) {
      return el("div", { "class": "news" }, el("span", { "class": "quiet", text: n.time + " · " + n.from }), el("b", { text: n.title }), prose(n.text), (n.fields || []).map(function (f, i) { return el("p", { text: (i ? f[0] + ": " : "") + f[1] }); }));
    }));
    if (!t.news.length) add(place, [el("div", { "class": "news opening" }, prose(t.opening)), el("p", { "class": "quiet", text: "Nothing is public yet. Each team knows what it knows." })]);
    fit();
  }
  function tableEnded() {
    var r = view.room, marks = { met: "✓", late: "◆" };
    put([el("h1", { text: r.met + " of " + r.milestones.length + " reached in time" }), el("ul", { "class": "stones" }, r.milestones.map(function (m) {
      return el("li", { "class": "t-" + m.grade }, el("b", { text: marks[m.standing] || "✗" }), el("span", { text: m.text + " " }, el("i", { text: m.word + (m.at ? ", " + m.at : "") })));
    })), el("p", { "class": "quiet", text: "Look at your own page: it shows what your team did, and why it counted." })]);
  }
  function row(o, most, name) {
    var fill = el("i", { "class": o.count ? "" : "zero", "data-of": String(Math.round(62 * o.count / Math.max(1, most))) });
    return el("li", { "class": name || "" }, o.letter ? el("span", { "class": "letter", text: o.letter }) : null, el("span", { "class": "text", text: o.text }),
      el("div", { "class": "track" }, fill, el("b", { text: String(o.count) })));
  }
  function grow() {
    requestAnimationFrame(function () {
      Array.prototype.forEach.call(main.querySelectorAll("i[data-of]"), function (i) { i.style.width = i.getAttribute("data-of") + "%"; });
    });
  }
  function split(groups) {
    return groups.map(function (g) {
      var most = Math.max.apply(null, [1].concat(g.options.map(function (o) { return o.count; })));
      return el("div", { "class": "group" }, groups.length > 1 ? el("h2", { text: g.text }) : null,
        el("ul", { "class": "bars" }, g.options.filter(function (o) { return groups.length === 1 || o.count; }).map(function (o) { return row(o, most); })));
    });
  }
  function options(list, one) {
    return el("ul", { "class": "options" + (one ? " slim" : list.length > 5 ? " two" : "") }, list.map(function (o, i) { return el("li", {}, el("span", { "class": "letter", text: letter(i) }), el("span", { text: o.text })); }));
  }
  function ballot(groups) {
    if (groups.length > 1) return [el("h2", { text: "Who goes where?" }), el("ul", { "class": "names" }, groups.map(function (g) { return el("li", { text: g.text }); })), options(groups[0].options)];
    return groups.map(function (g) { return [el("h2", { text: g.text }), options(g.options)]; });
  }
  function news(s) {
    return s.scene.news.map(function (n) {
      if (n.kind === "evidence") return el("div", { "class": "news" }, el("b", { text: n.evidence.title }), el("p", { "class": "quiet", text: "Read it on your phone." }));
      var body = n.kind === "rule" ? n.text : n.answer || n.consequence;
      return body ? el("div", { "class": "news" }, el("b", { text: n.kind === "rule" ? "Meanwhile" : n.kind === "verdict" ? n.name + ": " + n.channel : n.kind === "answer" ? n.text : "What followed" }), prose(body)) : null;
    });
  }
  function decided(l) {
    if (!l) return null;
    return el("div", { "class": "decided" }, el("span", { "class": "quiet", text: l.how === "trainer" ? "The trainer decided" : "The room decided" }), l.taken.length > 1 ? el("p", {}, el("b", { text: l.title })) : l.taken.map(function (t) {
      var votes = l.split.filter(function (g) { return g.text === t.group; }).map(function (g) { return g.options.filter(function (o) { return o.text === t.text; })[0]; })[0];
      return el("p", {}, el("b", { text: (l.taken.length > 1 ? t.group + ": " : "") + t.text }), votes ? el("span", { "class": "quiet", text: "  " + votes.count + " of " + l.votes }) : null);
    }));
  }
  function casePlay() {
    var s = view.step, at = phase();
    if (s.decide !== "room") {
      var teams = s.decide === "team";
      put(el("div", { "class": teams ? "" : "middle" }, el("div", {}, el("h1", { text: view.title }), el("p", { "class": "quiet", text: teams ? "Each team decides for itself." : "Everybody plays for themselves." }),
        el("p", { "class": "count" }, el("b", { id: "answered", text: "0" }), el("span", { id: "of" })), teams ? el("div", { id: "progress" }) : null)));
      return;
    }
    var voting = s.votes && at === "open", followed = news(s).filter(Boolean), many = followed.length > 3;
    var told = [decided(s.last), many ? null : followed, el("h1", { text: s.scene.title }), s.scene.again ? null : el("div", { "class": "story" }, prose(s.scene.text))];
    var papers = s.scene.again ? [] : s.scene.evidence.map(function (c) { return c.title; });
    if (papers.length) told.push(el("p", { "class": "quiet", text: "On your phone: " + papers.join("; ") }));
    var right = null, wide = false;
    if (s.votes && at === "revealed") { wide = s.split.length > 1; right = [wide ? null : el("h2", { text: "How the room voted" }), el("div", { "class": wide ? "groups" : "" }, split(s.split))]; }
    else if (s.votes) right = [at === "closed" ? el("p", { "class": "shut", text: "The vote is closed." }) : null, ballot(s.ballot)];
    if (s.scene.kind === "note") right = [el("h2", { text: s.scene.prompt }), held(s), at === "open" ? null : el("p", { "class": "shut", text: "The notes are in." })];
    put([el("div", { "class": "head" }, el("span", { text: view.title }), voting ? null : s.votes ? el("span", { text: s.answered + " of " + s.of + " voted" }) : null, el("span", { text: s.scene.time })),
      voting ? el("div", { "class": "time", id: "time" }, el("i")) : null,
      many ? el("div", { "class": "followed" }, followed) : null,
      wide ? [el("h1", { text: s.scene.title }), right] : el("div", { "class": "case" + (!right ? " one" : voting && s.ballot.length === 1 && s.ballot[0].options.length > 8 ? " many" : "") }, el("div", { "class": "tale" }, told), right ? el("div", { "class": "right" }, voting ? tally() : null, right) : null)]);
    grow();
  }
  /* What the trainer holds up: somebody's words without the name, or one of the bars. */
  function held(s) {
    return s.highlight && s.highlight.text ? el("blockquote", { "class": "held" }, el("p", { text: s.highlight.text })) : null;
  }
  /* Teams have names; people have none here. Of many teams the best are shown, and how many more. */
  var MOST = 12;
  function table(caption, rows, cells, most) {
    var more = rows.length - (most || MOST);
    return el("div", { "class": "teams" }, el("table", {}, el("caption", { text: caption }), el("tbody", {}, rows.slice(0, most || MOST).map(function (r, i) {
      return el("tr", {}, el("th", { scope: "row", text: r.name }), cells(r, i));
    }))), more > 0 ? el("p", { "class": "quiet", text: "and " + more + " more" }) : null);
  }
  function meter(percent) { return el("td", { "class": "track" }, percent ? el("i", { "data-of": String(Math.round(0.7 * percent)) }) : null, el("b", { text: percent + " %" })); }
  function standings(caption, most) {
    return view.teams && view.teams.length ? table(caption, view.teams, function (r) {
      return [meter(r.percent), el("td", { "class": "quiet", text: r.asked ? r.answers + " of " + r.asked + (most ? "" : " answers") : people(r.people) })];
    }, most) : null;
  }
  function progress(teams) {
    var place = document.getElementById("progress"), drawn = JSON.stringify(teams);
    if (!place || place.getAttribute("data-of") === drawn) return;
    place.setAttribute("data-of", drawn);
    place.textContent = "";
    add(place, table("How far the teams are", teams, function (r) {
      return [el("td", { text: r.over ? "✓ at an end" : r.turns + (r.turns === 1 ? " step" : " steps") }), el("td", { "class": "quiet", text: people(r.people) })];
    }));
    fit();
  }
  function title(s) { return s.person ? s.person.name + ": where to?" : s.item.stem; }
  function play() {
    if (view.kind === "case") return casePlay();
    if (view.kind === "tabletop") return tablePlay();
    var s = view.step, at = phase();
    if (s.person && at === "open") return arrival(s);
    var open = at === "open", told = at === "revealed" ? answer(s) : null, seen = !open && s.item && s.item.picture, person = at === "closed" && s.person;
    var body = open ? question(s) : told || (s.bars && s.bars.length) ? [told, results()] : [el("p", { "class": "shut", text: "Time is over. Look up." }), question(s)];
    put([el("div", { "class": "head" }, el("span", { text: view.title }), open ? null : el("span", { text: s.answered + " of " + s.of + " answered" }), el("span", { text: (s.person ? "Person " : "Question ") + (s.index + 1) + " of " + s.total })),
      open ? el("div", { "class": "time", id: "time" }, el("i")) : null,
      open ? null : el("h1", { text: title(s) }),
      open ? null : held(s),
      el("div", { "class": "play " + at + (seen || person ? " seen" : "") }, el("div", {}, open ? el("h1", { text: title(s) }) : null, body, seen && s.reason ? why(s) : null),
        seen || person || s.reason ? el("div", {}, seen ? picture(s.item, s.key) : person ? known(person) : why(s), at === "revealed" ? standings("Teams so far, with the number of answers", 5) : null) : null,
        open ? el("div", { "class": "side" }, el("div", { "class": "num", id: "left" }), el("div", { "class": "quiet", text: "left" }), el("hr"),
          el("div", { "class": "num", id: "answered" }), el("div", { "class": "quiet", id: "of" })) : null)]);
    grow();
  }
  /* Somebody at the desk: what is known beside where they can be sent, both as large as they can be. */
  function arrival(s) {
    put([el("div", { "class": "head" }, el("span", { text: view.title }), el("span", { text: "Person " + (s.index + 1) + " of " + s.total })),
      el("div", { "class": "time", id: "time" }, el("i")),
      el("div", { "class": "case" }, el("div", {}, el("h1", { text: title(s) }), known(s.person)),
        el("div", { "class": "right" }, tally(), options(s.channels, true)))]);
  }
  function known(p) {
    return el("dl", { "class": "person" }, el("dt", { text: "What you see" }), el("dd", { text: p.seen }), el("dt", { text: "What the person says" }), el("dd", { "class": "says", text: p.says }), el("dt", { text: "Documents" }), el("dd", { text: p.documents }));
  }
  function tally() {
    return el("div", { "class": "tally" }, el("span", { "class": "num", id: "left" }), el("span", { "class": "quiet", text: "left" }), el("span", { "class": "num", id: "answered" }), el("span", { "class": "quiet", id: "of" }));
  }
  /* What was right, where no bar can say it: an order, pairs, a number, some words. */
  function answer(s) {
    var k = s.key || {}, item = s.item;
    function name(list, id) { var hit = list.filter(function (o) { return o.id === id; })[0]; return hit ? hit.text : ""; }
    function line(text) { return el("li", {}, el("span", { text: text })); }
    var lines = k.order ? k.order.map(function (id) { return line(name(item.options, id)); })
      : k.pairs ? item.options.map(function (o) { return el("li", {}, el("span", { text: o.text }), el("b", { text: name(item.targets, k.pairs[o.id]) })); })
      : k.number !== undefined ? [line(k.number + (k.unit ? " " + k.unit : ""))] : k.text ? [line(k.text)] : [];
    return lines.length ? el("div", { "class": "key" }, el("b", { text: item.kind === "text" ? "A good answer" : "Right" }), el(k.order ? "ol" : "ul", {}, lines)) : null;
  }
  /* With the key, what was right is marked. The wall is fitted again once the picture has its size. */
  function picture(item, key) {
    var shown = el("img", { src: item.picture.src, alt: item.picture.alt });
    shown.addEventListener("load", fit);
    return el("div", { "class": "picture" }, shown, item.options.map(function (o, i) {
      var good = key && key.choices && key.choices.indexOf(o.id) >= 0;
      var spot = el("span", { "class": "spot" + (good ? " good" : ""), "aria-hidden": "true" }, el("span", { text: (good ? "✓ " : "") + letter(i) }));
      ["left", "top", "width", "height"].forEach(function (side, n) { spot.style[side] = o.region[["x", "y", "width", "height"][n]] + "%"; });
      return spot;
    }));
  }
  function question(s) {
    var parts = [];
    var seen = s.item && s.item.picture, list = s.item ? s.item.options || [] : s.channels, columns = s.item && s.item.targets || [];
    if (columns.length) parts.push(el("p", { "class": "columns" }, el("span", { text: "Which belongs where: " }), columns.map(function (t, i) { return [i ? el("span", { text: " · " }) : null, el("b", { text: t.text })]; })));
    var choices = list.length ? el("ul", { "class": "options" + (list.length > 3 && !seen ? " two" : "") }, list.map(function (o, i) {
      return el("li", {}, el("span", { "class": "letter", text: letter(i) }), el("span", { text: o.text }));
    })) : null;
    parts.push(seen && phase() === "open" ? el("div", { "class": "beside" }, picture(s.item), choices) : choices);
    return parts;
  }
  var WORDS = { good: "✓ right", ok: "◆ acceptable" };
  function results() { return el("ul", { "class": "bars", id: "bars" }); }
  function why(s) {
    return el("div", { "class": "why" }, el("b", { text: "Why" }), el("p", { text: s.reason }),
      s.law.length ? el("p", { "class": "law", text: s.law.map(function (l) { return l.where; }).filter(function (w, i, all) { return all.indexOf(w) === i; }).join("; ") }) : null);
  }
  function bars(s) {
    var list = document.getElementById("bars");
    if (!list) return;
    var most = Math.max.apply(null, [1, s.none].concat((s.bars || []).map(function (b) { return b.count; })));
    var rows = (s.bars || []).concat(s.none ? [{ letter: "", text: "No answer", count: s.none, none: true }] : []);
    list.textContent = "";
    rows.forEach(function (b) {
      var fill = el("i", { "class": b.count ? "" : "zero" }), choices = s.person || /^(single|multiple|hotspot)$/.test(s.item.kind);
      add(list, el("li", { "class": (b.none ? "none" : b.grade ? "g-" + b.grade : "") + (b.letter && b.grade === "good" ? " is-right" : "") + (s.highlight && s.highlight.option === b.id && b.id ? " up" : "") },
        b.letter ? el("span", { "class": "letter", text: b.letter }) : null, el("span", { "class": "text", text: b.text }),
        el("div", { "class": "track" }, fill, el("b", { text: String(b.count) }), b.grade && choices && WORDS[b.grade] ? el("span", { "class": "mark", text: WORDS[b.grade] }) : null)));
      requestAnimationFrame(function () { fill.style.width = 62 * b.count / most + "%"; });
    });
    fit();
  }
  function update() {
    set("seats", String(view.seats));
    if (view.table) publicNews();
    if (!view.step) return;
    set("answered", String(view.step.answered));
    if (view.step.teams) progress(view.step.teams);
    set("of", "of " + view.step.of + (view.kind !== "case" ? " answered" : view.step.decide === "team" ? " teams have come to an end" : view.step.decide === "each" ? " have come to an end" : " voted"));
    var state = JSON.stringify([view.step.bars, view.step.none, view.step.highlight]);
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
