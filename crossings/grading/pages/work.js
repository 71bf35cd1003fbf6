/* Handing in: a worksheet or a notebook. Text is only ever put in as text. */
(function () {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("w-data").textContent);
  const shelf = "crossings:work:" + data.assignment + ":" + (data.version || 1);
  const WAITS = [2, 4, 8, 15, 30];

  /* What this page remembers on the device: draft, hand-in on its way, receipt. */
  function read() {
    try {
      return JSON.parse(localStorage.getItem(shelf)) || {};
    } catch (error) {
      return {};
    }
  }
  let kept = Object.assign({ answers: {} }, read());
  function keep() {
    try {
      localStorage.setItem(shelf, JSON.stringify(kept));
      return true;
    } catch (error) {
      return false; // private window, or storage is full: the page still works
    }
  }

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  }

  function alertWith(message) {
    const box = $("w-alert");
    box.textContent = message;
    box.hidden = !message;
    if (message) box.scrollIntoView({ block: "center" });
  }
  const progress = (message) => ($("w-progress").textContent = message);

  /* Who */
  const who = { name: $("w-name"), number: $("w-number"), code: $("w-code") };
  for (const [field, input] of Object.entries(who)) {
    input.value = kept[field] || "";
    input.addEventListener("input", () => {
      kept[field] = input.value;
      keep();
      alertWith("");
    });
  }
  if (kept.code) $("w-again").open = true;
  const identity = () => ({ name: who.name.value.trim(), number: who.number.value.trim(),
    code: who.code.value.trim() });
  function identityProblem() {
    const { name, code } = identity();
    if (name || code) return false;
    alertWith("Write your name first, so that your trainer knows whose work this is.");
    who.name.focus();
    return true;
  }

  /* The receipt */
  function showReceipt(receipt) {
    $("w-form").hidden = true;
    $("w-receipt-code").textContent = receipt.code;
    $("w-receipt-name").textContent = receipt.name;
    $("w-receipt-time").textContent = new Date(receipt.received_at).toLocaleString();
    $("w-receipt-id").textContent = receipt.submission;
    $("w-receipt-sha").textContent = receipt.sha256;
    const missing = (receipt.missing || []).join(", ");
    $("w-receipt-missing").textContent = "Not in this hand-in: " + missing + ". You can hand in " +
      "again, with all notebooks.";
    $("w-receipt-missing").hidden = !missing;
    $("w-to-feedback").href = "/feedback/" + encodeURIComponent(receipt.code);
    $("w-receipt").hidden = false;
    $("w-receipt").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  function accepted(receipt) {
    busy(false);
    delete kept.outbox;
    kept.receipt = receipt;
    kept.code = receipt.code;
    keep();
    showReceipt(receipt);
  }
  $("w-save").addEventListener("click", () => {
    const r = kept.receipt;
    const text = ["Crossings: receipt", "", "Private code: " + r.code, "Name: " + r.name,
      "Assignment: " + r.assignment, "Received: " + r.received_at,
      "Receipt number: " + r.submission, "SHA-256: " + r.sha256,
      ...(r.missing || []).map((file) => "Not handed in: " + file), "",
      "Feedback: " + location.origin + "/feedback/", ""].join("\r\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = "receipt-" + r.assignment + ".txt";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  $("w-change").addEventListener("click", () => {
    delete kept.receipt;
    keep();
    who.code.value = kept.code || "";
    $("w-again").open = true;
    $("w-receipt").hidden = true;
    $("w-form").hidden = false;
    progressNow();
    const title = document.querySelector("#w-form h1");
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  });
  let sure = false;
  $("w-clear").addEventListener("click", () => {
    if (!sure) {
      sure = true;
      $("w-clear-note").hidden = false;
      return;
    }
    localStorage.removeItem(shelf);
    location.reload();
  });

  /* Sending: what waits in the outbox is sent until the course computer has answered. */
  let tries = 0;
  let timer = 0;
  let sending = false;
  function busy(on) {
    for (const button of [$("w-send"), $("w-send-file")]) if (button) button.disabled = on;
  }

  function refused(message) {
    delete kept.outbox;
    keep();
    busy(false);
    progressNow();
    alertWith(message);
  }

  function later(message) {
    const seconds = WAITS[Math.min(tries, WAITS.length - 1)];
    tries += 1;
    alertWith(message || "Not handed in yet: the course computer does not answer. Your answers " +
      "are safe on this device. Keep this page open; it tries again by itself.");
    progress("Trying again in " + seconds + " seconds");
    clearTimeout(timer);
    timer = setTimeout(sendOutbox, seconds * 1000);
  }

  async function sendOutbox() {
    if (sending || !kept.outbox) return;
    sending = true;
    busy(true);
    progress("Handing in…");
    try {
      const response = await fetch("/api/submissions", { method: "POST",
        headers: { "Content-Type": "application/json" }, body: JSON.stringify(kept.outbox) });
      const answer = await response.json().catch(() => ({}));
      sending = false;
      if (response.status === 201) {
        tries = 0;
        alertWith("");
        accepted(answer);
      } else if (response.status >= 500) later(answer.error);
      else refused(answer.error || "The course computer refused the hand-in. Reload the page.");
    } catch (error) {
      sending = false;
      later();
    }
  }
  window.addEventListener("online", () => {
    tries = 0;
    sendOutbox();
  });

  /* A worksheet */
  const answeredCount = () => data.items.filter((i) => kept.answers[i.id]).length;
  let warned = false;
  function progressNow() {
    if (data.kind !== "worksheet") return progress("");
    progress(answeredCount() + " of " + data.items.length + " answered");
  }

  function startWorksheet() {
    for (const item of data.items) {
      const box = document.querySelector('[data-item="' + item.id + '"]');
      globalThis.CrossingsPlayer.item(box, item, {
        response: kept.answers[item.id] || null,
        onChange(response) {
          if (response) kept.answers[item.id] = response;
          else delete kept.answers[item.id];
          const saved = keep();
          warned = false;
          $("w-send").textContent = "Hand in";
          progressNow();
          if (saved) $("w-progress").textContent += " · kept on this device";
        },
      });
    }
    $("w-send").addEventListener("click", () => {
      alertWith("");
      if (identityProblem()) return;
      const empty = data.items.length - answeredCount();
      if (empty && !warned) {
        warned = true;
        $("w-send").textContent = "Hand in all the same";
        alertWith(empty === 1 ? "One question has no answer." : empty + " questions have no answer.");
        return;
      }
      kept.outbox = Object.assign(identity(), { assignment: data.assignment,
        version: data.version, key: newKey(), answers: kept.answers });
      keep();
      tries = 0;
      sendOutbox();
    });
  }

  /* A file (a notebook, or answers.json): sent once, with a bar; the key makes a second try the
     same hand-in. */
  let fileKey = newKey();
  let partial = false; // the learner was told that notebooks are missing
  function allTheSame(on) {
    if (!data.several) return;
    partial = on;
    $("w-send").textContent = on ? "Hand in all the same" : "Hand in";
  }
  function startFile(button, wanted, tooLarge) {
    $("w-file").addEventListener("change", () => {
      fileKey = newKey();
      allTheSame(false);
      alertWith("");
    });
    button.addEventListener("click", () => {
      alertWith("");
      const files = Array.from($("w-file").files);
      if (!files.length) return alertWith("Choose " + wanted + " first.");
      if (files.reduce((sum, file) => sum + file.size, 0) > data.limit) {
        return alertWith((files.length > 1 ? "These files are" : "This file is") + " over " +
          data.limit / 1e6 + " MB, which is the most we take. " + tooLarge);
      }
      if (!identityProblem()) sendFiles(files);
    });
  }

  function sendFiles(files) {
    const form = new FormData();
    const fields = Object.assign(identity(), { assignment: data.assignment, key: fileKey });
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    if (partial) form.append("partial", "yes");
    for (const file of files) form.append("file", file);
    const bar = $("w-sent");
    const request = new XMLHttpRequest();
    request.open("POST", "/api/submissions/file");
    request.responseType = "json";
    request.upload.onprogress = (e) => (bar.value = e.loaded / e.total);
    request.onload = () => {
      busy(false);
      bar.hidden = true;
      progressNow();
      const answer = request.response || {};
      if (request.status === 201) {
        allTheSame(false);
        return accepted(answer);
      }
      if (answer.missing) allTheSame(true);
      alertWith(answer.error || "The course computer refused the file.");
    };
    request.onerror = () => {
      busy(false);
      bar.hidden = true;
      progressNow();
      alertWith("Not handed in: the connection broke. Your file is still here; try again.");
    };
    busy(true);
    bar.value = 0;
    bar.hidden = false;
    progress("Sending…");
    request.send(form);
  }

  if (data.kind === "worksheet") {
    startWorksheet();
    startFile($("w-send-file"), "the file answers.json", "Is it the right one?");
  } else {
    startFile($("w-send"), data.several ? "your notebooks" : "your notebook",
      "Clear large outputs in the notebook (Edit, Clear all outputs), save, and try again.");
  }
  progressNow();
  if (kept.receipt) showReceipt(kept.receipt);
  else if (kept.outbox) sendOutbox();
})();
