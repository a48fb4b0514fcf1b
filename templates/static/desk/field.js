// What a scanner may spoil by typing into it, and how that is put right.

const TEXT = "textarea, input:is([type=text], [type=search], [type=password], [type=tel], [type=url], [type=email], [type=number], :not([type]))";

// writesText says that letters go into an element.
export function writesText(element) {
  return element?.matches?.(TEXT) ?? false;
}

function tell(element, ...events) {
  for (const name of events) element.dispatchEvent(new Event(name, { bubbles: true }));
}

// remember gives a function that puts an element back into its state of now, and tells the page
// where that changes something.
export function remember(element) {
  if (element.matches?.("select")) {
    const { selectedIndex } = element;
    return () => {
      if (element.selectedIndex === selectedIndex) return;
      element.selectedIndex = selectedIndex;
      tell(element, "input", "change");
    };
  }
  if (element.matches?.("input[type=radio]")) {
    const chosen = element.form?.elements[element.name];
    const value = chosen?.value;
    return () => {
      if (!chosen || chosen.value === value) return;
      chosen.value = value;
      tell(element, "change");
      element.focus();
    };
  }
  if (!element.matches?.("textarea, input:not([type=file], [type=checkbox])")) return () => {};
  const { value, selectionStart: start, selectionEnd: end, selectionDirection: direction } = element;
  return () => {
    const changed = element.value !== value;
    if (changed) element.value = value;
    if (start !== null) element.setSelectionRange(start, end, direction);
    if (changed) tell(element, "input");
  };
}

// anchor gives the focus to a field that nobody sees while nothing else has it: input methods
// of Android write only into fields. It brings up no keyboard.
export function anchor() {
  const field = Object.assign(document.createElement("input"), { className: "visually-hidden", tabIndex: -1, autocomplete: "off", inputMode: "none" });
  field.setAttribute("aria-hidden", "true");
  document.body.append(field);
  const take = () =>
    setTimeout(() => {
      field.value = "";
      if (document.activeElement === document.body) field.focus({ preventScroll: true });
    });
  for (const sign of ["focusout", "close", "pageshow"]) addEventListener(sign, take, true);
  take();
}
