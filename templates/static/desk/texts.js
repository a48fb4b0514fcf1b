// Words and times for what scripts write. The words come with the page, in
// templates with one element for each key.

const words = new Map();
const tones = new Map();

// learn takes the words of the templates that the page has by now.
export function learn() {
  const templates = [...document.querySelectorAll("template#texts, template#more-texts")];
  for (const element of templates.flatMap(({ content }) => [...content.querySelectorAll("[data-text]")])) {
    words.set(element.dataset.text, element.textContent);
    if (element.dataset.tone) tones.set(element.dataset.text, element.dataset.tone);
  }
}

learn();

// tone is the colour of a verdict.
export function tone(verdict) {
  return tones.get(`verdict.${verdict}`) ?? "bad";
}

// recorded says that an answer counts: a green one, and an amber one of somebody on no list or whom nobody saw come in.
export function recorded({ tone, verdict, unseen }) {
  return tone === "good" || verdict === "unlisted" || unseen === true;
}

// say returns a text; {Name} in it is replaced by values.Name.
export function say(key, values = {}) {
  return (words.get(key) ?? "").replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
}

const PLACES = { WIB: "Asia/Jakarta", WITA: "Asia/Makassar", WIT: "Asia/Jayapura" };

function hourAndMinute(at, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: PLACES[zone] ?? "UTC" });
  return parts.format(at).replace(":", ".");
}

// clock writes 08.00 WIB.
export function clock(at, zone) {
  return `${hourAndMinute(at, zone)} ${zone || "UTC"}`;
}

// hours writes 08.00–12.00 WIB; 20.00–00.30 WIB (+1) is over on the next day.
export function hours(from, to, zone) {
  return `${hourAndMinute(from, zone)}–${clock(to, zone)}${day(from, zone) === day(to, zone) ? "" : " (+1)"}`;
}

// day writes Senin, 20 Juni 2022.
export function day(at, zone) {
  const language = document.documentElement.lang === "en" ? "en-GB" : "id-ID";
  return new Intl.DateTimeFormat(language, { dateStyle: "full", timeZone: PLACES[zone] ?? "UTC" }).format(at);
}
