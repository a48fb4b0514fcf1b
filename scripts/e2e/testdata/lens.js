// A camera that a test holds in its hand: it stands in for the browser's, shows what it is
// told, has what abilities it is given, and can be refused or unplugged.

"use strict";

// shutter takes a picture 30 times a second, as a phone's camera does, whatever the page is
// busy with: it may run in a worker of its own. It is told {to}, a track to write to, and
// {code}, the modules of a QR code to show, "" for none; it tells {held, at}: since when what
// it was told last was before it, at any moment, and when it took its first picture of that.
function shutter(port) {
  const [width, height, rate] = [1280, 720, 30];
  const room = new Uint8Array((width * height * 3) / 2).fill(128, width * height);
  let noise = 1;
  for (let i = 0; i < width * height; i++) {
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    const shelf = ((i % width) >> 6) ^ (Math.floor(i / width) >> 5); // edges, for a reader to look at
    room[i] = 90 + 24 * (shelf % 5) + (noise >>> 29);
  }
  const drawn = (code) => {
    const picture = room.slice();
    const side = Math.sqrt(code.length);
    const scale = Math.floor((0.7 * height) / (side + 8));
    const [left, top] = [width, height].map((length) => (length - (side + 8) * scale) >> 1);
    for (let y = 0; code && y < (side + 8) * scale; y++) {
      for (let x = 0; x < (side + 8) * scale; x++) {
        const [column, row] = [x, y].map((at) => Math.floor(at / scale) - 4);
        const inside = Math.min(column, row) >= 0 && Math.max(column, row) < side;
        picture[(top + y) * width + left + x] = inside && code[row * side + column] === "1" ? 25 : 225;
      }
    }
    return picture;
  };
  const Frame = VideoFrame; // a test may take it from the page
  const now = () => performance.timeOrigin + performance.now();
  let picture = room;
  let held = 0; // 0 once it was told of
  let writers = [];
  let due = now();
  port.onmessage = ({ data }) => {
    if (data.to) writers.push(data.to.getWriter());
    else {
      const next = drawn(data.code);
      setTimeout(() => ([picture, held] = [next, now()]), 100 * Math.random()); // drawing has kept the clock waiting
    }
  };
  (function take() {
    const at = now();
    for (const writer of writers) {
      const frame = new Frame(picture, { format: "I420", codedWidth: width, codedHeight: height, timestamp: Math.round(at * 1000) });
      writer.write(frame).catch(() => (writers = writers.filter((other) => other !== writer)));
    }
    if (held && writers.length > 0) {
      port.postMessage({ held, at });
      held = 0;
    }
    due = Math.max(due + 1000 / rate, now());
    setTimeout(take, due - now());
  })();
}

const lens = {
  cameras: [{ deviceId: "back", facingMode: "environment" }], // and abilities: {torch: true, zoom: {min, max, step}}
  fails: "", // the error's name that asking for a camera gives
  asked: [], // what the page asked for: {deviceId, facingMode}
  set: {}, // what is set at the camera that is on: {torch, zoom}
  track: null,

  // show holds a code before the camera, "" for none, and gives when: {held, at}.
  show(code) {
    return new Promise((resolve) => {
      this.port.onmessage = ({ data: { held, at } }) => resolve({ held: held - performance.timeOrigin, at: at - performance.timeOrigin });
      this.port.postMessage({ code });
    });
  },

  // unplug ends the track as the browser does when a camera is gone, and takes it away.
  unplug() {
    this.cameras = this.cameras.filter(({ deviceId }) => deviceId !== this.track.getSettings().deviceId);
    this.track.stop();
    this.track.dispatchEvent(new Event("ended"));
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  },

  plug(camera) {
    this.cameras.push(camera);
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  },

  // open has the page itself take the pictures.
  open() {
    shutter(this.wire());
  },

  // openApart has a worker take them, whatever the page is busy with.
  openApart() {
    const source = `${shutter}; onmessage = ({ ports: [port] }) => shutter(port);`;
    this.worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    this.worker.postMessage(null, [this.wire()]);
  },

  wire() {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    return port2;
  },
};

if (navigator.mediaDevices) {
  navigator.mediaDevices.getUserMedia = async ({ video }) => {
    const [id, facing] = [video.deviceId?.ideal, video.facingMode?.ideal];
    lens.asked.push({ deviceId: id, facingMode: facing });
    if (lens.fails) throw new DOMException("as the test wants it", lens.fails);
    const camera = lens.cameras.find(({ deviceId }) => deviceId === id) ?? lens.cameras.find(({ facingMode }) => facingMode === facing) ?? lens.cameras[0];
    if (!camera) throw new DOMException("there is none", "NotFoundError");
    const track = new MediaStreamTrackGenerator({ kind: "video" });
    lens.port.postMessage({ to: track.writable }, [track.writable]);
    lens.track = track;
    lens.set = {};
    track.getCapabilities = () => ({ ...camera.abilities });
    track.getSettings = () => ({ deviceId: camera.deviceId, torch: false, zoom: camera.abilities?.zoom?.min, ...lens.set });
    track.applyConstraints = async ({ advanced = [] } = {}) => {
      lens.set = Object.assign({}, ...advanced); // what is not asked for again is off, as the standard has it
    };
    return new MediaStream([track]);
  };
  navigator.mediaDevices.enumerateDevices = async () =>
    lens.cameras.map(({ deviceId }) => ({ kind: "videoinput", deviceId, label: deviceId }));
}
