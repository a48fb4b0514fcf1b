// A USB or Bluetooth scanner types like a keyboard, in the layout that it believes the
// machine has, into whatever has the focus. What begins like a ticket is taken out of there
// again; what a person types stays. Two readings are kept, the text as typed and the physical
// keys read as a plain keyboard: the agent finds the ticket in either (models/ticket).

import { learned, lengths, opens, spells, strip } from "./code.js";
import { anchor, remember, writesText } from "./field.js";

const SILENCE = 100; // ms between keys after which a scanner has finished
const PATIENCE = 1000; // ms that a ticket waits for its next key: Bluetooth and busy machines stall
const FAST = 50; // ms between keys: hands are slower
const SURE = 4; // so many fast keys in a row are no hand's
const SHORTEST = 12; // a person may type a few letters; a code is never this short
const LONGEST = 600; // of a burst, in keys
const REST = 5000; // ms in which the rest of a code that was cut may follow

const QUIET = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock", "Dead", "Process", "Unidentified"]);
const MARKS = { BracketRight: "]", Backslash: "\\", Semicolon: ";" };

function physical(code) {
  const match = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code);
  return match ? (match[1] ?? match[2]) : (MARKS[code] ?? "");
}

const middle = (list) => [...list].sort((a, b) => a - b)[list.length >> 1] ?? 0;

// Burst is what was struck without a pause.
class Burst {
  typed = "";
  keys = "";
  gaps = [];
  last = -Infinity; // when the last key was struck
  eaten = false; // a scanner's for sure: fields don't get it
  rest = false; // it may be what was missing of the code before
  #fast = 0;
  #saved = new Map();

  get readings() {
    return [this.typed, this.keys];
  }

  get length() {
    return Math.max(this.typed.length, this.keys.length);
  }

  get sure() {
    return this.#fast >= SURE;
  }

