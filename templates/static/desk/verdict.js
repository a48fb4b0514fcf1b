// Shows what became of a scan, over the whole screen: colour, icon, words and
// sound. It decides nothing; the agent's answer says it all.

import { clock, day, hours, recorded, say } from "./texts.js";
import { showReceipt } from "./receipt.js";
import { mention, play } from "./sound.js";

// ICONS are those of a verdict's colour, and of which way somebody goes.
export const ICONS = {
  good: "check", warn: "triangle-alert", bad: "x", neutral: "undo-2", wait: "hourglass", hold: "wifi-off", in: "log-in", out: "log-out",
};
const STAY = { good: 1500, warn: 3500, bad: 7000, neutral: 1500 }; // ms until a verdict leaves by itself
const LEAST = { good: 600, warn: 1500, bad: 3000, neutral: 600 }; // ms in which it is read, before another ticket may follow

const PATIENT = 1.5; // seconds of waiting that need no words

const LEAVE = ["next", "skip", "back", "matches"]; // the buttons that leave: each says what is left behind

// Where the ticket is the trouble, an ID card is proof enough. Elsewhere a check-in by hand
// is refused for the same reason.
const OF_TICKET = ["revoked", "expired", "not_yet_valid", "stale_code", "static_refused", "unknown_key", "bad_signature"];

const BY_HAND = "/api/check-in"; // the path of those whose ID card staff have just seen

// compares says that staff have to compare a name with the ID card: nobody on the list has
// it, or somebody else has nearly the same.
function compares({ verdict, tone, person }, path) {
  return (verdict === "unlisted" && tone === "warn") || (tone === "good" && Boolean(person?.alike) && path !== BY_HAND);
}

// look is the way that somebody was recorded to go, "" for none: it shows on its own beside the colour.
export function look(outcome) {
  return recorded(outcome) && ["accepted_in", "accepted_out", "unlisted"].includes(outcome.verdict) ? outcome.direction || "in" : "";
}

// undoable says that it was recorded, and by the agent: what a phone holds has no number yet.
export function undoable(outcome) {
  return recorded(outcome) && Boolean(outcome.seq) && !outcome.held;
}

// title names a verdict. A name that is on no list is recorded like any other.
export function title(outcome) {
  return say(`verdict.${outcome.verdict === "unlisted" ? `accepted_${look(outcome)}` : outcome.verdict}`);
}

// lines are the facts below the name.
function lines(outcome) {
  const { person, session, earlier, zone, verdict } = outcome;
  const list = [];
  if (person) list.push([person.number, person.class].filter(Boolean).join(" · "));
  if (person?.alike) {
    const facts = [person.number.slice(-5), person.class, person.nik4 && say("nik4", { Digits: person.nik4 })];
    list.push(say("alike", { Facts: facts.filter(Boolean).join(" · ") }));
  }
  if (earlier) {
    const values = { Time: clock(earlier.at, zone), Desk: earlier.desk || say("desk_unnamed") };
    list.push(say(earlier.direction === "out" ? "earlier_out" : "earlier_in", values));
    if (earlier.told) list.push(say("told"));
  }
  if ((verdict === "no_session" || verdict === "other_site") && session) {
    list.push(say("next_session", { Time: `${day(session.start, zone)}, ${clock(session.start, zone)}` }));
  } else if ((verdict === "too_early" || verdict === "closed") && outcome.opens) {
    list.push(say("window", { Hours: hours(outcome.opens, outcome.closes, zone) }));
  } else if (session) {
    const where = session.room ? `${hours(session.start, session.end, zone)}, ${session.room}` : hours(session.start, session.end, zone);
    list.push(say("session", { Number: session.seq, Hours: where }));
  }
  if (recorded(outcome)) list.push(say(outcome.held ? "held" : "recorded", { Time: clock(outcome.occurred_ms, zone) }));
  if (outcome.receipt) list.push(say("receipt", { Code: outcome.receipt }));
  if (verdict === "already_out" && outcome.opens) {
    list.push(say("returns", { Seconds: Math.ceil((outcome.opens - outcome.occurred_ms) / 1000) }));
  }
  if (outcome.gates) list.push(say("gates", { Gates: outcome.gates }));
  if (outcome.stale) list.push(say("stale"));
  if (outcome.unseen) list.push(say("unseen"));
  if (outcome.spot === "failed") list.push(say("spot_failed"));
  if (verdict !== "unlisted" || compares(outcome)) list.push(say(outcome.sheet ? "hint.row" : `hint.${verdict}`)); // a walk-in has no ticket
  return list.filter(Boolean);
}

export class Verdict {
  #dialog;
  #box;
  #timer = 0;
  #since = 0;
  #state = "";
  #receipt = "";

