// Keeps what a page shows of the desk up to date: pushed by the agent, asked
// for where the push is cut.

const POLL = 15_000;
const { events = "/events", live = "/live" } = document.body.dataset;

function apply(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  for (const part of fresh.content.querySelectorAll("[data-live]")) {
    const old = document.getElementById(part.id);
    if (old && !old.contains(document.activeElement)) old.replaceWith(part);
  }
}

async function poll() {
  if (document.hidden) return;
  try {
    const answer = await fetch(live, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (answer.status === 401) location.reload();
    else if (answer.ok) apply(await answer.text());
  } catch {
    // The line is down; the next turn tries again.
  }
}

const source = new EventSource(events);
source.addEventListener("live", ({ data }) => apply(data));
source.addEventListener("open", () => delete document.documentElement.dataset.cut);
source.addEventListener("error", () => (document.documentElement.dataset.cut = ""));
source.addEventListener("locked", () => location.reload());
setInterval(() => {
  if (source.readyState !== EventSource.OPEN) poll();
}, POLL);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) poll();
});
