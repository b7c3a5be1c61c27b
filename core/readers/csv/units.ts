/** Spellings of units, in lower case, and how the exports write them. `us` is not here: it has two meanings. */
const UNIT_SPELLINGS: Readonly<Record<string, string>> = {
  "µs": "uS",
  "μs": "uS",
  microsiemens: "uS",
  siemens: "S",
  kohm: "kOhm",
  kohms: "kOhm",
  ohm: "Ohm",
  ohms: "Ohm",
  "ω": "Ohm",
  "kω": "kOhm",
  mv: "mV",
  mvolts: "mV",
  uv: "uV",
  "µv": "uV",
  "m/(s^2)": "m/s^2",
  "m/s^2": "m/s^2",
  "m/s2": "m/s^2",
  "m/s²": "m/s^2",
  "m/(sec^2)": "m/s^2",
  mps2: "m/s^2",
  g: "g",
  mg: "mg",
  dps: "deg/s",
  "deg/s": "deg/s",
  "deg/sec": "deg/s",
  "°/s": "deg/s",
  "rad/s": "rad/s",
  rads: "rad/s",
  ut: "uT",
  "µt": "uT",
  "μt": "uT",
  gauss: "G",
  local_flux: "local_flux",
  kpa: "kPa",
  c: "degC",
  degc: "degC",
  "°c": "degC",
  celsius: "degC",
  "degrees celsius": "degC",
  percent: "%",
  percentage: "%",
  "%": "%",
  hz: "Hz",
  bpm: "/min",
  "beats/min": "/min",
  kbps: "kbit/s",
  mm: "mm",
  m: "m",
  ns: "ns",
  msecs: "ms",
  msec: "ms",
  ms: "ms",
  secs: "s",
  sec: "s",
  s: "s",
  adc: "adc",
};

/** Spellings that say that there is no unit. */
const UNITLESS_REGEXP = /^(?:|-|no[_ ]units?|unitless|n\/a|none|1)$/i;

/** Places of a power of ten: unit of time to ns. */
const NS_EXPONENTS = { s: 9, ms: 6, us: 3, ns: 0 } as const;

/** A decimal unit of time. */
export type TimeUnit = keyof typeof NS_EXPONENTS;

/** Power of ten that turns a unit of time into ns. */
export function nsExponent(unit: TimeUnit): 0 | 3 | 6 | 9 {
  return NS_EXPONENTS[unit];
}

/** Units of time, coarse to fine. */
export const TIME_UNITS: readonly TimeUnit[] = ["s", "ms", "us", "ns"];

/** How the exports write a unit; undefined when there is none, the text itself when it is not known. */
export function canonicalUnit(text: string): string | undefined {
  const trimmed = text.trim();
  if (UNITLESS_REGEXP.test(trimmed)) return undefined;
  if (/^[uµμ]s$/.test(trimmed)) return "us";
  if (/^[uµμ]S$/.test(trimmed)) return "uS";
  if (trimmed === "S") return "S";
  if (trimmed === "G") return "G";
  return UNIT_SPELLINGS[trimmed.toLowerCase()] ?? trimmed;
}

/** Whether a unit is one that {@linkcode canonicalUnit} knows, or says that there is none. */
export function isKnownUnit(text: string): boolean {
  const trimmed = text.trim();
  return UNITLESS_REGEXP.test(trimmed) || /^[uµμ]s$/i.test(trimmed) ||
    UNIT_SPELLINGS[trimmed.toLowerCase()] !== undefined;
}

/** Unit of time that a unit text stands for; undefined for every other unit. */
export function timeUnitOf(unit: string | undefined): TimeUnit | undefined {
  return TIME_UNITS.find((known) => known === unit);
}
