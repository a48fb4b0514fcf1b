// Speaks to the agent as a phone that may have to go on alone: meets it, and hands over.

const PATIENCE = 1500; // ms without an answer after which the phone is on its own
const AT_ONCE = 25; // how many scans are handed over in one request
const HAND_OVER = 15_000; // ms to wait until they are durable

const page = crypto.randomUUID?.() ?? "00000000-0000-4000-8000-000000000000";

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
    signal: AbortSignal.timeout(patience),
    cache: "no-store",
  });
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new TypeError("not the agent");
  if (answer.status === 401) throw new SignedOut();
  return { ok: answer.ok, ...(await answer.json()) };
}

// meet gives the agent's stamp, its kit where it has another than version have, and
// this phone's clocks in the middle of the meeting.
export async function meet(phone, have) {
  const before = reading();
  const answer = await post("/api/contact", { phone, have }, PATIENCE);
  if (!answer.ok) throw new TypeError("no contact");
  const after = reading();
  const here = { wall: Math.round((before.wall + after.wall) / 2), mono: Math.round((before.mono + after.mono) / 2), page };
  return { ...answer, here };
}

// handOver gives the agent everything that is held, in order, and lets go of what it
// has written down. It tells how many are left after each request.
export async function handOver(safe, told) {
  for (;;) {
    const next = await safe.held(AT_ONCE);
    if (next.length === 0) return;
    const held = next.map(({ held }) => ({ id: held.ask.id, held }));
    const { kept } = await post("/api/hand-over", { sent: reading(), held }, HAND_OVER);
    const durable = new Set(kept);
    await safe.release(next.filter(({ held }) => durable.has(held.ask.id)).map(({ at }) => at));
    told(await safe.count());
    if (durable.size < next.length) throw new TypeError("not all is recorded");
  }
}
