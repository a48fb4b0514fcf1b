// Reads QR codes in pictures, off the page's thread. The page first says where
// the reader and its WebAssembly lie ({reader, wasm}); every picture after that
// is answered by {id, text}, text empty where there is no code. A picture comes as
// a frame to draw at a width and height or as pixels of that size, and may be
// changed before it is looked at: see CHANGES. Of a picture that is aimed, only the
// code in its middle counts: a sheet of paper shows many.

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

const CHANGES = {
  even: { change: even, options: { ...options, binarizer: "FixedThreshold" } },
  thin: { change: thin, options },
  fill: { change: fill, options },
};

let pen = null;

// draw takes a frame's pixels at a size.
function draw(frame, width, height) {
  pen ??= new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (pen.canvas.width !== width || pen.canvas.height !== height) Object.assign(pen.canvas, { width, height });
  pen.drawImage(frame, 0, 0, width, height);
  frame.close();
  return pen.getImageData(0, 0, width, height);
}

const MOST = 12; // codes that a picture is searched for, to find the one in its middle
const SLACK = 0.1; // of a code's size by which the middle may lie beside it

// middle is the code that lies in the middle of a picture.
function middle(codes, width, height) {
  const over = ({ position }) => {
    const corners = [position.topLeft, position.topRight, position.bottomRight, position.bottomLeft];
    const reaches = (values, at) => {
      const [low, high] = [Math.min(...values), Math.max(...values)];
      return at > low - SLACK * (high - low) && at < high + SLACK * (high - low);
    };
    return reaches(corners.map(({ x }) => x), width / 2) && reaches(corners.map(({ y }) => y), height / 2);
  };
  return codes.find((code) => code.isValid && over(code));
}

async function read({ id, frame, pixels, width, height, change, aimed }) {
  let text = "";
  try {
    const picture = frame ? draw(frame, width, height) : new ImageData(new Uint8ClampedArray(pixels), width, height);
    const changed = CHANGES[change];
    if (changed) paint(picture, changed.change(gray(picture), width, height));
    const settings = changed?.options ?? options;
    const codes = await ZXingWASM.readBarcodes(picture, aimed ? { ...settings, maxNumberOfSymbols: MOST } : settings);
    const code = aimed ? middle(codes, width, height) : codes[0];
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
