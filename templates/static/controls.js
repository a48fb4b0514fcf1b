// What works by itself on any page: buttons that print it, boxes that choose all others of
// a name or that this device remembers, and a screen that stays on while it shows what has to be seen.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const box of document.querySelectorAll("input[data-chooses]")) {
  const others = [...document.querySelectorAll(`input[type=checkbox][name="${box.dataset.chooses}"]`)];
  const agree = () => (box.checked = others.every((other) => other.checked));
  box.parentElement.hidden = others.length < 2;
  box.addEventListener("change", () => others.forEach((other) => (other.checked = box.checked)));
  others.forEach((other) => other.addEventListener("change", agree));
  agree();
}

for (const box of document.querySelectorAll("input[data-remembered]")) {
  box.checked = localStorage.getItem(box.id) === "on";
  box.addEventListener("change", () => localStorage.setItem(box.id, box.checked ? "on" : ""));
}

// Browsers let a screen go dark again whenever another window covers the page, and a
// device that saves its battery may refuse.
async function awake() {
  if (!document.hidden) await navigator.wakeLock?.request("screen").catch(() => {});
}

if (document.querySelector("[data-awake]")) {
  document.addEventListener("visibilitychange", awake);
  awake();
}
