// Makes a photograph small enough for a slow line, readable, and without what the
// camera wrote into it: when and where it was taken.

import { newID } from "./api.js";
import { deskName } from "./settings.js";

// Unreadable says that a file is no picture that this browser can read.
export class Unreadable extends Error {}

function drawn(picture, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const ink = canvas.getContext("2d");
  ink.fillStyle = "#fff"; // a transparent picture is on paper
  ink.fillRect(0, 0, canvas.width, canvas.height);
  ink.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const jpeg = (canvas, quality) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));

// shrink makes a JPEG file of a picture: at most so many pixels on its longer side, and
// about so many bytes. Throws Unreadable.
async function shrink(file, { longest = 1600, most = 200_000 } = {}) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw new Unreadable(file.name);
  }
  try {
    let small = null;
    for (let side = longest; side >= longest / 4; side *= 0.75) {
      const canvas = drawn(picture, side);
      for (const quality of [0.8, 0.65, 0.5]) {
        small = await jpeg(canvas, quality);
        if (!small) throw new Unreadable(file.name);
        if (small.size <= most) return small;
      }
    }
    return small;
  } finally {
    picture.close();
  }
}

// formOf makes what a desk sends of some fields, with a picture where there is one.
// Throws Unreadable.
export async function formOf(fields, picture) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ id: newID(), desk: deskName(), ...fields })) form.set(name, value);
  if (picture) form.set("photo", await shrink(picture), "photo.jpg");
  return form;
}
