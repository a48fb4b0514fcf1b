// The camera: asks for one that fits, never insists, and hands its codes on.

const PAUSE = 90; // ms between frames: quick enough for hands, easy on a phone's battery

export class Camera {
  #video;
  #reader;
  #seen;
  #stream = null;
  #device = "";
  #run = 0;
  #facing;

  // seen is called with the text of the code in view, "" for none, frame by frame.
  // facing is the camera to prefer, "environment" or "user".
  constructor(video, reader, seen, facing = "environment") {
    this.#facing = facing;
    this.#video = video;
    this.#reader = reader;
    this.#seen = seen;
  }

  // missing says why there can be no camera here: "insecure", "unsupported" or "".
  static missing() {
    if (!window.isSecureContext) return "insecure";
    return navigator.mediaDevices?.getUserMedia ? "" : "unsupported";
  }

  get on() {
    return this.#stream !== null;
  }

  async start() {
    this.stop();
    const run = ++this.#run;
    const video = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
    if (this.#device) video.deviceId = { ideal: this.#device };
    else video.facingMode = { ideal: this.#facing };
    const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video });
    if (run !== this.#run) {
      stream.getTracks().forEach((track) => track.stop());
      return;
    }
    this.#stream = stream;
    this.#video.srcObject = stream;
    await this.#video.play();
    await this.#reader.ready;
    this.#look(run);
  }

  stop() {
    this.#run++;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#video.srcObject = null;
  }

  async #look(run) {
    while (run === this.#run) {
      const text = document.hidden ? "" : await this.#reader.read(this.#video);
      if (run !== this.#run) return;
      this.#seen(text);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  // others lists the cameras to change to; names are known only once one is on.
  async others() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((device) => device.kind === "videoinput");
  }

  // change goes on to the next camera.
  async change() {
    const all = await this.others();
    if (all.length < 2) return;
    const current = this.#track?.getSettings?.().deviceId;
    const at = all.findIndex((device) => device.deviceId === current);
    this.#device = all[(at + 1) % all.length].deviceId;
    await this.start();
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  // abilities are what the camera offers beside a picture: {torch, zoom}.
  abilities() {
    return this.#track?.getCapabilities?.() ?? {};
  }

  async torch(on) {
    await this.#track?.applyConstraints({ advanced: [{ torch: on }] });
  }

  async zoom(value) {
    await this.#track?.applyConstraints({ advanced: [{ zoom: value }] });
  }
}

const IDENTITY = 36; // characters of a token that name key, ticket and class; the rotating tail stands far behind
const GONE = 3000; // ms without sight of a code after which it may come again

// Sight makes one scan of a code that is held before the camera, however long.
export class Sight {
  #last = "";
  #at = -Infinity;

  // same says whether the code names the ticket seen last. A rotating code that
  // turns over in view is still the same ticket.
  same(text) {
    return text.slice(0, IDENTITY) === this.#last.slice(0, IDENTITY);
  }

  // again takes note of a code and says whether it is the one already in view.
  // Where the desk has asked for a renewed one, another text is another scan.
  again(text, now, renewed) {
    const held = now - this.#at < GONE && (renewed ? text === this.#last : this.same(text));
    this.#last = text;
    this.#at = now;
    return held;
  }
}
