// The scanner page: camera, USB scanner, photo and typing all end in one scan.

import { newID } from "./api.js";
import { asker, verdict } from "./ask.js";
import { Sight } from "./camera.js";
import { lengths, spells, strip } from "./code.js";
import { listen } from "./keyboard.js";
import { Reader } from "./reader.js";
import { scanner } from "./scanner.js";
import { settings } from "./settings.js";
import { say } from "./texts.js";
import { cut, resume, take } from "./turns.js";

const desk = document.getElementById("desk");
const frame = document.getElementById("scanner");
const reader = new Reader(desk.dataset);
const sight = new Sight();

let latest = ""; // the newest verdict

const stated = settings(document.getElementById("desk-settings"));

async function scan(method, code) {
  if (asker.busy || verdict.busy) return false;
  frame.classList.add("is-asking");
  const outcome = await asker.ask("/api/scan", { id: newID(), code, method, ...stated() });
  frame.classList.remove("is-asking");
  latest = outcome?.verdict ?? "";
  return true;
}

// Camera.
scanner(desk, reader, (text) => {
  if (text === "") return;
  // A code that waits behind a verdict is not "seen" yet, or it would be lost.
  const waiting = asker.busy || verdict.busy;
  if (waiting && !sight.same(text)) return;
  if (sight.again(text, performance.now(), latest === "stale_code")) return;
  scan("camera", text);
});

// USB scanner, typing, photo.
listen((reading) => take(reading, stated()), { cut, any: true });
resume();

document.getElementById("typed").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.target.elements.code;
  const code = strip(field.value);
  if (field.value.trim() === "") return;
  if (spells(code) && !lengths(code).includes(code.length)) {
    cut();
    return;
  }
  take({ code: field.value.trim() }, stated());
  field.value = "";
  field.blur();
});

document.getElementById("photo").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  target.value = "";
  const status = document.getElementById("photo-status");
  status.textContent = say("photo_reading");
  try {
    await reader.ready();
    const text = await reader.photo(file);
    status.textContent = text ? "" : say("photo_none");
    if (text) await scan("photo", text);
  } catch {
    status.textContent = say("photo_unreadable");
  }
});
