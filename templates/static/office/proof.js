// Compares a file with the paper whose proof this is, without sending it anywhere.
// Where the browser can't (a page that came over plain http), the form sends it.

const form = document.querySelector("#check-form");

function answer(tone, text) {
  const shown = document.querySelector(`#answer-${tone}`).content.cloneNode(true);
  shown.querySelector("span").textContent = text;
  document.querySelector("#answer").replaceChildren(shown);
}

async function compare(file) {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const hex = [...sum].map((b) => b.toString(16).padStart(2, "0")).join("");
  const known = document.querySelector(`[data-sha256="${hex}"]`);
  if (!known) answer("bad", form.dataset.not);
  else if ("this" in known.dataset) answer("good", form.dataset.same);
  else answer("warn", form.dataset.other.replace("#", known.dataset.version));
}

if (globalThis.crypto?.subtle) {
  form.addEventListener("submit", (event) => {
    const [file] = form.elements.file.files;
    if (!file) return;
    event.preventDefault();
    compare(file).catch(() => form.submit());
  });
}
