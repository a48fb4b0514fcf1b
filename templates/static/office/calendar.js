// Moves a session on the calendar, by pointer or by keyboard. Nothing is saved here: the
// page that a session is moved on opens, filled in, with whatever is in the way.

const STEP = 30; // minutes
const ROW = 24; // px of a step, dragged up or down
const AWAY = 6; // px before a press is a drag
const said = document.getElementById("calendar-said");
const inColumns = matchMedia("(min-width: 64rem)");

const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const clock = (at) => `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
const dayOf = (card) => card.closest("[data-date]").dataset.date;

function laterDay(date, days) {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

// shifted is where a session would be, kept within its day.
function shifted(card, day, steps) {
  const start = minutes(card.dataset.start), length = minutes(card.dataset.end) - start;
  const from = Math.min(Math.max(start + steps * STEP, 0), 24 * 60 - 1 - length);
  return { day, start: clock(from), end: clock(from + length) };
}

function words({ day, start, end }) {
  const date = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  return `${date.format(new Date(`${day}T00:00:00Z`))}, ${start.replace(":", ".")}–${end.replace(":", ".")}`;
}

function confirmMove(card, to) {
  location.assign(`/sessions/${card.dataset.session}/edit?${new URLSearchParams(to)}`);
}

class Drag {
  constructor(card, event) {
    Object.assign(this, { card, x: event.clientX, y: event.clientY, to: null });
    this.heard = new AbortController();
    const on = (name, does) => addEventListener(name, does, { signal: this.heard.signal });
    on("pointermove", (e) => this.move(e));
    on("pointerup", () => this.end(true));
    on("pointercancel", () => this.end(false));
    on("keydown", (e) => e.key === "Escape" && this.end(false));
  }

  move(event) {
    const down = event.clientY - this.y;
    if (!this.tip) {
      if (Math.hypot(event.clientX - this.x, down) < AWAY) return;
      this.tip = document.body.appendChild(Object.assign(document.createElement("div"), { className: "meeting-tip" }));
      this.card.classList.add("is-dragged");
    }
    const target = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-date]") ?? null;
    this.mark(target);
    const timed = inColumns.matches && document.querySelector(".calendar-week");
    this.to = target && shifted(this.card, target.dataset.date, timed ? Math.trunc(down / ROW) : 0);
    this.tip.textContent = this.to ? words(this.to) : "";
    this.tip.style.insetInlineStart = `${event.clientX + 12}px`;
    this.tip.style.insetBlockStart = `${event.clientY + 12}px`;
  }

  mark(target) {
    this.target?.classList.remove("is-target");
    this.target = target;
    target?.classList.add("is-target");
  }

  end(dropped) {
    this.heard.abort();
    if (!this.tip) return;
    this.tip.remove();
    this.mark(null);
    this.card.classList.remove("is-dragged");
    // The press that ends a drag is no click on whatever lies there.
    const swallow = (e) => e.preventDefault();
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }));
    const { card, to } = this;
    if (dropped && to && (to.day !== dayOf(card) || to.start !== card.dataset.start)) confirmMove(card, to);
  }
}

const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const undone = { days: 0, steps: 0 };

function byKeyboard(card) {
  const link = card.querySelector("a");
  let by = { ...undone };
  const reset = () => { by = { ...undone }; card.classList.remove("is-moving"); };
  link.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const wanted = () => shifted(card, laterDay(dayOf(card), by.days), by.steps);
    const moved = by.days !== 0 || by.steps !== 0;
    if (event.key in steps) {
      by = { days: by.days + steps[event.key][0], steps: by.steps + steps[event.key][1] };
      card.classList.add("is-moving");
      said.textContent = said.dataset.moved.replace("{Time}", words(wanted()));
    } else if (event.key === "Enter" && moved) {
      confirmMove(card, wanted());
    } else if (event.key === "Escape" && moved) {
      reset();
      said.textContent = said.dataset.back;
    } else {
      return;
    }
    event.preventDefault();
  });
  link.addEventListener("blur", reset);
}

for (const card of document.querySelectorAll("[data-session]")) {
  byKeyboard(card);
  for (const link of card.querySelectorAll("a")) link.draggable = false;
  card.addEventListener("pointerdown", (event) => {
    // A finger scrolls; the link beside each session moves it there.
    if (event.button === 0 && event.pointerType !== "touch") new Drag(card, event);
  });
}
