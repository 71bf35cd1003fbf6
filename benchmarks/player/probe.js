/* Put into every page before anything else: notes when the first button can be clicked, and
   measures what a click takes. Looks into frames of the same origin too. */
(function () {
  "use strict";
  if (window !== window.top) return;

  function documents() {
    const found = [document];
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentDocument) found.push(frame.contentDocument);
    }
    return found;
  }

  function find(selector) {
    for (const one of documents()) {
      const el = one.querySelector(selector);
      if (el) return el;
    }
    return null;
  }

  /* Shown, not switched off, and nothing lies over it where it is in sight. */
  function clickable(el) {
    if (!el || el.disabled || !el.checkVisibility({ visibilityProperty: true })) return false;
    const box = el.getBoundingClientRect();
    if (!box.width || !box.height) return false;
    const hit = el.ownerDocument.elementFromPoint(
      box.left + box.width / 2, box.top + box.height / 2);
    return !hit || el.contains(hit); // no hit: it is below the fold
  }

  const painted = (run) => requestAnimationFrame(() => setTimeout(run, 0));

  window.benchProbe = {
    /* Promises the time, in milliseconds from the start of the navigation. */
    ready: null,
    watch(selector) {
      window.benchProbe.ready = new Promise((done) => {
        const look = () => {
          if (clickable(find(selector))) done(performance.now());
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    },
    /* Milliseconds from a click to the frame that shows another text. */
    click(selector, text) {
      return new Promise((done) => {
        const shown = () => (find(text) || {}).textContent;
        const before = shown();
        const began = performance.now();
        find(selector).click();
        const look = () => {
          if (shown() !== before) painted(() => done(performance.now() - began));
          else requestAnimationFrame(look);
        };
        look();
      });
    },
    /* Milliseconds of `run` with the layout of what it drew. */
    drawn(run) {
      const began = performance.now();
      run();
      document.body.getBoundingClientRect();
      return performance.now() - began;
    },
  };
})();
