// The page that a receipt's QR code leads to: keeps the receipt on this phone, for the ticket page to ask about.

import { keep, lastTicket, parse } from "./kept.js";

const id = (name) => document.getElementById(name);

function show() {
  const text = decodeURIComponent(location.hash.slice(1));
  if (!text) return;
  const code = parse(text);
  id("wrong").hidden = Boolean(code);
  id("kept").hidden = !code;
  if (!code) return;
  keep(code);
  id("code").textContent = code;
  const ticket = lastTicket();
  if (ticket) id("ticket").href = `${ticket}#receipts`;
}

addEventListener("hashchange", show);
show();
