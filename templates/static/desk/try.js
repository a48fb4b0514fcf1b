// Tries a camera: says what is in view and how long reading it took. Nothing is recorded.

import { Camera } from "./camera.js";
import { Reader } from "./reader.js";

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
  const answer = await fetch("/api/try", { method: "POST", body: JSON.stringify({ code: text }) });
  if (!answer.ok) return;
  const { kind, name } = await answer.json();
  tell(kind, { Milliseconds: took, Name: name ?? "" });
}

const none = () => tell("none");
const camera = new Camera(frame.querySelector("video"), reader, seen, none);
if (Camera.missing()) {
  none();
} else {
  tell("waiting");
  camera.start().then(() => frame.classList.add("is-on"), none);
}
