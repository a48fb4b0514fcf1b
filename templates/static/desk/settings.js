// What one device remembers of itself: its desk's name, its class, its direction.

const NAMES = ["desk", "class", "direction"];

// settings reads the form that shows them and keeps it in step with what is stored.
export function settings(form) {
  for (const name of NAMES) {
    const kept = localStorage.getItem(`bukti-hadir.${name}`);
    const field = form.elements[name];
    if (kept === null || !field) continue;
    const fits = field instanceof HTMLSelectElement ? [...field.options].some((option) => option.value === kept) : true;
    if (fits) field.value = kept;
  }
  form.addEventListener("change", () => {
    for (const name of NAMES) {
      if (form.elements[name]) localStorage.setItem(`bukti-hadir.${name}`, form.elements[name].value);
    }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
}

// stated is what this device tells of itself with a scan, on pages without that form.
export function stated() {
  const [desk, group, direction] = NAMES.map((name) => localStorage.getItem(`bukti-hadir.${name}`) || undefined);
  return { desk, class: group, direction: direction ?? "auto" };
}

// deskName is this device's desk, whatever page it shows.
export function deskName() {
  return localStorage.getItem("bukti-hadir.desk") ?? "";
}
