// Signals that end a wait. AbortSignal.timeout and AbortSignal.any would do, and browsers of
// before 2024 lack one or both.

// after is a signal that aborts after some milliseconds.
export function after(ms) {
  const end = new AbortController();
  setTimeout(() => end.abort(), ms);
  return end.signal;
}

// first is a signal that aborts as soon as one of these does.
export function first(...signals) {
  const end = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) end.abort();
    else signal.addEventListener("abort", () => end.abort(), { once: true, signal: end.signal });
  }
  return end.signal;
}

// givenUp is what a wait ends with that somebody has given up.
export function givenUp() {
  return new DOMException("given up", "AbortError");
}
