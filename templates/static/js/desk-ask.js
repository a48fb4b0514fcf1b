// Sends one thing to be recorded and shows what became of it.

import { Refused, send } from "./desk-api.js";

const QUIET = 500; // ms in which an answer needs no waiting screen

// Asker has at most one question under way.
export class Asker {
  #verdict;
  #cancel = null;

  constructor(verdict, dialog) {
    this.#verdict = verdict;
    dialog.querySelector("[data-do=cancel]").addEventListener("click", () => this.#cancel?.abort());
  }

  get busy() {
    return this.#cancel !== null;
  }

  // ask returns the agent's outcome, or null where there is none.
  async ask(path, body) {
    this.#cancel = new AbortController();
    const { signal } = this.#cancel;
    const slow = setTimeout(() => this.#verdict.wait(0), QUIET);
    try {
      const outcome = await send(path, body, { signal, failed: (n) => this.#failed(slow, n) });
      clearTimeout(slow);
      this.#verdict.outcome(outcome);
      return outcome;
    } catch (error) {
      clearTimeout(slow);
      if (error instanceof Refused) this.#verdict.refuse(error.reason);
      else this.#verdict.dismiss();
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
