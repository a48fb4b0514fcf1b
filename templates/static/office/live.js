// Renews what stands in [data-live] as soon as the server has recorded something. What
// somebody works with stays as it is: focus, opened details, how far things are scrolled.

const pause = 1000; // between two renewals
const quiet = 60_000; // between two sentences for a screen reader

Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) =>
  !(name === "open" && element instanceof HTMLDetailsElement);

const source = new EventSource("/live");
let waiting = false;
source.addEventListener("recorded", () => {
  if (waiting) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    for (const part of document.querySelectorAll("[data-live]")) htmx.trigger(part, "recorded");
  }, pause);
});

// A figure that has changed glows for a moment.
const figures = () => document.querySelectorAll("[data-figures] .figure");
const nameOf = (figure) => figure.querySelector("a").id;
let shown = new Map();
document.body.addEventListener("htmx:beforeSwap", () => {
  shown = new Map([...figures()].map((f) => [nameOf(f), f.textContent]));
});
document.body.addEventListener("htmx:afterSettle", () => {
  for (const f of figures()) {
    if (shown.has(nameOf(f)) && shown.get(nameOf(f)) !== f.textContent) f.classList.add("figure-fresh");
  }
});
document.body.addEventListener("animationend", (e) => e.target.classList.remove("figure-fresh"));

// What is new is said at most once a minute, and not at all where nothing is.
const news = () => document.querySelector("[data-say]")?.textContent;
const said = document.querySelector("#said");
let last = news();
setInterval(() => {
  const now = news();
  if (said && now && now !== last) said.textContent = last = now;
}, quiet);
