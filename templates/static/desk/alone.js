// Goes on when the agent does not answer, and hands over when it does again. It judges
// nothing itself: that is the rulebook's, which is the desk's own.

import { SignedOut, farewell, handOver, meet, name, reading } from "./contact.js";
import { Rulebook } from "./rulebook.js";
import { Safe } from "./safe.js";
import { tone } from "./texts.js";

const OFTEN = 15_000; // ms between two meetings
const AGAIN = 3000; // and while something is wrong
const SOON = 1000; // after something was recorded: the kit is to have it too
const WAITS = 4000; // ms in which the agent may still record what the phone gave up on after its patience

class Alone extends EventTarget {
  #banner;
  #rulebook = null;
  #safe = null;
  #phone = "";
  #kit = null; // {version, kit}
  #contact = null; // {stamp, here}
  #turn = Promise.resolve();
  #timer = 0;
  #signedOut = false;
  #over = false;
  #fresh = false; // the rulebook has what is kept
  count = 0; // of scans that wait
  cut = false; // the agent does not answer

  constructor(banner) {
    super();
    this.#banner = banner;
  }

  // able says whether this phone can go on by itself.
  get able() {
    return this.#kit !== null && !this.#signedOut && !this.#over;
  }

  // deadline is until when an answer of the agent counts, by its own clock.
  get deadline() {
    if (!this.able) return undefined;
    const { stamp, here } = this.#contact;
    const now = reading();
    const passed = now.page === here.page ? now.mono - here.mono : now.wall - here.wall;
    return { boot: stamp.boot, mono: stamp.mono + passed + WAITS };
  }

  async start() {
    if (window.isSecureContext && !(await this.#fit())) return this.#show("unfit");
    if (!(await this.#installed())) return this.#show("insecure");
    this.#safe = await Safe.open();
    navigator.storage?.persist?.();
    this.#phone = name();
    this.count = await this.#safe.count();
    this.#kit = await this.#safe.kept("kit");
    this.#contact = await this.#safe.kept("contact");
    if (!this.#contact) this.#kit = null;
    addEventListener("online", () => this.#visit());
    addEventListener("offline", () => this.lost());
    addEventListener("pagehide", () => this.#phone && farewell(this.count, false));
    addEventListener("pageshow", ({ persisted }) => persisted && this.#visit());
    document.addEventListener("visibilitychange", () => document.hidden || this.#visit());
    for (const form of document.querySelectorAll('form[action="/logout"]')) this.#erasesOn(form);
    await this.#visit();
    if (!this.cut && !this.#signedOut) await this.#renew();
  }

  // #fit says whether this browser has all that being alone takes; old ones don't, nor do
  // some in private windows.
  async #fit() {
    const has = "serviceWorker" in navigator && "indexedDB" in window && "WebAssembly" in window && crypto.subtle;
    return Boolean(has) && Rulebook.runs(this.#banner.dataset);
  }

  // #renew keeps the page for being alone anew, in the language of now.
  async #renew() {
    const name = `desk-${this.#banner.dataset.version}`;
    if (await caches.has(name)) await (await caches.open(name)).add("/alone");
  }

  // #installed says whether the browser keeps this page for when there is no network;
  // it does so only with a certificate that it trusts.
  async #installed() {
    if (!window.isSecureContext) return false;
    try {
      await navigator.serviceWorker.register(`/sw.js?v=${this.#banner.dataset.version}`, { scope: "/", updateViaCache: "none" });
      return true;
    } catch {
      return navigator.serviceWorker.controller !== null;
    }
  }

  #erasesOn(form) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await this.forget();
      form.submit();
    });
  }

  async forget() {
    this.#kit = this.#contact = null;
    this.#fresh = false;
    this.#phone = "";
    await this.#safe?.forget();
    farewell(this.count, true);
  }

  // lost says that the agent did not answer in time.
  lost() {
    if (!this.#safe) return;
    this.cut = true;
    this.#note();
    this.#again(AGAIN);
  }

  // answered says that the agent has just recorded something.
  answered() {
    if (this.#safe) this.#again(SOON);
  }

  #again(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#visit(), ms);
  }

  #visiting = null;

  // #visit meets the agent, and hands over what waits; one visit at a time.
  #visit() {
    this.#visiting ??= this.#tryVisit().finally(() => {
      this.#visiting = null;
    });
    return this.#visiting;
  }

  async #tryVisit() {
    clearTimeout(this.#timer);
    try {
      await this.#meet();
      if (this.count > 0) {
        await (navigator.locks ? navigator.locks.request("hand-over", () => this.#handOver()) : this.#handOver());
        await this.#meet();
      }
      this.cut = false;
    } catch (error) {
      this.cut = !(error instanceof SignedOut);
      if (error instanceof SignedOut) await this.#signOut();
    }
    await this.#note();
    this.#again(this.cut || this.count > 0 ? AGAIN : OFTEN);
  }

  async #meet() {
    this.#phone ||= name();
    const { stamp, version, kit, here } = await meet(this.#phone, this.#kit?.version ?? "", this.count, this.deadline);
    await this.#inTurn(async () => {
      this.#signedOut = this.#over = false;
      this.#fresh = false;
      if (kit) await this.#safe.keep("kit", (this.#kit = { version, kit }));
      await this.#safe.keep("contact", (this.#contact = { stamp, here }));
    });
    if (this.cut) this.dispatchEvent(new Event("back"));
    this.cut = false;
  }

  #handOver() {
    return handOver(this.#safe, this.#phone, (left) => {
      this.count = left;
      this.#note();
    });
  }

  // #signOut follows the agent's word that nobody is signed in here any more.
  async #signOut() {
    this.#signedOut = true;
    await this.forget();
    this.dispatchEvent(new Event("signedout"));
  }