  add(at, char, key, target) {
    if (this.length > 0) {
      this.gaps.push(at - this.last);
      this.#fast = at - this.last <= FAST ? this.#fast + 1 : 0;
    }
    this.last = at;
    this.typed += char;
    this.keys += key;
    if (!this.#saved.has(target)) this.#saved.set(target, remember(target));
  }

  // putBack gives all fields back what they had.
  putBack() {
    for (const restore of this.#saved.values()) restore();
  }

  // byHand says that a person may have typed it: slowly, or where people type codes.
  get byHand() {
    return !this.eaten && (this.length < SHORTEST || [...this.#saved.keys()].some((field) => field.dataset?.byHand !== undefined));
  }

  get inText() {
    return [...this.#saved.keys()].some((field) => writesText(field) || field.matches?.("select"));
  }
}

// listen calls scanned({code, alt, ms, end}) for each code of a scanner: its two readings, the
// ms between two keys, and the key that ended it. cut() is told of a ticket that came in
// part. Where any is set, codes that are no tickets count too, unless a field has the focus;
// where patient is, they may be slow.
export function listen(scanned, { cut, any = false, patient = false }) {
  let burst = new Burst();
  let timer = 0;
  let heard = ""; // what the last key has told already
  let composed = "";
  const after = { key: -Infinity, end: -Infinity, suffix: "" }; // until when something may follow a code
  let cutAt = -Infinity;

  // waits says how long what has come so far is waited for.
  function waits(readings) {
    return patient || readings.some((text) => text !== "" && opens(text)) ? PATIENCE : SILENCE;
  }

  // What was struck while the page was busy is told late: wait for it once more.
  function arm(ms) {
    clearTimeout(timer);
    const due = performance.now() + ms;
    timer = setTimeout(() => (performance.now() - due > SILENCE / 2 ? arm(SILENCE) : finish("")), ms);
  }

  // finish says whether the burst was a scanner's.
  function finish(end) {
    clearTimeout(timer);
    const done = burst;
    burst = new Burst();
    const tickets = done.readings.map(strip).filter(spells);
    if (tickets.length === 0) return done.eaten || (any && done.length >= SHORTEST && !done.inText && deliver(done, end));
    const whole = tickets.some((code) => lengths(code).includes(code.length));
    if (!whole && done.byHand) return false;
    done.putBack();
    if (whole) return deliver(done, end);
    settle(done, end);
    cutAt = done.last;
    cut();
    return true;
  }

  function deliver(done, end) {
    settle(done, end);
    const [code, alt] = done.readings.map((text) => (spells(strip(text)) ? strip(text) : text.trim()));
    scanned({ code: code || alt, alt: alt === code ? "" : alt, ms: Math.round(middle(done.gaps)), end });
    return true;
  }

  // settle makes ready for what a scanner adds to its codes.
  function settle({ last, gaps }, end) {
    after.key = last + SILENCE;
    after.end = last + (end ? Math.max(SILENCE, 3 * middle(gaps)) : PATIENCE);
    after.suffix = learned.of("after");
  }

  // follows says that a key is what a scanner adds to its codes, or the beginning of the next one.
  function follows(at, char) {
    const known = char !== "" && after.suffix.startsWith(char.toUpperCase()) && at <= after.end;
    if (!known && at > after.key) return false;
    if (known) after.suffix = after.suffix.slice(char.length);
    after.key = at + SILENCE;
    after.end = at + PATIENCE;
    return true;
  }

  // stroke takes one key and says whether it is kept from the page.
  function stroke(at, char, key, target) {
    const held = follows(at, char);
    const { typed, keys, last } = burst;
    if (at - last > waits([typed + char, keys + key]) || burst.length > LONGEST) {
      finish("");
      burst.rest = at - cutAt < REST;
    }
    burst.add(at, char, key, target);
    const tickets = burst.readings.map(strip).filter(spells);
    if (tickets.some((code) => lengths(code).at(-1) === code.length)) return finish("");
    arm(waits(burst.readings));
    if (!burst.eaten && (tickets.length > 0 || burst.rest) && (burst.sure || !writesText(target))) {
      burst.eaten = true;
      burst.putBack();
    }
    return held || burst.eaten || (any && char === " " && burst.length > 1 && !burst.inText);
  }

  function ends(at, end) {
    if (at <= after.end && burst.length < SHORTEST) {
      burst = new Burst(); // a suffix, if anything
      after.end = at + SILENCE;
      return true;
    }
    if (at - burst.last > waits(burst.readings)) finish("");
    return finish(end);
  }

  function hold(event) {
    event.preventDefault();
    event.stopPropagation();
  }

  function press(event) {
    const { key, code, target, timeStamp: at } = event;
    const char = key.length === 1 ? key : "";
    const plain = physical(code);
    heard = char || (plain ? "*" : key);
    if (event.ctrlKey || event.altKey || event.metaKey) {
      if (burst.eaten || at <= after.key) hold(event);
    } else if (event.repeat) {
      if (burst.eaten) hold(event); // a stalled scanner's key seems to be held down
    } else if (key === "Enter" || key === "Tab") {
      if (ends(at, key)) hold(event);
    } else if (char || plain) {
      if (stroke(at, char, plain, target)) hold(event);
    } else if (!QUIET.has(key)) {
      finish("");
    }
  }

  // Input methods, as Android's, give text without keys.
  function write(event) {
    const { inputType, target, timeStamp: at } = event;
    let text = inputType === "insertLineBreak" ? "\n" : (event.data ?? "");
    if (inputType === "insertCompositionText") {
      const before = composed;
      composed = text;
      if (text.startsWith(before)) text = text.slice(before.length);
      if (heard === "*") return;
    } else if (inputType !== "insertText" && inputType !== "insertLineBreak") {
      return;
    }
    const known = text === heard || (text === "\n" && heard === "Enter");
    heard = "";
    if (known) return;
    const scanning = burst;
    let held = false;
    for (const char of text) held = (/[\r\n\t]/.test(char) ? ends(at, "Enter") : stroke(at, char, "", target)) || held;
    if (!held) return;
    event.preventDefault();
    setTimeout(() => scanning.putBack()); // what can't be prevented is undone
  }

  addEventListener("keydown", press, true);
  addEventListener("beforeinput", write, true);
  addEventListener("compositionend", () => (composed = ""), true);
  if (/Android/.test(navigator.userAgent)) anchor();
}
