// What comes with a picture when a sheet is keyed in: its own, and who is on no list.

import { Unreadable, formOf } from "./photo.js";
import { say } from "./texts.js";

// photos keeps pictures of the sheet that somebody takes or chooses. queue sends.
export function photos(session, queue) {
  const status = document.getElementById("paper-photos");
  const failed = () => (status.textContent = say("photo_unsaved"));
  const saved = () => {
    const count = Number(status.dataset.count);
    status.textContent = count ? say("photos_saved", { Count: count }) : "";
  };
  document.getElementById("paper-photo").addEventListener("change", async ({ target }) => {
    const files = [...target.files];
    target.value = "";
    for (const file of files) {
      status.textContent = say("photo_sending");
      try {
        const done = () => {
          status.dataset.count = Number(status.dataset.count) + 1;
          saved();
        };
        queue({ path: "/api/note", body: await formOf({ session }, file), done, refused: failed });
      } catch (problem) {
        if (!(problem instanceof Unreadable)) throw problem;
        status.textContent = say("photo_unreadable");
      }
    }
  });
  saved();
}

// walkIns asks for who is on the sheet and on no list. record gets {name, body}.
export function walkIns(session, record) {
  const box = document.getElementById("walk-in");
  const form = box.querySelector("form");
  document.getElementById("paper-walk-in").addEventListener("click", () => {
    form.reset();
    box.showModal();
  });
  box.querySelector("[data-close]").addEventListener("click", () => box.close());
  form.addEventListener("submit", async () => {
    const { name, number, photo } = form.elements;
    try {
      await record(name.value, (fields) => formOf({ session, name: name.value, number: number.value, ...fields }, photo.files[0]));
    } catch (problem) {
      if (!(problem instanceof Unreadable)) throw problem;
      await record(name.value, null);
    }
  });
}
