// The camera: asks for one that fits, never insists, and hands on the code that is meant.

import { Choice, middle, same } from "./choice.js";

const OVERDUE = 100; // ms after which a picture is looked at without having been announced
const BUSY = 60_000; // ms since the last code for which every picture is looked at
const REST = 100; // ms between looks after that: easy on a phone's battery

export class Camera {
  #video;
  #reader;
  #seen;
  #lost;
  #stream = null;
  #choice;
  #run = 0;
  #asking = false; // whether the browser has been asked for a camera, and has yet to answer
  #facing;
  #kept; // where the camera that this device was changed to is remembered
  #set = {}; // what staff have set: {torch, zoom}

  // seen is called with what is in view, picture by picture: see Choice. lost is, once the
  // camera has ended by itself: unplugged, or taken away. facing is the camera to prefer,
  // "environment" or "user".
  constructor(video, reader, seen, lost, { facing = "environment", choice = new Choice() } = {}) {
    this.#choice = choice;
    this.#facing = facing;
    this.#kept = `bukti-hadir.camera.${facing}`;
    this.#video = video;
    this.#reader = reader;
    this.#seen = seen;
    this.#lost = lost;
  }

  // missing says why there can be no camera here: "insecure", "unsupported" or "".
  static missing() {
    if (!window.isSecureContext) return "insecure";
    return navigator.mediaDevices?.getUserMedia ? "" : "unsupported";
  }

  get on() {
    return this.#stream !== null;
  }

  get off() {
    return !this.on && !this.#asking;
  }

  // start turns the camera on as it was set, and says whether it is: not, where another
  // start or a stop came meanwhile.
  async start() {
    this.stop();
    const run = this.#run;
    this.#asking = true;
    try {
      await this.#open(run);
    } catch (error) {
      if (run === this.#run) throw error;
    } finally {
      if (run === this.#run) this.#asking = false;
    }
    return run === this.#run;
  }

  async #open(run) {
    const video = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
    const kept = localStorage.getItem(this.#kept);
    if (kept) video.deviceId = { ideal: kept };
    else video.facingMode = { ideal: this.#facing };
    const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video });
    if (run !== this.#run) {
      stream.getTracks().forEach((track) => track.stop());
      return;
    }
    this.#stream = stream;
    this.#track.addEventListener("ended", () => {
      if (run !== this.#run) return;
      this.stop();
      this.#lost();
    });
    this.#video.srcObject = stream;
    await this.#video.play();
    await this.#reader.ready();
    this.#look(run);
    await this.#apply();
  }

  stop() {
    this.#run++;
    this.#asking = false;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#video.srcObject = null;
  }

  // look hands on what each picture shows. The next is looked at as soon as the reader is
  // free: it may have been shown meanwhile.
  async #look(run) {
    const pictures = new Pictures(this.#video);
    let found = performance.now();
    while (run === this.#run) {
      await pictures.next();
      const codes = document.hidden ? [] : await this.#reader.read(this.#video);
      if (run !== this.#run) break;
      const view = this.#choice.look(codes, aim(this.#video), performance.now());
      if (view.text === "") this.#reader.turn();
      if (view.text || view.corners) found = performance.now();
      this.#seen(view);
      if (performance.now() - found > BUSY) await pause(REST);
    }
    pictures.stop();
  }

  // others lists the cameras to change to; names are known only once one is on.
  async others() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((device) => device.kind === "videoinput");
  }

