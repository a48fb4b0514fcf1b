// What a desk sounds like: tones that can't be taken for each other, in rises and out
// falls, and a phone's vibration with the same rhythm.

import { hush, speak } from "./voice.js";

const TONES = {
  good: { notes: [[880, 0, 0.09], [1320, 0.1, 0.16]], buzz: [60] },
  out: { notes: [[990, 0, 0.09], [740, 0.1, 0.09], [550, 0.2, 0.16]], buzz: [40, 60, 40, 60, 40] },
  neutral: { notes: [[660, 0, 0.12]], buzz: [30] },
  warn: { notes: [[520, 0, 0.14], [520, 0.2, 0.14]], buzz: [60, 80, 60] },
  bad: { notes: [[220, 0, 0.45]], buzz: [350] },
};

const KEPT = "bukti-hadir.sound"; // "off" where this device is to be quiet; it vibrates all the same

let context = null;

// soundSwitch lets a button turn the tones of this device off and on.
export function soundSwitch(button) {
  const show = () => button.setAttribute("aria-pressed", String(localStorage.getItem(KEPT) !== "off"));
  button.addEventListener("click", () => {
    localStorage.setItem(KEPT, localStorage.getItem(KEPT) === "off" ? "on" : "off");
    if (silent()) hush();
    show();
  });
  show();
}

function unlock() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
}

// Browsers keep a page silent until somebody touches it.
for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, unlock, { capture: true });
setTimeout(unlock, 1000); // making it takes a cheap phone a while, which no verdict is to wait for

const silent = () => context.state !== "running" || localStorage.getItem(KEPT) === "off";

// mention says without a tone what may soon be over: a verdict cuts it off.
export function mention(phrase, after) {
  unlock();
  if (!silent()) speak(context, phrase, after);
}

// play plays a tone, and has the verdict said after it.
export function play(tone, verdict) {
  const { notes, buzz } = TONES[tone] ?? TONES.bad;
  navigator.vibrate?.(buzz);
  unlock();
  hush();
  if (silent()) return;
  const [, delay, length] = notes.at(-1);
  speak(context, verdict, delay + length);
  for (const [frequency, delay, length] of notes) {
    const from = context.currentTime + delay;
    const source = context.createOscillator();
    const volume = context.createGain();
    source.type = tone === "bad" ? "square" : "sine";
    source.frequency.value = frequency;
    volume.gain.setValueAtTime(tone === "bad" ? 0.12 : 0.3, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + length);
    source.connect(volume).connect(context.destination);
    source.start(from);
    source.stop(from + length);
  }
}
