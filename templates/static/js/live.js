// Renews what stands in [data-live] as soon as the server has recorded something.

const source = new EventSource("/live");
let waiting = false;
source.addEventListener("recorded", () => {
  if (waiting) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    for (const part of document.querySelectorAll("[data-live]")) {
      if (!part.contains(document.activeElement)) htmx.trigger(part, "recorded");
    }
  }, 1000);
});
