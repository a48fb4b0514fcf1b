// Runs the rulebook, the same that the desk goes by, off the page's thread. The page
// first says where it and its loader lie ({loader, wasm}); every call after that is
// answered by {id, text}, both ways JSON.

"use strict";

async function open({ loader, wasm }) {
  importScripts(loader);
  const go = new Go();
  const { instance } = await WebAssembly.instantiateStreaming(fetch(wasm), go.importObject);
  go.run(instance);
  postMessage({ ready: true });
}

addEventListener("message", ({ data }) => {
  if (data.loader) open(data).catch((error) => postMessage({ failed: String(error) }));
  else postMessage({ id: data.id, text: rulebook[data.call](data.text) });
});
