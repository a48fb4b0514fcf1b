// Speaks to the agent as a phone that may have to go on alone: meets it, and hands over.

import { newID } from "./api.js";
import { after } from "./signals.js";

const PATIENCE = 1500; // ms without an answer after which the phone is on its own
const AT_ONCE = 25; // how many scans are handed over in one request
const HAND_OVER = 15_000; // ms to wait until they are durable
const NAME = "bukti-hadir.phone";

const page = newID();

// reading is what this phone's clocks say now.
export function reading() {
  return { wall: Date.now(), mono: Math.round(performance.now()), page };
}

// SignedOut says that the agent answers, and nobody is signed in here.
export class SignedOut extends Error {}

async function post(path, body, patience) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
    signal: after(patience),
    cache: "no-store",
  });
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new TypeError("not the agent");
  if (answer.status === 401) throw new SignedOut();
  return { ok: answer.ok, ...(await answer.json()) };
}

// name is what the agent knows this phone by, as of this sign-in.
export function name() {
  const have = localStorage.getItem(NAME);
  if (have) return have;
  const fresh = newID();
  localStorage.setItem(NAME, fresh);
  return fresh;
}

// farewell tells the agent that this page is closed and how many scans wait on the
// phone, for whose people are absent until then; erased, that the phone can't go on alone.
export function farewell(waiting, erased) {
  const phone = localStorage.getItem(NAME);
  if (erased) localStorage.removeItem(NAME);
  if (!phone) return;
  const body = JSON.stringify({ phone, page, waiting, erased });
  const told = fetch("/api/farewell", { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true });
  told.catch(() => {}); // the agent waits for this phone, for a day at most
}

// meet gives the agent's stamp, its kit where it has another than version have, and
// this phone's clocks in the middle of the meeting. waiting is how many scans it holds,
// until is when the phone stops waiting, by the agent's clock.
export async function meet(phone, have, waiting, until) {
  const before = reading();
  const answer = await post("/api/contact", { phone, page, have, waiting, until }, PATIENCE);
  if (!answer.ok) throw new TypeError("no contact");
  const after = reading();
  const here = { wall: Math.round((before.wall + after.wall) / 2), mono: Math.round((before.mono + after.mono) / 2), page };
  return { ...answer, here };
}

// handOver gives the agent everything that is held, in order, and lets go of what it
// has written down. It tells how many are left after each request.
export async function handOver(safe, phone, told) {
  for (;;) {
    const next = await safe.held(AT_ONCE);
    if (next.length === 0) return;
    const held = next.map(({ held }) => ({ id: held.ask.id, held }));
    const { kept } = await post("/api/hand-over", { phone, sent: reading(), held }, HAND_OVER);
    const durable = new Set(kept);
    await safe.release(next.filter(({ held }) => durable.has(held.ask.id)).map(({ at }) => at));
    told(await safe.count());
    if (durable.size < next.length) throw new TypeError("not all is recorded");
  }
}
