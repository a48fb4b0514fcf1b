// Lets codes in one at a time: what comes while another is under way waits, and of several
// that wait the newest is meant.

const OFTEN = 50; // ms between looks whether it is free

export class Turn {
  #busy;
  #run;
  #next = null;

  // busy says that nothing can be taken now; run takes what enter was called with.
  constructor(busy, run) {
    this.#busy = busy;
    this.#run = run;
  }

  async enter(...code) {
    const waits = this.#next !== null;
    this.#next = code;
    if (waits) return;
    while (this.#busy()) await new Promise((resolve) => setTimeout(resolve, OFTEN));
    const newest = this.#next;
    this.#next = null;
    await this.#run(...newest);
  }
}
