/* The marking desk's page: the queue, and one answer at a time with its rubric. */

const PAUSE = 900; // ms without a key, after which a comment is saved
const STATUS = {
  open: "to mark", started: "begun", marked: "marked", changed: "handed in anew: mark again",
  again: "look again", elsewhere: "marked elsewhere", empty: "nothing written",
};
const ROLES = [
  ["first", "First marker"], ["second", "Second marker"], ["settled", "Settle differences"],
];

export default {
  render({ model, el }) {
    const view = new View(model, el);
    return () => view.end();
  },
};

class View extends Drawn {
  constructor(model, el) {
    super(model, el);
    this.comment = null;
    this.begin();
  }

  /** Tell the kernel; whatever is typed and not yet saved goes first. */
  send(action) {
    if (action.do !== "comment") this.saveComment();
    super.send({ answer: this.state.answer ? this.state.answer.alias : "", ...action });
  }

  draw() {
    const state = this.state;
    if (this.composing) return;
    this.acknowledge(state);
    const moved = this.refill(`${state.screen} ${state.answer ? state.answer.alias : ""}`, () => {
      this.page.replaceChildren(state.screen === "queue" ? this.queue(state) : this.marking(state));
      this.tools.replaceChildren(...(state.answer ? this.ending(state) : []));
    });
    if (this.at !== state.at && !moved) this.lookAt();
    this.at = state.at;
  }

  /** The criterion in hand comes into view, without moving what is in view already. */
  lookAt() {
    const here = this.root.querySelector(".dk-criterion.here");
    if (here) here.scrollIntoView({ block: "nearest" });
  }

  // ---- the queue ------------------------------------------------------------------------------

  queue(state) {
    return h("div", {},
      h("h2", { tabindex: -1, "data-key": "heading" }, "What waits for a person"),
      this.who(state),
      state.assignments.length === 0 &&
        h("p", { class: "quiet" }, "No assignment has a question that a person marks."),
      state.assignments.map((one) =>
        h("section", { class: "cxa-card dk-assignment", "aria-label": one.title },
          h("h3", {}, one.title, " ", h("span", { class: "quiet" }, one.kind)),
          one.questions.length === 0 && h("p", { class: "quiet" }, one.none),
          one.questions.map((question) => this.queued(one, question)))));
  }

  queued(one, question) {
    const name = `open ${one.name} ${question.cell}`;
    const label = question.of === 0 ? "Nothing to mark" : question.done < question.of ? "Mark" : "Look again";
    return h("div", { class: "dk-queued" },
      h("div", { class: "dk-what" },
        h("b", {}, question.title), h("span", {}, question.stem),
        !question.levelled && h("small", {}, "No rubric with levels yet: plain levels are shown.")),
      h("div", { class: "dk-far" },
        h("progress", { max: question.of || 1, value: question.done, "aria-hidden": "true" }),
        h("span", {}, `${question.done} of ${question.of} marked`,
          question.blank ? ` · ${question.blank} blank` : "")),
      h("button", {
        class: question.done < question.of ? "cxa-button cxa-next" : "cxa-button",
        "data-key": name, disabled: question.of === 0,
        "aria-label": `${label}: ${one.title}, ${question.title}, ${question.done} of ${question.of} marked`,
        onclick: () => this.send({ do: "open", assignment: one.name, cell: question.cell }),
      }, label));
  }

  /** While marking, the settings are one line until somebody wants them. */
  whoFolded(state) {
    const role = ROLES.find(([one]) => one === state.role)[1];
    return h("details", { open: !state.who || this.shown("who"), ontoggle: (e) => this.toggled("who", e) },
      h("summary", { "data-key": "whoFolded" },
        `${state.who || "Your name is missing"} · ${role} · keys ${this.keys ? "on" : "off"}`),
      this.who(state));
  }

  who(state) {
    return h("div", { class: "dk-who" },
      this.name(state),
      h("div", { role: "group", "aria-label": "You mark as", class: "dk-roles" },
        ROLES.map(([role, label]) =>
          h("button", {
            class: "cxa-button", "data-key": `role ${role}`, "aria-pressed": String(state.role === role),
            onclick: () => this.send({ do: "role", role }),
          }, label))),
      this.keysButton());
  }

  // ---- one answer -----------------------------------------------------------------------------

