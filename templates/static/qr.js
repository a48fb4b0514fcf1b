// Draws a QR code with the library in vendor/qrcode.

const CELL = 8; // pixels a module
const QUIET = 4; // modules around the code

// drawn is a picture of a text as a QR code; mode is "Alphanumeric" where the text allows it, else "Byte".
export function drawn(qrcode, text, mode, label) {
  const code = qrcode(0, "L");
  code.addData(text, mode);
  code.make();
  const modules = code.getModuleCount(), side = modules + 2 * QUIET;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * CELL;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  for (let y = 0; y < modules; y++) {
    for (let x = 0; x < modules; x++) {
      if (code.isDark(y, x)) pen.fillRect((x + QUIET) * CELL, (y + QUIET) * CELL, CELL, CELL);
    }
  }
  return canvas;
}