  constructor(dialog) {
    const { zone } = document.querySelector("[data-zone]")?.dataset ?? {};
    if (zone) setTimeout(() => hours(0, 0, zone), 1000); // the first verdict is as fast as the next
    this.#dialog = dialog;
    this.#box = dialog.querySelector(".verdict");
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.dismiss();
    });
    dialog.addEventListener("click", ({ target }) => {
      if (this.#timer && !target.closest("a, button, form")) this.dismiss();
    });
    this.#part("[data-do=receipt]").addEventListener("click", () => {
      this.dismiss();
      showReceipt(this.#receipt);
    });
    for (const leave of LEAVE) this.#part(`[data-do=${leave}]`).addEventListener("click", () => this.dismiss());
  }

  #part(selector) {
    return this.#dialog.querySelector(selector);
  }

  // busy says that the next code has to wait for a person's eyes.
  get busy() {
    if (this.passing) return performance.now() - this.#since < (LEAST[this.#state] ?? LEAST.bad);
    return this.#state !== "";
  }

  // passing says that a verdict is shown which leaves by itself.
  get passing() {
    return this.#timer !== 0;
  }

  #show(tone, title, name, details, way = "") {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#state = tone;
    this.#since = performance.now();
    this.#box.className = `verdict verdict-${tone}`;
    this.#box.dataset.way = way;
    const icon = this.#part(".verdict-icon use");
    icon.setAttribute("href", `${this.#dialog.dataset.icons}#${ICONS[(tone === "good" && way) || tone]}`);
    this.#part(".verdict-word").textContent = way && say(`word.${way}`);
    this.#part(".verdict-title").textContent = title.replaceAll("-", "\u2011"); // "check-in" stays in one line
    this.#part(".verdict-name").textContent = name;
    this.#part(".verdict-detail").replaceChildren(
      ...details.map((text) => Object.assign(document.createElement("p"), { textContent: text })),
    );
    for (const form of this.#dialog.querySelectorAll("form")) form.hidden = true;
    for (const action of this.#dialog.querySelectorAll("[data-do]")) action.hidden = true;
    this.#part(".verdict-bar").hidden = true;
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  // outcome shows the agent's answer to what was asked of a path, with its sound.
  outcome(outcome, path) {
    const { verdict, person } = outcome;
    const asks = compares(outcome, path);
    const tone = asks ? "warn" : outcome.tone;
    const way = look(outcome);
    this.#show(tone, title(outcome), person?.name || outcome.ticket_name || "", lines(outcome), way);
    play(tone === "good" && way === "out" ? way : tone, verdict);
    if (verdict === "spot_check") {
      this.form(this.#part("#spot"));
      return;
    }
    if (asks) {
      if (!outcome.held) this.#offer("mistaken");
      this.#offer("matches").focus();
      return;
    }
    this.#offer("next").focus();
    this.#receipt = outcome.receipt ?? "";
    if (this.#receipt) this.#offer("receipt");
    if (undoable(outcome)) this.#offer("undo");
    if (outcome.sheet) this.#offer("paper").href = `/sessions/${outcome.sheet}/paper`;
    this.#help(outcome, path);
    this.#leaveAfter(STAY[tone] ?? STAY.bad);
  }

  // help offers what gets somebody in after all, what helps most first and biggest.
  #help({ verdict, overridable, person, ticket_name: name }, path) {
    const byHand = OF_TICKET.includes(verdict) && path !== BY_HAND;
    const ways = [byHand && "byhand", overridable && "override"].filter(Boolean);
    for (const [i, way] of ways.entries()) this.#offer(way).classList.toggle("button-big", i === 0);
    this.#part("[data-do=next]").classList.toggle("button-big", ways.length === 0);
    if (byHand) this.#part("[data-do=byhand]").href = `/search?q=${encodeURIComponent(person?.number || name || "")}`;
  }

  #leaveAfter(ms) {
    const bar = this.#part(".verdict-bar");
    bar.hidden = false;
    bar.style.setProperty("--stay", `${ms}ms`);
    this.#timer = setTimeout(() => this.dismiss(), ms);
  }

  #offer(what) {
    const action = this.#part(`[data-do=${what}]`);
    if (action) action.hidden = false;
    return action;
  }

  // form shows one of the verdict's forms and waits for it as long as it takes.
  form(form) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#state = "form";
    this.#part(".verdict-bar").hidden = true;
    for (const action of this.#dialog.querySelectorAll("[data-do]")) action.hidden = action.dataset.do !== form.dataset.leave;
    form.hidden = false;
    form.querySelector("input, select").focus();
  }

  // wait says that there is no answer yet: nothing is recorded.
  wait(attempt) {
    if (attempt === 0) {
      this.#show("wait", say("waiting"), "", [say("not_recorded_yet")]);
      mention("waiting", PATIENT);
    }
    else this.#show("hold", say("not_recorded_yet"), "", [say("retrying", { Attempt: attempt })]);
    this.#offer("cancel")?.focus();
  }

  // refuse shows why the agent took nothing.
  refuse(reason) {
    this.#show("bad", say("not_recorded"), "", [say(`error.${reason}`) || say("error.other")]);
    play("bad", "not_recorded");
    this.#offer("next").classList.add("button-big");
    if (["pin", "reason", "too_fast"].includes(reason)) this.#offer("override");
    if (reason === "signin") this.#offer("signin")?.focus();
    else this.#part("[data-do=next]").focus();
  }

  // again says that a ticket was read in part: nothing was recorded, and the next scan takes its place.
  again() {
    this.#show("bad", say("cut"), "", [say("cut_text")]);
    play("bad");
    this.#offer("next").focus();
    this.#leaveAfter(STAY.bad);
  }

  dismiss() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#state = "";
    for (const form of this.#dialog.querySelectorAll("form")) form.reset();
    if (this.#dialog.open) this.#dialog.close();
  }
}
