// A ticket that a USB scanner reads counts on every page of the desk: its verdict shows in place,
// and what was filled in there stays. Pages that are made for scanning listen themselves.

import { listen } from "./keyboard.js";
import { stated } from "./settings.js";
import { play } from "./sound.js";
import { learn } from "./texts.js";

const note = document.getElementById("scan-note"); // says that a scan is not recorded here
const guest = document.body.matches(".guest, .stand");

// part gets what shows verdicts; a phone without its desk has it in the page that it keeps.
async function part() {
  const answer = await fetch("/verdict", { cache: "no-store" }).catch(() => globalThis.caches?.match("/alone", { ignoreVary: true }));
  const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
  const parts = page.querySelectorAll("#verdict, #receipt, #texts, #voice");
  if (parts.length < 4) throw new Error("nobody is signed in, or there is no desk");
  return parts;
}

let opening = null;

// screen makes the page one that shows verdicts, and gives the module that has scans judged.
function screen() {
  opening ??= open().catch((problem) => {
    opening = null;
    throw problem;
  });
  return opening;
}

async function open() {
  if (!document.getElementById("verdict")) {
    const parts = await part();
    document.body.append(...parts);
    learn();
  }
  return import("./turns.js");
}

function refuse() {
  note.hidden = false;
  play("bad");
}

async function show(work) {
  note.hidden = true;
  try {
    if (guest) throw new Error("nobody is signed in");
    work(await screen());
  } catch {
    refuse();
  }
}

if (!document.querySelector("#desk, #paper, #try")) {
  listen((reading) => show(({ take }) => take(reading, stated())), { cut: () => show(({ cut }) => cut()) });
  if (!guest && sessionStorage.getItem("bukti-hadir.scans")) show(({ resume }) => resume());
}