  #inTurn(work) {
    const run = this.#turn.then(work);
    this.#turn = run.catch(() => {});
    return run;
  }

  // #ready gives the rulebook with all that is kept.
  async #ready() {
    this.#rulebook ??= new Rulebook(this.#banner.dataset);
    if (this.#fresh) return this.#rulebook;
    const held = (await this.#safe.held()).map(({ held }) => held);
    const { stamp, here } = this.#contact;
    try {
      await this.#rulebook.call("open", { kit: { ...this.#kit.kit, stamp }, here, held });
    } catch (error) {
      this.#rulebook = null; // the next one may load
      throw error;
    }
    this.#fresh = true;
    return this.#rulebook;
  }

  // hold decides about a request alone, and gives the outcome once it is on this
  // phone's disk; null where it can't.
  hold(ask) {
    return this.#inTurn(async () => {
      if (!this.able) return null;
      const rulebook = await this.#ready();
      let judged;
      try {
        judged = await rulebook.call("judge", { ask, here: reading() });
      } catch {
        await this.#note();
        return { refused: this.#over ? "over" : "alone" };
      }
      try {
        await this.#safe.hold(judged.held);
      } catch (error) {
        this.#fresh = false; // it remembers what was not kept
        throw error;
      }
      this.count++;
      this.#note();
      return { ...judged.answer, tone: judged.answer.unseen ? "warn" : tone(judged.answer.verdict), held: true };
    });
  }

  // look finds people, and counts today's sessions, as far as this phone knows.
  look(query = "") {
    return this.#inTurn(async () => (this.able ? (await this.#ready()).call("look", { query, here: reading() }) : null));
  }

  async #note() {
    if (this.cut && this.able) this.#over = Boolean((await this.look().catch(() => null))?.over);
    if (this.#over) await this.forget();
    if (this.#signedOut && this.count > 0) this.#show("signin");
    else if (this.cut && this.#over) this.#show("over");
    else if (this.cut && this.able) this.#show("alone");
    else if (this.cut) this.#show(this.count > 0 ? "alone" : "unable");
    else this.#show(this.count > 0 ? "handing" : "");
    this.dispatchEvent(new Event("changed"));
  }

  #show(state) {
    this.#banner.hidden = !state;
    for (const line of this.#banner.querySelectorAll("[data-alone]")) {
      line.hidden = line.dataset.alone !== state;
      for (const text of line.querySelectorAll("strong, span")) {
        if (text.children.length > 0) continue; // around others
        text.dataset.says ??= text.textContent;
        text.textContent = text.dataset.says.replace("{Count}", this.count);
      }
    }
    document.documentElement.dataset.alone = state || "no";
    document.documentElement.dataset.waiting = this.count;
    document.documentElement.dataset.kit = this.#kit?.version ?? "";
  }
}

// The phone that a page is on is one for all its scripts: what imports it has the same
// address as what the layout loads, so that the agent hears of it wherever staff look.
export const alone = new Alone(document.getElementById("alone"));

alone.addEventListener("signedout", () => {
  if (!document.querySelector("dialog[open]")) location.assign("/sign-in");
});
alone.start().catch((problem) => console.warn("can't go on alone:", problem));
