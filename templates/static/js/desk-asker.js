// The one verdict and asker of a page, and its phone, for all its scripts.

import { Asker } from "./desk-ask.js";
import { alone } from "./desk-phone.js";
import { Verdict } from "./desk-verdict.js";

const dialog = document.getElementById("verdict");

export const screen = dialog;
export const verdict = new Verdict(dialog);
export const asker = new Asker(verdict, dialog, alone);
export { alone };
