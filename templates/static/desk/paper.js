// Keys an attendance sheet in: rows are scanned or ticked one after the other, recorded in
// their order, and never stop the next one.

import { NEVER, Refused, newID, send } from "./api.js";
import { Steady } from "./camera.js";
import { Choice, ours } from "./choice.js";
import { listen } from "./keyboard.js";
import { photos, walkIns } from "./paper-pictures.js";
import { Reader } from "./reader.js";
import { Rows } from "./rows.js";
import { scanner } from "./scanner.js";
import { deskName } from "./settings.js";
import { play } from "./sound.js";
import { clock, day, hours, recorded, say, tone } from "./texts.js";

const page = document.getElementById("paper");
const { session, zone, mistyped, icons } = page.dataset;
const midnight = Number(page.dataset.midnight);
const start = Number(page.dataset.start);
const settings = document.getElementById("paper-settings");
const time = settings.elements.time;
const last = document.getElementById("paper-last");
const undo = document.getElementById("paper-undo");
const waiting = document.getElementById("paper-waiting");
const refusals = document.getElementById("paper-refused");
const admit = document.getElementById("admit");
const ICONS = { good: "circle-check", warn: "triangle-alert", bad: "circle-x", wait: "hourglass" };

const direction = () => settings.elements.direction.value;
const nameOf = (row) => row?.querySelector("strong").textContent ?? say("a_row");

// What stands large: the row that was taken last, whatever became of it.
function shows(tone, name, what) {
  last.className = `keyin-last is-${tone}`;
  last.querySelector("use").setAttribute("href", `${icons}#${ICONS[tone]}`);
  last.querySelector("[data-name]").textContent = name;
  last.querySelector("[data-what]").textContent = what;
  if (tone !== "wait") play(tone);
}

function counts() {
  const { count, all } = rows.count();
  document.getElementById("paper-count").textContent = say(`count_${direction()}`, { Count: count, All: all });
  document.getElementById("paper-progress").value = count;
}

// One after the other, each until the agent has answered.
const jobs = [];
let working = false;

function held(failed) {
  waiting.hidden = !failed;
  waiting.querySelector("span").textContent = say("rows_wait", { Count: jobs.length });
}

async function work() {
  if (working) return;
  working = true;
  for (; jobs.length > 0; jobs.shift()) {
    const { path, body, done, refused } = jobs[0];
    try {
      done(await send(path, body, { signal: new AbortController().signal, failed: () => held(true), alone: NEVER }));
    } catch (error) {
      refused(error instanceof Refused ? error : new Refused("other"));
    }
  }
  held(false);
  working = false;
  counts();
}

function queue(job) {
  jobs.push(job);
  if (!waiting.hidden) held(true);
  work();
}

addEventListener("beforeunload", (event) => {
  if (jobs.length > 0) event.preventDefault();
});

// The time that the sheet says: 08.20, 8:20 or 0820, in ms; 0 for none.
function written() {
  const match = /^\s*(\d{1,2})[.:]?(\d{2})\s*$/.exec(time.value);
  const [hour, minute] = match ? match.slice(1).map(Number) : [24, 0];
  const wrong = hour > 23 || minute > 59;
  time.closest(".field").toggleAttribute("data-wrong", wrong);
  time.setAttribute("aria-invalid", String(wrong));
  if (wrong) return 0;
  const at = midnight + (60 * hour + minute) * 60_000;
  return at < start - 12 * 3_600_000 ? at + 24 * 3_600_000 : at; // after the midnight of a night's session
}

// What was keyed in on this page and can be taken back, the last one at the end.
const taken = [];

function why({ verdict, opens, closes }) {
  const window = opens ? say("window", { Hours: hours(opens, closes, zone) }) : "";
  return [say(`verdict.${verdict}`), window].filter(Boolean).join(" · ");
}

function reasonOf({ reason, answer }) {
  if (reason !== "other_sheet") return say(`error.${reason}`) || say("error.other");
  if (!answer.session) return say("error.other_site");
  const { class: group, seq, start } = answer.session;
  return say("error.other_sheet", { Class: group, Number: seq, Day: day(start, zone) });
}

// record sends one row. code is of a row that the list doesn't have.
function record(row, code, more = {}) {
  const at = written();
  if (!at) {
    shows("bad", nameOf(row), say("time_wrong"));
    time.focus();
    return;
  }
  const toward = direction();
  ask(row, { session, enrollment: row?.dataset.enrollment, code, direction: toward, written: at, ...more });
}

function ask(row, asked) {
  const body = { ...asked, id: newID(), desk: deskName() };
  const said = say(`keyed_${asked.direction}`, { Time: clock(asked.written, zone) });
  shows("wait", nameOf(row), `${said} · ${say("pending")}`);
  queue({
    path: "/api/key-in",
    body,
    done: (outcome) => answered(row ?? rows.of(outcome.person?.enrollment), asked, outcome, said),
    refused: (error) => {
      shows("bad", nameOf(row), reasonOf(error));
      refuse(row, nameOf(row), asked, `${said}: ${reasonOf(error)}`, error.reason === "pin" || error.reason === "locked" || error.reason === "supervisor");
    },
  });
}

