// Checks a class in by its list: who is called and answers is ticked, who teaches signs, and
// all are recorded at once. What is ticked and drawn is kept on this phone until it is
// recorded, with the id of the roll call: sending it again counts nobody twice.

import { newID } from "./api.js";
import { asker, screen, verdict } from "./ask.js";
import { freeText, reasonOf } from "./reason.js";
import { Unreadable, formOf } from "./photo.js";
import { Signature } from "./signature.js";

const form = document.getElementById("roll-call");
if (form) {
  const { session, most } = form.dataset;
  const place = `bukti-hadir.roll-call.${session}`;
  const rows = [...form.querySelectorAll(".called li")];
  const boxes = rows.map((row) => row.querySelector("input"));
  const count = document.getElementById("called-count");
  const signature = new Signature(document.getElementById("called-ink"), keep);
  let id = newID();

  const ticked = () => boxes.filter((box) => box.checked).map((box) => box.value);

  function draw() {
    rows.forEach((row, i) => row.classList.toggle("is-called", boxes[i].checked));
    count.textContent = count.dataset.of.replace("{Count}", ticked().length).replace("{All}", boxes.length);
  }

  function keep() {
    const { reason, other, signer } = form.elements;
    const draft = { id, people: ticked(), reason: reason.value, other: other.value, signer: signer.value, strokes: signature.strokes };
    try {
      localStorage.setItem(place, JSON.stringify(draft));
    } catch {
      // Without room it is not kept over a reload; it can be recorded all the same.
    }
  }

  function takeUp() {
    try {
      const draft = JSON.parse(localStorage.getItem(place));
      if (!draft) return;
      id = draft.id;
      for (const box of boxes) box.checked = draft.people.includes(box.value);
      Object.assign(form.elements.reason, { value: draft.reason });
      form.elements.other.value = draft.other;
      form.elements.signer.value = draft.signer;
      signature.strokes = draft.strokes;
    } catch {
      localStorage.removeItem(place);
    }
  }

  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f'’‘`]/g, "").toLowerCase();

  function narrow(text) {
    const words = plain(text).split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !words.every((word) => plain(row.textContent).includes(word));
  }

  function letters() {
    const known = new Set();
    for (const row of rows) {
      const letter = plain(row.querySelector("strong").textContent).charAt(0).toUpperCase();
      if (known.has(letter)) continue;
      known.add(letter);
      row.id = `called-${letter}`;
      form.querySelector(".called-letters").append(Object.assign(document.createElement("a"), { href: `#${row.id}`, textContent: letter }));
    }
  }

  async function record() {
    const people = ticked();
    const [photo] = form.elements.photo.files;
    if (people.length === 0 || people.length > Number(most)) return verdict.refuse("people");
    if (!photo && !signature.signed) return verdict.refuse("signature");
    let body;
    try {
      const fields = { id, session, people: people.join(" "), reason: reasonOf(form), signer: form.elements.signer.value };
      body = await formOf(fields, photo ?? (await signature.picture()));
    } catch (problem) {
      if (!(problem instanceof Unreadable)) throw problem;
      return verdict.refuse("picture");
    }
    const outcome = await asker.ask("/api/roll-call", body);
    if (!outcome) return;
    localStorage.removeItem(place);
    const refused = document.getElementById("verdict").querySelector(".verdict-detail");
    for (const name of outcome.refused ?? []) refused.append(Object.assign(document.createElement("p"), { textContent: name }));
    screen.addEventListener("close", () => location.assign(`/sessions/${session}`), { once: true });
  }

  takeUp();
  freeText(form);
  letters();
  draw();
  form.addEventListener("change", () => {
    draw();
    keep();
  });
  document.getElementById("called-filter").addEventListener("input", ({ target }) => narrow(target.value));
  document.getElementById("called-filter").addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it looks, and doesn't send
  });
  document.getElementById("called-wipe").addEventListener("click", () => {
    signature.strokes = [];
    keep();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!asker.busy) record();
  });
}
