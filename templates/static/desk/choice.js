// What is meant of all that a camera or a photo shows: codes with their places in, one of
// them out. It draws nothing and sends nothing.
//
// A code is {text, corners}, text "" where it was found and could not be read; corners are
// four {x, y} in the picture. An aim is the frame that is drawn over it: {left, right, top,
// bottom}. What begins like one of our codes comes first, always.

const OURS = /^(?:\]Q1)?BHR?[1IL]/i; // tickets, and rows of an attendance sheet
const TICKET = /^(?:\]Q1)?BH[1IL]/i;
const IDENTITY = 36; // characters of a token that name key, ticket and class; the rotating tail stands far behind

// ours says that a text begins like one of our codes. What does not is nobody's business here.
export function ours(text) {
  return OURS.test(text.trim());
}

// same says whether two texts are of one ticket. A rotating code that turns over in view
// is still the same ticket.
export function same(a, b) {
  return a === b || (TICKET.test(a) && a.slice(0, IDENTITY) === b.slice(0, IDENTITY));
}

// placed adds to a code where its middle is, and how large it is.
function placed({ text, corners }) {
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const size = Math.sqrt(area(corners));
  return { text, corners, left, right, top, bottom, size, x: (left + right) / 2, y: (top + bottom) / 2 };
}

function area(corners) {
  const crosses = corners.map(({ x, y }, i) => {
    const next = corners[(i + 1) % corners.length];
    return x * next.y - next.x * y;
  });
  return Math.abs(crosses.reduce((sum, cross) => sum + cross, 0)) / 2;
}

const within = ({ left, right, top, bottom }, { x, y }, slack = 0) =>
  x > left - slack && x < right + slack && y > top - slack && y < bottom + slack;

// overlap says that two codes can't both be there.
const overlap = (a, b) => within(a, b) || within(b, a);

// middle is the aim in a picture's middle, a square.
export function middle({ width, height }, side = 0.76 * Math.min(width, height)) {
  const [x, y, half] = [width / 2, height / 2, side / 2];
  return { left: x - half, right: x + half, top: y - half, bottom: y + half };
}

const CLEARLY = 1.5; // times as large is aimed at, where the frame has several
const LARGEST = 1.25; // times as large counts, where the frame has none
const SLACK = 0.1; // of a code's size by which the frame's middle may lie beside it

// choose picks among our codes. It gives {code, framed}, or {several} where two compete.
function choose(codes, aim) {
  const largest = [...codes].sort((a, b) => b.size - a.size);
  const framed = distinct(largest.filter((code) => within(aim, code)));
  if (framed.length === 1) return { code: framed[0], framed: true };
  if (framed.length > 1) return centred(framed, aim);
  const [code, next] = distinct(largest);
  if (next && code.size < LARGEST * next.size) return { several: true };
  return { code, framed: false };
}

// distinct leaves one code of each ticket, that was seen last: somebody may show it on paper
// and on a phone.
function distinct(codes) {
  const last = (text) => codes.reduce((best, each) => (same(each.text, text) && !(best?.at >= each.at) ? each : best), undefined);
  return codes.filter((code) => code === last(code.text));
}

// covers says that a code lies over the middle of the frame, or beside it by no more than slack.
const covers = (code, aim, slack = 0) => within(code, { x: (aim.left + aim.right) / 2, y: (aim.top + aim.bottom) / 2 }, slack);

// centred picks what lies over the middle of the frame. A sheet of paper shows many rows:
// that is enough there. Of two tickets it has to be the much larger one.
function centred(framed, aim) {
  const [code, another] = framed.filter((each) => covers(each, aim, SLACK * each.size));
  const rows = framed.every(({ text }) => !TICKET.test(text));
  const clear = code && !another && framed.every((each) => each === code || rows || code.size > CLEARLY * each.size);
  return clear ? { code, framed: true } : { several: !rows };
}


const KEPT = 400; // ms for which a code counts as in view after it was seen
const ROUND = 5; // looks for which it does at least: each may see another code
const HELD = 500; // ms for which a code beside the frame is held before it counts
const BRIEFLY = 150; // ms for one in the frame and not over its middle: a look may have missed another beside it
const FOREIGN = 700; // ms for which somebody else's code is alone in view before it counts
const UNREAD = 3000; // ms after which a code that can't be read needs help
const LOST = 1000; // ms without sight of it after which that begins anew

