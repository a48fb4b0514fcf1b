// Speaks to the agent. What must be recorded is sent until there is an answer,
// with one id for all attempts: the agent counts it once.

import { after, first, givenUp } from "./signals.js";

const PATIENCE = 10_000; // ms to wait for one answer; a 2G line needs a few seconds
const IMPATIENCE = 1500; // where the phone can go on by itself
const BACKOFF = [400, 1000, 2000, 3000, 5000];

// newID makes a UUIDv7 (RFC 9562 §5.7). crypto.randomUUID is missing on plain http.
export function newID() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let now = Date.now();
  for (let i = 5; i >= 0; i--, now = Math.floor(now / 256)) bytes[i] = now % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// Refused is an answer that trying again won't change.
export class Refused extends Error {
  constructor(reason, answer = {}) {
    super(reason);
    this.reason = reason;
    this.answer = answer; // whole
  }
}

// NotRecorded is the agent's own word that it could not write down what it was sent.
class NotRecorded extends Error {}

async function attempt(path, body, signal, patience) {
  const form = body instanceof FormData; // with a picture
  const answer = await fetch(path, {
    method: "POST",
    headers: form ? { Accept: "application/json" } : { "Content-Type": "application/json", Accept: "application/json" },
    body: form ? body : JSON.stringify(body),
    signal: first(signal, after(patience)),
    cache: "no-store",
  });
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new TypeError("not the agent");
  const result = await answer.json();
  if (answer.ok) return result;
  if (answer.status >= 500 && result.error !== "late") throw new NotRecorded(result.error);
  if (answer.status >= 500) throw new TypeError(result.error);
  throw new Refused(result.error, result);
}

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    addEventListener("online", resolve, { once: true, signal });
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(givenUp());
    });
  });
}

// NEVER goes on without the agent: what stands in a phone's place where there is none.
export const NEVER = { able: false, answered() {}, lost() {} };

// ALONE are the requests that a phone can decide about by itself.
const ALONE = ["/api/scan", "/api/check-in"];

// send posts body until the agent answers, or the phone on its own has. failed(n) is
// told of each attempt without an answer. Throws Refused, or givenUp().
export async function send(path, body, { signal, failed, alone }) {
  for (let n = 1; ; n++) {
    const able = alone.able && ALONE.includes(path);
    try {
      if (able && alone.cut) throw new TypeError("no agent");
      const asked = body instanceof FormData ? body : { ...body, until: able ? alone.deadline : undefined };
      const outcome = await attempt(path, asked, signal, able ? IMPATIENCE : PATIENCE);
      alone.answered();
      return outcome;
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (signal.aborted) throw givenUp();
      const there = error instanceof NotRecorded;
      if (!there) alone.lost();
      const outcome = able && !there ? await alone.hold(body) : null;
      if (outcome?.refused) throw new Refused(outcome.refused);
      if (outcome) return outcome;
      failed(n);
    }
    await pause(BACKOFF[Math.min(n, BACKOFF.length) - 1], signal);
  }
}
