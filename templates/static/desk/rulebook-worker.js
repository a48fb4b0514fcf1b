// Runs the rulebook, the same that the desk goes by, off the page's thread. The page
// first says where it and its loader lie ({loader, wasm}); every call after that is
// answered by {id, text}, both ways JSON. {runs} asks whether it could run here.

"use strict";

async function open({ loader, wasm }) {
  importScripts(loader);
  const go = new Go();
  const { instance } = await WebAssembly.instantiateStreaming(fetch(wasm), go.importObject);
  go.run(instance);
  postMessage({ ready: true });
}

// The smallest program there is: the format's mark and its version.
const SMALLEST = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

async function runs() {
  return WebAssembly.compile(SMALLEST).then(() => true, () => false);
}

addEventListener("message", ({ data }) => {
  if (data.runs) runs().then((can) => postMessage({ runs: can }));
  else if (data.loader) open(data).catch((error) => postMessage({ failed: String(error) }));
  else postMessage({ id: data.id, text: rulebook[data.call](data.text) });
});
