// What a USB scanner or a photo has read waits for its turn, and is kept until there is an answer: a page
// that is left in between sends it again from the next one, with the same id.

import { newID } from "./api.js";
import { asker, verdict } from "./ask.js";
import { play } from "./sound.js";

const KEPT = "bukti-hadir.scans";
const MOST = 20; // wait at a time
const LONGEST = 60_000; // ms from one page to the next; whose ticket it is has gone by then
const AGAIN = 100; // ms between looks whether the screen is free

let working = false;

// waiting are the scans without an answer, the oldest first.
function waiting() {
  return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
}

function keep(scans) {
  sessionStorage.setItem(KEPT, JSON.stringify(scans));
}

// resume goes on with what the page before has left.
export function resume() {
  keep(waiting().filter(({ at }) => Math.abs(Date.now() - at) < LONGEST));
  work();
}

// work asks for all that waits, one after the other, each once the screen is free.
async function work() {
  if (working) return;
  working = true;
  for (let [next] = waiting(); next; [next] = waiting()) {
    while (asker.busy || verdict.busy) await new Promise((resolve) => setTimeout(resolve, AGAIN));
    if (verdict.passing) verdict.dismiss();
    await asker.ask("/api/scan", next.body);
    keep(waiting().filter(({ body }) => body.id !== next.body.id));
  }
  working = false;
}

// take has a scan judged: at once, unless somebody still has to see to the one before.
export function take({ code, alt, method = "keyboard" }, stated) {
  const scans = waiting();
  if (scans.at(-1)?.body.code === code) return; // read twice while it waits
  keep([...scans, { at: Date.now(), body: { id: newID(), code, alt: alt || undefined, method, ...stated } }].slice(-MOST));
  if (!working && verdict.passing) verdict.dismiss();
  else if (verdict.busy) play("warn");
  work();
}

// cut says that a ticket was read in part, unless somebody has to see to another one first.
export function cut() {
  if (verdict.busy && !verdict.passing) play("bad");
  else verdict.again();
}
