// A participant's page: kept for when there is no network, counting down to the
// next session, and shown anew once anything on it has changed.

const CACHE = "pass-1";
const ASK = 60_000; // ms between two questions whether the page is still true

const id = (name) => document.getElementById(name);

// start makes what the page shows move.
async function start() {
  countDown();
  const boxes = [...document.querySelectorAll(".pass-qr[data-key]")];
  await Promise.all(boxes.map(async (box) => (await import(box.dataset.script)).rotate(box)));
}

// until says how long something is away, in its two largest units.
function until(ms) {
  let left = Math.max(1, Math.ceil(ms / 60_000));
  const words = [];
  for (const [unit, minutes] of [["day", 1440], ["hour", 60], ["minute", 1]]) {
    const count = Math.floor(left / minutes);
    left %= minutes;
    if (count && words.length < 2) words.push(new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" }).format(count));
  }
  return words.join(" ");
}

// countDown writes how long it is to the next session. It is a timer, whose
// changes screen readers tell only when they are asked.
function countDown() {
  for (const timer of document.querySelectorAll(".countdown")) {
    const { starts, ends, before, meanwhile, after } = timer.dataset, now = Date.now();
    timer.textContent = now < starts ? before.replace("…", until(starts - now)) : now < ends ? meanwhile : after;
    timer.hidden = false;
  }
}

async function keep() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/t/sw.js", { scope: "/t/" });
  await navigator.serviceWorker.ready;
  const cache = await caches.open(CACHE);
  const parts = performance.getEntriesByType("resource").map((part) => part.name).filter((name) => name.startsWith(location.origin + "/static/"));
  await Promise.all([location.href, ...new Set(parts)].map(async (address) => (await cache.match(address)) ?? cache.add(address)));
  document.documentElement.dataset.kept = "yes";
  await keepBeside(cache);
}

// keepBeside keeps the page to print and the picture of the ticket as it is now, and
// drops those of an earlier one.
async function keepBeside(cache) {
  const wanted = [...document.querySelectorAll("[data-keep]")].map((link) => link.href);
  for (const { url } of await cache.keys()) {
    if (url.startsWith(`${location.origin}${location.pathname}/`) && !wanted.includes(url)) await cache.delete(url);
  }
  for (const address of wanted) {
    if (await cache.match(address)) continue;
    const answer = await fetch(address);
    if (!answer.ok) continue;
    await cache.put(address, answer.clone());
    for (const [, sheet] of (await answer.text()).matchAll(/rel="stylesheet" href="([^"]+)"/g)) (await cache.match(sheet)) ?? (await cache.add(sheet));
  }
}

// renew puts a page that has changed in the place of the one that is shown, where
// somebody looks at it and there is a network.
async function renew() {
  if (document.visibilityState !== "visible") return;
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
  const mark = answer?.headers.get("ETag");
  id("offline").hidden = Boolean(mark) || answer?.status === 404;
  if (answer?.status === 404) {
    await globalThis.caches?.open(CACHE).then((cache) => cache.delete(location.href));
    location.reload();
  }
  if (!mark || mark === `"${id("pass").dataset.mark}"`) return;
  const fresh = await fetch(location.href, { cache: "no-store" });
  if (!fresh.ok) return;
  await globalThis.caches?.open(CACHE).then((cache) => cache.put(location.href, fresh.clone()));
  const page = new DOMParser().parseFromString(await fresh.text(), "text/html");
  for (const name of ["offline", "renewed", "pass"]) id(name).replaceChildren(...page.getElementById(name).childNodes);
  id("pass").dataset.mark = page.getElementById("pass").dataset.mark;
  id("renewed").hidden = false;
  await start();
  if (globalThis.caches) await keepBeside(await caches.open(CACHE));
}

const ask = () => renew().catch((problem) => console.warn("not renewed:", problem));

start().then(keep).catch((problem) => console.warn("not kept for offline use:", problem));
ask();
setInterval(ask, ASK);
setInterval(countDown, 10_000);
addEventListener("online", ask);
addEventListener("offline", ask);
document.addEventListener("visibilitychange", ask);
