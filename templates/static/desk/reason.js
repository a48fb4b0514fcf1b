// Why something is done by hand: one of the listed reasons, or one that is written.

// reasonOf is the reason that a form holds.
export function reasonOf(form) {
  const { reason, other } = Object.fromEntries(new FormData(form));
  return reason === "other" || !reason ? (other ?? "").trim() : reason;
}

// freeText asks for a written reason only where no listed one fits.
export function freeText(form) {
  const { other } = form.elements;
  const choose = () => {
    const free = form.elements.reason.value === "other";
    other.closest(".field").hidden = !free;
    other.required = free;
  };
  form.addEventListener("change", choose);
  form.addEventListener("reset", () => setTimeout(choose)); // once it is reset
  choose();
}
