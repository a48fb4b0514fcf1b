// Helps a participant to take their ticket along: to send its link to themselves, to put
// it on the phone's home screen, and to save its picture without a network.

const share = document.getElementById("share"), install = document.getElementById("install");

// send hands the link to the phone's own list of programs; where there is none, it copies
// it; where that is refused too, it shows the link to be copied by hand.
async function send({ title, done }) {
  const url = location.origin + location.pathname;
  if (navigator.share) {
    const refused = await navigator.share({ title, url }).catch((problem) => problem);
    if (!refused || refused.name === "AbortError") return;
  }
  const copied = await navigator.clipboard?.writeText(url).then(() => true, () => false);
  document.getElementById("shared").textContent = copied ? done : url;
}

async function saveKept({ href, download }) {
  const picture = await caches.match(href);
  if (!picture) return;
  const a = document.createElement("a");
  a.href = URL.createObjectURL(await picture.blob());
  a.download = download;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 60_000);
}

share.hidden = false;
share.addEventListener("click", () => send(share.dataset).catch((problem) => console.warn("not shared:", problem)));

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  install.hidden = false;
  install.addEventListener("click", () => { install.hidden = true; event.prompt(); }, { once: true });
});

// A download passes by the service worker.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-keep][download]");
  if (!link || navigator.onLine || !globalThis.caches) return;
  event.preventDefault();
  saveKept(link).catch((problem) => console.warn("not saved:", problem));
});
