// A USB scanner for tests: presses the keys of codes at moments of its own, does with each key
// what a browser does unless the page prevents it, and looks whether a field has changed.
window.scanner = (() => {
  let clock = 1e7; // ms, ahead of the page's own
  const asked = []; // codes that were sent to be recorded
  const faults = [];
  const real = window.fetch;
  Object.defineProperty(window, "isSecureContext", { value: false }); // or a slow machine's page goes on alone
  window.fetch = async (path, init) => {
    if (!/^\/api\/(scan|key-in|kiosk)$/.test(path)) return real(path, init);
    const { code, alt, enrollment } = JSON.parse(init.body);
    asked.push([code ?? enrollment, alt]);
    return Response.json({ verdict: "accepted_in", tone: "good", person: null, session: null, zone: "WIB", name: "", class: "" });
  };

  function write(field, char) {
    if (field.matches("select")) {
      const index = [...field.options].findIndex((option) => option.text.toUpperCase().startsWith(char));
      if (index < 0 || index === field.selectedIndex) return;
      field.selectedIndex = index;
      for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
    } else if (field.matches("textarea, input:not([type=radio], [type=checkbox], [type=file], [type=date], [type=time])")) {
      document.execCommand("insertText", false, char);
    }
  }

  function press(key, gap, more) {
    const target = document.activeElement ?? document.body;
    const code = /^[0-9]$/.test(key) ? `Digit${key}` : /^[A-Z]$/.test(key) ? `Key${key}` : "";
    const event = new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true, ...more });
    clock += gap;
    Object.defineProperty(event, "timeStamp", { value: clock });
    if (!target.dispatchEvent(event)) return;
    if (key === "Enter" || key === "Tab") faults.push(`${key} reached ${name(target)}`);
    else if (key.length === 1) write(target, key);
  }

  const name = (e) => `${e.tagName.toLowerCase()}${e.id ? `#${e.id}` : ""}${e.name ? `[${e.name}]` : ""} ${e.textContent.trim().slice(0, 20)}`;
  const fields = () => [...document.querySelectorAll("input, select, textarea")].filter((field) => !field.closest("#verdict"));
  const state = () =>
    JSON.stringify(fields().map((f) => [f.id, f.name, f.value, f.checked, f.selectedIndex, f.selectionStart, f.selectionEnd])) + name(document.activeElement);
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  async function until(what, condition) {
    for (let i = 0; i < 400; i++) {
      if (condition()) return true;
      await pause(5);
    }
    faults.push(`never: ${what}`);
    return false;
  }

  // burst types a code; stalls are [at which key, ms more].
  function burst(code, gap, stalls = [], end = "Enter") {
    clock += 5000;
    [...code].forEach((key, at) => press(key, gap + (stalls.find(([i]) => i === at)?.[1] ?? 0)));
    if (end) press(end, gap);
  }

  // scan types a ticket and waits until it was judged; seen says what shows that it was.
  async function scan({ code, means = code }, [gap, stalls, end]) {
    const [focus, before, count] = [document.activeElement, state(), asked.length];
    const what = `${location.pathname} ${name(focus)} at ${gap} ms`;
    const was = faults.length;
    burst(code, gap, stalls, end);
    await until(`${what}: asked`, () => asked.length > count);
    const verdict = () => document.getElementById("verdict");
    if (!document.getElementById("paper")) await until(`${what}: shown`, () => verdict()?.open);
    const shown = verdict()?.innerText;
    verdict()?.querySelector("[data-do=next]").click();
    await until(`${what}: nothing changed, was ${before}, is ${state()}`, () => state() === before);
    if (asked.length !== count + 1 || !asked.at(-1).includes(means)) faults.push(`${what}: asked ${JSON.stringify(asked.slice(count))}, ${shown}`);
    if (faults.length > was) throw new Error(faults.join("\n"));
  }

  const free = (e) => !e.disabled && e.type !== "hidden" && e.tabIndex >= 0 && e.getClientRects().length > 0;
  const kind = (e) => [e.tagName, e.type, e.name, e.className, ...Object.keys(e.dataset)].join(" ");

  // stops are what can have the focus: of a list's buttons two of each kind.
  function stops(root) {
    const seen = {};
    const all = [...root.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(free);
    return all.filter((e) => e.matches("input, select, textarea") || (seen[kind(e)] = (seen[kind(e)] ?? 0) + 1) <= 2);
  }

  // everywhere scans with the focus on each thing of the page, then of each of its dialogs, in the rhythms given.
  async function everywhere(ticket, rhythms) {
    for (const details of document.querySelectorAll("details")) details.open = true;
    let turn = 0;
    const each = async (root) => {
      for (let i = 0; i < stops(root).length; i++) {
        const stop = stops(root)[i];
        stop.focus();
        if (document.activeElement !== stop) continue;
        if (stop.matches("input:is([type=text], [type=search], :not([type])):not([maxlength])")) stop.value = "Meja";
        await scan(ticket, rhythms[turn++ % rhythms.length]);
        if (stop.closest("[hx-get]")) await pause(500); // its results are new, with other buttons
      }
    };
    try {
      document.activeElement?.blur();
      for (const rhythm of rhythms) await scan(ticket, rhythm);
      await each(document.body);
      for (const dialog of document.querySelectorAll("dialog:not(#verdict)")) {
        dialog.showModal();
        await each(dialog);
        dialog.close();
      }
    } catch (problem) {
      if (!faults.length) faults.push(String(problem));
    }
    return { Turns: turn, Faults: faults.splice(0) };
  }

  return { asked, burst, everywhere, faults, pause, press, scan, state };
})();
