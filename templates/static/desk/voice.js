// Says a verdict aloud in Indonesian, after its tone, where staff have switched it on. The
// words (scripts/voice) name nobody and suspect nobody: others hear them.

const KEPT = "bukti-hadir.voice"; // "on" where this device speaks

// files are the words for each verdict, as far as the page has them by now.
function files() {
  const all = new Map();
  for (const link of document.getElementById("voice")?.content.children ?? []) {
    for (const verdict of link.dataset.says.split(" ")) all.set(verdict, link.getAttribute("href"));
  }
  return all;
}

const sounds = new Map(); // by file, each a promise
let source = null; // what is being said
let turn = 0;

const on = () => localStorage.getItem(KEPT) === "on";

// keep has the phrases here for when there is no network, and fetches each of them once.
async function keep() {
  const shell = "caches" in window ? (await caches.keys()).find((name) => name.startsWith("desk-")) : undefined;
  if (!shell) return;
  const cache = await caches.open(shell);
  const all = [...new Set(files().values())];
  if (!(await cache.match(all[0]))) await cache.addAll(all);
}

function load(context, file) {
  if (!sounds.has(file)) {
    const sound = fetch(file).then((answer) => answer.arrayBuffer()).then((bytes) => context.decodeAudioData(bytes));
    sound.catch(() => sounds.delete(file));
    sounds.set(file, sound);
  }
  return sounds.get(file);
}

// hush cuts off what is being said.
export function hush() {
  turn++;
  source?.stop();
  source = null;
}

// speak says a verdict after some seconds, unless another one comes before.
export async function speak(context, verdict, after) {
  hush();
  const file = files().get(verdict);
  if (!on() || !file) return;
  const mine = turn;
  const from = context.currentTime + after;
  try {
    const buffer = await load(context, file);
    if (mine !== turn) return;
    source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start(Math.max(from, context.currentTime));
  } catch {
    // The tone has been heard.
  }
}

// voiceSwitch lets a button turn the voice of this device on and off.
export function voiceSwitch(button) {
  const show = () => button.setAttribute("aria-pressed", String(on()));
  button.addEventListener("click", () => {
    localStorage.setItem(KEPT, on() ? "off" : "on");
    if (!on()) hush();
    else keep().catch(() => {});
    show();
  });
  show();
  if (on()) keep().catch(() => {}); // a newer version has a newer cache
}
