// The receipts that a phone keeps, and the ticket page that was opened on it last.

const RECEIPTS = "bukti-hadir.receipts";
const TICKET = "bukti-hadir.ticket";
const MOST = 60; // receipts; the oldest goes
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

// parse gives a receipt as it is written, K7PM-3X2Q, or "" where the text is none; see package models/receipt.
export function parse(text) {
  const code = text.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  if (code.length !== 8) return "";
  let sum = 0;
  for (const letter of code.slice(0, 7)) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return "";
    sum = (sum ^ digit) << 1;
    if (sum & 32) sum ^= 0b100101;
  }
  return ALPHABET[sum] === code[7] ? `${code.slice(0, 4)}-${code.slice(4)}` : "";
}

// kept lists what is kept, the newest first: [{code, state, html}], state "" before anybody answered.
export function kept() {
  try {
    const list = JSON.parse(localStorage.getItem(RECEIPTS) ?? "[]");
    return Array.isArray(list) ? list.filter(({ code }) => parse(code ?? "")) : [];
  } catch {
    return [];
  }
}

function write(list) {
  try {
    localStorage.setItem(RECEIPTS, JSON.stringify(list.slice(0, MOST)));
  } catch {
    // A browser that keeps nothing: the page shows it for as long as it is open.
  }
}

// keep adds a receipt, or what was answered about it.
export function keep(code, answer = {}) {
  const list = kept();
  const known = list.find((one) => one.code === code);
  if (known) Object.assign(known, answer);
  else list.unshift({ code, state: "", ...answer });
  write(list);
}

// forget takes a receipt off this phone.
export function forget(code) {
  write(kept().filter((one) => one.code !== code));
}

// noteTicket remembers the address of the ticket page that is open.
export function noteTicket(path) {
  try {
    localStorage.setItem(TICKET, path);
  } catch {
    // Then the receipt's page leads to the form that finds it.
  }
}

// lastTicket is the path of the ticket page that was opened last; "" if there was none.
export function lastTicket() {
  const path = localStorage.getItem(TICKET) ?? "";
  return /^\/t\/[\w-]+$/.test(path) ? path : "";
}
