// What works by itself on any page: buttons that print it, boxes that this device
// remembers, and a screen that stays on while it shows what has to be seen.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
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
