// The page's side of the worker that reads codes.

const LONGEST_FRAME = 960;

export class Reader {
  #worker;
  #waiting = new Map();
  #next = 1;
  #canvas = document.createElement("canvas");
  #pen = this.#canvas.getContext("2d", { willReadFrequently: true });

  // ready resolves once the reader is compiled and warm.
  ready;

  constructor({ worker, reader, wasm }) {
    this.#worker = new Worker(worker);
    this.ready = new Promise((resolve, reject) => {
      this.#worker.addEventListener("message", ({ data }) => {
        if (data.ready) resolve();
        else if (data.failed) reject(new Error(data.failed));
        else this.#answer(data);
      });
      this.#worker.addEventListener("error", () => reject(new Error("worker")));
    });
    this.#worker.postMessage({ reader, wasm });
  }

  #answer({ id, text }) {
    this.#waiting.get(id)?.(text);
    this.#waiting.delete(id);
  }

  // read gives the text of the code in a video's current frame or a bitmap, "" for none.
  read(source, longest = LONGEST_FRAME) {
    const width = source.videoWidth || source.width;
    const height = source.videoHeight || source.height;
    if (!width || !height) return Promise.resolve("");
    const scale = Math.min(1, longest / Math.max(width, height));
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    this.#pen.drawImage(source, 0, 0, this.#canvas.width, this.#canvas.height);
    const { data } = this.#pen.getImageData(0, 0, this.#canvas.width, this.#canvas.height);
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      const message = { id, pixels: data.buffer, width: this.#canvas.width, height: this.#canvas.height };
      this.#worker.postMessage(message, [data.buffer]);
    });
  }

  // photo reads a picture file, at more than one size: a code that fills the
  // picture and one in its corner want different ones.
  async photo(file) {
    const bitmap = await createImageBitmap(file);
    try {
      for (const longest of [1280, 2400, 720]) {
        const text = await this.read(bitmap, longest);
        if (text) return text;
      }
      return "";
    } finally {
      bitmap.close();
    }
  }
}
