/* What the pages of the marking desk share; it stands before each of them in one script.
   Everything that a person wrote goes into a page as text, never as markup.
   What the kernel says is drawn; what the marker does is sent, and counts when the kernel has
   answered. The kernel moves the cursor, so that keys that come fast are taken in their order. */

const PATIENCE = 6000; // ms without an answer, after which the marker is warned
const LOST =
  "Not saved yet: the course computer does not answer. If this stays, reload the page. What was shown as saved is safe.";

/** An element with attributes, listeners (`onclick`) and children; strings become text. */
function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat(3))
    if (child !== null && child !== undefined && child !== false) element.append(child);
  return element;
}

const points = (number) => `${number} ${number === 1 ? "point" : "points"}`;
const key = (name) => h("kbd", { "aria-hidden": "true" }, name);

/** A page: its parts, what is sent and acknowledged, and where the focus is when it is drawn anew. */
class Drawn {
  constructor(model, el) {
    this.model = model;
    this.root = h("div", { class: "dk" });
    this.status = h("p", { class: "dk-status", role: "status" });
    this.problem = h("p", { class: "cxa-problem", role: "alert", hidden: true });
    this.page = h("div");
    this.tools = h("div", { class: "dk-end" });
    this.root.append(this.problem, this.page, h("div", { class: "dk-foot" }, this.status, this.tools));
    el.append(this.root);
    this.keys = localStorage.getItem("crossings-desk-keys") !== "off";
    // A page that is drawn anew goes on counting where the one before it stopped.
    this.sent = this.state.ack;
    this.open = new Set();
    this.onKey = (event) => this.pressed(event);
    document.addEventListener("keydown", this.onKey);
    this.changed = () => this.draw();
    model.on("change:state", this.changed);
  }

  begin() {
    this.draw();
    const known = localStorage.getItem("crossings-marker");
    if (known && !this.state.who) this.send({ do: "who", who: known });
  }

  end() {
    document.removeEventListener("keydown", this.onKey);
    this.model.off("change:state", this.changed);
    clearTimeout(this.timer);
  }

  get state() {
    return this.model.get("state");
  }

  /** Tell the kernel. */
  send(action) {
    this.sent += 1;
    this.model.send({ ...action, id: this.sent });
    this.status.textContent = "Saving…";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fail(LOST), PATIENCE);
  }

  fail(text) {
    this.problem.textContent = text;
    this.problem.hidden = !text;
  }

  /** What the kernel said, once it has taken all that was sent. */
  acknowledge(state) {
    if (state.ack < this.sent) return;
    clearTimeout(this.timer);
    this.fail(state.problem);
    if (this.status.textContent !== state.said) this.status.textContent = state.said;
  }

  /** Draw with `fill`; `place` says what is shown, so that the focus stays or goes to the heading. */
  refill(place, fill) {
    const held = document.activeElement;
    const focused = this.root.contains(held) ? held.dataset.key : null;
    const range = held && held.tagName === "TEXTAREA" ? [held.selectionStart, held.selectionEnd] : null;
    const moved = this.place !== undefined && this.place !== place;
    this.place = place;
    fill();
    if (moved) this.arrive();
    else this.refocus(focused, range);
    return moved;
  }

  refocus(name, range) {
    if (!name) return;
    const again = this.root.querySelector(`[data-key="${CSS.escape(name)}"]`);
    if (!again) return;
    again.focus({ preventScroll: true });
    if (range && again.tagName === "TEXTAREA") again.setSelectionRange(...range);
  }

  /** A new page or answer: begin to read at its heading. */
  arrive() {
    const heading = this.root.querySelector("[data-key=heading]");
    if (!heading) return;
    heading.focus({ preventScroll: true });
    const top = heading.getBoundingClientRect().top;
    if (top < 0 || top > window.innerHeight * 0.6) heading.scrollIntoView({ block: "start" });
  }

  /** Whether a fold is open; each drawing makes its folds anew. */
  shown(name) {
    return this.open.has(name);
  }

  toggled(name, event) {
    if (event.target.isConnected) this.open[event.target.open ? "add" : "delete"](name);
  }

  /** The marker's name, which every page can ask for. */
  name(state) {
    return h("label", {}, "Your name", h("input", {
      type: "text", "data-key": "who", maxlength: 60, value: state.who, autocomplete: "name",
      placeholder: "Each mark says who gave it",
      onchange: (event) => {
        localStorage.setItem("crossings-marker", event.target.value.trim());
        this.send({ do: "who", who: event.target.value });
      },
    }));
  }

  keysButton() {
    return h("button", {
      class: "cxa-button", "data-key": "keys", "aria-pressed": String(this.keys),
      title: "Single keys mark. Turn this off when they get in your way.",
      onclick: () => {
        this.keys = !this.keys;
        localStorage.setItem("crossings-desk-keys", this.keys ? "on" : "off");
        this.draw();
      },
    }, this.keys ? "Keys: on" : "Keys: off");
  }

  /** Whether a key that was pressed is one for the page, and not for a field or a button. */
  isForUs(event) {
    const target = event.target;
    const typing = target.closest && target.closest("input, textarea, select, [contenteditable=true]");
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (!this.keys || typing || !plain || this.root.offsetParent === null) return false;
    return !(event.key === "Enter" && target.closest("button, a, summary"));
  }
}

