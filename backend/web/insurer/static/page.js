// Small things that a page does better with scripts; everything can be read and done without them.
"use strict";

// A list that reads itself anew waits while somebody looks elsewhere, or is about to act on it.
document.addEventListener("htmx:beforeRequest", (event) => {
  const list = event.target;
  const isBusy = list.contains(document.activeElement) && document.activeElement !== list && document.activeElement.matches("input, select, button, summary");
  if (document.hidden || isBusy || list.querySelector("details[open]")) event.preventDefault();
});

// A form that only chooses sends itself when something was chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-at-once]");
  if (form) form.requestSubmit();
});
