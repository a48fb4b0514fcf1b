// What one device remembers of itself: its desk's name and its class, and for a while which
// way people go. A mode that is forgotten turns right into wrong, so it shows around the
// camera, and ends with the next session or day.

import { day } from "./texts.js";

const NAMES = ["desk", "class"];
const DIRECTION = "bukti-hadir.direction"; // {direction, since}
const OFTEN = 5000; // ms between two looks at the time

// turns are the moments from which on another session is meant: the middle of a break. The
// page lists today's sessions.
function turns() {
  const sessions = [...document.querySelectorAll("[data-start]")].map(({ dataset }) => [Number(dataset.start), Number(dataset.end)]);
  return sessions.map(([start]) => (start + Math.max(...sessions.map(([, end]) => end).filter((end) => end <= start))) / 2);
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(DIRECTION)) ?? {};
  } catch {
    return {}; // as older pages wrote it
  }
}

// settings reads the form that shows them and keeps it in step with what is stored. It
// returns what a scan is to say of its desk.
export function settings(form) {
  const setup = form.closest("details");
  const mode = document.getElementById("mode");
  const { zone, now } = form.dataset;
  const ahead = now ? Number(now) - Date.now() : 0; // of the agent's clock
  const time = () => Date.now() + ahead;

  function directs() {
    const { direction, since } = kept();
    const over = !since || day(since, zone) !== day(time(), zone) || turns().some((turn) => since < turn && turn <= time());
    return over ? "auto" : direction;
  }

  function show() {
    const direction = directs();
    form.elements.direction.value = mode.dataset.mode = direction;
    for (const band of mode.querySelectorAll("[data-way]")) band.hidden = band.dataset.way !== direction;
    mode.querySelector(".mode-end").hidden = direction === "auto";
    const { desk, class: group } = form.elements; // what a device is set to stands there already
    const says = [desk?.value, group?.selectedOptions[0].textContent];
    setup.querySelector("summary span").textContent = says.filter(Boolean).join(" · ");
  }

  function keep() {
    for (const name of NAMES) {
      if (form.elements[name]) localStorage.setItem(`bukti-hadir.${name}`, form.elements[name].value);
    }
    localStorage.setItem("bukti-hadir.setup", "done");
  }

  for (const name of NAMES) {
    const value = localStorage.getItem(`bukti-hadir.${name}`);
    const field = form.elements[name];
    if (value === null || !field) continue;
    const fits = field instanceof HTMLSelectElement ? [...field.options].some((option) => option.value === value) : true;
    if (fits) field.value = value;
  }
  form.addEventListener("change", ({ target }) => {
    keep();
    if (target.name === "direction") localStorage.setItem(DIRECTION, JSON.stringify({ direction: target.value, since: time() }));
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  mode.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(DIRECTION);
    show();
    document.getElementById("scanner").scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("visibilitychange", show);
  setInterval(show, OFTEN);
  setup.open = localStorage.getItem("bukti-hadir.setup") === null;
  show();

  return () => {
    show();
    if (setup.open) keep();
    if (!setup.contains(document.activeElement)) setup.open = false; // somebody is at work in it
    const { desk, class: group, direction } = Object.fromEntries(new FormData(form));
    return { desk, class: group || undefined, direction };
  };
}

// stated is what this device tells of itself with a scan, on pages without that form. A direction
// that was chosen counts only where it shows.
export function stated() {
  const [desk, group] = NAMES.map((name) => localStorage.getItem(`bukti-hadir.${name}`) || undefined);
  return { desk, class: group, direction: "auto" };
}

// deskName is this device's desk, whatever page it shows.
export function deskName() {
  return localStorage.getItem("bukti-hadir.desk") ?? "";
}
