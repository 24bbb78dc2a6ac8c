/* The session as the page knows it: a warning shortly before it locks, and a cover over the page once it has.
   What is typed stays on the page all the while. Without this file the server keeps a form that was sent too late. */
(function () {
  "use strict";

  var dialog = document.getElementById("hh-idle");
  if (!dialog || !window.fetch || !dialog.showModal) { return; }

  var warnSeconds = Number(dialog.dataset.warn);
  var deadline = Date.now() + Number(dialog.dataset.left) * 1000;
  var timer = 0;

  function secondsLeft() { return Math.round((deadline - Date.now()) / 1000); }

  function renewToken(token) {
    document.querySelector('meta[name="csrf-token"]').content = token;
    document.querySelectorAll('input[name="csrf_token"]').forEach(function (input) { input.value = token; });
  }

  /* Ask the server how long it lasts: another window may have prolonged or ended it. Only a press prolongs it. */
  function ask(prolong) {
    var headers = { Accept: "application/json" };
    if (!prolong) { headers["X-Background"] = "1"; }
    return window.fetch(dialog.dataset.url, { headers: headers, credentials: "same-origin", cache: "no-store" })
      .then(function (answer) { return answer.ok ? answer.json() : { seconds: answer.status === 401 ? 0 : null }; })
      .then(function (told) {
        if (told.seconds === null) { return; }
        if (told.person && told.person !== document.body.dataset.user) {
          window.location.assign("/");  /* somebody else has signed in: this page is not theirs */
          return;
        }
        deadline = Date.now() + told.seconds * 1000;
        if (told.token) { renewToken(told.token); }
      }, function () { /* the server does not answer: the clock of this page goes on */ });
  }

  function show() {
    var left = secondsLeft();
    var locked = left <= 0;
    if (left > warnSeconds) {
      document.body.classList.remove("hh-locked");
      if (dialog.open) { dialog.close(); }
      return;
    }
    dialog.querySelectorAll("[data-idle]").forEach(function (part) { part.hidden = (part.dataset.idle === "locked") !== locked; });
    dialog.querySelector("[data-idle-left]").textContent = String(Math.max(0, left));
    document.body.classList.toggle("hh-locked", locked);
    if (!dialog.open) { dialog.showModal(); }
  }

  function plan() {
    window.clearTimeout(timer);
    var left = secondsLeft();
    var wait = left > warnSeconds ? Math.min(left - warnSeconds, 600) : left > 0 ? 1 : 15;
    timer = window.setTimeout(turn, wait * 1000);
  }

  function turn() {
    var left = secondsLeft();
    var asks = left <= 0 || !dialog.open || left % 10 === 0;
    (left <= warnSeconds && asks ? ask(false) : Promise.resolve()).then(show).then(plan);
  }

  dialog.querySelector("[data-idle-stay]").addEventListener("click", function () { ask(true).then(show).then(plan); });
  dialog.querySelector("[data-idle-again]").addEventListener("click", function () { ask(true).then(show).then(plan); });
  dialog.addEventListener("cancel", function (event) { event.preventDefault(); });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && secondsLeft() <= warnSeconds) { ask(false).then(show).then(plan); }
  });
  plan();
})();
