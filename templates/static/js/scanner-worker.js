// Reads QR codes in pictures, off the page's thread. The page first says where
// the reader and its WebAssembly lie ({reader, wasm}); every picture after that
// is answered by {id, text}, text empty where there is no code.

"use strict";

const options = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true };

async function open({ reader, wasm }) {
  importScripts(reader);
  await ZXingWASM.prepareZXingModule({
    overrides: { locateFile: () => wasm },
    fireImmediately: true,
  });
  // The first call compiles; nobody should wait for it with a ticket in hand.
  await ZXingWASM.readBarcodes(new ImageData(64, 64), options);
  postMessage({ ready: true });
}

async function read({ id, pixels, width, height }) {
  let text = "";
  try {
    const picture = new ImageData(new Uint8ClampedArray(pixels), width, height);
    const [code] = await ZXingWASM.readBarcodes(picture, options);
    if (code?.isValid) text = code.text;
  } catch {
    // A picture that can't be read shows no code: the next one is tried.
  }
  postMessage({ id, text });
}

addEventListener("message", ({ data }) => {
  if (data.reader) open(data).catch((error) => postMessage({ failed: String(error) }));
  else read(data);
});
