// The one verdict, asker and phone of a page, for all its scripts.

import { Alone } from "./desk-alone.js";
import { Asker } from "./desk-ask.js";
import { Verdict } from "./desk-verdict.js";

const dialog = document.getElementById("verdict");

export const screen = dialog;
export const verdict = new Verdict(dialog);
export const alone = new Alone(document.getElementById("alone"), dialog.dataset);
export const asker = new Asker(verdict, dialog, alone);

alone.addEventListener("signedout", () => {
  if (!dialog.open) location.assign("/sign-in");
});
alone.start().catch((problem) => console.warn("can't go on alone:", problem));
