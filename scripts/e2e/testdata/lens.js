// A camera that a test holds in its hand: it stands in for the browser's, shows what it is
// told, has what abilities it is given, and can be refused or unplugged.

"use strict";

// shutter takes a picture 30 times a second, as a phone's camera does, whatever the page is
// busy with: it may run in a worker of its own. It is told {to}, a track to write to, and
// {codes}, the QR codes to show, as {modules, x, y, side, torn}: their middle and their side
// with the quiet zone as shares of the picture's height, from its middle, and whether a hand
// covers what is between the corners. It tells {held, at}: since when what it was told last
// was before it, at any moment, and when it took its first picture of that.
function shutter(port) {
  const [width, height, rate] = [1280, 720, 30];
  const room = new Uint8Array((width * height * 3) / 2).fill(128, width * height);
  let noise = 1;
  for (let i = 0; i < width * height; i++) {
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    const shelf = ((i % width) >> 6) ^ (Math.floor(i / width) >> 5); // edges, for a reader to look at
    room[i] = 90 + 24 * (shelf % 5) + (noise >>> 29);
  }
  const draw = (picture, { modules, x = 0, y = 0, side: share = 0.7, torn = false }) => {
    const side = Math.sqrt(modules.length);
    const scale = Math.floor((share * height) / (side + 8));
    const whole = (side + 8) * scale;
    const [left, top] = [width / 2 + x * height - whole / 2, height / 2 + y * height - whole / 2].map(Math.round);
    for (let v = 0; v < whole; v++) {
      for (let u = 0; u < whole; u++) {
        const [column, row] = [u, v].map((at) => Math.floor(at / scale) - 4);
        const inside = Math.min(column, row) >= 0 && Math.max(column, row) < side;
        const covered = torn && Math.min(column, row) > 8 && Math.max(column, row) < side - 9;
        const dark = inside && !covered && modules[row * side + column] === "1";
        if (left + u >= 0 && left + u < width && top + v >= 0 && top + v < height) picture[(top + v) * width + left + u] = dark ? 25 : 225;
      }
    }
  };
  const drawn = (codes) => {
    const picture = room.slice();
    for (const code of codes) draw(picture, code);
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
      const next = drawn(data.codes);
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

  // show holds codes before the camera and gives when: {held, at}. The modules of one alone
  // are in the middle, "" for none.
  show(codes) {
    if (typeof codes === "string") codes = codes ? [{ modules: codes }] : [];
    return new Promise((resolve) => {
      this.port.onmessage = ({ data: { held, at } }) => resolve({ held: held - performance.timeOrigin, at: at - performance.timeOrigin });
      this.port.postMessage({ codes });
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
