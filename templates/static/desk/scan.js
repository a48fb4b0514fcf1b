// The scanner page: camera, USB scanner, photo and typing all end in one scan.

import { newID } from "./api.js";
import { asker, screen, verdict } from "./ask.js";
import { Sight } from "./camera.js";
import { ours } from "./choice.js";
import { lengths, spells, strip } from "./code.js";
import { listen } from "./keyboard.js";
import { Reader } from "./reader.js";
import { scanner } from "./scanner.js";
import { settings } from "./settings.js";
import { say, tone } from "./texts.js";
import { cut, resume, take } from "./turns.js";

const desk = document.getElementById("desk");
const frame = document.getElementById("scanner");
const reader = new Reader(desk.dataset);
const sight = new Sight();

let latest = ""; // the newest verdict

const stated = settings(document.getElementById("desk-settings"));

const busy = () => asker.busy || verdict.busy;

async function ask(method, code) {
  frame.classList.add("is-asking");
  const outcome = await asker.ask("/api/scan", { id: newID(), code, method, ...stated() });
  frame.classList.remove("is-asking");
  latest = outcome?.verdict ?? "";
}

// foreign says what a code is that is none of ours. It is nobody's business, and is kept nowhere.
function foreign() {
  latest = "malformed";
  verdict.outcome({ verdict: latest, tone: tone(latest) });
}

// Camera. A code that waits behind a verdict is in view, and is taken after it.
const seen = ({ text }) => {
  const now = performance.now();
  if (text === "" || !sight.fresh(text, now, latest === "stale_code") || busy()) return;
  sight.takes(text, now);
  if (ours(text)) ask("camera", text);
  else foreign();
};
scanner(desk, reader, seen, { dialog: screen });

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
    const { text, several } = await reader.photo(file);
    status.textContent = several ? say("one_ticket") : text ? "" : say("photo_none");
    if (ours(text)) take({ code: text, method: "photo" }, stated());
    else if (text) foreign();
  } catch {
    status.textContent = say("photo_unreadable");
  }
});
