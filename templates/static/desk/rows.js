// The class of a sheet as a list: who is keyed in, who can be ticked, who is looked for.

import { clock, say } from "./texts.js";

export class Rows {
  #list;
  #zone;
  #direction = "in";

  // pick is called with the element of a row that somebody ticks.
  constructor(list, filter, zone, pick) {
    this.#list = list;
    this.#zone = zone;
    list.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-key]");
      if (button) pick(button.closest("li"));
    });
    filter.addEventListener("input", () => this.#narrow(filter.value));
    filter.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const left = this.#all().filter((row) => !row.hidden);
      if (filter.value.trim() === "" || left.length !== 1) return;
      pick(left[0]);
      filter.value = "";
      this.#narrow("");
    });
    for (const row of this.#all()) this.#draw(row);
  }

  #all() {
    return [...this.#list.children];
  }

  #narrow(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of this.#all()) {
      const name = row.querySelector(".person").textContent.toLowerCase();
      row.hidden = !words.every((word) => name.includes(word));
    }
  }

  of(enrollment) {
    return this.#all().find((row) => row.dataset.enrollment === enrollment);
  }

  // byCode finds whose a row's code is; undefined where it is of another sheet.
  byCode(code) {
    return this.#all().find((row) => row.dataset.code === code.toUpperCase());
  }

  // at is when somebody came or left; 0 for not, or where the row is not on this list (yet).
  at(row, direction) {
    return Number(row?.dataset[direction] ?? 0);
  }

  set(row, direction, at) {
    if (!row) return;
    row.dataset[direction] = at;
    this.#draw(row);
  }

  // toward chooses which of coming and leaving is ticked.
  toward(direction) {
    this.#direction = direction;
    for (const row of this.#all()) this.#draw(row);
  }

  // count is how many came, or left, of how many.
  count() {
    const all = this.#all();
    return { count: all.filter((row) => this.at(row, this.#direction)).length, all: all.length };
  }

  #draw(row) {
    const times = ["in", "out"].filter((d) => this.at(row, d)).map((d) => say(`keyed_${d}`, { Time: clock(this.at(row, d), this.#zone) }));
    row.querySelector(".keyin-times").textContent = times.join(" · ");
    for (const button of row.querySelectorAll("[data-key]")) {
      button.hidden = button.dataset.key !== this.#direction || this.at(row, this.#direction) > 0;
    }
  }
}
