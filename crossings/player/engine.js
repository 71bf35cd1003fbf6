/* The engine of items and cases: the twin of crossings/items and crossings/cases.
 * docs/formats/case-trace.md says what it does; tests/cases/test_twin_*.py hold the two equal.
 * No DOM, no modules, ES2019: it also runs in quickjs. */
(function () {
  "use strict";

  const MODES = ["learn", "assess", "drill"];
  const MAX_TEXT = 20000, MAX_EVENTS = 2000, MAX_SEED = 200;

  class IllegalAction extends Error {}
  const illegal = (message) => { throw new IllegalAction(message); };

  /* An id may be "constructor": read own fields only. */
  const own = (object, key) =>
    Object.prototype.hasOwnProperty.call(object, key) ? object[key] : undefined;
  const merge = Object.assign, keys = Object.keys;
  const isObject = (v) => v !== null && typeof v === "object" && !Array.isArray(v);
  const isText = (v) => typeof v === "string";
  const longer = (text, most) => text.length > most && Array.from(text).length > most;
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const clamp = (low, high, n) => Math.min(high, Math.max(low, n));
  const add = (list, name) => { if (!list.includes(name)) list.push(name); };
  const byId = (parts, id) => parts.find((p) => p.id === id);
  const part = (source, names) => {
    const found = {};
    for (const n of names) if (own(source, n) !== undefined) found[n] = source[n];
    return found;
  };

  // items/shuffle.py

  function fnv1a(text) {
    let h = 0x811c9dc5;
    const eat = (byte) => { h = Math.imul(h ^ byte, 0x01000193); };
    for (const letter of text) {
      let c = letter.codePointAt(0);
      if (c >= 0xd800 && c <= 0xdfff) c = 63; // half a pair counts as "?"
      if (c < 0x80) { eat(c); continue; }
      if (c < 0x800) eat(0xc0 | c >> 6);
      else {
        if (c < 0x10000) eat(0xe0 | c >> 12);
        else { eat(0xf0 | c >> 18); eat(0x80 | c >> 12 & 63); }
        eat(0x80 | c >> 6 & 63);
      }
      eat(0x80 | c & 63);
    }
    return h >>> 0;
  }

  function stream(seed) {
    let a = fnv1a(seed);
    return () => {
      a = a + 0x6d2b79f5 | 0;
      let t = Math.imul(a ^ a >>> 15, a | 1);
      t ^= t + Math.imul(t ^ t >>> 7, t | 61);
      return ((t ^ t >>> 14) >>> 0) / 4294967296;
    };
  }

  function shuffled(values, seed) {
    const result = values.slice(), draw = stream(seed);
    for (let last = result.length - 1; last > 0; last--) {
      const other = Math.floor(draw() * (last + 1)), kept = result[last];
      result[last] = result[other];
      result[other] = kept;
    }
    return result;
  }

  const picked = (values, seed) => values[Math.floor(stream(seed)() * values.length)];

  // items/score.py

  const SPACES = /[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/g;
  const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
  const EDGES = " .,;:!?\"'()-\u2018\u2019\u201c\u201d\u00ab\u00bb";

  function folded(text) {
    const plain = text.normalize("NFKD").toLowerCase().replace(/\u03c2/g, "\u03c3")
      .replace(ACCENTS, "").replace(SPACES, " ");
    let from = 0, to = plain.length;
    while (from < to && EDGES.includes(plain[from])) from++;
    while (to > from && EDGES.includes(plain[to - 1])) to--;
    return plain.slice(from, to);
  }

  function readNumber(given) {
    if (isText(given)) {
      given = given.replace(SPACES, "");
      if (given.length > 40 || !/^[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)$/.test(given)) return null;
      given = Number(given.replace(",", "."));
    }
    return typeof given === "number" && isFinite(given) ? given : null;
  }

  const distinct = (values) =>
    Array.isArray(values) && values.every(isText) && new Set(values).size === values.length;

  /* `item` is what items.keyed() gives. */
  function scoreItem(item, response) {
    const options = item.options || [], known = options.map((o) => o.id), rule = item.scoring;
    const nothing = (status, reason) =>
      ({ points: 0, max_points: item.points, status, reason, per_option: {} });
    const bad = (reason) => nothing("malformed", reason);
    const share = (part, marks) => ({
      points: Math.floor(clamp(0, 1, part) * item.points * 10000 + 0.5) / 10000,
      max_points: item.points, status: "scored", reason: "", per_option: marks || {},
    });
    const marked = (test) => {
      const marks = {};
      for (const o of options) marks[o.id] = test(o);
      return marks;
    };
    const count = (marks) => known.filter((i) => marks[i]).length;
    const all = (marks) => Number(count(marks) === known.length);
    const none = (v) => v === undefined || v === null;

    if (none(response) || isObject(response) && !keys(response).length)
      return nothing("empty", "no answer");
    if (!isObject(response)) return bad("the response is not an object");

    if (item.kind === "single") {
      if (none(response.choice)) return nothing("empty", "no option chosen");
      const chosen = byId(options, response.choice);
      if (!chosen) return bad("the chosen option does not exist");
      const weighed = rule === "weights" && !none(chosen.weight);
      return share(weighed ? chosen.weight : Number(!!chosen.correct), { [chosen.id]: !!chosen.correct });
    }
    if (item.kind === "multiple" || item.kind === "hotspot") {
      const chosen = response.choices;
      if (none(chosen) || Array.isArray(chosen) && !chosen.length)
        return nothing("empty", "no option chosen");
      if (!distinct(chosen) || !chosen.every((c) => known.includes(c)))
        return bad("a chosen option does not exist or is given twice");
      const marks = marked((o) => chosen.includes(o.id) === !!o.correct);
      if (rule === "all-or-nothing") return share(all(marks), marks);
      if (rule === "weights")
        return share(sum(options.filter((o) => chosen.includes(o.id)).map((o) => o.weight || 0)), marks);
      if (rule === "per-option") return share(count(marks) / known.length, marks);
      const right = options.filter((o) => o.correct);
      const hits = right.filter((o) => chosen.includes(o.id)).length;
      return share((hits - (chosen.length - hits)) / right.length, marks);
    }
    if (item.kind === "order") {
      const order = response.order;
      if (none(order) || Array.isArray(order) && !order.length)
        return nothing("empty", "nothing put in order");
      if (!distinct(order) || order.length !== known.length || !order.every((i) => known.includes(i)))
        return bad("each option must stand in the order exactly once");
      const marks = marked((o) => order[known.indexOf(o.id)] === o.id);
      if (rule === "all-or-nothing") return share(all(marks), marks);
      let pairs = 0, agreeing = 0;
      known.forEach((a, n) => known.slice(n + 1).forEach((b) => {
        pairs += 1;
        if (order.indexOf(a) < order.indexOf(b)) agreeing += 1;
      }));
      return share(2 * (agreeing / pairs) - 1, marks);
    }
    if (item.kind === "match" || item.kind === "grid") {
      const pairs = response.pairs;
      if (none(pairs) || isObject(pairs) && !keys(pairs).length)
        return nothing("empty", "nothing placed");
      if (!isObject(pairs) || !keys(pairs).every((i) => known.includes(i)))
        return bad("a placed option does not exist");
      const used = keys(pairs).map((i) => pairs[i]);
      if (!used.every((t) => byId(item.targets, t))) return bad("a target does not exist");
      if (item.kind === "match" && !distinct(used)) return bad("a target is used twice");
      const marks = marked((o) => own(pairs, o.id) === o.target);
      if (rule === "all-or-nothing") return share(all(marks), marks);
      const right = count(marks);
      const wrong = rule === "per-option-penalty" ? used.length - right : 0;
      return share((right - wrong) / known.length, marks);
    }
    if (item.kind === "number") {
      if (none(response.number) || response.number === "") return nothing("empty", "no number typed");
      const value = readNumber(response.number);
      if (value === null) return bad("this is not a number");
      return share(Number(Math.abs(value - item.answer) <= (item.tolerance || 0) + 1e-9));
    }
    const text = response.text;
    if (none(text) || text === "") return nothing("empty", "nothing written");
    if (!isText(text)) return bad("the answer is not text");
    if (longer(text, MAX_TEXT)) return bad("the answer is over " + MAX_TEXT + " characters");
    if (!text.replace(SPACES, "")) return nothing("empty", "nothing written");
    if (item.kind === "text") return nothing("manual", "a person marks this answer");
    return share(Number(item.accept.map(folded).includes(folded(text))));
  }

  // cases/state.py

  function holds(tree, s) {
    if (!tree) return true;
    const [word, a, b, c] = tree;
    if (word === "or") return holds(a, s) || holds(b, s);
    if (word === "and") return holds(a, s) && holds(b, s);
    if (word === "not") return !holds(a, s);
    if (word === "cmp") {
      const n = b === "clock" ? s.clock : own(s.vars, b);
      if (typeof n !== "number") return false;
      return a === "==" ? n === c : a === "!=" ? n !== c : a === "<" ? n < c
        : a === "<=" ? n <= c : a === ">" ? n > c : n >= c;
    }
    if (word === "is") return own(s.vars, a) === true;
    if (word === "has") {
      const tags = own(s.vars, a);
      return Array.isArray(tags) && tags.includes(b);
    }
    if (word === "chose") return own(s.chosen, a) === b;
    if (word === "asked") return s.asked.includes(a + "." + b);
    return s[word].includes(a); // seen, visited, fired
  }

  // cases/turn.py

  function effect(doc, s, [op, name, value]) {
    if (op === "advance") { s.clock += name; return; }
    const declared = own(doc.variables, name);
    if (!declared) return;
    const old = s.vars[name], tagging = op === "tag" || op === "untag";
    if (declared.type === "set") {
      if (!tagging) return;
      const kept = old.filter((t) => t !== value);
      s.vars[name] = op === "tag" ? kept.concat(value).sort() : kept;
    } else if (declared.type === "boolean") {
      if (op === "set" && typeof value === "boolean") s.vars[name] = value;
    } else if (!tagging && typeof value === "number") {
      s.vars[name] = clamp(declared.min, declared.max, op === "set" ? value : old + value);
    }
  }

  function happens(doc, s, judged) {
    if (judged.cap) add(s.caps, judged.cap);
    for (const e of judged.effects) effect(doc, s, e);
  }

  /* Rules fire in file order until all is still; returns where the first goto leads. */
  function rules(doc, s, fired) {
    let to = null, again = true;
    while (again) {
      again = false;
      for (const rule of doc.rules) {
        if (s.fired.includes(rule.id) || !holds(rule.when, s)) continue;
        again = true;
        s.fired.push(rule.id);
        fired.push(rule.id);
        happens(doc, s, rule);
        to = to || rule.goto || null;
      }
    }
    return s.ending ? null : to;
  }

  function enter(doc, s, name) {
    const node = doc.nodes[name];
    s.node = name;
    add(s.visited, name);
    for (const e of node.effects) effect(doc, s, e);
    for (const e of node.evidence) add(s.seen, e);
    if (node.kind === "ending") s.ending = name;
  }

  function settle(doc, s, branches, entry) {
    const fired = [], entered = entry.entered || [];
    let to = rules(doc, s, fired);
    if (!to && branches)
      to = (branches.find((b) => holds(b.when, s)) || branches[branches.length - 1]).to;
    while (to) {
      enter(doc, s, to);
      entered.push(to);
      to = rules(doc, s, fired);
    }
    s.seq = entry.seq;
    s.log.push(merge(entry, { clock: s.clock, fired, entered }));
    return s;
  }

  // cases/engine.py

  function start(doc, seed, mode) {
    mode = mode === undefined ? "learn" : mode;
    if (!MODES.includes(mode)) illegal("the mode is not one of learn, assess, drill");
    const s = {
      seed, mode, node: doc.start, seq: 0, rewinds: 0, clock: 0, ending: null, vars: {}, seen: [],
      asked: [], visited: [], fired: [], caps: [], chosen: {}, sorted: {}, notes: {}, points: {},
      best: {}, spent: {}, log: [],
    };
    for (const n of keys(doc.variables)) s.vars[n] = doc.variables[n].start;
    enter(doc, s, doc.start);
    return settle(doc, s, null, { seq: 0, node: null, action: "start", entered: [doc.start] });
  }

  const questionsAsked = (node, name, known) =>
    node.questions.filter((q) => known.includes(name + "." + q.id));
  const verdictOf = (arrival, channel) => own(arrival.verdicts, channel) || arrival.otherwise;

  /* What each kind of node takes: check, change the state, return [what the log keeps, branches]. */
  const TAKES = {
    "scene continue": (doc, s, node) => [{}, node.next],
    "decision choose": (doc, s, node, action) => {
      const offered = node.options.filter((o) => holds(o.when, s));
      const option = byId(offered, action.choice) || illegal("this option is not open here");
      s.chosen[s.node] = option.id;
      s.points[s.node] = option.points;
      s.best[s.node] = Math.max(...offered.map((o) => o.points));
      happens(doc, s, option);
      return [{ choice: option.id, offered: offered.map((o) => o.id) }, option.to];
    },
    "interview ask": (doc, s, node, action) => {
      const question = byId(node.questions, action.question);
      if (!question || !holds(question.when, s)) illegal("this question is not open here");
      const before = questionsAsked(node, s.node, s.asked);
      if (before.includes(question)) illegal("this question was asked before");
      if (before.length >= node.limit) illegal("no question is left");
      s.asked.push(s.node + "." + question.id);
      s.points[s.node] = clamp(0, node.points, sum(before.concat(question).map((q) => q.points)));
      s.best[s.node] = node.max;
      happens(doc, s, question);
      s.clock += question.minutes;
      return [{ question: question.id }, null];
    },
    "search open": (doc, s, node, action) => {
      const find = node.finds.find((f) => f.evidence === action.evidence);
      if (!find || !holds(find.when, s)) illegal("this cannot be opened here");
      if (s.seen.includes(find.evidence)) illegal("this was seen before");
      const spent = (own(s.spent, s.node) || 0) + find.minutes;
      if (spent > node.budget) illegal("no time is left to open this");
      s.spent[s.node] = spent;
      s.seen.push(find.evidence);
      s.points[s.node] = (own(s.points, s.node) || 0) + find.points;
      s.best[s.node] = node.max;
      happens(doc, s, find);
      s.clock += find.minutes;
      return [{ evidence: find.evidence }, null];
    },
    "triage sort": (doc, s, node, action) => {
      const pairs = action.pairs, wanted = node.arrivals.map((a) => a.id);
      if (!isObject(pairs) || keys(pairs).length !== wanted.length
        || !wanted.every((i) => own(pairs, i) !== undefined)) illegal("every person needs one channel");
      if (!wanted.every((i) => byId(node.channels, pairs[i]))) illegal("there is no such channel");
      const verdicts = node.arrivals.map((a) => verdictOf(a, pairs[a.id]));
      s.sorted[s.node] = part(pairs, wanted);
      s.points[s.node] = sum(verdicts.map((v) => v.points));
      s.best[s.node] = node.max;
      for (const v of verdicts) happens(doc, s, v);
      return [{ pairs: s.sorted[s.node] }, node.next];
    },
    "note write": (doc, s, node, action) => {
      if (!isText(action.text)) illegal("the note is not text");
      if (longer(action.text, MAX_TEXT)) illegal("the note is over " + MAX_TEXT + " characters");
      s.notes[s.node] = action.text;
      return [{ text: action.text }, node.next];
    },
  };
  TAKES["interview leave"] = TAKES["search leave"] = (doc, s, node) => {
    s.points[s.node] = own(s.points, s.node) || 0;
    s.best[s.node] = node.max;
    return [{}, node.next];
  };

  function apply(doc, state, action) {
    if (!isObject(action)) illegal("the action is not an object");
    if (action.node !== state.node)
      illegal("the action is for another node; the play is at `" + state.node + "`");
    if (action.action === "rewind") return rewound(doc, state, action.to);
    const node = doc.nodes[state.node];
    const take = isText(action.action) && own(TAKES, node.kind + " " + action.action);
    if (!take) illegal("`" + state.node + "` is of kind " + node.kind + ": it takes no such action");
    const s = JSON.parse(JSON.stringify(merge({}, state, { log: [] })));
    s.log = state.log.slice(); // what is in the log is never changed again, so it is shared
    const [done, branches] = take(doc, s, node, action);
    return settle(doc, s, branches,
      merge({ seq: state.seq + 1, node: state.node, action: action.action }, done));
  }

  /* Back to before event `to`: the log holds every action that still counts, so play it again. */
  function rewound(doc, state, to) {
    if (state.mode !== "learn") illegal("only learn mode can go back");
    const events = state.log.slice(1), end = events.findIndex((e) => e.seq === to);
    if (end < 0) illegal("there is no such event to go back to");
    let s = start(doc, state.seed, state.mode);
    for (const e of events.slice(0, end)) {
      s = apply(doc, s, e);
      s.log[s.log.length - 1].seq = e.seq;
    }
    s.seq = state.seq + 1;
    s.rewinds = state.rewinds + 1;
    return s;
  }

  // cases/score.py

  function score(doc, state) {
    const points = sum(keys(state.points).map((n) => state.points[n])), most = doc.max;
    const uncapped = most > 0 ? Math.min(100, Math.floor((200 * points + most) / (2 * most))) : 0;
    const objectives = {}, law = {};
    const tally = (tallies, names, earned, max) => {
      for (const n of names) {
        const t = own(tallies, n) || (tallies[n] = { points: 0, max: 0 });
        t.points += earned;
        t.max += max;
      }
    };
    for (const name of keys(state.points)) {
      const node = doc.nodes[name];
      const parts = node.kind !== "triage"
        ? [[state.points[name], state.best[name], node.laws]]
        : node.arrivals.map((a) => [verdictOf(a, state.sorted[name][a.id]).points, a.max, a.laws]);
      for (const [earned, max, laws] of parts) {
        tally(objectives, node.objectives, earned, max);
        tally(law, laws, earned, max);
      }
    }
    return {
      points, max: most, percent: Math.min(uncapped, ...state.caps.map((c) => doc.caps[c].percent)),
      uncapped, capped_by: state.caps.slice(),
      outcome: state.ending ? doc.nodes[state.ending].outcome : null,
      objectives, law, rewinds: state.rewinds,
    };
  }

  // cases/variants.py

  function teller(doc, seed) {
    const drawn = {};
    for (const n of keys(doc.variants))
      if (doc.variants[n].length) drawn[n] = picked(doc.variants[n], seed + "/" + n);
    return function told(value) {
      if (isText(value)) return value.replace(/\{([a-z][a-z0-9_]*)\}/g, (all, n) => {
        const text = own(drawn, n);
        return text === undefined ? all : text;
      });
      if (Array.isArray(value)) return value.map(told);
      if (!isObject(value)) return value;
      const copy = {};
      for (const k of keys(value)) copy[k] = told(value[k]);
      return copy;
    };
  }

  function timeOf(doc, clock) {
    const [hours, minutes] = doc.starts_at.split(":").map(Number), now = hours * 60 + minutes + clock;
    const two = (n) => String(n).padStart(2, "0");
    return two(Math.floor(now / 60) % 24) + ":" + two(now % 60);
  }

  const card = (doc, id) => merge({ id },
    part(doc.evidence[id], ["type", "title", "fields", "messages", "body", "alt"]));

  // cases/view.py

  const initials = (name) => name.split(" ").slice(0, 2).map((w) => Array.from(w)[0]).join("");

  function view(doc, state) {
    const node = doc.nodes[state.node], told = teller(doc, state.seed);
    const opened = (node.finds || []).map((f) => f.evidence).filter((e) => state.seen.includes(e));
    const cards = (names) => Array.from(new Set(names)).map((n) => card(doc, n));
    const person = (id) => merge(
      { id, monogram: initials(told(doc.people[id].name)) },
      part(doc.people[id], ["name", "role", "monogram", "tint"]));
    return told(merge({
      case: doc.title, mode: state.mode, node: state.node, kind: node.kind, title: node.title,
      text: node.text, place: node.place || null, clock: state.clock, time: timeOf(doc, state.clock),
      people: node.people.map(person), variables: shownVariables(doc, state),
      evidence: cards(node.evidence.concat(opened)), dossier: cards(state.seen),
      announce: announced(doc, state), rewind: returns(doc, state),
    }, drawn(doc, state, node, person)));
  }

  function shownVariables(doc, state) {
    return keys(doc.variables).filter((n) => doc.variables[n].visible).map((name) => {
      const declared = doc.variables[name], value = state.vars[name];
      return merge({ name }, part(declared, ["label", "type", "person"]),
        declared.type === "integer" ? part(declared, ["min", "max"]) : {},
        { value: Array.isArray(value) ? value.map((t) => own(declared.tags, t) || t) : value });
    });
  }

  const returns = (doc, state) => state.mode !== "learn" ? [] : state.log
    .filter((e, n) => n && state.log[n - 1].entered.length && e.action !== "continue")
    .map((e) => ({ seq: e.seq, node: e.node, title: doc.nodes[e.node].title }));

  function drawn(doc, state, node, person) {
    if (node.kind === "decision") {
      const options = node.shuffle
        ? shuffled(node.options, state.seed + "/" + doc.id + "/" + state.node) : node.options;
      return {
        ...part(node, ["seconds", "timeout"]), question: node.question,
        options: options.filter((o) => holds(o.when, state)).map((o) => part(o, ["id", "text"])),
      };
    }
    if (node.kind === "interview") {
      const done = questionsAsked(node, state.node, state.asked);
      const questions = node.questions.filter((q) => done.includes(q) || holds(q.when, state))
        .map((q) => merge(part(q, ["id", "text", "minutes"]), { asked: done.includes(q) },
          done.includes(q) ? { answer: q.answer } : {}));
      return { person: node.person, questions, remaining: { questions: node.limit - done.length } };
    }
    if (node.kind === "search") {
      const left = node.budget - (own(state.spent, state.node) || 0);
      const seen = (f) => state.seen.includes(f.evidence);
      const finds = node.finds.filter((f) => seen(f) || holds(f.when, state))
        .map((f) => merge(part(f, ["evidence", "label", "minutes"]),
          { opened: seen(f), open: !seen(f) && f.minutes <= left }));
      return { finds, remaining: { minutes: left, finds: finds.filter((f) => f.open).length } };
    }
    if (node.kind === "triage") {
      const arrivals = node.arrivals
        .map((a) => merge(part(a, ["id", "text"]), { person: person(a.person) }));
      return { arrivals, channels: node.channels };
    }
    return part(node, ["prompt", "outcome"]);
  }

  /* What the last event brought about; what it was worth only when the mode lets it be seen. */
  function announced(doc, state) {
    const entry = state.log[state.log.length - 1];
    if (entry.seq !== state.seq) return []; // the play was just taken back: nothing new happened
    const open = state.mode === "learn" || !!state.ending, silent = state.mode === "assess" && !open;
    const revealed = (judged) => part(judged, open
      ? ["grade", "consequence", "reason", "cites", "sources"] : silent ? [] : ["consequence"]);
    const node = doc.nodes[entry.node], said = [];
    const say = (kind, ...parts) => said.push(merge({ kind }, ...parts));
    if (entry.action === "choose") {
      const option = byId(node.options, entry.choice);
      say("choice", { text: option.text }, revealed(option));
    } else if (entry.action === "ask") {
      const question = byId(node.questions, entry.question);
      say("answer", part(question, silent ? ["text", "answer"] : ["text", "answer", "consequence"]));
    } else if (entry.action === "open") {
      say("evidence", { evidence: card(doc, entry.evidence) });
    } else if (entry.action === "sort") {
      for (const a of node.arrivals) {
        const channel = byId(node.channels, entry.pairs[a.id]);
        say("verdict", { arrival: a.id, name: doc.people[a.person].name, channel: channel.text },
          revealed(verdictOf(a, channel.id)));
      }
    }
    for (const id of entry.fired)
      say("rule", part(byId(doc.rules, id), open ? ["id", "text", "cites"] : ["id", "text"]));
    return said;
  }

  // cases/debrief.py

  const TOLD = ["text", "grade", "points", "consequence", "reason", "cites", "sources"];

  /* What was judged in one event, with where it happened. */
  function moments(doc, entry) {
    const node = doc.nodes[entry.node];
    const told = (kind, id, judged, more) => merge(
      { seq: entry.seq, node: entry.node, title: node.title, kind, id }, part(judged, TOLD), more);
    const { action, choice, question } = entry;
    if (action === "choose") return [told("choice", choice, byId(node.options, choice))];
    if (action === "ask") return [told("question", question, byId(node.questions, question))];
    if (entry.action !== "sort") return [];
    return node.arrivals.map((a) => {
      const channel = byId(node.channels, entry.pairs[a.id]);
      return told("verdict", a.id, verdictOf(a, channel.id),
        { name: doc.people[a.person].name, text: channel.text });
    });
  }

  function done(doc, entry) {
    const found = moments(doc, entry);
    if (entry.action === "choose") {
      const others = doc.nodes[entry.node].options
        .filter((o) => entry.offered.includes(o.id) && o.id !== entry.choice)
        .map((o) => part(o, ["id", "text", "grade"]));
      return found.map((m) => merge(part(m, ["seq", "kind", "id"].concat(TOLD)), { others }));
    }
    if (entry.action === "open") {
      const id = entry.evidence;
      return [{ seq: entry.seq, kind: "evidence", id, text: doc.evidence[id].title }];
    }
    return found.map((m) => part(m, ["seq", "kind", "id", "name", "text", "grade", "points"]));
  }

  function debrief(doc, state) {
    const told = teller(doc, state.seed), signs = doc.debrief.signs, ending = doc.nodes[state.ending];
    const judged = [].concat(...state.log.map((e) => moments(doc, e)));
    const later = state.fired.map((id) => part(byId(doc.rules, id), ["id", "text", "cites"]));
    const caps = state.caps.map((id) => merge({ id }, doc.caps[id]));
    const people = [];
    for (const { person, fates } of doc.debrief.people) {
      const fate = fates.find((f) => holds(f.when, state));
      if (fate) people.push(merge({ person, name: doc.people[person].name },
        part(fate, ["text", "cites"])));
    }
    const laws = new Set();
    for (const one of judged.concat(later, people, caps)) for (const l of one.cites || []) laws.add(l);
    const questions = [], path = [];
    for (const name of state.visited) {
      const node = doc.nodes[name];
      if (node.kind !== "interview" || (own(state.points, name) || 0) >= node.max) continue;
      const before = questionsAsked(node, name, state.asked);
      for (const q of node.questions) if (q.grade === "good" && !before.includes(q))
        questions.push(merge({ node: name }, part(q, ["id", "text", "reason", "cites", "sources"])));
    }
    for (const entry of state.log) {
      if (entry.node !== null) path[path.length - 1].done.push(...done(doc, entry));
      for (const name of entry.entered)
        path.push(merge({ node: name, time: timeOf(doc, entry.clock), done: [] },
          part(doc.nodes[name], ["kind", "title"])));
    }
    const report = told({
      ending: state.ending, outcome: ending ? ending.outcome : null, title: ending ? ending.title : null,
      text: ending ? ending.text : null, time: timeOf(doc, state.clock),
      well: judged.filter((m) => m.grade === "good"),
      went_wrong: judged.filter((m) => m.grade === "poor" || m.grade === "harmful"),
      missed: {
        evidence: doc.key.filter((id) => !state.seen.includes(id))
          .map((id) => merge(card(doc, id), part(doc.evidence[id], ["why", "cites"]))),
        signs: !signs ? [] : keys(doc.variables[signs].tags)
          .filter((t) => !state.vars[signs].includes(t))
          .map((tag) => ({ tag, label: doc.variables[signs].tags[tag] })),
        questions,
      },
      later, caps, people, rules: Array.from(laws).sort(), path, ask: doc.debrief.ask,
    });
    // The learner's own words are put in last: nothing is filled into them.
    report.notes = state.visited.filter((n) => own(state.notes, n) !== undefined)
      .map((node) => merge(told(part(doc.nodes[node], ["title", "prompt"])),
        { node, text: state.notes[node] }));
    return report;
  }

  // cases/replay.py

  function unfit(doc, trace) {
    if (!isObject(trace)) return "the trace is not an object";
    if (trace.case !== doc.id) return "the trace is of another case";
    if (trace.version !== doc.version) return "the trace is of another version of the case";
    if (!isText(trace.seed) || longer(trace.seed, MAX_SEED)) return "the seed is not a short text";
    if (!MODES.includes(trace.mode)) return "the mode is not one of learn, assess, drill";
    if (!Array.isArray(trace.events)) return "the events are not a list";
    return trace.events.length > MAX_EVENTS ? "there are over " + MAX_EVENTS + " events" : null;
  }

  function replay(doc, trace) {
    const played = (state, problem) =>
      ({ state, score: score(doc, state), debrief: debrief(doc, state), problem });
    const message = unfit(doc, trace);
    if (message) return played(start(doc, ""), { seq: 0, message });
    let state = start(doc, trace.seed, trace.mode);
    for (const [n, event] of trace.events.entries()) {
      try {
        if (!isObject(event)) illegal("the event is not an object");
        if (own(event, "seq") !== undefined && event.seq !== n + 1) illegal("the event is out of sequence");
        state = apply(doc, state, event);
      } catch (error) {
        if (!(error instanceof IllegalAction)) throw error;
        return played(state, { seq: n + 1, message: error.message });
      }
    }
    return played(state, null);
  }

  globalThis.CrossingsEngine = {
    start, apply, replay, score, debrief, view, scoreItem, readNumber, folded, shuffled, picked, fnv1a,
    IllegalAction,
  };
})();
