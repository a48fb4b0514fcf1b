// Fills the form from the code that the office shows, read by this computer's camera.

import { Camera } from "./camera.js";
import { Reader } from "./reader.js";

const section = document.getElementById("first");
const form = document.getElementById("first-form");
const frame = section.querySelector(".scanner");
const says = document.getElementById("first-says");

// What the office's page shows: the command that a terminal would take.
const COMMAND = /--server\s+(\S+)\s+--code\s+(\S+)/;

let camera = null;

function seen({ text }) {
  const found = COMMAND.exec(text);
  if (!found) return;
  [, form.elements.server.value, form.elements.code.value] = found;
  camera.stop();
  frame.hidden = true;
  says.textContent = section.dataset.seen;
  form.querySelector("button").focus();
}

section.hidden = Boolean(Camera.missing());
function none() {
  frame.hidden = true;
  says.textContent = section.dataset.none;
}

document.getElementById("first-camera").addEventListener("click", async () => {
  frame.hidden = false;
  camera ??= new Camera(frame.querySelector("video"), new Reader(section.dataset), seen, none);
  try {
    await camera.start();
    frame.classList.add("is-on");
  } catch {
    none();
  }
});

form.addEventListener("submit", () => {
  document.getElementById("first-wait").textContent = form.dataset.wait;
});