  marking(state) {
    const { question, answer } = state;
    return h("div", { class: this.keys ? "dk-mark" : "dk-mark dk-silent" },
      h("div", { class: "dk-top" },
        h("button", { class: "cxa-button", "data-key": "back", onclick: () => this.send({ do: "queue" }) }, "‹ Queue"),
        h("p", { class: "dk-crumb" }, h("b", {}, state.title), ` · ${question.title}`),
        h("p", { class: "dk-count" },
          h("progress", { max: state.of || 1, value: state.done, "aria-hidden": "true" }),
          h("span", {}, `${state.done} of ${state.of} ${state.role === "settled" ? "settled" : "marked"}`))),
      this.whoFolded(state),
      h("details", { class: "dk-question", open: this.shown("question"), ontoggle: (e) => this.toggled("question", e) },
        h("summary", { "data-key": "question" }, "Question, good answer and notes"),
        question.stem && h("p", { class: "dk-text" }, question.stem),
        question.model && [h("h3", {}, "A good answer"), h("p", { class: "dk-text" }, question.model)],
        question.notes && [h("h3", {}, "For markers"), h("p", { class: "dk-text" }, question.notes)]),
      answer === null ? this.nothing(state) : this.both(state));
  }

  nothing(state) {
    const text = {
      first: "No answers to this question yet.",
      second: "Nothing for a second marker here.",
      settled: "There is no difference between first and second marker to settle.",
    }[state.role];
    return h("p", { class: "cxa-card quiet", tabindex: -1, "data-key": "heading" }, text);
  }

  both(state) {
    return h("div", { class: "dk-both" }, this.answer(state), this.rubric(state));
  }

  answer(state) {
    const { answer } = state;
    const alike = answer.alike > 1 ? ` · ${answer.nth} of ${answer.alike} alike` : "";
    return h("section", { class: "cxa-card dk-answer", "aria-label": "Answer" },
      h("div", { class: "dk-line" },
        h("h2", { tabindex: -1, "data-key": "heading" },
          "Answer ", h("span", { class: "dk-alias" }, answer.alias)),
        h("span", { class: `dk-is ${answer.status}` }, STATUS[answer.status])),
      h("p", { class: "quiet small" }, `${answer.place} of ${answer.of}${alike}`),
      answer.note && h("p", { class: "cxa-note" }, answer.note),
      answer.text
        ? h("div", { class: "dk-text dk-given", dir: "auto", tabindex: 0, "data-key": "given", role: "group", "aria-label": "What was written" }, answer.text)
        : h("p", { class: "quiet" }, "Nothing was written."),
      answer.more > 0 &&
        h("p", { class: "cxa-note" }, `${answer.more} more characters are not shown. They are in formgrader.`),
      h("div", { class: "dk-move" },
        this.tool("previous", "‹ Previous", "←"), this.tool("next", "Following ›", "→"),
        h("label", { class: "dk-go" }, "Go to", h("select", {
          "data-key": "go", onchange: (event) => this.send({ do: "go", to: event.target.value }),
        }, state.queue.map((one) =>
          h("option", { value: one.alias, selected: one.alias === answer.alias },
            `${one.alias} · ${STATUS[one.status]}`))))));
  }

  tool(name, label, hint, more = {}) {
    return h("button", {
      class: "cxa-button", "data-key": name, onclick: () => this.send({ do: name }), ...more,
    }, label, " ", key(hint));
  }

  rubric(state) {
    const { question } = state;
    return h("section", { class: "dk-rubric", "aria-label": "Rubric" },
      question.criteria.map((one, number) => this.criterion(state, one, number)),
      this.comments(state));
  }

  /** What stays in view under everything: the points, and the way back and on. */
  ending(state) {
    return [
      h("p", { class: "dk-total" }, state.total === null
        ? h("span", { class: "quiet" }, "Not complete")
        : [h("b", {}, String(state.total)), ` of ${points(state.question.points)}`]),
      this.tool("undo", "Undo", "z", { disabled: !state.undo }),
      h("button", { class: "cxa-button cxa-next", "data-key": "onward", onclick: () => this.send({ do: "onward" }) },
        "Next to mark ", key("Enter")),
    ];
  }