  // remember has the next camera be the one that this device starts from now on.
  async remember() {
    const all = await this.others();
    const at = all.findIndex(({ deviceId }) => deviceId === this.#settings.deviceId);
    if (all.length > 0) localStorage.setItem(this.#kept, all[(at + 1) % all.length].deviceId);
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  get #settings() {
    return this.#track?.getSettings?.() ?? {};
  }

  // abilities are what the camera offers beside a picture: {torch, zoom}, with what is
  // set now as lit and near.
  abilities() {
    const { torch, zoom } = this.#track?.getCapabilities?.() ?? {};
    const { torch: lit = this.#set.torch === true, zoom: near } = this.#settings;
    return { torch: torch === true, lit, zoom, near };
  }

  // adjust sets {torch} or {zoom}, also for when the camera is turned on again.
  adjust(wish) {
    Object.assign(this.#set, wish);
    return this.#apply();
  }

  // apply asks for all that is set at once: what is not asked for again ends.
  async #apply() {
    const { torch, zoom } = this.abilities();
    const able = { torch, zoom: zoom !== undefined };
    const wishes = Object.entries(this.#set).filter(([name]) => able[name]);
    try {
      if (wishes.length > 0) await this.#track.applyConstraints({ advanced: wishes.map(([name, value]) => ({ [name]: value })) });
    } catch {
      // The camera does without; what is set shows.
    }
  }
}

// aim is the frame that the page draws over a picture, of which its box shows the middle.
function aim({ videoWidth, videoHeight, parentElement: box }) {
  const scale = Math.max(box.clientWidth / videoWidth, box.clientHeight / videoHeight);
  const share = Number(getComputedStyle(box).getPropertyValue("--aim"));
  return middle({ width: videoWidth, height: videoHeight }, (share * Math.min(box.clientWidth, box.clientHeight)) / scale);
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// Pictures says when a video shows a picture that it has not told of. Browsers stop
// announcing pictures that something covers, and older ones never do.
class Pictures {
  #video;
  #callback = 0;
  #fresh = true;
  #wake = () => {};

  constructor(video) {
    this.#video = video;
    this.#listen();
  }

  #listen() {
    this.#callback = this.#video.requestVideoFrameCallback?.(() => {
      this.#fresh = true;
      this.#wake();
      this.#listen();
    });
  }

  async next() {
    if (!this.#fresh) {
      await new Promise((resolve) => {
        const late = setTimeout(resolve, OVERDUE);
        this.#wake = () => {
          clearTimeout(late);
          resolve();
        };
      });
    }
    this.#fresh = false;
  }

  stop() {
    this.#video.cancelVideoFrameCallback?.(this.#callback);
  }
}

// whenBack calls start when a camera that is off may work: one was plugged in, or allowed.
export async function whenBack(camera, start) {
  const again = async () => {
    if (camera.off && !document.hidden && (await camera.others()).length > 0) start();
  };
  navigator.mediaDevices?.addEventListener("devicechange", again);
  try {
    const permission = await navigator.permissions.query({ name: "camera" });
    permission.addEventListener("change", again);
  } catch {
    // A browser that doesn't tell: there is a button.
  }
}

const GONE = 3000; // ms without sight of a code after which it may come again

// Sight makes one scan of a code that is held before the camera, however long.
export class Sight {
  #taken = "";
  #at = -Infinity;

  // fresh says whether a code in view is still to be taken. Where the desk has asked for a
  // renewed one, another text of the same ticket is.
  fresh(text, now, renewed) {
    const held = now - this.#at < GONE && (renewed ? text === this.#taken : same(text, this.#taken));
    if (same(text, this.#taken)) this.#at = now;
    return !held;
  }

  // takes notes what is really sent: what had to wait is still to be taken.
  takes(text, now) {
    this.#taken = text;
    this.#at = now;
  }
}

const STEADY = 350; // ms for which a code is held before it counts
const LEFT = 1500; // ms without sight of a code after which it may come again

// Steady takes a code only once it is held: who moves a camera over a sheet of paper
// passes rows that are not meant.
export class Steady {
  #text = "";
  #since = 0;
  #at = -Infinity;
  #taken = false;

  // counts takes note of what is in view and says whether it is to be taken now.
  counts(text, now) {
    if (text === "") return false;
    if (text !== this.#text || now - this.#at > LEFT) [this.#text, this.#since, this.#taken] = [text, now, false];
    this.#at = now;
    if (this.#taken || now - this.#since < STEADY) return false;
    this.#taken = true;
    return true;
  }
}
