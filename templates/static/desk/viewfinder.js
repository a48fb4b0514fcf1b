// What lies over the camera's picture: an outline of the code that is meant, and a line of
// words: what helps, or who it was a moment ago.

import { say } from "./texts.js";

const NAMED = 6000; // ms for which a name stays after its verdict has gone

export class Viewfinder {
  #video;
  #outline;
  #hint;
  #drawn = false;
  #named = { words: "", tone: "", until: 0 };

  // dialog is where verdicts show, if they cover the picture.
  constructor(box, dialog) {
    this.#video = box.querySelector("video");
    this.#outline = box.querySelector("[data-camera=outline]");
    this.#hint = box.querySelector("[data-camera=hint]");
    dialog?.addEventListener("close", () => this.#keep(dialog));
  }

  // shows follows what a camera sees, picture by picture: see Choice.
  shows({ corners, several, stuck }) {
    if (corners || this.#drawn) this.#draw(corners ?? [], stuck);
    this.#drawn = corners !== null;
    if (several) this.#say(say("one_ticket"), "warn");
    else if (stuck) this.#say(say("unread"), "warn");
    else if (performance.now() < this.#named.until) this.#say(this.#named.words, this.#named.tone);
    else this.#say("", "");
  }

  #draw(corners, unread) {
    const { videoWidth, videoHeight } = this.#video;
    this.#outline.setAttribute("viewBox", `0 0 ${videoWidth} ${videoHeight}`);
    this.#outline.firstElementChild.setAttribute("points", corners.map(({ x, y }) => `${x.toFixed()},${y.toFixed()}`).join(" "));
    this.#outline.classList.toggle("is-unread", unread);
  }

  // clear takes all of it away, where there is no picture.
  clear() {
    this.shows({ corners: null, several: false, stuck: false });
  }

  // keep has the name of a verdict that has just gone stay for a while.
  #keep(dialog) {
    const [name, title] = [".verdict-name", ".verdict-title"].map((part) => dialog.querySelector(part).textContent);
    const [, tone] = /verdict-(good|warn|bad)/.exec(dialog.querySelector(".verdict").className) ?? [];
    if (name && tone) this.#named = { words: `${name} · ${title}`, tone, until: performance.now() + NAMED };
  }

  // say writes only what has changed: screen readers read it again each time.
  #say(words, tone) {
    if (this.#hint.textContent === words) return;
    this.#hint.textContent = words;
    this.#hint.className = `scanner-hint is-${tone}`;
  }
}
