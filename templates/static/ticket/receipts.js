// The receipts on a ticket page: those that this phone keeps, and what the office says of each. What was scanned
// or typed without a network is asked about once there is one.

import { forget, keep, kept, noteTicket, parse } from "./kept.js";

const CACHE = "pass-1"; // as the service worker calls it
const SETTLED = ["counts", "corrected", "undone", "set_aside"]; // answers that are asked for again only when somebody looks a day later
const DAY = 86_400_000;

const section = document.getElementById("receipts");
const list = section.querySelector("ul");
const form = section.querySelector("form");
const problem = section.querySelector("[data-problem]");

function line({ code, text }) {
  const item = document.createElement("li");
  const words = document.createElement("span");
  const name = Object.assign(document.createElement("strong"), { className: "mono", textContent: code });
  const said = Object.assign(document.createElement("span"), { className: "sub", textContent: text || section.dataset.waits });
  words.append(name, said);
  const away = document.createElement("button");
  Object.assign(away, { type: "button", className: "button button-quiet button-small", textContent: section.dataset.forget });
  away.setAttribute("aria-label", `${section.dataset.forget} ${code}`);
  away.addEventListener("click", () => {
    forget(code);
    show();
    form.elements.code.focus();
  });
  item.append(words, away);
  return item;
}

function show() {
  list.replaceChildren(...kept().map(line));
  list.hidden = !list.children.length;
}

async function ask(code) {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams({ code }) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = page.querySelector("[data-receipt-state]");
  if (!said) return page.querySelector(".field-problem, .flash-bad")?.textContent.trim() ?? "";
  for (const mark of said.querySelectorAll("[aria-hidden]")) mark.remove();
  const state = said.dataset.receiptState;
  const text = [...said.querySelectorAll("p")].slice(1).map((part) => part.textContent.trim().replace(/\s+/g, " ")).join(". ");
  keep(code, { state, text, asked: Date.now() });
  return "";
}

let asking = Promise.resolve();

// askAll asks about what has no lasting answer, one after the other: the line may be slow.
function askAll() {
  asking = asking.then(async () => {
    for (const { code, state, asked = 0 } of kept()) {
      if (SETTLED.includes(state) && Date.now() - asked < DAY) continue;
      await ask(code);
      show();
    }
  }).catch(() => {}); // no network: when it is back
  return asking;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const code = parse(form.elements.code.value);
  problem.hidden = Boolean(code);
  if (!code) {
    form.elements.code.focus();
    return;
  }
  keep(code);
  form.reset();
  show();
  await askAll();
});

// The page that a receipt's QR code leads to is kept too: the code is scanned where there is no network.
async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.ready;
  const cache = await caches.open(CACHE);
  await Promise.all(section.dataset.parts.split(" ").map((part) => cache.add(part)));
}

noteTicket(location.pathname);
show();
askAll();
addEventListener("online", askAll);
addEventListener("pageshow", ({ persisted }) => persisted && (show(), askAll()));
keepPage().catch((problem) => console.warn("receipts not kept for offline use:", problem));
