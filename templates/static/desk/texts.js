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

// changes says that an answer makes the lists of a page old: something was recorded, or undone.
export function changes(outcome) {
  return recorded(outcome) || outcome.verdict === "voided";
}

// say returns a text; {Name} in it is replaced by values.Name.
export function say(key, values = {}) {
  return (words.get(key) ?? "").replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
}

const PLACES = { WIB: "Asia/Jakarta", WITA: "Asia/Makassar", WIT: "Asia/Jayapura" };

// A format costs a cheap phone more than all else that a verdict shows, so each is made once.
const formats = new Map();

function format(language, zone, style) {
  const key = [language, zone, ...Object.keys(style)].join();
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, { ...style, timeZone: PLACES[zone] ?? "UTC" }));
  return formats.get(key);
}

function hourAndMinute(at, zone) {
  return format("en-GB", zone, { hour: "2-digit", minute: "2-digit" }).format(at).replace(":", ".");
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
  return format(language, zone, { dateStyle: "full" }).format(at);
}
