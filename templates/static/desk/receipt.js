// The receipt of something recorded: a short code, and the same for the participant's own camera.

import { drawn } from "../qr.js";

const dialog = document.getElementById("receipt");
const code = dialog.querySelector("[data-receipt-code]");
const speak = dialog.querySelector("[data-receipt-speak]");

// showReceipt shows a receipt until somebody closes it.
export async function showReceipt(text) {
  code.textContent = text;
  dialog.querySelector("[data-receipt-qr]").replaceChildren();
  dialog.showModal();
  const { qrcode } = await import(dialog.dataset.library);
  if (code.textContent !== text) return; // another one was faster
  const picture = drawn(qrcode, dialog.dataset.address + text, "Byte", dialog.dataset.label);
  dialog.querySelector("[data-receipt-qr]").replaceChildren(picture);
}

dialog.querySelector("[data-receipt-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => globalThis.speechSynthesis?.cancel());

// Spelled out: a voice would read it as a word.
speak.hidden = !("speechSynthesis" in window);
speak.addEventListener("click", () => {
  const words = new SpeechSynthesisUtterance([...code.textContent.replace("-", "")].join(", "));
  Object.assign(words, { lang: document.documentElement.lang, rate: 0.8 });
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
});

document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-receipt]");
  if (opener) showReceipt(opener.dataset.receipt);
});
