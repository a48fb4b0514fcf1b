// Reads QR codes in pictures, off the page's thread. The page first says where
// the reader and its WebAssembly lie ({reader, wasm}); every picture after that
// is answered by {id, text}, text empty where there is no code. A picture may be
// changed before it is looked at: see CHANGES.

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

// gray takes a picture's brightness, for which green stands.
function gray({ data, width, height }) {
  const light = new Uint8ClampedArray(width * height);
  for (let i = 0; i < light.length; i++) light[i] = data[4 * i + 1];
  return light;
}

// paint writes brightness back.
function paint({ data }, light) {
  const pixels = new Uint32Array(data.buffer);
  for (let i = 0; i < light.length; i++) pixels[i] = 0xff000000 | (light[i] * 0x010101);
}

const AROUND = 6; // pixels each way that a pixel is compared with, some two modules of a code
const STEEP = 3; // by how much a difference grows

// means gives the mean of what lies AROUND each pixel of rows, as columns: done
// twice, it is the mean of a square.
function means(light, width, height) {
  const out = new Float32Array(light.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = light[row] * AROUND;
    for (let x = 0; x <= AROUND; x++) sum += light[row + Math.min(x, width - 1)];
    for (let x = 0; x < width; x++) {
      out[x * height + y] = sum / (2 * AROUND + 1);
      sum += light[row + Math.min(x + AROUND + 1, width - 1)] - light[row + Math.max(x - AROUND, 0)];
    }
  }
  return out;
}

// even takes shades away: what counts is how a pixel differs from those around it.
function even(light, width, height) {
  const mean = means(means(light, width, height), height, width);
  for (let i = 0; i < light.length; i++) light[i] = 128 + STEEP * (light[i] - mean[i]);
  return light;
}

// widest gives each pixel of rows what pick chooses of itself and its two neighbours, as columns.
function widest(light, width, height, pick) {
  const out = new Uint8ClampedArray(light.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      out[x * height + y] = pick(light[at], light[at - (x > 0)], light[at + (x < width - 1)]);
    }
  }
  return out;
}

// thin takes a pixel off the edges of all ink: strokes of a pen fade, modules stay.
function thin(light, width, height) {
  return widest(widest(light, width, height, Math.max), height, width, Math.max);
}

// fill closes what is bright and not three pixels wide: a crease where ink has come off.
function fill(light, width, height) {
  return thin(widest(widest(light, width, height, Math.min), height, width, Math.min), width, height);
}

const CHANGES = {
  even: { change: even, options: { ...options, binarizer: "FixedThreshold" } },
  thin: { change: thin, options },
  fill: { change: fill, options },
};

async function read({ id, pixels, width, height, change }) {
  let text = "";
  try {
    const picture = new ImageData(new Uint8ClampedArray(pixels), width, height);
    const changed = CHANGES[change];
    if (changed) paint(picture, changed.change(gray(picture), width, height));
    const [code] = await ZXingWASM.readBarcodes(picture, changed?.options ?? options);
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
