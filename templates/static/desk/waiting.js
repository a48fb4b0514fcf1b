// Says on the page for signing in what this phone still holds, and erases the list that
// whoever was signed in had.

import { farewell } from "./contact.js";
import { Safe } from "./safe.js";

async function tell() {
  if (!window.isSecureContext || !("indexedDB" in window)) return;
  const safe = await Safe.open();
  await safe.forget();
  const count = await safe.count();
  farewell(count, true);
  const banner = document.getElementById("alone");
  const line = banner.querySelector("[data-alone=signin]");
  banner.hidden = line.hidden = count === 0;
  const text = line.querySelector("strong");
  text.textContent = text.textContent.replace("{Count}", count);
}

tell();
