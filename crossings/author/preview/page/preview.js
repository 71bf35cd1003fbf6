/* The author's side of a preview: news of saves, problems, and a play that stays where it is. */
(function () {
  "use strict";

  const read = (id) => {
    const el = document.getElementById(id);
    return el && JSON.parse(el.textContent);
  };
  const about = read("pv-about");
  const state = document.getElementById("pv-state");
  const here = location.pathname;

  /* What is kept while this tab is open. */
  const kept = {
    get(name) {
      try {
        return JSON.parse(sessionStorage.getItem(`pv:${name}:${here}`));
      } catch (_) {
        return null;
      }
    },
    set(name, value) {
      try {
        sessionStorage.setItem(`pv:${name}:${here}`, JSON.stringify(value));
      } catch (_) { /* a full or forbidden store only costs the place */ }
    },
  };

  function make(tag, cls, text) {
    const el = document.createElement(tag);
    if (cls) el.className = cls;
    if (text) el.textContent = text;
    return el;
  }

  // --- news ---------------------------------------------------------------------------------

  function say(text, ended) {
    if (!state) return;
    state.textContent = text;
    state.classList.toggle("pv-ended", Boolean(ended));
  }

  function listen() {
    const news = new EventSource("/_preview/events?seen=" + encodeURIComponent(about.state));
    news.addEventListener("changed", () => {
      say("Saved. Drawing …");
      kept.set("scroll", [scrollX, scrollY]);
      news.close();
      location.reload();
    });
    news.onopen = () => say(about.ready);
    news.onerror = () => say("The preview has ended. Start it again in the terminal.", true);
    addEventListener("pagehide", () => news.close());
  }

  function scrollBack() {
    const at = kept.get("scroll");
    if (!at) return;
    kept.set("scroll", null);
    requestAnimationFrame(() => scrollTo({ left: at[0], top: at[1], behavior: "instant" }));
  }

  // --- problems -----------------------------------------------------------------------------

  function show(problems) {
    const box = document.getElementById("pv-problems");
    const count = document.getElementById("pv-count");
    if (!box) return;
    if (count) {
      count.textContent = problems.length ? String(problems.length) : "none";
      count.classList.toggle("pv-fine", !problems.length);
    }
    if (!problems.length) {
      box.replaceChildren(make("p", "pv-fine-line", "No problems. ./course check looks at the whole course."));
      return;
    }
    const list = make("ol", "pv-list");
    for (const problem of problems) {
      const line = make("li", problem.severity === "warning" ? "pv-warning" : "");
      const place = problem.line ? `${problem.file}:${problem.line}` : problem.file;
      line.append(make("p", "pv-place", place), make("p", "pv-what", problem.message));
      if (line.className) line.firstChild.textContent += " · warning";
      if (problem.hint) line.append(make("p", "pv-hint", problem.hint));
      list.append(line);
    }
    box.replaceChildren(list);
  }

  async function lint() {
    try {
      const found = await (await fetch(about.lint)).json();
      if (found) show([...about.problems, ...found]);
    } catch (_) { /* the preview has ended, which the top line says */ }
  }

  // --- the play -----------------------------------------------------------------------------

  /* As much of the play as the case, as it is now, still allows; and what was cut off. */
  function fitting(doc, trace) {
    if (!trace) return { trace: null, cut: null };
    const whole = Object.assign({}, trace, { version: doc.version });
    const problem = globalThis.CrossingsEngine.replay(doc, whole).problem;
    if (!problem) return { trace: whole, cut: null };
    const events = whole.events.slice(0, Math.max(0, problem.seq - 1));
    return { trace: Object.assign(whole, { events, result: undefined }), cut: problem };
  }

  function play() {
    const payload = read("pv-payload");
    const place = document.getElementById("pv-play");
    const { trace, cut } = fitting(payload.doc, kept.get("trace"));
    const going = trace && trace.events.length > 0;
    const options = { keep: false, onChange: (news) => kept.set("trace", news.trace) };
    if (going) options.trace = trace;
    globalThis.CrossingsPlayer.mount(place, payload, options);
    const resume = going && place.querySelector(".cx-buttons .cx-main");
    if (resume) {
      resume.click();
      document.activeElement.blur(); // nobody moved there by key
    }
    if (cut) {
      const moved = document.getElementById("pv-moved");
      moved.textContent = going
        ? `Step ${cut.seq} of your play no longer fits (${cut.message}); you are at the step before it.`
        : `Your play no longer fits (${cut.message}); it begins again.`;
      moved.hidden = false;
    }
    document.getElementById("pv-again").addEventListener("click", () => {
      kept.set("trace", null);
      location.reload();
    });
  }

  const dock = document.getElementById("pv-dock");
  if (dock) {
    dock.open = Boolean(kept.get("dock"));
    dock.addEventListener("toggle", () => kept.set("dock", dock.open));
  }
  if (document.getElementById("pv-payload")) play();
  if (about.lint) lint();
  else show(about.problems);
  scrollBack();
  listen();
})();
