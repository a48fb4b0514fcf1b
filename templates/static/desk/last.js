// Keeps the last answer in sight below the camera, and for a moment a way to take it back.

import { asker } from "./ask.js";
import { ICONS, look, title, undoable } from "./verdict.js";

const SOON = 10_000; // ms in which it can be undone at once

const last = document.getElementById("last");
const undo = last.querySelector("button");
const icons = document.getElementById("verdict").dataset.icons;

let shown = null;
let timer = 0;

asker.addEventListener("outcome", ({ detail }) => {
  shown = detail;
  const { person, ticket_name: name, tone } = detail;
  last.className = `last last-${tone}`;
  last.dataset.way = look(detail);
  last.querySelector("use").setAttribute("href", `${icons}#${ICONS[look(detail) || tone]}`);
  last.querySelector("strong").textContent = person?.name || name || "";
  last.querySelector(".sub").textContent = title(detail);
  last.hidden = false;
  undo.hidden = !undoable(detail);
  clearTimeout(timer);
  timer = setTimeout(() => (undo.hidden = true), SOON);
});

undo.addEventListener("click", () => asker.undo(shown));
