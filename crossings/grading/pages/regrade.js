/* Asking to look at a mark again. What is typed stays on the device until it has arrived. */
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("w-data").textContent);

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  }

  for (const box of document.querySelectorAll(".w-regrade")) {
    const form = box.querySelector("form");
    const { question, text } = form.elements;
    const alert = box.querySelector("[role=alert]");
    const status = box.querySelector("[role=status]");
    const shelf = "crossings:regrade:" + data.code + ":" + box.dataset.assignment;
    let kept = { key: newKey(), question: "", text: "" };
    try {
      Object.assign(kept, JSON.parse(sessionStorage.getItem(shelf)) || {});
    } catch (error) {
      /* a private window keeps nothing; the page works all the same */
    }
    question.value = kept.question;
    if (question.selectedIndex < 0) question.value = "";
    text.value = kept.text;
    if (kept.text) box.open = true;

    function keep() {
      const changed = kept.question !== question.value || kept.text !== text.value;
      if (changed) kept = { key: newKey(), question: question.value, text: text.value };
      try {
        sessionStorage.setItem(shelf, JSON.stringify(kept));
      } catch (error) {
        /* as above */
      }
    }
    function say(problem) {
      alert.textContent = problem;
      alert.hidden = !problem;
      status.textContent = "";
    }
    form.addEventListener("input", keep);

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      keep();
      say("");
      status.textContent = data.words.sending;
      const button = form.querySelector("button");
      button.disabled = true;
      try {
        const response = await fetch("/api/regrade", { method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ code: data.code, assignment: box.dataset.assignment,
            question: kept.question, text: kept.text, key: kept.key }) });
        const answer = await response.json().catch(() => ({}));
        if (response.status === 201) {
          try {
            sessionStorage.removeItem(shelf);
          } catch (error) {
            /* as above */
          }
          status.textContent = data.words.sent;
          location.reload();
          return;
        }
        say(answer.error || data.words.failed);
      } catch (error) {
        say(data.words.offline);
      }
      button.disabled = false;
    });
  }
})();
