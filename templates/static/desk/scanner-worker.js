// Reads QR codes in pictures, off the page's thread. The page first says where
// the reader and its WebAssembly lie ({reader, wasm}); every picture after that
// is answered by {id, codes}: all of them, as {text, corners}, text empty where one was
// found and can't be read. A picture comes as a frame to draw at a width and height or as
// pixels of that size, and may be changed before it is looked at: see CHANGES.

"use strict";

const MOST = 16; // codes of a picture, more than a sheet of paper shows at once
const options = { formats: ["QRCode"], maxNumberOfSymbols: MOST, tryHarder: true, returnErrors: true };

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

// means gives the mean of what lies around each pixel of rows, so many each way, as
// columns: done twice, it is the mean of a square.
function means(light, width, height, around) {
  const out = new Float32Array(light.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = light[row] * around;
    for (let x = 0; x <= around; x++) sum += light[row + Math.min(x, width - 1)];
    for (let x = 0; x < width; x++) {
      out[x * height + y] = sum / (2 * around + 1);
      sum += light[row + Math.min(x + around + 1, width - 1)] - light[row + Math.max(x - around, 0)];
    }
  }
  return out;
}

const squares = (light, width, height, around) => means(means(light, width, height, around), height, width, around);

// even takes shades away: what counts is how a pixel differs from those around it.
function even(light, width, height) {
  const mean = squares(light, width, height, AROUND);
  for (let i = 0; i < light.length; i++) light[i] = 128 + STEEP * (light[i] - mean[i]);
  return light;
}

// larger is Math.max of bytes without a branch, which takes a third of the time: pixels
// are noise, and nothing can guess which way it goes.
function larger(a, b) {
  const less = b - a;
  return b - (less & (less >> 31));
}

// widen gives each pixel the brightest of itself and the eight around it, those beyond a
// row's end being the next row's; the first and the last row stay.
function widen(light, width) {
  const rows = new Uint8Array(light.length);
  const end = light.length - 1;
  for (let at = 1; at < end; at++) rows[at] = larger(larger(light[at - 1], light[at]), light[at + 1]);
  for (let at = width; at <= end - width; at++) light[at] = larger(larger(rows[at - width], rows[at]), rows[at + width]);
  return light;
}

// invert makes bright what is dark.
function invert(light) {
  for (let i = 0; i < light.length; i++) light[i] = 255 - light[i];
  return light;
}

// thin takes a pixel off the edges of all ink: strokes of a pen fade, modules stay.
const thin = widen;

// fill closes what is bright and not three pixels wide: a crease where ink has come off.
function fill(light, width) {
  return widen(invert(widen(invert(light), width)), width);
}

// In a picture made even noise looks like a code now and then: what can't be read there is none.
const CHANGES = {
  even: { change: even, options: { ...options, binarizer: "FixedThreshold", returnErrors: false } },
  thin: { change: thin, options },
  fill: { change: fill, options },
};

const SOLID = 2.6; // modules each way that are dark around a point of the ground, and never inside a code
const NONE = 0.005; // below any mean of a square that isn't 0

// clear makes the dark ground around a code white, of which a module has so many pixels:
// one that was cut out to its edge is shown on black, and its own ink runs into that.
function clear(light, width, height, module) {
  const rim = [...light.subarray(0, width), ...light.subarray(-width)].sort((a, b) => a - b);
  const paper = light.slice().sort()[Math.floor(0.95 * light.length)];
  const between = (rim[width] + paper) / 2;
  const solid = Math.round(SOLID * module);
  const bright = light.map((value) => (value < between ? 0 : 255));
  const core = squares(bright, width, height, solid).map((mean) => (mean < NONE ? 255 : 0));
  const ground = squares(core, width, height, Math.round(solid - module));
  return bright.map((value, i) => (ground[i] > NONE ? 255 : value));
}

// bordered adds white around a picture: a code is told from what is around it.
function bordered({ data, width, height }) {
  const border = Math.round(Math.min(width, height) / 8);
  const out = new ImageData(width + 2 * border, height + 2 * border);
  const [from, to] = [data, out.data].map(({ buffer }) => new Uint32Array(buffer));
  to.fill(0xffffffff);
  for (let y = 0; y < height; y++) to.set(from.subarray(y * width, (y + 1) * width), (y + border) * out.width + border);
  return out;
}

let pen = null;

// draw takes a frame's pixels at a size.
function draw(frame, width, height) {
  pen ??= new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (pen.canvas.width !== width || pen.canvas.height !== height) Object.assign(pen.canvas, { width, height });
  pen.drawImage(frame, 0, 0, width, height);
  frame.close();
  return pen.getImageData(0, 0, width, height);
}

// read answers what a picture shows. cut is of one that may be cut to a code's edge: how
// large its modules may be, as a share of the picture's shorter side, 0 for a white ground.
async function read({ id, frame, pixels, width, height, change, cut }) {
  let codes = [];
  try {
    let picture = frame ? draw(frame, width, height) : new ImageData(new Uint8ClampedArray(pixels), width, height);
    const changed = CHANGES[change];
    if (changed) paint(picture, changed.change(gray(picture), width, height));
    if (cut > 0) paint(picture, clear(gray(picture), width, height, cut * Math.min(width, height)));
    if (cut !== undefined) picture = bordered(picture);
    codes = await ZXingWASM.readBarcodes(picture, changed?.options ?? options);
  } catch {
    // A picture that can't be read shows no code: the next one is tried.
  }
  postMessage({ id, codes: codes.map(({ isValid, text, position }) => ({ text: isValid ? text : "", corners: around(position) })) });
}

// around lists a code's corners in turn.
function around({ topLeft, topRight, bottomRight, bottomLeft }) {
  return [topLeft, topRight, bottomRight, bottomLeft].map(({ x, y }) => ({ x, y }));
}

addEventListener("message", ({ data }) => {
  if (data.reader) open(data).catch((error) => postMessage({ failed: String(error) }));
  else read(data);
});