  criterion(state, one, number) {
    const name = `criterion-${number}`;
    const here = number === state.at;
    const example = one.levels.find((level) => level.example);
    return h("div", {
      class: here ? "cxa-card dk-criterion here" : "cxa-card dk-criterion",
      role: "group", "aria-labelledby": name, "aria-current": here ? "true" : null,
    },
      h("p", { id: name, class: "dk-looked" }, h("b", {}, one.text), " ", h("span", { class: "quiet" }, points(one.points))),
      state.others.map((other) => h("p", { class: "dk-other" },
        h("b", {}, `${other.label}: `), other.levels[one.id] === undefined ? "–" : points(one.levels[other.levels[one.id]].points))),
      h("div", { class: "dk-levels" }, one.levels.map((level, place) => {
        const chosen = state.levels[one.id] === place;
        return h("button", {
          class: "dk-level", "data-key": `level ${number} ${place}`, "aria-pressed": String(chosen),
          onclick: (event) => {
            this.send({ do: "level", criterion: number, level: place });
            if (event.detail > 0) this.root.querySelector("[data-key=heading]").focus({ preventScroll: true });
          },
        }, key(String(place + 1)), h("span", { class: "dk-points" }, chosen ? "✓ " : "", points(level.points)),
          h("span", { class: "dk-says" }, level.text));
      })),
      example && h("details", { open: this.shown(name), ontoggle: (e) => this.toggled(name, e) }, h("summary", { "data-key": `example ${number}` }, "Example of the best level"),
        h("p", { class: "dk-text dk-example" }, example.example)));
  }

  comments(state) {
    return h("div", { class: "cxa-card dk-comments" },
      h("label", { for: "dk-comment" }, "Comment for the trainee ", key("c")),
      this.field(state),
      h("div", { class: "dk-bank", role: "group", "aria-label": "Comment bank" },
        state.bank.map((one) => h("button", {
          class: "dk-said", "data-key": `bank ${one.key}`,
          onclick: () => this.send({ do: "bank", key: one.key }),
        }, key(one.key), h("span", {}, one.text)))),
      state.bankProblem && h("p", { class: "cxa-note" }, state.bankProblem),
      h("button", {
        class: "cxa-button", "data-key": "keep", title: "Others can put it in with one key",
        onclick: () => this.send({ do: "keep", text: this.comment.value }),
      }, "Keep this comment for others ", key("n")));
  }

  /** The comment's field: one node for each answer, so that typing is not disturbed. */
  field(state) {
    const alias = state.answer.alias;
    if (this.comment === null || this.comment.dataset.alias !== alias) {
      clearTimeout(this.typing);
      this.comment = h("textarea", {
        id: "dk-comment", rows: 3, maxlength: 4000, "data-key": "comment", "data-alias": alias,
        oninput: () => {
          this.dirty = true;
          this.status.textContent = "Saving…";
          clearTimeout(this.typing);
          this.typing = setTimeout(() => this.saveComment(), PAUSE);
        },
        onblur: () => this.saveComment(),
        oncompositionstart: () => (this.composing = true),
        oncompositionend: () => {
          this.composing = false;
          this.draw();
        },
      });
      this.dirty = false;
      this.stamp = -1;
    }
    if (this.stamp !== state.stamp && !this.dirty) {
      this.comment.value = state.comment;
      this.stamp = state.stamp;
    }
    return this.comment;
  }

  saveComment() {
    clearTimeout(this.typing);
    if (!this.comment || !this.dirty) return;
    this.dirty = false;
    this.send({ do: "comment", text: this.comment.value, answer: this.comment.dataset.alias });
  }

  // ---- keys -----------------------------------------------------------------------------------

  pressed(event) {
    const target = event.target;
    if (event.key === "Escape" && target === this.comment) {
      this.root.querySelector("[data-key=heading]").focus({ preventScroll: true });
      return;
    }
    if (!this.isForUs(event) || this.state.screen !== "mark" || !this.state.answer) return;
    if (!this.act(event.key)) return;
    event.preventDefault();
    // A key that marks is about the answer: else the next Enter would press the button once more.
    if (event.key !== "c") this.root.querySelector("[data-key=heading]").focus({ preventScroll: true });
  }

  /** What a single key does; false where it does nothing. */
  act(name) {
    if (/^[1-9]$/.test(name)) this.send({ do: "level", level: Number(name) - 1 });
    else if (name === "ArrowUp") this.send({ do: "up" });
    else if (name === "ArrowDown") this.send({ do: "down" });
    else if (name === "ArrowLeft") this.send({ do: "previous" });
    else if (name === "ArrowRight") this.send({ do: "next" });
    else if (name === "Enter") this.send({ do: "onward" });
    else if (name === "z") this.send({ do: "undo" });
    else if (name === "c") this.comment.focus();
    else if (name === "n") this.send({ do: "keep", text: this.comment.value });
    else if (this.state.bank.some((one) => one.key === name)) this.send({ do: "bank", key: name });
    else return false;
    return true;
  }
}
