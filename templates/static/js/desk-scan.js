// The scanner page: camera, USB scanner, photo and typing all end in one scan.

import { newID } from "./desk-api.js";
import { asker, verdict } from "./desk-asker.js";
import { Camera, Sight, whenBack } from "./desk-camera.js";
import { listen } from "./desk-keyboard.js";
import { Reader } from "./desk-reader.js";
import { settings } from "./desk-settings.js";
import { soundSwitch } from "./desk-sound.js";
import { say } from "./desk-texts.js";

const desk = document.getElementById("desk");
const options = document.getElementById("desk-settings");
const frame = document.getElementById("scanner");
const note = document.getElementById("scanner-note");
const reader = new Reader(desk.dataset);
const sight = new Sight();

const NEAREST = 5; // times; beyond that, hands shake too much

let latest = ""; // the newest verdict

settings(options);
soundSwitch(desk.querySelector("[data-sound]"));

function stated() {
  const { desk, class: group, direction } = Object.fromEntries(new FormData(options));
  return { desk, class: group || undefined, direction: direction || "auto" };
}

async function scan(method, code, alt) {
  if (asker.busy || verdict.busy) return false;
  frame.classList.add("is-asking");
  const outcome = await asker.ask("/api/scan", { id: newID(), code, alt: alt || undefined, method, ...stated() });
  frame.classList.remove("is-asking");
  latest = outcome?.verdict ?? "";
  return true;
}

// Camera.
function seen(text) {
  if (text === "") return;
  // A code that waits behind a verdict is not "seen" yet, or it would be lost.
  const waiting = asker.busy || verdict.busy;
  if (waiting && !sight.same(text)) return;
  if (sight.again(text, performance.now(), latest === "stale_code")) return;
  scan("camera", text);
}

const camera = new Camera(frame.querySelector("video"), reader, seen, () => {
  tell("camera_lost");
  tools();
});

function tell(key) {
  note.textContent = key ? say(key) : "";
  note.parentElement.hidden = !key;
  desk.querySelector("[data-camera=start]").hidden = !key || key === "camera_starting" || key.startsWith("camera_insecure");
  desk.querySelector("[data-camera=help]").hidden = key !== "camera_insecure";
}

const FAILURES = {
  NotAllowedError: "camera_denied",
  NotFoundError: "camera_none",
  OverconstrainedError: "camera_none",
  NotReadableError: "camera_busy",
  AbortError: "camera_busy",
};

async function start() {
  const missing = Camera.missing();
  if (missing) {
    tell(`camera_${missing}`);
    return;
  }
  tell("camera_starting");
  try {
    if (!(await camera.start())) return; // another start has the word
    tell("");
  } catch (error) {
    camera.stop();
    tell(FAILURES[error.name] ?? "camera_failed");
  }
  await tools();
}

async function tools() {
  frame.classList.toggle("is-on", camera.on);
  const { torch, lit, zoom, near } = camera.abilities();
  const [light, slider, change] = ["torch", "zoom", "change"].map((name) => desk.querySelector(`[data-camera=${name}]`));
  light.hidden = !torch;
  light.setAttribute("aria-pressed", String(lit));
  slider.hidden = !zoom;
  if (zoom) {
    Object.assign(slider, { min: zoom.min, max: Math.min(zoom.max, NEAREST * zoom.min), step: zoom.step || "any" });
    slider.value = near;
  }
  change.hidden = !camera.on || (await camera.others()).length < 2;
}

desk.querySelector("[data-camera=start]").addEventListener("click", start);
desk.querySelector("[data-camera=change]").addEventListener("click", async () => {
  await camera.remember();
  start();
});
desk.querySelector("[data-camera=torch]").addEventListener("click", async ({ currentTarget }) => {
  await camera.adjust({ torch: currentTarget.getAttribute("aria-pressed") !== "true" });
  await tools();
});
desk.querySelector("[data-camera=zoom]").addEventListener("input", ({ target }) => camera.adjust({ zoom: Number(target.value) }));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) camera.stop();
  else start();
});

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
    const text = await reader.photo(file);
    status.textContent = text ? "" : say("photo_none");
    if (text) await scan("photo", text);
  } catch {
    status.textContent = say("photo_unreadable");
  }
});

start();
whenBack(camera, start);
