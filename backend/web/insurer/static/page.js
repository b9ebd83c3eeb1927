// Small things that a page does better with scripts; everything can be read and done without them.
"use strict";

// A form that only chooses sends itself when something was chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-at-once]");
  if (form) form.requestSubmit();
});
