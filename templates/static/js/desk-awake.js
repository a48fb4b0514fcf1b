// Keeps the screen of what stands there awake; browsers let go of that whenever
// another window covers the page.

async function awake() {
  if (document.hidden) return;
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // A device that saves its battery may refuse.
  }
}

document.addEventListener("visibilitychange", awake);
awake();
