/* What only the officer's room does: the pane of a draft opens when the draft is asked for. */
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-open-details]");
    var pane = button && document.getElementById(button.dataset.openDetails);
    if (pane) { pane.open = true; }
  });
})();
