/* The door: what a page, a notebook or a drill calls. */
(function () {
  "use strict";
  const P = globalThis.CrossingsPlayer;
  const K = P.kit;

  /**
   * Fills `el` with a case, a quiz or an item; tells the page of every change with the event
   * `crossings:change`, whose detail is {kind, ref, trace, score, ending, responses, totals}.
   * @param {HTMLElement} el
   * @param {any} payload what `crossings.player.documents` makes
   * @param {any} [options] `onChange(detail)` and what `case` and `quiz` take
   */
  P.mount = function (el, payload, options) {
    const o = Object.assign({}, options);
    const told = o.onChange;
    o.onChange = (news) => {
      const detail = Object.assign({ kind: payload.kind, ref: payload.ref }, news);
      if (told) told(detail);
      el.dispatchEvent(new CustomEvent("crossings:change", { bubbles: true, detail }));
    };
    return P[payload.kind === "item" ? "quiz" : payload.kind](el, payload, o);
  };

  /** Fills every `.crossings-mount` under `root`; one that fails says so and spares the others. */
  P.mountAll = function (root) {
    for (const el of (root || document).querySelectorAll(".crossings-mount:not([data-ready])")) {
      // What draws this kind may come with another script, which then calls again.
      if (!P[el.getAttribute("data-kind")]) continue;
      el.setAttribute("data-ready", "");
      try {
        const payload = JSON.parse(el.querySelector("script").textContent);
        // A page made of a notebook carries what was done there, and keeps nothing of its own.
        P.mount(el, payload, payload.done && Object.assign({ keep: false, direct: true },
          payload.done));
      } catch (error) {
        el.append(K.h("p", { class: "cx-stale", role: "alert" }, K.t("player.broken")));
        console.error(error);
      }
    }
  };

  if (globalThis.CrossingsHosted) return; // a notebook mounts by itself
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", () => P.mountAll());
  } else P.mountAll();
})();
