// Scenes of two to four codes before a camera, for the choice among them. Each is made from
// its number alone: {aimed, codes}, aimed being the text that somebody holds into the frame,
// "" where two tickets are in it and neither is over its middle. A code is {text, x, y, side, turn} in pixels and radians.

"use strict";

const [WIDE, HIGH] = [1280, 720];
const FRAME = 0.76 * HIGH;
const EDGE = 8;

function luck(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return (from, to) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    return from + ((to - from) * state) / 2 ** 32;
  };
}

// scene makes one. tickets and foreign are texts to take from. No code lies on the frame's
// very edge, where the reader's pixel decides.
function scene(seed, tickets, foreign) {
  const between = luck(seed);
  for (let i = 0; i < 9; i++) between(0, 1); // neighbouring seeds begin alike
  const codes = [];
  const place = (text, least, most, fits) => {
    for (let tries = 0; tries < 400; tries++) {
      const side = between(least, most);
      const room = 0.72 * side; // it is turned, and has white around
      const [x, y] = [between(room, WIDE - room), between(room, HIGH - room)];
      const apart = codes.every((code) => Math.max(Math.abs(code.x - x), Math.abs(code.y - y)) > 0.75 * (code.side + side));
      const off = Math.max(Math.abs(x - WIDE / 2), Math.abs(y - HIGH / 2));
      if (!apart || Math.abs(off - FRAME / 2) < EDGE || !fits(off < FRAME / 2, off, side)) continue;
      codes.push({ text, x, y, side, turn: between(-0.3, 0.3) });
      return true;
    }
    return false;
  };
  const ticket = () => tickets[Math.floor(between(0, tickets.length))];
  const aimed = ticket();
  const another = () => tickets[(tickets.indexOf(aimed) + 1 + Math.floor(between(0, tickets.length - 1))) % tickets.length];
  const two = between(0, 1) < 0.15;
  const beside = (framed, off, side) => framed && off > 0.65 * side;
  place(aimed, 190, two ? 220 : 330, two ? beside : (framed) => framed);
  const placed = two && place(another(), 190, 220, beside);
  for (let more = 1 + Math.floor(between(0, 3)); more > 0; more--) {
    if (between(0, 1) < 0.5) place(another(), 150, 300, (framed) => !framed);
    else place(foreign[Math.floor(between(0, foreign.length))], 110, 300, () => true);
  }
  return { aimed: placed ? "" : aimed, codes };
}

// looks has a choice look at a scene, of whose codes a look misses one of five by luck and
// another tenth finds without reading it. It gives the text taken, "" for none.
function looks(seed, tickets, foreign) {
  const { aimed, codes } = scene(seed, tickets, foreign);
  const between = luck(seed + 1_000_000);
  const choice = new Choice();
  const first = Math.floor(between(0, codes.length)); // the only one that the first look sees
  for (let look = 0; look < 30; look++) {
    const seen = codes.filter((_, i) => (look === 0 ? i === first : between(0, 1) < 0.8));
    const read = seen.map(({ text, x, y, side }) => {
      const [shift, half] = [between(-4, 4), side / 2];
      const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([u, v]) => ({ x: x + shift + u * half, y: y + v * half }));
      return { text: between(0, 1) < 0.1 ? "" : text, corners };
    });
    const { text } = choice.look(read, middle({ width: WIDE, height: HIGH }), 33 * look);
    if (text) return { aimed, text };
  }
  return { aimed, text: "" };
}

// paint draws a scene: on gray, uneven, each code on its own white.
function paint({ codes }, modules) {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDE, height: HIGH });
  const pen = canvas.getContext("2d");
  const between = luck(codes.length);
  for (let x = 0; x < WIDE; x += 40) {
    for (let y = 0; y < HIGH; y += 40) {
      pen.fillStyle = `hsl(0 0% ${between(25, 60)}%)`;
      pen.fillRect(x, y, 40, 40);
    }
  }
  for (const { text, x, y, side, turn } of codes) {
    const bits = modules[text];
    const count = Math.sqrt(bits.length);
    pen.setTransform(1, 0, 0, 1, x, y);
    pen.rotate(turn);
    pen.scale(side / count, side / count);
    pen.translate(-count / 2, -count / 2);
    pen.fillStyle = "#eee";
    pen.fillRect(-3, -3, count + 6, count + 6);
    pen.fillStyle = "#181818";
    for (let i = 0; i < bits.length; i++) if (bits[i] === "1") pen.fillRect(i % count, Math.floor(i / count), 1.02, 1.02);
    pen.resetTransform();
  }
  return canvas;
}
