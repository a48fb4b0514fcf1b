// A USB scanner types like a keyboard, in the layout that it believes the
// machine has. So two readings are kept: the text as typed, and the physical
// keys read as a plain keyboard. Whichever is a ticket counts.

const SILENCE = 100; // ms after which a scanner has finished
const SHORTEST = 12; // a person may type a few letters; a code is never this short

function physical(code) {
  const match = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code);
  return match ? (match[1] ?? match[2]) : "";
}

function strip(text) {
  return text.trim().replace(/^\]Q1/i, "");
}

function writesText(element) {
  return element?.matches?.("input:not([type=radio], [type=checkbox], [type=range], [type=file]), select, textarea") ?? false;
}

// listen calls scanned({code, alt}) for each code of a USB scanner. Fields that
// people type into keep their keys.
export function listen(scanned) {
  let typed = "";
  let keys = "";
  let last = 0;
  let timer = 0;

  function flush() {
    clearTimeout(timer);
    const code = strip(typed);
    const alt = strip(keys.replace(/^Q1(?=BH)/, ""));
    typed = keys = "";
    if (Math.max(code.length, alt.length) < SHORTEST) return false;
    scanned({ code: code || alt, alt: alt === code ? "" : alt });
    return true;
  }

  addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || writesText(event.target)) return;
      if (event.key === "Enter" || event.key === "Tab") {
        if (flush()) {
          event.preventDefault();
          event.stopPropagation();
        }
        return;
      }
      const now = performance.now();
      if (now - last > SILENCE) typed = keys = "";
      last = now;
      if (event.key.length === 1) typed += event.key;
      keys += physical(event.code);
      if (typed.length > 1 && event.key === " ") event.preventDefault();
      clearTimeout(timer);
      timer = setTimeout(flush, SILENCE);
    },
    true,
  );
}
