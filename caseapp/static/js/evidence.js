/* Choosing and sending evidence files: drag, camera, many at once, each with its own progress and answer.
   Without this file the form sends everything in one go and the next page tells what became of each. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-upload]");
  if (!form || !window.FormData || !window.XMLHttpRequest) { return; }
  var drop = form.querySelector("[data-drop]");
  var list = form.querySelector("[data-queue]");
  var words = form.querySelector("[data-upload-words]").dataset;
  var most = Number(form.dataset.most);
  var queue = [];
  var sending = false;
  var count = 0;

  drop.classList.add("has-script");

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) { made.className = className; }
    if (text) { made.textContent = text; }
    return made;
  }

  function tell(item, text, className) {
    item.state.textContent = text;
    item.row.classList.remove("is-bad", "is-done");
    if (className) { item.row.classList.add(className); }
  }

  function add(file) {
    var item = { file: file, row: element("li"), state: element("span", "hh-queue-state"), part: count };
    count += 1;
    var picture = element("span");
    if (/^image\/(jpeg|png|gif|webp|bmp)$/.test(file.type) && file.size < 40 * 1048576) {
      picture = element("img");
      picture.alt = "";
      /* data:, not blob: the content policy shows nothing else */
      var reader = new FileReader();
      reader.onload = function () { picture.src = reader.result; };
      reader.readAsDataURL(file);
    }
    var text = element("div", "hh-queue-name");
    text.append(element("div", "", file.name), item.state);
    item.remove = element("button", "btn btn-sm", words.remove);
    item.remove.type = "button";
    item.remove.setAttribute("aria-label", words.remove + " " + file.name);
    item.remove.addEventListener("click", function () {
      queue = queue.filter(function (one) { return one !== item; });
      item.row.remove();
      list.hidden = !list.children.length;
    });
    item.row.append(picture, text, item.remove);
    list.append(item.row);
    list.hidden = false;
    if (file.size > most) { tell(item, words.tooLarge, "is-bad"); return; }
    if (file.size === 0) { tell(item, words.empty, "is-bad"); return; }
    tell(item, words.waiting);
    queue.push(item);
  }

  form.querySelectorAll("input[type=file]").forEach(function (input) {
    input.addEventListener("change", function () {
      Array.prototype.forEach.call(input.files, add);
      input.value = "";
    });
  });
  ["dragenter", "dragover"].forEach(function (name) {
    drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.add("is-over"); });
  });
  ["dragleave", "drop"].forEach(function (name) {
    drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.remove("is-over"); });
  });
  drop.addEventListener("drop", function (event) { Array.prototype.forEach.call(event.dataTransfer.files, add); });

  function send(item, alone, next) {
    var sent = new FormData(form);
    sent.delete("files");
    if (!alone) { sent.set("title", ""); }
    sent.set("idempotency_key", sent.get("idempotency_key") + "." + item.part);
    sent.append("files", item.file, item.file.name);
    var bar = element("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", item.file.name);
    item.row.append(bar);
    item.remove.hidden = true;
    var request = new XMLHttpRequest();
    request.open("POST", form.action || window.location.href);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) { bar.value = Math.round(100 * event.loaded / event.total); }
    });
    request.addEventListener("loadend", function () {
      bar.remove();
      item.remove.hidden = false;
      next(read(request));
    });
    request.send(sent);
  }

  function read(request) {
    if (request.status === 401) { return { reason: words.over, again: true }; }
    try {
      var answer = JSON.parse(request.responseText);
      if (answer.results) { return answer.results[0]; }
      if (answer.errors) { return { errors: answer.errors, again: true }; }
      return { reason: answer.detail || words.failed, again: request.status >= 500 };
    } catch (error) {
      return { reason: request.status === 413 ? words.tooLarge : words.failed, again: request.status !== 413 };
    }
  }

  function finish() {
    sending = false;
    if (queue.length || list.querySelector(".is-bad")) { return; }
    window.location.assign(words.url);
  }

  function sendAll() {
    var waiting = queue.slice();
    var alone = waiting.length === 1;
    sending = true;
    (function step() {
      var item = waiting.shift();
      if (!item) { finish(); return; }
      send(item, alone, function (answer) {
        if (answer.errors) {
          tell(item, answer.errors.join("；"), "is-bad");
          showErrors(answer.errors);
          sending = false;
          return;
        }
        if (answer.reason) {
          tell(item, answer.reason, "is-bad");
        } else {
          tell(item, words.done.replace("{n}", answer.number), "is-done");
          item.remove.hidden = true;
        }
        if (!answer.again) { queue = queue.filter(function (one) { return one !== item; }); }
        step();
      });
    })();
  }

  function showErrors(errors) {
    var box = form.querySelector(".hh-errors") || element("div", "hh-errors");
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    box.textContent = "";
    var items = element("ul");
    errors.forEach(function (text) { items.append(element("li", "", text)); });
    box.append(items);
    form.prepend(box);
    box.focus();
  }

  form.addEventListener("submit", function (event) {
    if (!queue.length && !list.children.length) { return; }
    event.preventDefault();
    delete form.dataset.sent;
    if (!sending && queue.length) { sendAll(); }
  });
})();
