// What the page for a phone on its own has beside the scanner: who is on the list, and
// how today's sessions stand. Once the agent answers, the whole page comes back.

import { alone } from "./alone.js";
import { asker, verdict } from "./ask.js";
import { hours, say } from "./texts.js";

const query = document.getElementById("alone-query");
const people = document.getElementById("alone-people");
const counts = document.getElementById("alone-counts");

function personRow({ enrollment, name, number, class: group, here }) {
  const row = document.getElementById("alone-person").content.cloneNode(true);
  row.querySelector("strong").textContent = name;
  row.querySelector(".sub").textContent = [number, group].filter(Boolean).join(" · ");
  for (const badge of row.querySelectorAll("[data-here]")) badge.hidden = badge.dataset.here !== here;
  const button = row.querySelector("button");
  Object.assign(button.dataset, { enrollment, name });
  button.querySelector(".visually-hidden").textContent = ` ${name}`;
  return row;
}

function countRow(session) {
  const row = document.getElementById("alone-count").content.cloneNode(true);
  Object.assign(row.querySelector("article").dataset, { start: session.start, end: session.end });
  row.querySelector("h2").textContent = session.class;
  row.querySelector(".sub").textContent = say("session", { Number: session.seq, Hours: hours(session.start, session.end, session.zone) });
  row.querySelector("[data-count=in]").textContent = session.in;
  row.querySelector("[data-count=came]").textContent = `${session.came} / ${session.enrolled}`;
  return row;
}

// fix shows what this device is set to where others are asked.
function fix(field, text) {
  if (!text || field.tagName === "OUTPUT") return;
  const says = Object.assign(document.createElement("output"), { id: field.id, textContent: text });
  says.setAttribute("aria-label", field.labels[0].textContent);
  field.closest(".field").remove();
  document.querySelector(".setup summary").append(says);
}

async function show() {
  const seen = await alone.look(query.value.trim());
  if (!seen) return;
  fix(document.getElementById("desk-name"), seen.desk);
  fix(document.getElementById("desk-class"), seen.takes);
  people.replaceChildren(...seen.people.slice(0, 20).map(personRow));
  counts.replaceChildren(...seen.sessions.map((session) => countRow({ ...session, zone: seen.zone })));
}

let timer = 0;
query.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, 250);
});
alone.addEventListener("changed", () => {
  if (alone.cut) show();
  // The shell stands in for another page, unless somebody asked for it by its own address.
  else if (location.pathname !== "/alone" && alone.count === 0 && !asker.busy && !verdict.busy && document.activeElement !== query) location.reload();
});
