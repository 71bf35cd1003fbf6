/* What trainees asked about their marks: the list, and one request at a time with its answer.
   What is typed stays in this browser until the kernel has said that it is in the ledger. */

const DECIDED = {
  changed: "marks changed", stays: "marks stay", answered: "answered, no decision",
};
const SHELF = "crossings-request-";

export default {
  render({ model, el }) {
    const view = new Requests(model, el);
    return () => view.end();
  },
};

const when = (stamp) =>
  h("time", { datetime: stamp }, new Date(stamp).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }));

class Requests extends Drawn {
  constructor(model, el) {
    super(model, el);
    this.about = {};
    this.drafts = {};
    this.begin();
  }

  draw() {
    const state = this.state;
    if (this.composing) return;
    this.settle(state);
    this.acknowledge(state);
    const here = state.here;
    this.refill(here ? `${here.id} ${here.answers.length}` : "list", () => {
      this.page.replaceChildren(here ? this.opened(state) : this.list(state));
      this.tools.replaceChildren(...(here ? this.ending(state) : []));
    });
    if (here) this.follow();
  }

  /** Once an answer is in the ledger, what was typed for it is not needed any more. */
  settle(state) {
    if (!this.sending || state.ack < this.sending.id) return;
    const done = !state.problem && state.here && state.here.id === this.sending.request;
    if (done) this.forget(this.sending.request);
    this.sending = null;
  }

  // ---- the list -------------------------------------------------------------------------------

  list(state) {
    const waiting = state.requests.filter((one) => one.waits);
    const answered = state.requests.filter((one) => !one.waits);
    return h("div", {},
      h("h2", { tabindex: -1, "data-key": "heading" }, "What trainees asked about their marks"),
      h("div", { class: "dk-who" }, this.name(state), this.keysButton(),
        h("button", { class: "cxa-button", "data-key": "refresh", onclick: () => this.send({ do: "list" }) }, "Refresh")),
      state.requests.length === 0 && h("p", { class: "cxa-card quiet" },
        "Nobody has asked. Trainees can ask on their feedback page, under each assignment."),
      waiting.length > 0 && h("section", { class: "cxa-card dk-assignment", "aria-label": "Waiting" },
        h("h3", {}, `${waiting.length} ${waiting.length === 1 ? "waits" : "wait"} for an answer`), waiting.map((one) => this.line(one))),
      waiting.length === 0 && answered.length > 0 && h("p", { class: "quiet" }, "No request waits for an answer."),
      answered.length > 0 && h("details", { class: "cxa-card", open: this.shown("answered") || waiting.length === 0, ontoggle: (e) => this.toggled("answered", e) },
        h("summary", { "data-key": "answered" }, `Answered: ${answered.length}`), answered.map((one) => this.line(one))));
  }

  line(one) {
    const label = one.waits ? "Answer" : "Read again";
    return h("div", { class: "dk-request" },
      h("div", { class: "dk-what" },
        h("b", {}, h("span", { class: "dk-alias" }, one.alias), ` · ${one.title}`),
        h("span", { dir: "auto" }, one.text)),
      h("p", { class: "quiet small" }, when(one.at)),
      h("button", {
        class: one.waits ? "cxa-button cxa-next" : "cxa-button", "data-key": `open ${one.id}`,
        "aria-label": `${label}: ${one.alias}, ${one.title}`,
        onclick: () => this.send({ do: "open", request: one.id }),
      }, label));
  }

  // ---- one request ----------------------------------------------------------------------------

  opened(state) {
    const { here } = state;
    return h("div", { class: this.keys ? "dk-mark" : "dk-mark dk-silent" },
      h("div", { class: "dk-top" },
        h("button", { class: "cxa-button", "data-key": "back", onclick: () => this.send({ do: "list" }) }, "‹ Requests"),
        h("p", { class: "dk-crumb" }, h("b", {}, here.title)),
        h("p", { class: "dk-count" }, `${state.waiting} ${state.waiting === 1 ? "waits" : "wait"} for an answer`)),
      h("details", { open: !state.who || this.shown("who"), ontoggle: (e) => this.toggled("who", e) },
        h("summary", { "data-key": "whoFolded" }, `${state.who || "Your name is missing"} · keys ${this.keys ? "on" : "off"}`),
        h("div", { class: "dk-who" }, this.name(state), this.keysButton())),
      h("div", { class: "dk-both" },
        h("div", { class: "dk-rubric" }, this.thread(here), this.form(state)),
        h("div", { class: "dk-rubric" }, this.question(here))));
  }

