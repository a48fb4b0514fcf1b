// Answers for a participant's page when there is no network: the page as it was
// when it was last seen, and everything it is made of.

const CACHE = "pass-1";
const PATIENCE = 4000; // ms that a slow line gets before the kept page shows

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function kept(request) {
  return (await caches.open(CACHE)).match(request, { ignoreVary: true });
}

async function fresh(request) {
  const answer = await fetch(request);
  if (answer.ok && !answer.headers.get("Cache-Control")?.includes("no-store")) (await caches.open(CACHE)).put(request, answer.clone());
  else if (answer.status === 404) await forget(new URL(request.url));
  return answer;
}

// forget drops a page that is no more, with its print and picture.
async function forget({ origin, pathname }) {
  const cache = await caches.open(CACHE), gone = `${origin}${pathname}`;
  for (const { url } of await cache.keys()) if (url.split("?")[0] === gone || url.startsWith(`${gone}/`)) await cache.delete(url);
}

async function page(request) {
  const old = await kept(request);
  const coming = fresh(request);
  if (!old) return coming;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, old));
  return Promise.race([coming.catch(() => old), late]);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(kept(request).then((old) => old ?? fresh(request)));
  else if (request.mode === "navigate") event.respondWith(page(request));
});
