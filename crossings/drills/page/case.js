/* A case on the participant's page: one turn of the room's play, or of one's own. The server holds
   the play and says what there is to see; this page sends what somebody wants to do. */
(function () {
  "use strict";
  var TYPES = { passport: "Passport", contract: "Contract", phone: "Phone", log: "Log", ticket: "Ticket", form: "Form", letter: "Letter", photo: "Photo", note: "Note" };
  var GRADES = { protected: "good", partly: "ok", missed: "poor", harmed: "harm", none: "none" };

  window.CrossingsCase = function (kit) {
    var el = kit.el, add = kit.add, letter = kit.letter;

    /* Texts of a case: paragraphs, lists, **strong** and *emphasis*; all of it set as text. */
    function inline(text) {
      return String(text).split(/(\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/).map(function (part, i) {
        if (i % 2 === 0) return part;
        return part.indexOf("**") === 0 ? el("strong", { text: part.slice(2, -2) }) : el("em", { text: part.slice(1, -1) });
      });
    }
    function prose(text, name) {
      var box = el("div", { "class": "prose " + (name || ""), dir: "auto" }), list = null;
      String(text || "").split(/\n+/).forEach(function (line) {
        if (!line.trim()) return;
        if (/^\s*[-•] /.test(line)) {
          if (!list) { list = el("ul"); add(box, list); }
          add(list, el("li", {}, inline(line.replace(/^\s*[-•] /, ""))));
        } else { list = null; add(box, el("p", {}, inline(line))); }
      });
      return box;
    }
    function card(c) {
      var messages = c.messages || [], first = messages.length ? messages[0][0] : "";
      return el("figure", { "class": "evidence ev-" + c.type },
        el("figcaption", {}, el("span", { text: TYPES[c.type] || c.type }), el("b", { text: c.title })),
        messages.length ? el("ol", { "class": "chat" }, messages.map(function (m) {
          return el("li", { "class": m[0] === first ? "" : "me" }, el("span", { "class": "quiet small", text: m[0] }), el("p", {}, inline(m[1])));
        })) : null,
        (c.fields || []).length ? el("dl", { "class": "fields" }, c.fields.map(function (f) { return [el("dt", { text: f[0] }), el("dd", {}, inline(f[1]))]; })) : null,
        c.body ? prose(c.body) : null, c.alt ? el("p", { "class": c.type === "photo" && !c.body ? "" : "unseen", text: c.alt }) : null);
    }
    function people(scene) {
      if (!scene.people.length) return null;
      return el("ul", { "class": "people", "aria-label": "Who is here" }, scene.people.map(function (p) {
        return el("li", {}, el("span", { "class": "monogram", "aria-hidden": "true", text: p.monogram }),
          el("span", {}, el("b", { text: p.name }), el("span", { "class": "quiet small", text: p.role })));
      }));
    }
    function known(scene) {
      if (!scene.variables.length) return null;
      return el("ul", { "class": "known", "aria-label": "How things stand" }, scene.variables.map(function (v) {
        if (v.type === "set" && v.value.length) return el("li", { "class": "many" }, el("span", { text: v.label }), el("ul", {}, v.value.map(function (t) { return el("li", { text: t }); })));
        var value = v.type === "integer" ? v.value + " of " + v.max : v.type === "boolean" ? (v.value ? "yes" : "no") : "nothing yet";
        return el("li", {}, el("span", { text: v.label }), el("b", { text: value }));
      }));
    }
    function news(scene) {
      return scene.news.map(function (n) {
        if (n.kind === "evidence") return card(n.evidence);
        var head = n.kind === "rule" ? "Meanwhile" : n.kind === "verdict" ? n.name + ": " + n.channel : n.kind === "answer" ? n.text : "What followed";
        var body = n.kind === "rule" ? n.text : n.answer || n.consequence;
        if (!body) return null;
        return el("div", { "class": "news" + (n.kind === "answer" ? " says" : "") }, el("b", { text: head }), prose(body),
          n.answer && n.consequence ? prose(n.consequence, "quiet") : null);
      });
    }

    /* How the votes of a turn are spread, in bars and numbers. */
    function split(groups, taken) {
      return groups.map(function (g) {
        var most = Math.max.apply(null, [1].concat(g.options.map(function (o) { return o.count; })));
        return el("div", { "class": "split" }, groups.length > 1 ? el("b", { text: g.text }) : null,
          el("ul", { "class": "votes" }, g.options.filter(function (o) { return groups.length === 1 || o.count; }).map(function (o) {
            var bar = el("i"), won = (taken || []).some(function (t) { return t.group === g.text && t.text === o.text; });
            bar.style.width = 100 * o.count / most + "%";
            return el("li", { "class": won ? "won" : "" }, el("span", { "class": "letter", "aria-hidden": "true", text: o.letter }),
              el("span", { "class": "text" }, el("span", { text: o.text }), el("span", { "class": "track" }, bar)),
              el("b", { text: String(o.count) }), won ? el("span", { "class": "unseen", text: "taken" }) : null);
          })));
      });
    }
    function last(l, team) {
      if (!l) return null;
      var line = l.how === "trainer" ? "Your trainer decided" : l.how === "captain" ? "Your captain decided" : team ? "Your team decided" : "The room decided";
      var words = l.taken.map(function (t) { return (l.taken.length > 1 ? t.group + ": " : "") + t.text; });
      return el("div", { "class": "card decided" }, el("p", { "class": "quiet small", text: line + " · " + l.title }),
        // What became of each arriving person stands below, person by person.
        words.length > 1 ? null : words.map(function (w) { return el("p", {}, el("b", { text: w })); }),
        l.split.length ? el("details", {}, el("summary", { text: "How the votes were spread" }), split(l.split, l.taken)) : null);
    }

    /* In a team: who decides now. `decide` is for a captain who may, "" for everybody outside of teams. */
    function mode(step) {
      if (step.decide !== "team") return "";
      var late = step.votes && kit.over(step);
      return step.leads && (step.may || late) ? "/decide" : step.tie ? "/tie" : late ? "/late" : step.leads && !step.votes ? "/lead" : "/vote";
    }
    function captains(step) {
      var now = mode(step), name = kit.captain();
      if (now === "/decide") return (step.tie ? "Your team is tied. " : step.by === "vote" ? "Time is over. " : "") + "You are the captain: you decide.";
      if (now === "/tie") return "Your team is tied. " + name + " decides.";
      if (now === "/late") return "Time is over. " + name + " can decide now.";
      return step.by === "captain" ? name + " decides. Vote for what you would do." : "It is decided when all of you have voted.";
    }
    function update(step) {
      var line = document.getElementById("voted"), text = step.voted + " of " + step.of + " in your team have voted.";
      if (line && line.textContent !== text) line.textContent = text;
      var place = document.getElementById("team-split"), drawn = JSON.stringify(step.split || null);
      if (!place || place.getAttribute("data-of") === drawn) return;
      place.setAttribute("data-of", drawn);
      place.textContent = "";
      if (step.split && step.voted) add(place, [el("p", { "class": "quiet small", text: "How your team has voted" }), split(step.split)]);
    }

    /* What can be done at a turn: each control gives an action. */
    function chosen(step) { var before = kit.current(step.index); return before ? before.response : null; }
    function options(step, list, label) {
      var before = chosen(step), picked = before ? JSON.stringify(before) : "";
      var decides = mode(step) === "/decide", each = decides || (step.decide !== "room" && step.scene.kind === "decision"), go = null, wanted = null;
      var verb = decides ? "Decide for the team: " : step.decide === "team" ? "Vote: " : "Decide: ";
      var buttons = list.map(function (o, i) {
        var on = picked === JSON.stringify(o.action);
        return kit.choice("", o.text, letter(i), on, function () {
          buttons.forEach(function (b, k) { b.setAttribute("aria-pressed", String(k === i)); });
          wanted = o.action;
          // There is no way back from a decision of one's own: it takes a second press.
          if (each) { go.disabled = !decides && picked === JSON.stringify(wanted); go.textContent = verb + letter(i); } else kit.give(step.index, o.action);
        });
      });
      if (each) go = el("button", { type: "button", "class": "main-button", disabled: true, text: "Choose first", on: { click: function () { go.disabled = true; picked = JSON.stringify(wanted); kit.give(step.index, wanted, decides); } } });
      // A captain at a tie begins with the own vote.
      list.forEach(function (o, i) { if (go && picked === JSON.stringify(o.action)) { wanted = o.action; go.disabled = !decides; go.textContent = verb + letter(i); } });
      return [el("div", { "class": "choices", role: "group", "aria-labelledby": label }, buttons), go];
    }
    function minutes(n) { return n ? " (" + n + (n === 1 ? " minute)" : " minutes)") : ""; }
    var CONTROLS = {
      scene: function (step) {
        if (step.decide === "room") return el("p", { "class": "quiet", text: "Read and look. Your trainer goes on." });
        if (step.decide === "team" && !step.leads) return el("p", { "class": "quiet", text: "Read and talk. " + kit.captain() + ", your captain, goes on." });
        return el("button", { type: "button", "class": "main-button", text: step.decide === "team" ? "Go on with the team" : "Go on", on: { click: function () { this.disabled = true; kit.give(step.index, { action: "continue" }, step.decide === "team"); } } });
      },
      decision: function (step) {
        return [el("h2", { id: "ask", text: step.scene.question }), options(step, step.scene.options.map(function (o) {
          return { text: o.text, action: { action: "choose", choice: o.id } };
        }), "ask")];
      },
      interview: function (step) {
        var s = step.scene, left = s.remaining.questions, asked = s.questions.filter(function (q) { return q.asked; });
        var open = left > 0 ? s.questions.filter(function (q) { return !q.asked; }) : [];
        var list = open.map(function (q) { return { text: q.text + minutes(q.minutes), action: { action: "ask", question: q.id } }; });
        list.push({ text: "End the conversation", action: { action: "leave" } });
        return [asked.length ? el("details", {}, el("summary", { text: "What was asked so far (" + asked.length + ")" }), asked.map(function (q) {
          return el("div", { "class": "news says" }, el("b", { text: q.text }), prose(q.answer));
        })) : null,
        el("h2", { id: "ask", text: step.decide !== "each" ? "What next?" : "What do you ask?" }),
        el("p", { "class": "quiet small", text: left === 1 ? "One question is left." : left + " questions are left." }), options(step, list, "ask")];
      },
      search: function (step) {
        var s = step.scene, list = s.finds.filter(function (f) { return f.open; }).map(function (f) {
          return { text: f.label + minutes(f.minutes), action: { action: "open", evidence: f.evidence } };
        });
        list.push({ text: "Stop searching and go on", action: { action: "leave" } });
        return [el("h2", { id: "ask", text: step.decide !== "each" ? "What next?" : "What do you open?" }),
          el("p", { "class": "quiet small", text: s.remaining.minutes + " minutes are left." }), options(step, list, "ask")];
      },
      triage: function (step) {
        var s = step.scene, before = chosen(step), pairs = Object.assign({}, before && before.pairs, kit.draft(step.index)), decides = mode(step) === "/decide";
        var button = el("button", { type: "button", "class": "main-button", on: { click: function () { button.disabled = true; kit.give(step.index, { action: "sort", pairs: Object.assign({}, pairs) }, decides); } } });
        function ready() {
          var missing = s.arrivals.filter(function (a) { return !pairs[a.id]; }).length;
          button.disabled = missing > 0 || !!(!decides && before && JSON.stringify(before.pairs) === JSON.stringify(pairs));
          button.textContent = missing ? missing + (missing === 1 ? " person" : " people") + " to go" : decides ? "Decide for the team" : "Send my choice";
        }
        var rows = s.arrivals.map(function (a, i) {
          var select = el("select", { id: "o" + i, on: { change: function () {
            if (select.value) pairs[a.id] = select.value; else delete pairs[a.id];
            before = chosen(step);
            kit.draft(step.index, pairs); ready();
          } } }, el("option", { value: "", text: "Choose…" }), s.channels.map(function (c) { return el("option", { value: c.id, text: c.text }); }));
          select.value = pairs[a.id] || "";
          return el("div", { "class": "card" }, el("b", { text: a.person.name }), prose(a.text), el("label", { "for": "o" + i, text: "Where does " + a.person.name + " go?" }), select);
        });
        ready();
        return [el("h2", { text: "Who goes where?" }), rows, button];
      },
      note: function (step) {
        var decides = mode(step) === "/decide", before = chosen(step), kept = kit.draft(step.index), send = el("button", { type: "button", "class": "main-button", text: decides ? "Keep this note for the team" : step.decide !== "each" ? "Send my note" : "Keep the note and go on", on: { click: function () {
          kit.give(step.index, { action: "write", text: area.value }, decides);
        } } });
        var area = el("textarea", { id: "note", maxlength: 2000, dir: "auto", on: { input: function () { kit.draft(step.index, { text: area.value }); } } });
        area.value = kept ? kept.text : before ? before.text : "";
        return [el("label", { "for": "note" }, inline(step.scene.prompt)),
          step.decide === "room" ? el("p", { "class": "quiet small", text: "Your trainer may read it out, without your name." }) : null, area, send];
      },
      ending: function (step) {
        return el("p", { "class": "card", text: step.decide === "room" ? "This is the end of the case. Your trainer goes on in a moment." : (step.decide === "team" ? "Your team has come to an end." : "You have come to an end.") + " When your trainer closes the drill, you see here what your decisions were worth, and why." });
      }
    };
    CONTROLS.closed = function (step) {
      return [el("h2", { text: "The vote is closed" }), mine(step), el("p", { id: "saved", "class": "saved" }), el("p", { "class": "quiet", text: "Look up: your trainer goes on in a moment." }), kit.dots()];
    };
    CONTROLS.revealed = function (step) {
      return [el("h2", { text: "How the room voted" }), step.split.length ? split(step.split) : el("p", { text: "The notes are with your trainer." }), mine(step)];
    };
    function mine(step) {
      var own = chosen(step), text = own && words(step, own);
      return text ? el("p", { "class": "quiet small", text: "You: " + text }) : el("p", { "class": "quiet small", text: "You did not vote this time." });
    }
    function words(step, action) {
      var s = step.scene;
      function named(list, key, id, label) { var hit = (list || []).filter(function (o) { return o[key] === id; })[0]; return hit ? hit[label] : ""; }
      if (action.choice) return named(s.options, "id", action.choice, "text");
      if (action.question) return named(s.questions, "id", action.question, "text");
      if (action.evidence) return named(s.finds, "evidence", action.evidence, "label");
      if (action.pairs) return s.arrivals.map(function (a) { return a.person.name + " → " + named(s.channels, "id", action.pairs[a.id], "text"); }).join("; ");
      return action.text || (action.action === "leave" ? "go on" : "");
    }

    /* One turn, as parts of the page. */
    function turn(step, phase) {
      var s = step.scene, team = step.decide === "team", voting = step.decide !== "each" && step.votes, now = voting && phase !== "open" ? phase : s.kind;
      var parts = [el("p", { "class": "place" }, el("span", { text: s.time }), voting ? el("span", { text: phase === "open" ? team ? "Your team votes" : "Everybody votes" : "" }) : null)];
      if (voting && phase === "open" && !kit.over(step)) parts.push(kit.clock());
      // What somebody has just chosen, asked or opened comes before what is new, also for who listens.
      var before = [last(step.last, step.decide === "team")].concat(news(s)).filter(Boolean);
      if (before.length) parts.push(el("section", { "class": "before", "data-first": true, "aria-label": "What followed" }, before));
      parts.push(el("h1", { text: s.title }), s.again ? el("details", { "class": "again" }, el("summary", { text: "The scene again" }), prose(s.text, "story"), people(s)) : [prose(s.text, "story"), people(s)]);
      parts.push(s.evidence.filter(function (c) { return !s.news.some(function (n) { return n.evidence && n.evidence.id === c.id; }); }).map(card));
      if (team && voting) parts.push(el("div", { "class": "card decided" }, el("p", { text: captains(step) }), el("p", { id: "voted", "class": "quiet small" }), el("div", { id: "team-split" })));
      parts.push(CONTROLS[now](step));
      if (now === s.kind && s.kind !== "ending" && (step.decide === "each" || s.kind !== "scene" || step.leads)) {
        parts.push(el("p", { id: "saved", "class": "saved" }));
        if (voting) parts.push(el("p", { id: "hint", "class": "quiet small", hidden: true, text: team ? "You can change your vote until your team has decided." : "You can change your vote until it is closed." }));
      }
      parts.push(known(s));
      if (s.dossier.length) parts.push(el("details", {}, el("summary", { text: "What was seen before (" + s.dossier.length + ")" }), s.dossier.map(card)));
      return parts;
    }

    /* The end: what became of it, what counted, why. */
    function moments(title, list, f) {
      if (!list.length) return null;
      return [el("h2", { text: title }), list.map(function (m) {
        return el("details", { "class": "moment" }, el("summary", {}, el("span", { text: (m.name ? m.name + ": " : "") + m.text })),
          m.consequence ? prose(m.consequence) : null, m.reason ? prose(m.reason) : null, rules(m, f));
      })];
    }
    function rules(m, f) {
      var found = (m.cites || []).filter(function (c) { return f.law[c]; });
      return found.length ? el("p", { "class": "quiet small", text: found.map(function (c) { return f.law[c]; }).join("; ") }) : null;
    }
    function final(f) {
      var tone = GRADES[f.tone] || "none", missed = f.missed;
      var parts = [el("h1", { "class": "big", text: f.title || "The drill is over" }), f.text ? prose(f.text, "story") : null,
        el("div", { "class": "verdict " + tone }, kit.shape(tone), el("div", {}, el("b", { text: f.outcome }),
          el("p", { text: (f.decide === "room" ? "The room: " : f.decide === "team" ? "Your team: " : "You: ") + kit.points(f.points) + " of " + kit.points(f.of) + " points, " + f.percent + "\u00a0%" })))];
      f.caps.forEach(function (c) { parts.push(el("div", { "class": "missed" }, el("p", { "class": "small", text: "Whatever else was right, no more than " + c.percent + "\u00a0%" }), prose(c.reason), rules(c, f))); });
      if (f.people.length) parts.push(el("h2", { text: "What happened to them" }), f.people.map(function (p) { return el("div", { "class": "card" }, el("b", { text: p.name }), prose(p.text), rules(p, f)); }));
      if (f.later.length) parts.push(el("h2", { text: "What came later" }), f.later.map(function (l) { return prose(l.text); }));
      parts.push(moments(f.decide === "room" ? "What the room did well" : f.decide === "team" ? "What your team did well" : "What you did well", f.well, f));
      parts.push(moments("What to look at again", f.went_wrong, f));
      var lines = missed.evidence.map(function (e) { return "Not seen: " + e.title + (e.why ? ". " + e.why : ""); })
        .concat(missed.questions.map(function (q) { return "Not asked: " + q.text; }));
      if (missed.signs.length) lines.push("Signs not noticed: " + missed.signs.map(function (s) { return s.label; }).join("; "));
      if (lines.length) parts.push(el("h2", { text: "What was missed" }), el("ul", {}, lines.map(function (l) { return el("li", { text: l }); })));
      if (f.ask.length) parts.push(el("h2", { text: "To think about" }), el("ul", {}, f.ask.map(function (q) { return el("li", { text: q }); })));
      return parts;
    }
    return { turn: turn, final: final, mode: mode, update: update };
  };
})();
