// Checks people in by hand, and voids events: both ask for a reason first.

import { newID } from "./api.js";
import { again, asker, screen } from "./ask.js";
import { freeText, reasonOf } from "./reason.js";
import { deskName } from "./settings.js";
import { changes } from "./texts.js";

// A verdict that recorded something leaves the list behind it out of date.
let recorded = false;
screen.addEventListener("close", () => {
  if (recorded && !document.getElementById("alone-query")) location.reload();
});

function ask(dialog, path, bodyOf) {
  if (!dialog) return;
  const form = dialog.querySelector("form");
  freeText(form);
  let about = null;
  document.addEventListener("click", ({ target }) => {
    const opener = target.closest(`[data-opens="${dialog.id}"]`);
    if (!opener) return;
    about = opener.dataset;
    dialog.querySelector("[data-about]").textContent = about.name;
    form.reset();
    dialog.showModal();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = { id: newID(), desk: deskName(), reason: reasonOf(form), ...bodyOf(about, form) };
    dialog.close();
    const outcome = await asker.ask(path, body);
    recorded = Boolean(outcome) && changes(outcome);
    if (!outcome) again(dialog);
  });
}

ask(document.getElementById("by-hand"), "/api/check-in", ({ enrollment }, form) => ({
  enrollment,
  direction: form.elements.direction.value,
}));
ask(document.getElementById("void"), "/api/void", ({ seq }) => ({ seq: Number(seq) }));
