/* A role's desk in a tabletop drill: what reaches it, whom it writes to, what it can do, its forms.
   What is written stays in its field until it is sent, also when the page is drawn anew. */
(function () {
  "use strict";
  var TABS = [["inbox", "Inbox"], ["write", "Write"], ["steps", "Steps"], ["forms", "Forms"]];
  var GRADES = { good: "good", acceptable: "ok", poor: "poor", harmful: "harm" };
  var WORDS = { good: "Good", acceptable: "Acceptable", poor: "Poor", harmful: "Harmful" };

  window.CrossingsTable = function (kit) {
    var el = kit.el, add = kit.add;
    var tab = "inbox", seen = {}, told = null, draft = { to: [], text: "" }, filled = {}, form = "", sure = "", from = "", out = {}, view = null;

    function table() { return view.table; }
    function name(list, id) { var hit = list.filter(function (r) { return r.id === id; })[0]; return hit ? hit.name : id; }
    function role() {
      var own = table().roles;
      if (!own.some(function (r) { return r.id === from; })) from = own.length ? own[0].id : "";
      return from;
    }
    function button(text, press, look) { return el("button", { type: "button", "class": look || "plain-button", text: text, on: { click: press } }); }
    function id() { return Math.random().toString(36).slice(2) + Date.now().toString(36); }
    /* Where captains send, the others read along. */
    function muted() { var t = view.you.team; return !!t && t.decides && !t.leads; }
    function sender(press) { return muted() ? el("p", { "class": "quiet", text: view.you.team.captain + " sends for your team." }) : press; }
    function send(response) {
      var step = id();
      out[step] = response;
      kit.give(step, response);
      return step;
    }

    /* The whole desk is drawn when the tab or the team's roles change; news changes only its own part. */
    function draw(news) {
      view = news;
      var t = table(), key = "table/" + tab + "/" + t.roles.map(function (r) { return r.id; }).join("+") + muted();
      if (told === null) { told = {}; t.inbox.forEach(function (m) { told[m.id] = 1; }); }
      if (kit.shown() !== key) {
        kit.show(key, [
          el("div", { "class": "place" }, el("b", { id: "hour" }), el("span", { id: "minute" })),
          el("h1", { text: t.roles.map(function (r) { return r.name; }).join(" · ") || "No role yet" }),
          el("nav", { "class": "tabs", "aria-label": "Your desk" }, TABS.map(function (one) {
            return el("button", { type: "button", "data-tab": one[0], "aria-current": one[0] === tab ? "page" : null, on: { click: function () { turn(one[0]); } } }, el("span", { text: one[1] }), el("b", { "class": "badge" }));
          })),
          el("ul", { id: "out", "class": "out" }), el("p", { id: "saved", "class": "saved" }), PANES[tab](),
          kit.foot()
        ]);
      } else if (UPDATES[tab]) UPDATES[tab]();
      if (tab === "inbox") t.inbox.forEach(function (m) { seen[m.id] = 1; });
      announce();
      badges();
      status();
      tick();
    }
    function turn(next) {
      tab = next; sure = "";
      draw(view);
      var now = document.querySelector(".tabs [aria-current]");
      if (now) now.focus();
    }
    function announce() {
      var fresh = table().inbox.filter(function (m) { return !told[m.id]; });
      fresh.forEach(function (m) { told[m.id] = 1; });
      fresh = fresh.filter(function (m) { return !m.own; });
      if (fresh.length) kit.speak(fresh.length === 1 ? "New from " + fresh[0].from + (fresh[0].title ? ": " + fresh[0].title : "") : fresh.length + " new messages");
    }
    function badges() {
      var counts = { inbox: table().inbox.filter(function (m) { return !m.own && !seen[m.id]; }).length, steps: table().actions.length };
      Array.prototype.forEach.call(document.querySelectorAll(".tabs button"), function (b) {
        var n = counts[b.getAttribute("data-tab")] || 0, badge = b.querySelector(".badge"), inbox = b.getAttribute("data-tab") === "inbox";
        badge.textContent = n ? String(n) : "";
        badge.className = "badge" + (inbox ? " hot" : "");
        badge.setAttribute("aria-label", n ? n + (inbox ? " new" : " open") : "");
      });
    }
    function tick() {
      var t = view && view.table, hour = document.getElementById("hour");
      if (!t || !hour) return;
      var ms = t.ms + (t.running ? Math.max(0, kit.now() - view.now) * 1000 : 0), at = t.starts_at.split(":");
      var story = (at[0] * 60 + +at[1] + Math.floor(ms * t.pace / 60000)) % 1440;
      var text = String(100 + Math.floor(story / 60)).slice(1) + ":" + String(100 + story % 60).slice(1);
      if (hour.textContent !== text) hour.textContent = text;
      document.getElementById("minute").textContent = "minute " + Math.floor(ms / 60000);
    }

    /* What is on its way, and what was refused and why. */
    function label(r) {
      if (r.kind === "sent") return "To " + r.to.map(function (o) { return name(table().contacts, o); }).join(", ") + ": " + r.text;
      if (r.kind === "filed") return "Form: " + name(table().forms.map(function (f) { return { id: f.id, name: f.title }; }), r.form);
      return "Step: " + (table().actions.filter(function (a) { return a.id === r.action; }).map(function (a) { return a.text; })[0] || "done");
    }
    function status() {
      var list = document.getElementById("out"), line = document.getElementById("saved");
      if (!list || !view || !view.table) return;
      var waiting = kit.waiting(), refused = kit.refused(), rows = [];
      waiting.forEach(function (m) { rows.push(el("li", {}, el("span", { text: label(m.response) }), el("b", { text: kit.connected() ? "Waiting to send…" : "Waiting to send. No connection yet." }))); });
      Object.keys(out).forEach(function (step) {
        if (!refused[step]) return;
        rows.push(el("li", { "class": "no" }, el("span", { text: label(out[step]) }), el("b", { text: refused[step] }),
          button(out[step].kind === "did" ? "Close" : "Back into the field", function () { restore(step); }, "small-button")));
      });
      list.textContent = "";
      add(list, rows);
      var good = !waiting.length && kit.last();
      line.className = "saved" + (good ? " yes" : "");
      line.textContent = good ? "Saved ✓" : "";
    }
    function restore(step) {
      var r = out[step];
      delete out[step];
      if (r.kind === "sent") { draft = { to: r.to, text: r.text }; tab = "write"; }
      if (r.kind === "filed") { form = r.role + "/" + r.form; filled[form] = r.fields; tab = "forms"; }
      kit.show("", []);
      draw(view);
    }

    function few(to) { var n = to.split(", ").length; return n > 3 ? n + " teams" : to; }
    function message(m) {
      var own = m.own && m.kind !== "action", head = m.own ? (m.kind === "action" ? "You did" : "You → " + few(m.to)) : m.from;
      var reply = !m.own && m.kind !== "inject" && table().contacts.filter(function (c) { return c.name === m.from; })[0];
      return el("li", { "class": "mail " + m.kind + (own ? " own" : ""), "data-id": m.id },
        el("p", { "class": "quiet small" }, el("b", { text: head }), el("span", { text: m.time })),
        m.title ? el("h2", { text: m.title }) : null, m.text ? el("p", { "class": "lines", text: m.text }) : null,
        m.fields ? el("dl", {}, m.fields.map(function (f) { return [el("dt", { text: f[0] }), el("dd", { "class": "lines", text: f[1] })]; })) : null,
        m.to === "Everybody" && !m.own ? el("p", { "class": "quiet small", text: "Everybody has got this." }) : null,
        (m.asks || []).map(function (title) {
          var hit = table().forms.filter(function (f) { return f.title === title; })[0];
          return hit ? button("Fill in: " + title, function () { form = hit.role + "/" + hit.id; turn("forms"); }, "small-button") : null;
        }),
        reply ? button("Reply", function () { draft.to = [reply.id]; turn("write"); var area = document.getElementById("text"); if (area) area.focus(); }, "small-button") : null);
    }
    var PANES = {
      inbox: function () {
        var list = table().inbox.slice().reverse();
        return el("ol", { id: "mails", "class": "mails", "aria-label": "Inbox, newest first" }, list.length ? list.map(message) : el("li", { "class": "quiet", text: "Nothing yet. It will come." }));
      },
      write: function () {
        var t = table(), own = role(), area = el("textarea", { id: "text", maxlength: 2000, dir: "auto", on: { input: function () { draft.text = area.value; ready(); } } });
        area.value = draft.text;
        var press = button("", function () {
          send({ kind: "sent", role: role(), to: draft.to.slice(), text: draft.text.trim() });
          draft = { to: [], text: "" };
          area.value = "";
          Array.prototype.forEach.call(document.querySelectorAll(".who input"), function (b) { b.checked = false; });
          ready();
        }, "main-button");
        function ready() {
          press.disabled = !draft.to.length || !draft.text.trim();
          press.textContent = !draft.to.length ? "Choose who gets it" : draft.text.trim() ? "Send" : "Write first";
        }
        ready();
        return el("div", {}, as(), el("fieldset", { "class": "who" }, el("legend", { text: "To" }), t.contacts.filter(function (c) { return c.id !== own; }).map(function (c, i) {
          var box = el("input", { type: "checkbox", id: "to" + i, on: { change: function () {
            draft.to = draft.to.filter(function (o) { return o !== c.id; }).concat(box.checked ? [c.id] : []); ready();
          } } });
          box.checked = draft.to.indexOf(c.id) >= 0;
          return el("label", { "for": "to" + i }, box, el("span", { text: c.name }));
        })), el("label", { "for": "text", text: "Message" }), area, sender(press));
      },
      steps: function () {
        var list = table().actions;
        return el("div", { id: "steps" }, el("p", { "class": "quiet", text: list.length ? "Each step can be taken once, and not taken back. Your whole team sees what follows." : "No step is open to you now." }),
          el("ul", { "class": "choices" }, list.map(function (a) {
            var key = a.role + "/" + a.id, on = sure === key, many = table().roles.length > 1;
            return el("li", {}, el("button", { type: "button", "class": "choice", "data-key": key, "aria-expanded": String(on), on: { click: function () { sure = on ? "" : key; steps(key); } } }, el("span", { "class": "text" }, many ? el("b", { "class": "quiet small", text: name(table().roles, a.role) }) : null, el("span", { text: a.text }))),
              on ? sender(button("Do this now", function () { sure = ""; send({ kind: "did", role: a.role, action: a.id }); this.disabled = true; }, "main-button")) : null);
          })));
      },
      forms: function () {
        var t = table(), open = t.forms.filter(function (f) { return f.role + "/" + f.id === form; })[0];
        if (!t.forms.length) return el("p", { "class": "quiet", text: "No form is open to you now." });
        if (!open) return el("div", {}, t.forms.map(function (f) {
          return el("div", { "class": "card" }, el("h2", { text: f.title }), el("p", { "class": "quiet small", text: (t.roles.length > 1 ? name(t.roles, f.role) + " to " : "To ") + f.to }), button("Fill in", function () { form = f.role + "/" + f.id; again(); }, "small-button"));
        }));
        return sheet(open);
      }
    };
    function again() { kit.show("", []); draw(view); }
    function as() {
      var own = table().roles;
      if (own.length < 2) return null;
      var pick = el("select", { id: "as", on: { change: function () { from = pick.value; draft.to = draft.to.filter(function (o) { return o !== from; }); again(); } } }, own.map(function (r) { return el("option", { value: r.id, text: r.name }); }));
      pick.value = from;
      return [el("label", { "for": "as", text: "You write as" }), pick];
    }
    function sheet(f) {
      var values = filled[form] = filled[form] || {}, problem = el("p", { "class": "problem", role: "alert" });
      function control(field, n) {
        var key = "f" + n, old = values[field.id], hint = field.hint ? el("p", { id: key + "h", "class": "quiet small hint", text: field.hint }) : null, by = hint ? key + "h" : null;
        var mark = field.label + (field.required ? "" : " (may stay empty)");
        if (field.kind === "choice" || field.kind === "choices") return el("fieldset", { "class": "who", "aria-describedby": by }, el("legend", { text: mark }), field.options.map(function (o, i) {
          var box = el("input", { type: field.kind === "choice" ? "radio" : "checkbox", name: key, id: key + i, on: { change: function () {
            if (field.kind === "choice") values[field.id] = o.id;
            else values[field.id] = (values[field.id] || []).filter(function (v) { return v !== o.id; }).concat(box.checked ? [o.id] : []);
          } } });
          box.checked = field.kind === "choice" ? old === o.id : (old || []).indexOf(o.id) >= 0;
          return el("label", { "for": key + i }, box, el("span", { text: o.text }));
        }), hint);
        var long = field.kind === "text", input = el(long ? "textarea" : "input", { id: key, type: long ? null : "text", maxlength: long ? 2000 : 200, inputmode: field.kind === "number" ? "decimal" : null, placeholder: field.kind === "time" ? "05:40" : null, dir: "auto", "aria-describedby": by, on: { input: function () { values[field.id] = input.value; } } });
        input.value = old === undefined ? "" : old;
        return [el("label", { "for": key, text: mark }), hint, input];
      }
      function given(field) { var v = values[field.id]; return Array.isArray(v) ? v.length : v && String(v).trim(); }
      return el("div", {}, el("h2", { text: f.title }), el("p", { "class": "quiet small", text: "To " + f.to + ". " + f.note }), f.fields.map(control), problem,
        sender(button("File it", function () {
          var empty = f.fields.filter(function (x) { return x.required && !given(x); })[0];
          if (empty) { problem.textContent = "“" + empty.label + "” is empty."; return; }
          var kept = {};
          f.fields.forEach(function (x) { if (given(x)) kept[x.id] = values[x.id]; });
          send({ kind: "filed", role: f.role, form: f.id, fields: kept });
          delete filled[form]; form = "";
          again();
        }, "main-button")), button("Back to the forms", function () { form = ""; again(); }));
    }
    function steps(focus) {
      var old = document.getElementById("steps"), here = focus || (document.activeElement && document.activeElement.getAttribute("data-key"));
      old.replaceWith(PANES.steps());
      var now = here && document.querySelector('[data-key="' + here + '"]');
      if (now) now.focus();
    }
    var UPDATES = {
      inbox: function () {
        var list = document.getElementById("mails"), ids = table().inbox.map(function (m) { return m.id; });
        var there = Array.prototype.map.call(list.querySelectorAll("[data-id]"), function (m) { return m.getAttribute("data-id"); }).reverse();
        if (there.join() === ids.join()) return;
        // What is new is put on top; after a rewind everything is drawn anew.
        if (there.length && ids.slice(0, there.length).join() === there.join()) table().inbox.slice(there.length).forEach(function (m) { list.insertBefore(message(m), list.firstChild); });
        else list.replaceWith(PANES.inbox());
      },
      steps: function () {
        var there = Array.prototype.map.call(document.querySelectorAll("#steps [data-key]"), function (b) { return b.getAttribute("data-key"); }).join();
        if (there !== table().actions.map(function (a) { return a.role + "/" + a.id; }).join()) steps();
      },
      forms: function () { if (!form && document.querySelectorAll("#main .card").length !== table().forms.length) again(); }
    };

    /* The end */
    function law(x) {
      return [x.law.map(function (l) { return el("div", { "class": "law" }, el("b", { text: l.title }), el("p", { text: l.paraphrase }), el("span", { text: l.where })); }), x.sources.map(function (s) { return el("p", { "class": "quiet small", text: s }); })];
    }
    function line(grade, head, text) {
      return el("summary", {}, el("span", { "class": "marked" }, el("i", { "class": "k-" + grade }, kit.shape(grade === "harm" ? "poor" : grade)), el("span", {}, el("b", { text: head }), el("span", { text: text }))));
    }
    function final(t) {
      var met = t.milestones.filter(function (m) { return m.standing === "met"; }).length;
      return [el("h1", { "class": "big", text: "The exercise is over" }),
        el("div", { "class": "card" }, el("p", { "class": "quiet small", text: "Reached together, in time" }), el("p", { "class": "score", text: met + " of " + t.milestones.length })),
        t.own.length ? el("h2", { text: "What your team did" }) : null,
        t.own.map(function (d) {
          return el("details", { "class": "moment" }, line(GRADES[d.grade], d.time + " · " + WORDS[d.grade], d.text),
            el("div", {}, el("p", { text: d.consequence }), el("p", { text: d.reason }), law(d)));
        }),
        el("h2", { text: "What was reached" }),
        t.milestones.map(function (m) {
          return el("details", { "class": "moment" }, line(m.grade, m.word + (m.at ? ", " + m.at : "") + (m.by && m.standing !== "met" ? " (by " + m.by + ")" : ""), m.text),
            el("div", {}, m.roles.length ? el("p", { "class": "quiet small", text: m.roles.join(", ") }) : null, el("p", { text: m.reason }), law(m)));
        }),
        t.scores.length ? el("h2", { text: "What your trainer says" }) : null,
        t.scores.map(function (s) { return el("div", { "class": "card" }, el("b", { text: s.criterion }), el("p", { text: s.level }), s.note ? el("p", { "class": "lines", text: s.note }) : null, el("p", { "class": "quiet small", text: s.points + " of " + s.of + (s.of === 1 ? " point" : " points") })); })];
    }
    return { draw: draw, tick: tick, status: status, final: final };
  };
})();