  thread(here) {
    return h("section", { class: "cxa-card dk-thread", "aria-label": "The request" },
      h("div", { class: "dk-line" },
        h("h2", { tabindex: -1, "data-key": "heading" }, h("span", { class: "dk-alias" }, here.alias), " asks"),
        h("span", { class: here.waits ? "dk-is" : "dk-is marked" }, here.waits ? "waits for an answer" : "answered")),
      h("p", { class: "quiet small" }, when(here.at), " · ", this.named(here)),
      h("div", { class: "dk-text dk-given dk-asks", dir: "auto" }, here.text),
      here.answers.map((one) => [
        h("p", { class: "quiet small dk-replied" }, h("b", {}, one.who), " · ", when(one.at), ` · ${DECIDED[one.decision]}`),
        h("div", { class: "dk-text dk-said-back", dir: "auto" }, one.text)]),
      h("div", { class: "dk-move" }, this.tool("previous", "‹ Previous", "←"), this.tool("next", "Following ›", "→")));
  }

  named(here) {
    const found = here.questions.find((one) => one.cell === here.about);
    if (!here.about) return "about the whole work";
    return found ? `about question ${found.number}` : "about a question that is not there any more";
  }

  /** The question that is looked at: the one that was asked about, or the one that was chosen. */
  chosen(here) {
    return here.questions.find((one) => one.cell === (here.about || this.about[here.id]));
  }

  question(here) {
    const one = this.chosen(here);
    return h("section", { class: "cxa-card", "aria-label": "The question" },
      !here.about && h("label", { class: "dk-go" }, "Look at question", h("select", {
        "data-key": "about", onchange: (event) => {
          this.about[here.id] = event.target.value;
          this.keep({ points: undefined });
          this.draw();
        },
      }, h("option", { value: "" }, "Choose one to change its points"), here.questions.map((q) =>
        h("option", { value: q.cell, selected: one && q.cell === one.cell },
          `${q.number} · ${q.points} of ${points(q.most)}`)))),
      one && [
        h("div", { class: "dk-line" }, h("h3", {}, `Question ${one.number}`), h("span", { class: "dk-now" }, this.now(one))),
        h("p", { class: "dk-text" }, one.title),
        h("h3", {}, "Answer"),
        one.answer
          ? h("div", { class: "dk-text dk-given", dir: "auto", tabindex: 0, "data-key": "given", role: "group", "aria-label": "What was answered" }, one.answer)
          : h("p", { class: "quiet" }, "Nothing was answered."),
        one.more > 0 && h("p", { class: "cxa-note" }, `${one.more} more characters are not shown. They are in formgrader.`),
        one.said && [h("h3", {}, "What the trainee was told"), h("p", { class: "dk-text" }, one.said)],
        one.comment && [h("h3", {}, "Comment so far"), h("p", { class: "dk-text" }, one.comment)],
        one.rationale && h("details", { open: this.shown("why"), ontoggle: (e) => this.toggled("why", e) },
          h("summary", { "data-key": "why" }, "Why the right answer is right"), h("p", { class: "dk-text" }, one.rationale)),
        here.rubric.includes(one.cell) && h("button", {
          class: "cxa-button", "data-key": "mark", onclick: () => this.send({ do: "mark", cell: one.cell }),
        }, "Mark it anew with the rubric ", key("m"))]);
  }

  /** Points now, by whom, and whether they are still those that the trainee asked about. */
  now(one) {
    const then = one.then !== null && one.then !== one.points ? ` · ${one.then} when asked` : "";
    return [h("b", {}, String(one.points)), ` of ${points(one.most)}, by ${one.by}${then}`];
  }

  form(state) {
    const { here } = state;
    const one = this.chosen(here);
    const draft = this.draft(here.id);
    return h("section", { class: "cxa-card dk-comments", "aria-label": "Your answer" },
      h("label", { for: "dk-answer" }, here.waits ? "Your answer " : "Answer once more ", key("c")),
      h("p", { class: "quiet small" }, "The trainee reads it with your decision, and not your name."),
      (this.words = h("textarea", {
        id: "dk-answer", rows: 5, maxlength: state.limit, "data-key": "answer", dir: "auto",
        oninput: () => this.keep({ text: this.words.value }),
        oncompositionstart: () => (this.composing = true),
        oncompositionend: () => ((this.composing = false), this.keep({ text: this.words.value })),
      }, draft.text || "")),
      one
        ? h("label", { class: "dk-new" }, h("span", {}, `Points of question ${one.number} `, key("p")),
            (this.given = h("input", {
              type: "number", min: 0, max: one.most, step: "any", "data-key": "points",
              value: draft.points === undefined ? one.points : draft.points, inputmode: "decimal",
              oninput: () => this.keep({ points: this.given.value }),
            })), h("span", { class: "quiet" }, `of ${one.most}`))
        : (this.given = null),
      h("p", { class: "dk-verdict", "aria-live": "polite" }));
  }

