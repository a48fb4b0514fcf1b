// Answers for the desk's pages when the agent doesn't: with the scanner's page that has
// nobody's name on it, and all that it is made of. Registered as /sw.js?v=VERSION.

const CACHE = `desk-${new URL(location).searchParams.get("v")}`;
const PAGE = "/alone";
const OWN = /^\/(bundle|kiosk|screen)/; // where nobody may find the scanner's page
const PATIENCE = 2000; // ms that the agent gets to answer
const AWHILE = 30_000; // ms for which nobody asks it again for parts of a page

let silent = -Infinity; // when the agent last didn't answer

async function fill() {
  const list = await fetch("/alone.json", { cache: "no-store" });
  if (!list.ok || list.redirected) throw new Error("nobody is signed in");
  const cache = await caches.open(CACHE);
  await cache.addAll((await list.json()).files);
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("desk-") && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("activate", (event) => event.waitUntil(tidy()));

async function kept(request) {
  return (await caches.open(CACHE)).match(request, { ignoreVary: true });
}

function inTime(request) {
  return Promise.race([fetch(request), new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("late")))]);
}

async function page(request) {
  try {
    const answer = await inTime(request);
    silent = -Infinity;
    return answer;
  } catch (error) {
    silent = performance.now();
    const shell = await kept(PAGE);
    if (shell) return shell;
    throw error;
  }
}

const LASTING = /\.[0-9a-f]{12}\.\w+$/; // its address carries its content's hash

async function part(request) {
  const old = await kept(request);
  if (old && (LASTING.test(new URL(request.url).pathname) || performance.now() - silent < AWHILE)) return old;
  if (!old) return fetch(request);
  return inTime(request).catch(() => old);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(part(request));
  else if (request.mode === "navigate" && !OWN.test(url.pathname)) event.respondWith(page(request));
});
