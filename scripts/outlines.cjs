// Makes the map of the provinces small: scripts/assets calls it with the map's
// package, the file of outlines to write and the list of where their numbers stand.
// Borders are simplified once for both neighbours, so none opens a gap or overlaps.
const { readFileSync, writeFileSync } = require("node:fs");
const { topology } = require("topojson-server");
const { presimplify, simplify } = require("topojson-simplify");
const { feature } = require("topojson-client");

const [source, drawing, places] = process.argv.slice(2);

const scale = 2; // so that whole numbers are fine enough
const grid = 1e4; // points this close (of the map's width) are one
const detail = 0.12; // corners of a smaller triangle go
const speck = 0.35; // smaller islands go, but a province's largest

// rings reads a path of moves and lines, which is all there is in the package.
function rings(path) {
  const all = [];
  let ring = [], x = 0, y = 0, first = true, relative = true;
  for (const [, word, a, b] of path.matchAll(/([mzMZlL])|(-?[\d.]+(?:e-?\d+)?)[ ,]+(-?[\d.]+(?:e-?\d+)?)/g)) {
    if (word) {
      if (/z/i.test(word)) [x, y] = ring[0];
      if (/m/i.test(word)) { if (ring.length) all.push(ring); ring = []; first = all.length === 0; }
      if (!/z/i.test(word)) relative = word === word.toLowerCase();
      continue;
    }
    if (relative && !(first && ring.length === 0)) { x += +a; y += +b; } else { x = +a; y = +b; }
    ring.push([x, y]);
  }
  all.push(ring);
  return all.filter(r => r.length > 2).map(r => [...r, r[0]]);
}

const area = r => Math.abs(r.slice(1).reduce((sum, [x, y], i) => sum + r[i][0] * y - x * r[i][1], 0)) / 2;

// anchor is the place of a ring with the most room for a number, which is twice as
// wide as tall: the point of a raster that is farthest from the ring.
function anchor(ring) {
  const flat = ring.map(([x, y]) => [x / 2, y]);
  const xs = flat.map(p => p[0]), ys = flat.map(p => p[1]);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  let best = [0, 0, -1];
  for (let i = 1; i < 60; i++) for (let j = 1; j < 60; j++) {
    const x = left + (right - left) * i / 60, y = top + (bottom - top) * j / 60;
    let inside = false, near = Infinity;
    for (let k = 1; k < flat.length; k++) {
      const [ax, ay] = flat[k - 1], [bx, by] = flat[k];
      if (ay > y !== by > y && x < ax + (bx - ax) * (y - ay) / (by - ay)) inside = !inside;
      const t = Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2 || 1)));
      near = Math.min(near, Math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y));
    }
    if (inside && near > best[2]) best = [x * 2, y, near];
  }
  return best;
}

const text = readFileSync(source, "utf8");
const map = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
const [, top, width, height] = map.viewBox.split(" ").map(Number);
const shapes = Object.fromEntries(map.locations.map(l => [l.id, { type: "MultiPolygon", coordinates: rings(l.path).map(r => [r]) }]));
const small = simplify(presimplify(topology(shapes, grid)), detail);

const paths = [], rows = ["map_id,x,y,room"];
for (const id of Object.keys(shapes).sort()) {
  const kept = feature(small, small.objects[id]).geometry.coordinates.map(([r]) => r).sort((a, b) => area(b) - area(a))
    .filter((r, i) => i === 0 || area(r) > speck);
  const d = kept.map(r => {
    const [start, ...rest] = r.slice(0, -1).map(([x, y]) => [Math.round(x * scale), Math.round((y - top) * scale)]);
    let [px, py] = start;
    const steps = rest.map(([x, y]) => { const step = [x - px, y - py]; [px, py] = [x, y]; return step; }).filter(([x, y]) => x || y);
    return `M${start.join(" ")}l${steps.flat().join(" ")}z`.replaceAll(" -", "-");
  }).join("");
  paths.push(`<path id="${id}" vector-effect="non-scaling-stroke" d="${d}"/>`);
  const [x, y, room] = anchor(kept[0]);
  rows.push([id, Math.round(x * scale), Math.round((y - top) * scale), Math.round(room * 2 * scale)].join());
}

writeFileSync(drawing, `<!-- Made by scripts/assets from @svg-maps/indonesia (https://github.com/VictorCazanave/svg-maps), based on
the map of MapSVG (https://mapsvg.com/maps/indonesia), licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).
Changed: outlines simplified, the smallest islands left out, coordinates rounded. Not for editing. -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width * scale} ${height * scale}"><defs>
${paths.join("\n")}
</defs></svg>
`);
writeFileSync(places, rows.join("\n") + "\n");
