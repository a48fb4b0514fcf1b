// Draws a live ticket's code, which changes every 30 seconds.

import { drawn } from "../qr.js";

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

// rotate draws the code in its box, and goes on for as long as the box is shown.
export async function rotate(box) {
  const { token, ticket, key, library } = box.dataset;
  const { qrcode } = await import(library);
  const timer = box.parentElement.querySelector("progress");
  let shown = -1;
  async function show() {
    const now = Date.now(), step = Math.floor(now / STEP);
    timer.value = 30 - (now % STEP) / 1000;
    if (step === shown) return;
    shown = step;
    box.replaceChildren(drawn(qrcode, token + (await tail(key, ticket, step)), "Alphanumeric", box.dataset.label));
  }
  await show();
  const ticking = setInterval(() => (box.isConnected ? show() : clearInterval(ticking)), 500);
}