function answered(row, asked, outcome, said) {
  const name = outcome.person?.name ?? nameOf(row);
  if (recorded(outcome)) {
    taken.push({ row, name, direction: asked.direction, before: rows.at(row, asked.direction), seq: outcome.seq });
    rows.set(row, asked.direction, outcome.occurred_ms);
    settled(asked);
    shows("good", name, said);
  } else if (outcome.earlier && outcome.earlier.direction === asked.direction) {
    if (!rows.at(row, asked.direction)) rows.set(row, asked.direction, outcome.earlier.at);
    shows("warn", name, `${say(`keyed_${asked.direction}`, { Time: clock(outcome.earlier.at, zone) })} · ${say("already")}`);
  } else {
    shows(tone(outcome.verdict), name, why(outcome));
    refuse(row, name, asked, `${said}: ${why(outcome)}`, outcome.overridable);
  }
  undo.hidden = taken.length === 0;
  counts();
}

// What the agent took nothing of, until somebody has seen to it.
function refuse(row, name, asked, text, overridable) {
  settled(asked);
  const item = refusals.querySelector("template").content.cloneNode(true).firstElementChild;
  item.querySelector("strong").textContent = name;
  item.querySelector(".sub").textContent = text;
  for (const label of item.querySelectorAll(".visually-hidden")) label.textContent = ` ${name}`;
  item.dataset.row = asked.enrollment ?? asked.code;
  const button = item.querySelector("[data-admit]");
  button.hidden = !overridable;
  button.addEventListener("click", () => {
    admit.querySelector("[data-about]").textContent = `${name}: ${text}`;
    admit.querySelector("form").reset();
    admits = (more) => ask(row, { ...asked, ...more });
    admit.showModal();
  });
  item.querySelector("[data-drop]").addEventListener("click", () => drop(item));
  refusals.querySelector("ul").append(item);
  refusals.hidden = false;
}

function drop(item) {
  item.remove();
  refusals.hidden = refusals.querySelector("li") === null;
}

function settled({ enrollment, code }) {
  const item = refusals.querySelector(`li[data-row="${CSS.escape(enrollment ?? code)}"]`);
  if (item) drop(item);
}

let admits = null;
admit.querySelector("[data-close]").addEventListener("click", () => admit.close());
admit.querySelector("form").addEventListener("submit", ({ target }) => {
  const { supervisor, pin, reason } = Object.fromEntries(new FormData(target));
  admits({ supervisor, pin, reason });
});

undo.addEventListener("click", () => {
  const { row, name, direction: toward, before, seq } = taken.pop();
  undo.hidden = taken.length === 0;
  queue({
    path: "/api/void",
    body: { id: newID(), seq, reason: mistyped, desk: deskName() },
    done: () => {
      rows.set(row, toward, before);
      shows("warn", name, say("undone"));
    },
    refused: (error) => shows("bad", name, reasonOf(error)),
  });
});

// Who is on the sheet and on no list.
async function walkIn(name, formOf) {
  const at = written();
  const said = say(`keyed_${direction()}`, { Time: clock(at, zone) });
  if (!at || !formOf) {
    shows("bad", name, say(at ? "error.picture" : "time_wrong"));
    return;
  }
  const body = await formOf({ direction: direction(), written: at });
  const done = (outcome) => shows(outcome.tone, name, outcome.tone === "good" ? said : `${said}: ${why(outcome)}`);
  queue({ path: "/api/walk-in", body, done, refused: (error) => shows("bad", name, reasonOf(error)) });
}

// The ways in which a row comes.
function scanned(code, alt) {
  const row = rows.byCode(code) ?? (alt ? rows.byCode(alt) : undefined);
  record(row, row ? undefined : code, alt ? { alt } : {});
}

const rows = new Rows(document.getElementById("paper-rows"), document.getElementById("paper-filter"), zone, (row) => record(row));
const steady = new Steady();
const seen = ({ text }) => {
  if (admit.open || !steady.counts(text, performance.now())) return;
  if (ours(text)) scanned(text);
  else shows("bad", nameOf(), say("error.no_row"));
};
scanner(page, new Reader(page.dataset), seen, { choice: new Choice(true) });
listen(({ code, alt }) => scanned(code, alt), { cut: () => shows("bad", say("cut"), say("cut_text")), any: true });

time.addEventListener("focus", () => time.select());
time.addEventListener("change", () => written());
settings.addEventListener("submit", (event) => {
  event.preventDefault();
  time.blur();
  written();
});
settings.addEventListener("change", ({ target }) => {
  if (target.name !== "direction") return;
  time.dataset[target.value === "in" ? "out" : "in"] = time.value; // each keeps its own
  time.value = time.dataset[target.value];
  written();
  rows.toward(target.value);
  counts();
});
photos(session, queue);
walkIns(session, walkIn);
counts();
