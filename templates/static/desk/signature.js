// A field to sign in with a finger: strokes of points, which can be kept and drawn again.

const MOST = 4000; // points; a name has a few hundred
const LEAST = 12;

export class Signature {
  #canvas;
  #ink;
  #strokes = [];
  #points = 0;
  #pen = null; // the pointer that draws

  // changed is called after each stroke.
  constructor(canvas, changed) {
    this.#canvas = canvas;
    this.#ink = canvas.getContext("2d");
    canvas.addEventListener("pointerdown", (event) => {
      if (this.#pen !== null || event.button !== 0) return;
      this.#pen = event.pointerId;
      canvas.setPointerCapture(event.pointerId);
      this.#strokes.push([]);
      this.#add(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId === this.#pen) this.#add(event);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => {
        if (event.pointerId !== this.#pen) return;
        this.#pen = null;
        changed();
      });
    }
    this.strokes = [];
  }

  #add({ offsetX, offsetY }) {
    if (this.#points >= MOST) return;
    this.#points++;
    const scale = this.#canvas.width / this.#canvas.clientWidth;
    this.#strokes[this.#strokes.length - 1].push([Math.round(offsetX * scale), Math.round(offsetY * scale)]);
    this.#draw();
  }

  #draw() {
    const ink = this.#ink;
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    Object.assign(ink, { strokeStyle: "#123", lineWidth: 4, lineCap: "round", lineJoin: "round" });
    for (const [first, ...rest] of this.#strokes) {
      ink.beginPath();
      ink.moveTo(...first);
      for (const point of rest) ink.lineTo(...point);
      ink.stroke();
    }
  }

  // signed says that there is more than a touch by mistake.
  get signed() {
    return this.#points >= LEAST;
  }

  get strokes() {
    return this.#strokes;
  }

  set strokes(strokes) {
    this.#strokes = strokes;
    this.#points = strokes.flat().length;
    this.#draw();
  }

  // picture is what was drawn, as a file.
  picture() {
    return new Promise((resolve) => this.#canvas.toBlob(resolve, "image/jpeg", 0.8));
  }
}