// Choice chooses over several looks, of which each may miss what another sees.
export class Choice {
  #seen = []; // read codes in view, with since, at, look
  #unread = []; // likewise
  #look = 0;
  #ours = -Infinity; // when one of ours, or what may be one, was in view
  #several = Infinity; // since when tickets compete
  #only;

  // only: nothing but what is in the frame counts.
  constructor(only = false) {
    this.#only = only;
  }

  // look takes what a picture shows and gives {text, corners, several, stuck}: the text to
  // take, "" for none, with its place or that of a code which nobody can read, whether two
  // tickets compete, and whether a code has been there unread for long.
  look(codes, aim, now) {
    this.#note(codes.map(placed), now);
    const own = this.#seen.filter(({ text }) => ours(text));
    if (own.length > 0 || this.#unread.length > 0) this.#ours = now;
    if (own.length > 0) return this.#own(this.#only ? own.filter((code) => within(aim, code)) : own, aim, now);
    this.#several = Infinity;
    const [foreign, another] = this.#seen;
    if (foreign && !another && now - Math.max(this.#ours, foreign.since) >= FOREIGN) return this.#taken(foreign, now);
    return this.#nothing(now);
  }

  #own(own, aim, now) {
    const { code, framed, several = false } = choose(own, aim);
    this.#several = several ? Math.min(this.#several, now) : Infinity;
    if (several) return { text: "", corners: null, several: now - this.#several >= HELD, stuck: false };
    if (!code || this.#waits(code, framed, aim, now)) return this.#nothing(now);
    return this.#taken(code, now);
  }

  // waits says that another look may still find what is meant more.
  #waits(code, framed, aim, now) {
    const rivals = this.#unread.filter((unread) => within(aim, unread) && code.size < CLEARLY * unread.size);
    if (rivals.some((unread) => !framed || (covers(unread, aim) && !covers(code, aim)))) return true;
    const hold = !framed || rivals.length > 0 ? HELD : covers(code, aim, SLACK * code.size) ? 0 : BRIEFLY;
    return now - code.since < hold;
  }

  #taken({ text, corners, at }, now) {
    return { text: at === now ? text : "", corners, several: false, stuck: false };
  }

  #nothing(now) {
    const [unread] = [...this.#unread].sort((a, b) => a.since - b.since);
    const stuck = unread !== undefined && now - unread.since >= UNREAD;
    return { text: "", corners: stuck ? unread.corners : null, several: false, stuck };
  }

  #note(codes, now) {
    const look = ++this.#look;
    const fresh = (code) => ({ ...code, since: now, at: now, look });
    const read = codes.filter(({ text }) => text !== "").map(fresh);
    const unread = codes.filter(({ text }) => text === "").map(fresh);
    const gone = (old, kept, looks) => now - old.at > kept && look - old.look > looks;
    this.#seen = join(this.#seen.filter((old) => !gone(old, KEPT, ROUND)), read);
    this.#unread = join(this.#unread.filter((old) => !gone(old, LOST, 2 * ROUND)), unread);
    this.#unread = this.#unread.filter((each) => !this.#seen.some((code) => overlap(code, each)));
  }
}

// join has new sightings follow the old ones that they continue: of the same text, or
// unread as they were and there. What a new one lies over is no longer there.
function join(old, fresh) {
  const since = (now) => old.filter((before) => (now.text ? same(before.text, now.text) : overlap(before, now))).map((before) => before.since);
  const left = old.filter((before) => !fresh.some((now) => overlap(before, now)));
  return [...left, ...fresh.map((now) => ({ ...now, since: Math.min(now.since, ...since(now)) }))];
}

// chosen is what a still picture's codes come to: {text, several}, and whether there is
// one of ours, and that in the frame.
export function chosen(codes, aim) {
  const all = codes.map(placed);
  const own = all.filter(({ text }) => ours(text));
  if (own.length === 0) return { text: all.find(({ text }) => text !== "")?.text ?? "", several: false, ours: false, framed: false };
  const { code, several = false, framed = false } = choose(own, aim);
  return { text: code?.text ?? "", several, ours: true, framed };
}
