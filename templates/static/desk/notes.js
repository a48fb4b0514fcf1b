// Writes down beside scans: why somebody is not there, and who is on no list; both with
// a picture.

import { again, asker, screen, verdict } from "./ask.js";
import { Unreadable, formOf } from "./photo.js";

let recorded = false;
screen.addEventListener("close", () => {
  if (recorded) location.reload();
});

async function record(path, fields, picture) {
  let body;
  try {
    body = await formOf(fields, picture?.size ? picture : null);
  } catch (problem) {
    if (!(problem instanceof Unreadable)) throw problem;
    verdict.refuse("picture");
    return false;
  }
  const outcome = await asker.ask(path, body);
  recorded = outcome?.tone === "good";
  return recorded;
}

// The words for what is chosen: a picture's name says nothing to anybody.
function shows(form) {
  const input = form.elements.photo;
  const output = form.querySelector("[data-picked]");
  input.addEventListener("change", async () => {
    output.replaceChildren();
    const [file] = input.files;
    if (!file) return;
    try {
      const picture = await createImageBitmap(file, { resizeWidth: 240 });
      const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
      canvas.getContext("2d").drawImage(picture, 0, 0);
      picture.close();
      output.append(canvas);
      output.setAttribute("aria-label", output.dataset.picked);
    } catch {
      output.textContent = output.dataset.unreadable;
    }
  });
  form.addEventListener("reset", () => output.replaceChildren());
}

function dialog(id, path, fieldsOf) {
  const box = document.getElementById(id);
  if (!box) return;
  const form = box.querySelector("form");
  shows(form);
  let about = {};
  document.addEventListener("click", ({ target }) => {
    const opener = target.closest(`[data-opens="${id}"]`);
    if (!opener) return;
    about = opener.dataset;
    form.reset();
    const name = box.querySelector("[data-about]");
    if (name) name.textContent = about.name ?? "";
    box.showModal();
  });
  box.querySelector("[data-close]").addEventListener("click", () => box.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    box.close();
    if (!(await record(path, fieldsOf(form.elements, about), form.elements.photo.files[0]))) again(box);
  });
}

const { session } = document.querySelector("[data-session]").dataset;

dialog("note", "/api/note", ({ noted, reason }, { enrollment }) => ({
  session,
  enrollment,
  noted: noted.value === "words" ? "" : noted.value,
  reason: reason.value,
}));
dialog("walk-in", "/api/walk-in", ({ name, number }) => ({ session, name: name.value, number: number.value }));
document.addEventListener("click", ({ target }) => {
  const visit = target.closest("[data-before]");
  if (visit) record("/api/walk-in", { before: visit.dataset.before, direction: visit.dataset.direction });
});
