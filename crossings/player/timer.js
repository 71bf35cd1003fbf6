/* Time for a decision: a thinning bar and a number. It can always be lengthened or stopped, it
   stands still while the page is not looked at, and it speaks twice: at its start and near its end. */
(function () {
  "use strict";
  const K = globalThis.CrossingsPlayer.kit;
  const { h, t } = K;
  const NEAR = 10;

  /**
   * @param {number} seconds
   * @param {() => void} over called once when the time is over
   * @returns {{node: any, stop: () => void}}
   */
  K.timer = function (seconds, over) {
    let left = seconds;
    let all = seconds;
    const bar = h("span", null);
    const number = h("strong", null);
    const row = h("div", { class: "cx-timer", role: "group", "aria-label": t("time.clock") },
      h("span", { class: "cx-meter", "aria-hidden": "true" }, bar), number,
      K.button(t("time.more"), () => ((left += seconds), (all += seconds), draw(),
        K.say(t("time.left", { n: left }))), "cx-quiet cx-tiny"),
      K.button(t("time.stop"), () => (stop(), row.remove(), K.say(t("time.stopped"))),
        "cx-quiet cx-tiny"));
    const ticking = setInterval(tick, 1000);

    function draw() {
      bar.style.inlineSize = (100 * left) / all + "%";
      number.textContent = t("time.left", { n: left });
      row.classList.toggle("cx-near", left <= NEAR);
    }

    function stop() {
      clearInterval(ticking);
    }

    function tick() {
      if (document.hidden) return;
      if (!row.isConnected) return stop(); // the play went on
      left -= 1;
      draw();
      if (left === NEAR) K.say(t("time.left", { n: left }));
      if (left > 0) return;
      stop();
      over();
    }

    draw();
    K.say(t("time.begins", { n: seconds }));
    return { node: row, stop };
  };
})();
