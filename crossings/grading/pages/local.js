/* Times in the reader's own time zone; without this script they stand in UTC. */
(function () {
  "use strict";
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const form = { weekday: "long", day: "numeric", month: "long", year: "numeric",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  for (const shown of document.querySelectorAll("time.w-when")) {
    const at = new Date(shown.dateTime);
    if (!isNaN(at)) shown.textContent = at.toLocaleString(language, form);
  }
})();
