// A participant's page: kept for when there is no network, and for a live
// ticket a code that changes every 30 seconds.

import { qrcode } from "../vendor/qrcode/qrcode.mjs";

const STEP = 30_000;
const LABEL = new TextEncoder().encode("bukti-hadir/tail/1");
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));

// tail gives the 13 characters that follow the token in a step, as package
// models/ticket draws them.
export async function tail(keyHex, ticketHex, step) {
  const key = await crypto.subtle.importKey("raw", bytes(keyHex), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const low = [(step >> 8) & 255, step & 255];
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, Uint8Array.from([...LABEL, ...bytes(ticketHex), ...low])));
  let bits = 0n;
  for (const byte of [...low, ...mac.slice(0, 6)]) bits = (bits << 8n) | BigInt(byte);
  bits <<= 1n; // 64 bits are 13 characters of 5 bits, the last of them padded
  let text = "";
  for (let shift = 60n; shift >= 0n; shift -= 5n) text += ALPHABET[Number((bits >> shift) & 31n)];
  return text;
}

function draw(box, text) {
  const code = qrcode(0, "L");
  code.addData(text, "Alphanumeric");
  code.make();
  const quiet = 4, side = code.getModuleCount() + 2 * quiet;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * 8;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", box.dataset.label);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  for (let y = 0; y < side - 2 * quiet; y++) {
    for (let x = 0; x < side - 2 * quiet; x++) {
      if (code.isDark(y, x)) pen.fillRect((x + quiet) * 8, (y + quiet) * 8, 8, 8);
    }
  }
  box.replaceChildren(canvas);
}

async function rotate(box) {
  const { token, ticket, key } = box.dataset;
  const timer = box.parentElement.querySelector("progress");
  let shown = -1;
  for (;;) {
    const now = Date.now(), step = Math.floor(now / STEP);
    if (step !== shown) {
      draw(box, token + (await tail(key, ticket, step)));
      shown = step;
    }
    timer.value = 30 - (now % STEP) / 1000;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function keep() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/t/sw.js", { scope: "/t/" });
  await navigator.serviceWorker.ready;
  const cache = await caches.open("pass-1");
  const parts = performance.getEntriesByType("resource").map((part) => part.name).filter((name) => name.startsWith(location.origin + "/static/"));
  await Promise.all([location.href, ...new Set(parts)].map(async (address) => (await cache.match(address)) ?? cache.add(address)));
  document.documentElement.dataset.kept = "yes";
}

async function askServer() {
  try {
    await fetch(location.href, { method: "HEAD", cache: "no-store" });
    document.getElementById("offline").hidden = true;
  } catch {
    document.getElementById("offline").hidden = false;
  }
}

for (const box of document.querySelectorAll(".pass-qr[data-key]")) rotate(box);
keep().catch((problem) => console.warn("not kept for offline use:", problem));
askServer();
addEventListener("online", askServer);
addEventListener("offline", askServer);

// The screen stays on while the code is shown, where the phone allows it.
async function stayAwake() {
  if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen").catch(() => {});
}
stayAwake();
document.addEventListener("visibilitychange", stayAwake);