  /** What pressing the button will do, in the button itself and beneath the field. */
  follow() {
    const fresh = this.points();
    const one = this.chosen(this.state.here);
    const wrong = Number.isNaN(fresh);
    const verdict = this.root.querySelector(".dk-verdict");
    const main = this.root.querySelector("[data-key=send]");
    const other = this.root.querySelector("[data-key=only]");
    const changes = fresh !== null || this.state.here.changed;
    verdict.textContent = wrong
      ? `Points go from 0 to ${one.most}.`
      : fresh !== null
        ? `Changes the mark from ${one.points} to ${points(fresh)}. Both are in the ledger, with your name and this answer.`
        : this.state.here.changed
          ? "The mark was changed since the trainee asked: the answer says so."
          : "The marks stay as they are.";
    verdict.classList.toggle("bad", wrong);
    main.firstChild.textContent = fresh !== null && !wrong ? `Answer, ${points(fresh)} ` : changes ? "Answer: changed " : "Answer: marks stay ";
    main.disabled = wrong;
    other.hidden = changes;
  }

  /** The new points; null where they stay, NaN where they cannot be given. */
  points() {
    const one = this.chosen(this.state.here);
    if (!one || !this.given) return null;
    const typed = this.given.value.trim();
    const value = typed === "" ? NaN : Number(typed);
    if (!(value >= 0 && value <= one.most)) return NaN;
    return Math.abs(value - one.points) < 1e-6 ? null : value;
  }

  ending(state) {
    return [
      h("button", { class: "cxa-button", "data-key": "only", title: "Say something, and decide later", onclick: () => this.reply(false) }, "Only say this"),
      h("button", { class: "cxa-button cxa-next", "data-key": "send", onclick: () => this.reply(true) }, "Answer ", key("Ctrl Enter")),
      h("button", { class: "cxa-button", "data-key": "onward", disabled: state.waiting === 0, onclick: () => this.send({ do: "onward" }) }, "Next that waits ", key("Enter")),
    ];
  }

  reply(stays) {
    const { here } = this.state;
    const fresh = this.points();
    if (Number.isNaN(fresh)) return;
    const one = this.chosen(here);
    this.sending = { id: this.sent + 1, request: here.id };
    this.send({
      do: "answer", request: here.id, text: this.words.value, points: fresh, stays,
      cell: one ? one.cell : "", now: one ? one.points : null, seen: here.answers.length,
    });
  }

  tool(name, label, hint) {
    return h("button", { class: "cxa-button", "data-key": name, onclick: () => this.send({ do: name }) }, label, " ", key(hint));
  }

  // ---- what is typed and not sent yet ---------------------------------------------------------

  draft(id) {
    if (this.drafts[id]) return this.drafts[id];
    try {
      return JSON.parse(localStorage.getItem(SHELF + id)) || {};
    } catch (error) {
      return {};
    }
  }

  keep(more) {
    const { id } = this.state.here;
    const draft = { ...this.draft(id), ...more };
    this.drafts[id] = draft; // also where the browser keeps nothing
    try {
      localStorage.setItem(SHELF + id, JSON.stringify(draft));
      this.status.textContent = "Kept in this browser; not sent yet.";
    } catch (error) {
      this.status.textContent = "Not sent yet.";
    }
    this.follow();
  }

  forget(id) {
    delete this.drafts[id];
    try {
      localStorage.removeItem(SHELF + id);
    } catch (error) {
      /* nothing was kept */
    }
  }

  // ---- keys -----------------------------------------------------------------------------------

  pressed(event) {
    const { here } = this.state;
    const inField = event.target === this.words || event.target === this.given;
    if (here && inField && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.reply(true);
      return;
    }
    if (event.key === "Escape" && inField) {
      this.root.querySelector("[data-key=heading]").focus({ preventScroll: true });
      return;
    }
    if (!this.isForUs(event) || !this.act(event.key)) return;
    event.preventDefault();
  }

  act(name) {
    const { here } = this.state;
    if (!here) {
      if (name !== "Enter" || this.state.waiting === 0) return false;
      this.send({ do: "onward" });
      return true;
    }
    const one = this.chosen(here);
    if (name === "ArrowLeft") this.send({ do: "previous" });
    else if (name === "ArrowRight") this.send({ do: "next" });
    else if (name === "Enter") this.send({ do: "onward" });
    else if (name === "c") this.words.focus();
    else if (name === "p" && this.given) this.given.select();
    else if (name === "m" && one && here.rubric.includes(one.cell)) this.send({ do: "mark", cell: one.cell });
    else return false;
    return true;
  }
}
