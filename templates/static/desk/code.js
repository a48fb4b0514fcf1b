// What a ticket's code looks like while it comes in, key by key: how it begins and how long
// it is. What it says is the agent's to read (models/ticket, whose format this follows).

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's Base32
const ROW = 59; // characters of a row's code
const FEWEST = 89; // bytes of a ticket with no name
const TAIL = 13;
const LONGEST_NAME = 20;

// What scanners put before a code: quotes, control characters, "]Q1", an ECI.
const BEFORE = /^(?:[^0-9A-Z\]\\]|\]?Q[0-6]|\\[0-9]{6})+/;
const PART = /^(?:\]?Q?|\\[0-9]{0,5}|BH?R?)$/; // of that, or of a code's first letters

// learned is what this device's scanner was found to put before and after its codes.
export const learned = {
  of: (where) => (localStorage.getItem(`bukti-hadir.${where}`) ?? "").toUpperCase(),
  differs: (around) => Object.entries(around).some(([where, text]) => learned.of(where) !== text.toUpperCase()),
  keep(around) {
    for (const [where, text] of Object.entries(around)) localStorage.setItem(`bukti-hadir.${where}`, text);
  },
};

// strip takes off what stands before a code, and what no alphabet has behind it.
export function strip(text) {
  const upper = text.toUpperCase();
  const own = learned.of("before");
  const rest = (own && upper.startsWith(own) ? upper.slice(own.length) : upper).replace(BEFORE, "");
  const code = rest.replace(/[IL]/g, "1").replaceAll("O", "0");
  return code.replace(/^.{1,16}?(?=BHR?1)/, "").replace(/[^0-9A-Z;]+$/, ""); // French scanners write M as ;
}

// spells says that a code, stripped, is a ticket's or a row's as far as it goes.
export function spells(code) {
  return /^BHR?1/.test(code);
}

// opens says that a text is a code's, or may become one.
export function opens(text) {
  const code = strip(text);
  return spells(code) || PART.test(code) || (text !== "" && learned.of("before").startsWith(text.toUpperCase()));
}

// lengths are those that a whole code may have: without and with a tail. They can't be told
// of a scanner that types on another keyboard: any that is long enough may be whole then.
export function lengths(code) {
  if (code.startsWith("BHR")) return [ROW];
  if (code.length < 11) return [];
  const [flags, name] = [...code.slice(9, 11)].map((char) => ALPHABET.indexOf(char));
  const known = flags >= 0 && (flags & 1) === 0 && name >= 0 && name <= LONGEST_NAME;
  const bytes = FEWEST + (known ? name : 0);
  const least = 3 + Math.ceil((bytes * 8) / 5);
  if (known) return flags & 2 ? [least, least + TAIL] : [least];
  return code.length >= least ? [code.length, Infinity] : [Infinity];
}
