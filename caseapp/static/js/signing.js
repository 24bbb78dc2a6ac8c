/* Pads to sign on: what is drawn is kept as a PNG in the hidden field beside the canvas. */
(function () {
  "use strict";

  var LONGEST = 58000;  // characters the server takes

  function scaled(canvas) {
    var url = canvas.toDataURL("image/png");
    var width = canvas.width;
    while (url.length > LONGEST && width > 200) {
      width = Math.round(width * 0.7);
      var small = document.createElement("canvas");
      small.width = width;
      small.height = Math.round(canvas.height * width / canvas.width);
      small.getContext("2d").drawImage(canvas, 0, 0, small.width, small.height);
      url = small.toDataURL("image/png");
    }
    return url;
  }

  function setUp(pad) {
    var canvas = pad.querySelector("[data-pad-glass]");
    var value = pad.querySelector("[data-pad-value]");
    var pen = canvas.getContext("2d");
    var ratio = Math.min(window.devicePixelRatio || 1, 2);
    var last = null;

    function size() {
      var box = canvas.getBoundingClientRect();
      canvas.width = Math.max(1, Math.min(2400, Math.round(box.width * ratio)));
      canvas.height = Math.max(1, Math.min(1200, Math.round(box.height * ratio)));
      pen.lineWidth = 2.4 * ratio;
      pen.lineCap = pen.lineJoin = "round";
      pen.strokeStyle = "#101828";
      value.value = "";
      pad.classList.remove("is-signed");
    }

    function at(event) {
      var box = canvas.getBoundingClientRect();
      return {x: (event.clientX - box.left) * ratio, y: (event.clientY - box.top) * ratio};
    }

    function draw(event) {
      if (!last) { return; }
      var here = at(event);
      pen.beginPath();
      pen.moveTo(last.x, last.y);
      pen.lineTo(here.x + 0.01, here.y);
      pen.stroke();
      last = here;
      event.preventDefault();
    }

    canvas.addEventListener("pointerdown", function (event) {
      last = at(event);
      canvas.setPointerCapture(event.pointerId);
      draw(event);
    });
    canvas.addEventListener("pointermove", draw);
    ["pointerup", "pointercancel"].forEach(function (name) {
      canvas.addEventListener(name, function () {
        if (!last) { return; }
        last = null;
        value.value = scaled(canvas);
        pad.classList.add("is-signed");
      });
    });
    pad.querySelector("[data-pad-clear]").addEventListener("click", size);
    size();
  }

  document.querySelectorAll("[data-pad]").forEach(setUp);
})();
