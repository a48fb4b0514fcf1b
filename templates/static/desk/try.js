// Tries a camera: says what is in view and how long reading it took. Tries a USB scanner: says
// how it types. Nothing is recorded.

import { Camera } from "./camera.js";
import { learned } from "./code.js";
import { listen } from "./keyboard.js";
import { Reader } from "./reader.js";
import { play } from "./sound.js";
import { say } from "./texts.js";

const page = document.getElementById("try");
const says = document.getElementById("try-says");
const frame = page.querySelector(".scanner");
const reader = new Reader(page.dataset);

let began = performance.now(); // when the frame in hand was taken
let last = "";

function tell(key, facts = {}) {
  says.textContent = Object.entries(facts).reduce((text, [name, value]) => text.replace(`{${name}}`, value), page.dataset[key]);
}

async function seen({ text }) {
  const took = Math.round(performance.now() - began);
  began = performance.now();
  if (text === "" || text === last) return;
  last = text;
  const answer = await ask({ code: text });
  if (answer) tell(answer.kind, { Milliseconds: took, Name: answer.name ?? "" });
}

async function ask(code) {
  const answer = await fetch("/api/try", { method: "POST", body: JSON.stringify(code) });
  return answer.ok ? answer.json() : null;
}

const none = () => tell("none");
const camera = new Camera(frame.querySelector("video"), reader, seen, none);
if (Camera.missing()) {
  none();
} else {
  tell("waiting");
  camera.start().then(() => frame.classList.add("is-on"), none);
}

// The USB scanner.
const SLOW = 50; // ms a letter
const lines = document.getElementById("try-lines");
const button = document.getElementById("try-learn");
let around = {}; // what the scanner puts before and after its codes

function list(...texts) {
  const line = document.getElementById("try-line").content;
  lines.replaceChildren(
    ...texts.map((text) => {
      const item = line.cloneNode(true);
      item.querySelector("span").textContent = text;
      return item;
    }),
  );
}

// manner says how a scanner types, in lines.
function manner({ layout = "", before = "", after = "" }, { ms, end }) {
  return [
    say(`layout_${layout}`),
    say(ms > SLOW ? "slow" : "fast", { Milliseconds: ms }),
    end ? say("end", { Key: end }) : say("no_end"),
    before && say("before", { Text: before }),
    after && say("after", { Text: after }),
  ].filter(Boolean);
}

async function scanned(reading) {
  const answer = await ask({ code: reading.code, alt: reading.alt });
  if (!answer) return;
  const { kind, name = "", layout = "", before = "", after = "" } = answer;
  play(kind === "other" ? "warn" : "good");
  around = { before, after };
  button.hidden = kind !== "test" || !learned.differs(around);
  const facts = kind === "test" ? manner(answer, reading) : layout ? [say(`layout_${layout}`)] : [];
  list(say(kind, { Name: name, Text: reading.code.slice(0, 40) }), ...facts);
}

button.addEventListener("click", () => {
  learned.keep(around);
  button.hidden = true;
  list(say("learned"));
});

function cut() {
  play("bad");
  list(say("cut"));
}

listen(scanned, { cut, any: true, patient: true });
