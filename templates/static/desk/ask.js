// Sends one thing to be recorded and shows what became of it.

import { alone } from "./alone.js";
import { Refused, newID, send } from "./api.js";
import { freeText, reasonOf } from "./reason.js";
import { deskName } from "./settings.js";
import { Verdict } from "./verdict.js";

const QUIET = 500; // ms in which an answer needs no waiting screen

// Asker has at most one question under way. It tells of each outcome, in an event's detail.
class Asker extends EventTarget {
  #verdict;
  #cancel = null;
  #current = null; // what the verdict is about
  #latest = null; // the outcome on the screen
  #alone;

  constructor(verdict, dialog, alone) {
    super();
    this.#verdict = verdict;
    this.#alone = alone;
    const override = dialog.querySelector("#override");
    freeText(override);
    dialog.querySelector("[data-do=undo]").addEventListener("click", () => this.undo(this.#latest));
    dialog.querySelector("[data-do=override]").addEventListener("click", () => verdict.form(override));
    override.addEventListener("submit", (event) => {
      event.preventDefault();
      const { supervisor, pin } = Object.fromEntries(new FormData(override));
      override.elements.pin.value = "";
      this.#send("/api/override", { ...this.#current, id: newID(), supervisor, pin, reason: reasonOf(override) });
    });
    const spot = dialog.querySelector("#spot");
    spot.addEventListener("submit", (event) => {
      event.preventDefault();
      const digits = spot.elements.digits.value;
      spot.reset();
      this.#send("/api/scan", { ...this.#current, id: newID(), digits });
    });
    dialog.querySelector("[data-do=cancel]").addEventListener("click", () => this.#cancel?.abort());
  }

  get busy() {
    return this.#cancel !== null;
  }

  // ask returns the agent's outcome, or null where there is none.
  ask(path, body) {
    this.#current = body;
    return this.#send(path, body);
  }

  // undo takes back what has just been recorded.
  undo({ seq }) {
    if (!this.busy) this.ask("/api/void", { id: newID(), seq, desk: deskName(), reason: screen.dataset.undone });
  }

  async #send(path, body) {
    this.#cancel = new AbortController();
    const { signal } = this.#cancel;
    const slow = setTimeout(() => this.#verdict.wait(0), QUIET);
    try {
      const outcome = await send(path, body, { signal, failed: (n) => this.#failed(slow, n), alone: this.#alone });
      clearTimeout(slow);
      this.#latest = outcome;
      this.#verdict.outcome(outcome, path);
      this.dispatchEvent(new CustomEvent("outcome", { detail: outcome }));
      return outcome;
    } catch (error) {
      clearTimeout(slow);
      if (error instanceof Refused) this.#verdict.refuse(error.reason);
      else if (signal.aborted) this.#verdict.dismiss();
      else this.#verdict.refuse("other"); // this phone can't write
      return null;
    } finally {
      this.#cancel = null;
    }
  }

  #failed(slow, attempt) {
    clearTimeout(slow);
    this.#verdict.wait(attempt);
  }
}

// again opens a form once more after the verdict on what was sent with it: what was typed there is still in it.
export function again(box) {
  if (screen.open) screen.addEventListener("close", () => box.showModal(), { once: true });
  else box.showModal();
}

// There is one verdict and one asker for all scripts of a page.
export const screen = document.getElementById("verdict");
export const verdict = new Verdict(screen);
export const asker = new Asker(verdict, screen, alone);
