// The kiosk: people show their own tickets, see for a moment what became of them, and
// the next one follows. Whoever needs more is sent to the staff.

import { NEVER, Refused, newID, send } from "./api.js";
import { Camera, Sight, whenBack } from "./camera.js";
import { ours } from "./choice.js";
import { listen } from "./keyboard.js";
import { Reader } from "./reader.js";
import { Safe } from "./safe.js";
import { after } from "./signals.js";
import { play } from "./sound.js";
import { say } from "./texts.js";
import { Turn } from "./turn.js";
import { Viewfinder } from "./viewfinder.js";

const STAY = { good: 2500, warn: 4000, bad: 6000 }; // ms for which an answer shows
const PATIENCE = 15_000; // ms to wait for one before the staff has to help
const QUIET = 500; // ms in which an answer needs no waiting screen
const FORGOTTEN = 45_000; // ms after which the way out closes by itself
const ICONS = { good: "check", warn: "triangle-alert", bad: "x", wait: "hourglass" };

const kiosk = document.getElementById("kiosk");
const frame = document.getElementById("scanner");
const note = document.getElementById("scanner-note");
const dialog = document.getElementById("verdict");
const leave = document.getElementById("leave");
const sight = new Sight();

let busy = false;
let latest = "";

function show(tone, title, name, detail) {
  dialog.querySelector(".verdict").className = `verdict verdict-${tone}`;
  dialog.querySelector("use").setAttribute("href", `${kiosk.dataset.icons}#${ICONS[tone]}`);
  dialog.querySelector(".verdict-title").textContent = title;
  dialog.querySelector(".verdict-name").textContent = name;
  dialog.querySelector(".verdict-detail").textContent = detail;
  if (!dialog.open) dialog.showModal();
}

dialog.addEventListener("cancel", (event) => event.preventDefault());

function stay(tone) {
  play(tone);
  return new Promise((resolve) => setTimeout(resolve, STAY[tone]));
}

const TITLES = { accepted_in: "welcome", accepted_out: "bye" };

async function answer(body) {
  const slow = setTimeout(() => show("wait", say("waiting"), "", ""), QUIET);
  try {
    const failed = () => show("wait", say("waiting"), "", "");
    const { verdict, tone, name, class: group, gates, staff } = await send("/api/kiosk", body, { signal: after(PATIENCE), failed, alone: NEVER });
    clearTimeout(slow);
    latest = verdict;
    show(tone, say(TITLES[verdict] ?? `verdict.${verdict}`), name, gates ? say("gates", { Gates: gates }) : staff ? say("staff") : group);
    await stay(tone);
  } catch (error) {
    clearTimeout(slow);
    if (error instanceof Refused && error.reason === "signin") location.reload();
    show("bad", say("not_recorded"), "", say("staff"));
    await stay("bad");
  }
}

async function foreign() {
  latest = "malformed";
  show("bad", say(`verdict.${latest}`), "", say("staff"));
  await stay("bad");
}

async function run(answers) {
  busy = true;
  await answers();
  dialog.close();
  busy = false;
}

const turn = new Turn(
  () => busy,
  (method, code, alt) => run(() => answer({ id: newID(), code, alt: alt || undefined, method })),
);

// A code that waits behind an answer is in view, and is taken after it.
function seen(view) {
  finder.shows(view);
  const [{ text }, now] = [view, performance.now()];
  if (text === "" || !sight.fresh(text, now, latest === "stale_code") || busy) return;
  sight.takes(text, now);
  if (ours(text)) turn.enter("camera", text);
  else run(foreign);
}

const finder = new Viewfinder(frame, dialog);
const camera = new Camera(frame.querySelector("video"), new Reader(kiosk.dataset), seen, dark, { facing: "user" });

function dark() {
  camera.stop();
  frame.classList.remove("is-on");
  finder.clear();
  note.textContent = say("camera");
}

async function start() {
  try {
    if (Camera.missing()) throw new Error(Camera.missing());
    if (!(await camera.start())) return;
    note.textContent = "";
    frame.classList.add("is-on");
  } catch {
    dark();
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) camera.stop();
  else start();
});
listen(({ code, alt }) => turn.enter("keyboard", code, alt));

let closing = 0;
for (const sign of ["toggle", "input"]) {
  leave.addEventListener(sign, () => {
    clearTimeout(closing);
    closing = setTimeout(() => {
      leave.querySelector("form").reset();
      leave.open = false;
    }, FORGOTTEN);
  });
}

start();
whenBack(camera, start);

// What staff have kept here for when the device is on its own is no visitor's to find.
if (window.isSecureContext && "indexedDB" in window) Safe.open().then((safe) => safe.forget());
