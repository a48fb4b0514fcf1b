// The page's side of the worker that reads codes.

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

export class Reader {
  #addresses;
  #worker;
  #opened = null;
  #waiting = new Map();
  #next = 1;
  #way = 0;
  #canvas = document.createElement("canvas");
  #aimed;

  // aimed: of several codes in a camera's picture only the one in its middle counts.
  constructor(addresses, aimed = false) {
    this.#addresses = addresses;
    this.#aimed = aimed;
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

  #answer({ id, text }) {
    this.#waiting.get(id)?.(text);
    this.#waiting.delete(id);
  }

  // read gives the text of the code in a video's current frame or a bitmap, "" for none.
  // The next look is another way, unless this one has read something.
  async read(source) {
    const text = await this.#look(source, { ...WAYS[this.#way], aimed: this.#aimed });
    if (!text) this.#way = (this.#way + 1) % WAYS.length;
    return text;
  }

  // restart has the next look be the first way again.
  restart() {
    this.#way = 0;
  }

  #look(source, { longest, change, aimed }) {
    const width = source.videoWidth || source.width;
    const height = source.videoHeight || source.height;
    if (!width || !height || source.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return Promise.resolve("");
    const scale = Math.min(1, longest / Math.max(width, height));
    const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
    const frame = framed(source);
    const pixels = frame ? undefined : this.#draw(source, size);
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ id, frame, pixels, ...size, change, aimed }, [frame ?? pixels]);
    });
  }

  #draw(source, { width, height }) {
    Object.assign(this.#canvas, { width, height });
    const pen = this.#canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(source, 0, 0, width, height);
    return pen.getImageData(0, 0, width, height).data.buffer;
  }

  // photo reads a picture file, at more than one size: a code that fills the
  // picture and one in its corner want different ones.
  async photo(file) {
    const bitmap = await createImageBitmap(file);
    try {
      for (const way of [{ longest: 1280 }, { longest: 2400 }, { longest: 720 }, { longest: 640, change: "even" }]) {
        const text = await this.#look(bitmap, way);
        if (text) return text;
      }
      return "";
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
