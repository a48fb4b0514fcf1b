// The phone that a page is on: there is one for all its scripts, on every page of the
// desk, so that the agent hears of it wherever staff look.

import { Alone } from "./desk-alone.js";

export const alone = new Alone(document.getElementById("alone"));

alone.addEventListener("signedout", () => {
  if (!document.querySelector("dialog[open]")) location.assign("/sign-in");
});
alone.start().catch((problem) => console.warn("can't go on alone:", problem));
