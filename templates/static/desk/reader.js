// The page's side of the worker that reads codes.

import { chosen, middle } from "./choice.js";

// WAYS are the ways to look at a picture, in turn until one reads it. What each is good
// for was measured (./scripts/bench frames): a small picture is quick and forgives noise;
// one as large as the camera gives shows a code that is far away; with the light made even
// what is out of focus can be told apart; with thinner ink strokes of a pen fade; with
// bright lines filled a crease does.
export const WAYS = [
  { longest: 960 },
  { longest: 1920 },
  { longest: 640, change: "even" },
  { longest: 640, change: "thin" },
  { longest: 960, change: "fill" },
];

// PHOTO are the ways to look at a picture file: a code that fills it and one in its corner
// want different sizes. One that was cut to its edge wants white around it, also where it
// is shown on black: the picture's shorter side may be so many of its modules.
const PHOTO = [
  { longest: 1280 },
  { longest: 2400 },
  { longest: 720 },
  { longest: 640, change: "even" },
  ...[Infinity, 41, 50, 60, 72, 88, 106, 128].map((modules) => ({ longest: 960, cut: 1 / modules })),
];

export class Reader {
  #addresses;
  #worker;
  #opened = null;
  #waiting = new Map();
  #next = 1;
  #way = 0;
  #canvas = document.createElement("canvas");

  constructor(addresses) {
    this.#addresses = addresses;
    this.ready().catch(() => {}); // whoever waits for it says so
  }

  // ready resolves once the reader is compiled and warm. One that could not be fetched is
  // fetched again.
  ready() {
    this.#opened ??= this.#open().catch((error) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  #open() {
    const { worker, reader, wasm } = this.#addresses;
    this.#worker = new Worker(worker);
    return new Promise((resolve, reject) => {
      this.#worker.addEventListener("message", ({ data }) => {
        if (data.ready) resolve();
        else if (data.failed) reject(new Error(data.failed));
        else this.#answer(data);
      });
      this.#worker.addEventListener("error", () => reject(new Error("worker")));
      this.#worker.postMessage({ reader, wasm });
    });
  }

  #answer({ id, codes }) {
    this.#waiting.get(id)?.(codes);
    this.#waiting.delete(id);
  }

  // read gives the codes in a video's current frame or a bitmap, with their places in it:
  // see choice.js.
  read(source) {
    return this.#look(source, WAYS[this.#way]);
  }

  // turn has the next look be another way: this one does not show what is meant.
  turn() {
    this.#way = (this.#way + 1) % WAYS.length;
  }

  // restart has the next look be the first way again.
  restart() {
    this.#way = 0;
  }

  async #look(source, { longest, change, cut }) {
    const width = source.videoWidth || source.width;
    const height = source.videoHeight || source.height;
    if (!width || !height || source.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return [];
    const scale = Math.min(1, longest / Math.max(width, height));
    const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
    const frame = framed(source);
    const pixels = frame ? undefined : this.#draw(source, size);
    const id = this.#next++;
    const codes = await new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ id, frame, pixels, ...size, change, cut }, [frame ?? pixels]);
    });
    return codes.map(({ text, corners }) => ({ text, corners: corners.map(({ x, y }) => ({ x: x / scale, y: y / scale })) }));
  }

  #draw(source, { width, height }) {
    Object.assign(this.#canvas, { width, height });
    const pen = this.#canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(source, 0, 0, width, height);
    return pen.getImageData(0, 0, width, height).data.buffer;
  }

  // photo reads a picture file and gives {text, several}, see chosen.
  async photo(file) {
    const bitmap = await createImageBitmap(file);
    try {
      const codes = [];
      for (const way of PHOTO) {
        const found = chosen(codes, middle(bitmap));
        if (found.framed || (found.ours && way.cut !== undefined)) break;
        codes.push(...(await this.#look(bitmap, way)));
      }
      return chosen(codes, middle(bitmap));
    } finally {
      bitmap.close();
    }
  }
}

// framed is a picture as the worker can draw it, so that nothing on the page waits for
// that; undefined in browsers of before 2023, where it has to be drawn here.
function framed(source) {
  try {
    return new VideoFrame(source, { timestamp: 0 });
  } catch {
    return undefined;
  }
}
