// The scanner page: camera, USB scanner, photo and typing all end in one scan.

import { newID } from "./api.js";
import { asker, screen, verdict } from "./ask.js";
import { Sight } from "./camera.js";
import { ours } from "./choice.js";
import { listen } from "./keyboard.js";
import { Reader } from "./reader.js";
import { scanner } from "./scanner.js";
import { settings } from "./settings.js";
import { say, tone } from "./texts.js";
import { Turn } from "./turn.js";

const desk = document.getElementById("desk");
const options = document.getElementById("desk-settings");
const frame = document.getElementById("scanner");
const reader = new Reader(desk.dataset);
const sight = new Sight();

let latest = ""; // the newest verdict

settings(options);

function stated() {
  const { desk, class: group, direction } = Object.fromEntries(new FormData(options));
  return { desk, class: group || undefined, direction: direction || "auto" };
}

const busy = () => asker.busy || verdict.busy;

async function ask(method, code, alt) {
  frame.classList.add("is-asking");
  const outcome = await asker.ask("/api/scan", { id: newID(), code, alt: alt || undefined, method, ...stated() });
  frame.classList.remove("is-asking");
  latest = outcome?.verdict ?? "";
}

// scan has a code judged as soon as the one before it lets it.
const turn = new Turn(busy, ask);
const scan = (method, code, alt) => turn.enter(method, code, alt);

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
listen(({ code, alt }) => {
  if (verdict.passing) verdict.dismiss();
  scan("keyboard", code, alt);
});

document.getElementById("typed").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.target.elements.code;
  if (field.value.trim() === "") return;
  scan("keyboard", field.value.trim());
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
    if (ours(text)) await scan("photo", text);
    else if (text) foreign();
  } catch {
    status.textContent = say("photo_unreadable");
  }
});
