// The page's side of the worker that runs the rulebook.

export class Rulebook {
  #worker;
  #waiting = new Map();
  #next = 1;
  #ready;

  constructor({ rulebookWorker, rulebook, loader }) {
    this.#worker = new Worker(rulebookWorker);
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.addEventListener("message", ({ data }) => {
        if (data.ready) resolve();
        else if (data.failed) reject(new Error(data.failed));
        else this.#answer(data);
      });
      this.#worker.addEventListener("error", () => reject(new Error("rulebook")));
    });
    this.#worker.postMessage({ loader, wasm: rulebook });
  }

  // runs says whether this browser lets a worker compile programs at all.
  static runs({ rulebookWorker }) {
    const worker = new Worker(rulebookWorker);
    const answer = new Promise((resolve) => {
      worker.addEventListener("message", ({ data }) => resolve(data.runs));
      worker.addEventListener("error", () => resolve(true)); // it could not be loaded, which says nothing
      worker.postMessage({ runs: true });
    });
    return answer.finally(() => worker.terminate());
  }

  #answer({ id, text }) {
    this.#waiting.get(id)?.(JSON.parse(text));
    this.#waiting.delete(id);
  }

  // call asks for one of its functions: open, judge or look. An answer with an error
  // is thrown.
  async call(name, given) {
    await this.#ready;
    const id = this.#next++;
    const answer = await new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ id, call: name, text: JSON.stringify(given) });
    });
    if (answer?.error) throw new Error(answer.error);
    return answer;
  }
}
