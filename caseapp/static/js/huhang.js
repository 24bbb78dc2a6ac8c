/* What pages do beside showing themselves. No inline code anywhere: everything hangs on data- attributes.
   Works on parts that htmx brings later; without this file every page still works. */
(function () {
  "use strict";

  var body = document.body;
  var keepPrefix = "huhang:keep:";
  var keepDays = 14;

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }

  function isTyping(target) {
    return !!target.closest("input, textarea, select, [contenteditable]");
  }

  function csrfToken() {
    var meta = document.querySelector('meta[name="csrf-token"]');
    return meta ? meta.content : "";
  }

  function renewToken(token) {
    document.querySelector('meta[name="csrf-token"]').content = token;
    all('input[name="csrf_token"]').forEach(function (input) { input.value = token; });
  }

  /* --- htmx: token with every request, and the new one that a refusal brings ----------------------------------- */

  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.verb !== "get") { event.detail.headers["X-CSRFToken"] = csrfToken(); }
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var token = event.detail.xhr && event.detail.xhr.getResponseHeader("X-CSRF-Token");
    if (token) { renewToken(token); }
  });

  /* --- keyboard -------------------------------------------------------------------------------------------------- */

  var waitingFor = "";
  var waitingSince = 0;

  function rows() {
    return all("tr[data-href]").filter(function (row) { return row.offsetParent !== null; });
  }

  function moveRow(step) {
    var list = rows();
    if (!list.length) { return; }
    var now = list.findIndex(function (row) { return row.classList.contains("is-current"); });
    var next = Math.min(Math.max(now + step, 0), list.length - 1);
    if (now >= 0) { list[now].classList.remove("is-current"); }
    list[next].classList.add("is-current");
    var link = list[next].querySelector("a[href]");
    if (link) { link.focus({ preventScroll: true }); }
    list[next].scrollIntoView({ block: "nearest" });
  }

  function openDialog(id) {
    var dialog = document.getElementById(id);
    if (dialog && !dialog.open) { dialog.showModal(); }
  }

  function follow(keys) {
    var link = document.querySelector('a[data-keys="' + keys + '"]');
    if (link) { window.location.assign(link.href); }
    return !!link;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    if (event.key === "Escape") {
      all("details.hh-menu[open]").forEach(function (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
      if (event.target.id === "hh-search") { event.target.blur(); }
      return;
    }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) { return; }
    var recent = Date.now() - waitingSince < 1200;
    if (waitingFor && recent) {
      var keys = waitingFor + " " + event.key;
      waitingFor = "";
      if (follow(keys)) { event.preventDefault(); }
      return;
    }
    waitingFor = "";
    if (event.key === "/") {
      var search = document.getElementById("hh-search");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "?") {
      openDialog("hh-keys");
    } else if (event.key === "g") {
      waitingFor = "g";
      waitingSince = Date.now();
    } else if (event.key === "n") {
      if (follow("n")) { event.preventDefault(); }
    } else if (event.key === "j") {
      moveRow(1);
    } else if (event.key === "k") {
      moveRow(-1);
    } else if (event.key === "Enter") {
      var current = document.querySelector("tr.is-current[data-href]");
      if (current && (event.target === body || current.contains(event.target))) {
        event.preventDefault();
        window.location.assign(current.dataset.href);
      }
    }
  });

  /* --- clicks ---------------------------------------------------------------------------------------------------- */

  document.addEventListener("click", function (event) {
    var target = event.target;
    var opener = target.closest("[data-open-dialog]");
    if (opener) { openDialog(opener.dataset.openDialog); }
    var closer = target.closest("[data-close-dialog]");
    if (closer) { closer.closest("dialog").close(); }
    all("details.hh-menu[open]").forEach(function (menu) {
      if (!menu.contains(target) || opener) { menu.open = false; }
    });
    var copy = target.closest("[data-copy]");
    if (copy) { copyText(copy); return; }
    if (target.closest("[data-print]")) { window.print(); return; }
    if (target.closest("[data-back]")) { window.history.back(); return; }
    var dismiss = target.closest("[data-dismiss]");
    if (dismiss) { dismiss.closest(".hh-notice").remove(); return; }
    var row = target.closest("tr[data-href]");
    if (row && !target.closest("a, button, input, label, select, summary") && !String(window.getSelection())) {
      if (event.ctrlKey || event.metaKey) { window.open(row.dataset.href, "_blank", "noopener"); }
      else { window.location.assign(row.dataset.href); }
    }
  });

  function copyText(button) {
    function done() {
      button.classList.add("is-done");
      window.setTimeout(function () { button.classList.remove("is-done"); }, 1500);
    }
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(button.dataset.copy).then(done, function () {});
      return;
    }
    var area = document.createElement("textarea");
    area.value = button.dataset.copy;
    area.setAttribute("readonly", "");
    area.className = "visually-hidden";
    body.appendChild(area);
    area.select();
    if (document.execCommand("copy")) { done(); }
    area.remove();
    button.focus();
  }

  /* --- forms: confirm, once, send on change -------------------------------------------------------------------------- */

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) { event.preventDefault(); return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.querySelector("[data-once]")) {
      form.dataset.sent = "1";
      window.setTimeout(function () { delete form.dataset.sent; }, 8000);
    }
    if (form.dataset.keep !== undefined) { rememberSent(form); }
  });
  window.addEventListener("pageshow", function () {
    all("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
  document.addEventListener("change", function (event) {
    var target = event.target;
    if (target.matches("[data-submit]") && target.form) { target.form.requestSubmit(); }
    if (target.matches("[data-pick], [data-pick-all]")) { countPicked(target); }
    if (target.form) { showWhen(target.form); }
  });

  /* --- fields that appear with another's value -------------------------------------------------------------------------- */

  function valueOf(form, name) {
    var found = form.elements.namedItem(name);
    if (!found) { return null; }
    var items = found instanceof RadioNodeList ? Array.prototype.slice.call(found) : [found];
    if (items.every(function (item) { return item.type === "checkbox"; }) && items.length === 1 && items[0].value === "y") {
      return items[0].checked;
    }
    if (items[0].type === "checkbox") {
      return items.filter(function (item) { return item.checked; }).map(function (item) { return item.value; });
    }
    if (items[0].type === "radio") {
      var chosen = items.filter(function (item) { return item.checked; })[0];
      return chosen ? chosen.value : "";
    }
    return items[0].value;
  }

  function matches(given, wanted) {
    if (Array.isArray(given)) { return given.some(function (one) { return matches(one, wanted); }); }
    if (Array.isArray(wanted)) { return wanted.indexOf(given) >= 0; }
    if (typeof wanted === "boolean") { return !!given === wanted; }
    return String(given) === String(wanted);
  }

  function showWhen(form) {
    var parts = all("[data-show-when]", form);
    /* A field may hang on one that is itself hidden: as many rounds as there are fields settle it. */
    for (var round = 0; round < parts.length; round += 1) {
      parts.forEach(function (part) {
        var other = document.getElementById("field-" + part.dataset.showWhen);
        var shown = (!other || !other.hidden) && matches(valueOf(form, part.dataset.showWhen), JSON.parse(part.dataset.showValue));
        part.hidden = !shown;
      });
    }
  }

  /* --- ticked rows -------------------------------------------------------------------------------------------------------- */

  function countPicked(box) {
    var table = box.closest("table");
    var boxes = all("[data-pick]", table);
    if (box.matches("[data-pick-all]")) { boxes.forEach(function (one) { one.checked = box.checked; }); }
    var count = boxes.filter(function (one) { return one.checked; }).length;
    all("[data-bulk]").forEach(function (bar) {
      bar.hidden = count === 0;
      all("[data-bulk-count]", bar).forEach(function (place) { place.textContent = String(count); });
    });
  }

  /* --- long text is kept in this browser while it is being typed ------------------------------------------------------------ */

  function keepKey(form) {
    return keepPrefix + (body.dataset.user || "-") + ":" + (form.dataset.keep || window.location.pathname);
  }

  function read(key) {
    try { return JSON.parse(window.localStorage.getItem(key)); } catch (error) { return null; }
  }

  function write(key, kept) {
    try { window.localStorage.setItem(key, JSON.stringify(kept)); } catch (error) { /* no room: nothing is kept */ }
  }

  function texts(form) {
    return all("textarea[name]", form);
  }

  function keep(form) {
    var kept = { at: Date.now(), texts: {} };
    var any = false;
    texts(form).forEach(function (area) {
      if (area.value.trim() && area.value !== area.defaultValue) { kept.texts[area.name] = area.value; any = true; }
    });
    if (any) { write(keepKey(form), kept); } else { window.localStorage.removeItem(keepKey(form)); }
  }

  /* A form that was sent is forgotten when the next page shows: if it comes back with errors, its text is in it anyway. */
  function rememberSent(form) {
    try { window.sessionStorage.setItem("huhang:sent", keepKey(form)); } catch (error) { /* nothing to do */ }
  }

  function forgetSent() {
    var sent = window.sessionStorage.getItem("huhang:sent");
    if (!sent) { return; }
    window.sessionStorage.removeItem("huhang:sent");
    var here = all("form[data-keep]").map(keepKey);
    if (here.indexOf(sent) < 0 && !document.querySelector("[data-session-over]")) { window.localStorage.removeItem(sent); }
  }

  function offerKept(form) {
    var kept = read(keepKey(form));
    if (!kept) { return; }
    var differing = texts(form).filter(function (area) {
      return kept.texts[area.name] !== undefined && kept.texts[area.name] !== area.value;
    });
    if (!differing.length) { return; }
    var words = document.getElementById("hh-words").dataset;
    var notice = document.createElement("div");
    notice.className = "hh-notice hh-notice-info";
    notice.setAttribute("role", "status");
    var text = document.createElement("div");
    text.className = "hh-notice-text";
    text.textContent = words.kept.replace("{at}", new Date(kept.at).toLocaleString(document.documentElement.lang, { hour12: false }));
    var restore = document.createElement("button");
    restore.type = "button";
    restore.className = "btn btn-sm";
    restore.textContent = words.restore;
    restore.addEventListener("click", function () {
      differing.forEach(function (area) { area.value = kept.texts[area.name]; });
      notice.remove();
    });
    var drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-sm btn-link";
    drop.textContent = words.drop;
    drop.addEventListener("click", function () {
      window.localStorage.removeItem(keepKey(form));
      notice.remove();
    });
    notice.append(text, restore, drop);
    form.prepend(notice);
  }

  function dropOldKept() {
    var limit = Date.now() - keepDays * 24 * 3600 * 1000;
    Object.keys(window.localStorage).forEach(function (key) {
      if (key.indexOf(keepPrefix) !== 0) { return; }
      var kept = read(key);
      if (!kept || kept.at < limit) { window.localStorage.removeItem(key); }
    });
  }

  var keepTimer = 0;
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.dataset.keep !== undefined && event.target.tagName === "TEXTAREA") {
      window.clearTimeout(keepTimer);
      keepTimer = window.setTimeout(function () { keep(form); }, 400);
    }
  });

  /* --- charts ---------------------------------------------------------------------------------------------------------------- */

  var chartsLoading = null;

  function loadCharts(address) {
    if (!chartsLoading) {
      chartsLoading = new Promise(function (resolve, reject) {
        var script = document.createElement("script");
        script.src = address;
        script.onload = function () { resolve(window.echarts); };
        script.onerror = reject;
        document.head.appendChild(script);
      });
    }
    return chartsLoading;
  }

  function drawChart(place) {
    var source = document.getElementById(place.dataset.chart);
    if (!source || place.dataset.drawn) { return; }
    place.dataset.drawn = "1";
    loadCharts(place.dataset.echarts).then(function (echarts) {
      var option = JSON.parse(source.textContent);
      var style = window.getComputedStyle(body);
      option.textStyle = Object.assign({ fontFamily: style.fontFamily, color: style.color, fontSize: 12 }, option.textStyle);
      option.animation = false;
      option.color = option.color || ["#1f4e8c", "#6b87ab", "#b45309", "#2f7d4f", "#5f6b7c", "#c1121f"];
      var chart = echarts.init(place, null, { renderer: "svg" });
      chart.setOption(option);
      chart.on("click", function (part) {
        if (part.data && part.data.url) { window.location.assign(part.data.url); }
      });
      new ResizeObserver(function () { chart.resize(); }).observe(place);
    });
  }

  /* --- tabs that do not fit: the present one is in sight ------------------------------------------------------------------------- */

  function showTab(tab) {
    var strip = tab.closest("nav");
    if (!strip || strip.scrollWidth <= strip.clientWidth) { return; }
    var place = tab.getBoundingClientRect(), frame = strip.getBoundingClientRect();
    if (place.right > frame.right || place.left < frame.left) {
      strip.scrollLeft += place.left - frame.left - (frame.width - place.width) / 2;
    }
  }

  /* --- of a drawing wider than its frame, where things stand is in sight ----------------------------------------------------------- */

  function showDrawing(frame) {
    var first = frame.querySelector("svg .current rect") || frame.querySelector("svg .state rect");
    if (!first || frame.scrollWidth <= frame.clientWidth) { return; }
    var place = first.getBoundingClientRect(), edge = frame.getBoundingClientRect();
    frame.scrollLeft += place.left + place.width / 2 - edge.left - edge.width / 2;
  }

  /* --- what stands beside a case: its height, so that it stays in sight down to its end ------------------------------------------- */

  function watchSide(side) {
    new ResizeObserver(function () {
      side.style.setProperty("--hh-side-height", side.offsetHeight + "px");
    }).observe(side);
  }

  /* --- paper shows the tables of charts, which it cannot open -------------------------------------------------------------------- */

  window.addEventListener("beforeprint", function () {
    all(".hh-chart-table:not([open])", document).forEach(function (part) { part.open = true; part.dataset.printed = "1"; });
  });
  window.addEventListener("afterprint", function () {
    all(".hh-chart-table[data-printed]", document).forEach(function (part) { part.open = false; delete part.dataset.printed; });
  });

  /* --- usual phrases: a press adds the text to a field --------------------------------------------------------------------------- */

  document.addEventListener("click", function (event) {
    var phrase = event.target.closest("[data-fill]");
    if (!phrase) { return; }
    var field = document.getElementById(phrase.dataset.fill);
    if (!field) { return; }
    field.value = field.value ? field.value.replace(/\s*$/, "") + phrase.dataset.text : phrase.dataset.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  /* --- a page, or a part of one, has come ------------------------------------------------------------------------------------- */

  function prepare(root) {
    all("form", root).concat(root.tagName === "FORM" ? [root] : []).forEach(showWhen);
    all("[data-chart]", root).forEach(drawChart);
    all(".hh-tabs [aria-current], .hh-subtabs [aria-current]", root).forEach(showTab);
    all(".hh-case-side", root).forEach(watchSide);
    all(".hh-drawing, .hh-map", root).forEach(showDrawing);
    var focus = root.querySelector("[data-focus]");
    if (focus) { focus.focus(); }
  }

  document.addEventListener("htmx:load", function (event) {
    if (event.detail.elt !== body) { prepare(event.detail.elt); }
  });

  prepare(document.documentElement);
  try {
    forgetSent();
    dropOldKept();
    all("form[data-keep]").forEach(offerKept);
  } catch (error) { /* this browser keeps nothing */ }
})();
