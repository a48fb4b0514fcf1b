// A camera with what stands around it on a page: why there is no picture, sound, torch,
// zoom, another camera.

import { Camera, whenBack } from "./camera.js";
import { soundSwitch } from "./sound.js";
import { say } from "./texts.js";
import { voiceSwitch } from "./voice.js";
import { Viewfinder } from "./viewfinder.js";

const NEAREST = 5; // times; beyond that, hands shake too much

const FAILURES = {
  NotAllowedError: "camera_denied",
  NotFoundError: "camera_none",
  OverconstrainedError: "camera_none",
  NotReadableError: "camera_busy",
  AbortError: "camera_busy",
};

// scanner turns on the camera that stands in root and hands what is in view to seen, as
// Camera does. more are {dialog}, where verdicts cover it, and what else Camera takes.
export function scanner(root, reader, seen, { dialog, ...more } = {}) {
  const part = (name) => root.querySelector(`[data-camera=${name}]`);
  const frame = document.getElementById("scanner");
  const note = document.getElementById("scanner-note");
  const finder = new Viewfinder(frame, dialog);
  const sees = (view) => {
    seen(view); // first what somebody waits for
    finder.shows(view);
  };
  const lost = () => {
    tell("camera_lost");
    tools();
  };
  const camera = new Camera(frame.querySelector("video"), reader, sees, lost, more);

  function tell(key) {
    note.textContent = key ? say(key) : "";
    note.parentElement.hidden = !key;
    part("start").hidden = !key || key === "camera_starting" || key.startsWith("camera_insecure");
    part("help").hidden = key !== "camera_insecure";
  }

  async function start() {
    const missing = Camera.missing();
    if (missing) {
      tell(`camera_${missing}`);
      return;
    }
    tell("camera_starting");
    try {
      if (!(await camera.start())) return; // another start has the word
      tell("");
    } catch (error) {
      camera.stop();
      tell(FAILURES[error.name] ?? "camera_failed");
    }
    await tools();
  }

  async function tools() {
    frame.classList.toggle("is-on", camera.on);
    if (!camera.on) finder.clear();
    const { torch, lit, zoom, near } = camera.abilities();
    const [light, slider, change] = ["torch", "zoom", "change"].map(part);
    light.hidden = !torch;
    light.setAttribute("aria-pressed", String(lit));
    slider.hidden = !zoom;
    if (zoom) {
      Object.assign(slider, { min: zoom.min, max: Math.min(zoom.max, NEAREST * zoom.min), step: zoom.step || "any" });
      slider.value = near;
    }
    change.hidden = !camera.on || (await camera.others()).length < 2;
  }

  part("start").addEventListener("click", start);
  part("change").addEventListener("click", async () => {
    await camera.remember();
    start();
  });
  part("torch").addEventListener("click", async ({ currentTarget }) => {
    await camera.adjust({ torch: currentTarget.getAttribute("aria-pressed") !== "true" });
    await tools();
  });
  part("zoom").addEventListener("input", ({ target }) => camera.adjust({ zoom: Number(target.value) }));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) camera.stop();
    else start();
  });

  soundSwitch(root.querySelector("[data-sound]"));
  voiceSwitch(root.querySelector("[data-voice]"));
  start();
  whenBack(camera, start);
}
