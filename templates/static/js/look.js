// Large text and high contrast, as somebody chose them on this phone. The style
// sheet reads the boxes; this only remembers them.

for (const box of document.querySelectorAll(".look input")) {
  box.checked = localStorage.getItem(box.id) === "on";
  box.addEventListener("change", () => localStorage.setItem(box.id, box.checked ? "on" : ""));
}
