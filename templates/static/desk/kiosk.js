// The kiosk: people show their own tickets, see for a moment what became of them, and
// the next one follows. Whoever needs more is sent to the staff.

import { NEVER, Refused, newID, send } from "./api.js";
import { Camera, Sight, whenBack } from "./camera.js";
import { ours } from "./choice.js";
import { listen } from "./keyboard.js";
import { drawn } from "../qr.js";
import { Reader } from "./reader.js";
import { Safe } from "./safe.js";
import { after } from "./signals.js";
import { play } from "./sound.js";
import { say } from "./texts.js";
import { Viewfinder } from "./viewfinder.js";

const STAY = { good: 2500, warn: 4000, bad: 6000 }; // ms for which an answer shows
const PATIENCE = 15_000; // ms to wait for one before the staff has to help
const QUIET = 500; // ms in which an answer needs no waiting screen
const FORGOTTEN = 45_000; // ms after which the way out closes by itself
const RECEIPT = 5000; // ms for which a receipt shows, to be taken a picture of
const ICONS = { good: "check", warn: "triangle-alert", bad: "x", wait: "hourglass", in: "log-in", out: "log-out" };

const kiosk = document.getElementById("kiosk");
const frame = document.getElementById("scanner");
const note = document.getElementById("scanner-note");
const dialog = document.getElementById("verdict");
const leave = document.getElementById("leave");
const sight = new Sight();

let busy = false;
let latest = "";
let asked = ""; // the code whose answer shows

function show(tone, title, name, detail, way = "") {
  const box = dialog.querySelector(".verdict");
  box.className = `verdict verdict-${tone}`;
  box.dataset.way = way;
  dialog.querySelector("use").setAttribute("href", `${kiosk.dataset.icons}#${ICONS[(tone === "good" && way) || tone]}`);
  dialog.querySelector(".verdict-title").textContent = title;
  dialog.querySelector(".verdict-name").textContent = name;
  dialog.querySelector(".verdict-detail").textContent = detail;
  dialog.querySelector(".receipt-qr").replaceChildren();
  if (!dialog.open) dialog.showModal();
}

dialog.addEventListener("cancel", (event) => event.preventDefault());

function stay(tone, way, says, ms = STAY[tone]) {
  play(tone === "good" && way === "out" ? way : tone, says);
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// receipt shows what the visitor may take away.
async function receipt(code) {
  const { qrcode } = await import(kiosk.dataset.library);
  dialog.querySelector(".receipt-qr").replaceChildren(drawn(qrcode, kiosk.dataset.address + code, "Byte", kiosk.dataset.label));
}

const WAYS = { accepted_in: "in", accepted_out: "out" };
const TITLES = { accepted_in: "welcome", accepted_out: "bye" };

async function answer(body) {
  const slow = setTimeout(() => show("wait", say("waiting"), "", ""), QUIET);
  try {
    const failed = () => show("wait", say("waiting"), "", "");
    const answer = await send("/api/kiosk", body, { signal: after(PATIENCE), failed, alone: NEVER });
    const { verdict, tone, name, class: group, gates, staff, receipt: code } = answer;
    clearTimeout(slow);
    latest = verdict;
    const more = gates ? say("gates", { Gates: gates }) : staff ? say("staff") : group;
    show(tone, say(TITLES[verdict] ?? `verdict.${verdict}`), name, code ? `${more} · ${say("receipt", { Code: code })}` : more, WAYS[verdict]);
    if (code) receipt(code).catch(() => {}); // the code itself is shown
    await stay(tone, WAYS[verdict], staff ? "staff" : verdict, code ? RECEIPT : undefined);
  } catch (error) {
    clearTimeout(slow);
    if (error instanceof Refused && error.reason === "signin") location.reload();
    show("bad", say("not_recorded"), "", say("staff"));
    await stay("bad", "", "staff");
  }
}

async function foreign() {
  latest = "malformed";
  show("bad", say(`verdict.${latest}`), "", say("staff"));
  await stay("bad");
}

// Codes of a USB scanner that come while an answer shows. Nobody can hold up so many.
const queue = [];
const MOST = 5;

function scan(method, code, alt) {
  asked = code;
  return run(() => answer({ id: newID(), code, alt: alt || undefined, method }));
}

async function run(answers) {
  busy = true;
  await answers();
  dialog.close();
  busy = false;
  const next = queue.shift();
  if (next) scan("keyboard", next.code, next.alt);
}

function typed(reading) {
  if (!busy) scan("keyboard", reading.code, reading.alt);
  else if (reading.code !== asked && queue.length < MOST) queue.push(reading);
}

function cut() {
  play("bad");
  if (busy) return;
  show("bad", say("cut"), "", say("cut_text"));
  run(() => new Promise((resolve) => setTimeout(resolve, STAY.bad)));
}

// A code that waits behind an answer is in view, and is taken after it.
function seen(view) {
  finder.shows(view);
  const [{ text }, now] = [view, performance.now()];
  if (text === "" || !sight.fresh(text, now, latest === "stale_code") || busy) return;
  sight.takes(text, now);
  if (ours(text)) scan("camera", text);
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
listen(typed, { cut, any: true });

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
