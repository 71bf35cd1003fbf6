/* Plays of one case, as often as wanted. What is called from outside: bench.load, bench.run,
   bench.hold. `given` is {doc, traces, story, choices}; the last two only where inkjs is there. */
(function () {
  "use strict";
  let given = null;
  let kept = null;
  const E = globalThis.CrossingsEngine;

  function crossings(shows) {
    const ends = [];
    for (const trace of given.traces) {
      let state = E.start(given.doc, trace.seed, trace.mode);
      if (shows) E.view(given.doc, state);
      for (const event of trace.events) {
        state = E.apply(given.doc, state, event);
        if (shows) E.view(given.doc, state);
      }
      kept = state;
      ends.push([state.ending, state.clock]);
    }
    return ends;
  }

  /* The loop of "Running your ink": continue while it can, then look at the choices. */
  function told(story) {
    let text = "";
    while (story.canContinue) text += story.Continue();
    return text.length + story.currentChoices.length;
  }

  function ink() {
    const ends = [];
    for (const choices of given.choices) {
      const story = kept;
      story.ResetState();
      told(story);
      for (const index of choices) {
        story.ChooseChoiceIndex(index);
        told(story);
      }
      ends.push([story.variablesState.ending, story.variablesState.clock]);
    }
    return ends;
  }

  const RUNS = { apply: () => crossings(false), show: () => crossings(true), ink };

  globalThis.bench = {
    load(text) {
      given = JSON.parse(text);
      kept = given.story ? new globalThis.inkjs.Story(given.story) : null;
    },
    /* Plays everything `rounds` times; what the last round came to, as JSON. */
    run(name, rounds) {
      let ends = [];
      for (let n = 0; n < rounds; n++) ends = RUNS[name]();
      return JSON.stringify(ends);
    },
    /* The same with a clock: [milliseconds, ends]. */
    timed(name, rounds) {
      const began = performance.now();
      const ends = globalThis.bench.run(name, rounds);
      return [performance.now() - began, ends];
    },
  };
})();
