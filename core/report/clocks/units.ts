/** Units of durations with their size in ns, the largest first. */
const UNITS = [["s", 1e9], ["ms", 1e6], ["us", 1e3], ["ns", 1]] as const;

/** A unit of time and its size in ns. */
export interface TimeUnit {
  readonly name: string;
  readonly ns: number;
}

/** The unit in which a duration is at least one; ns for less. */
export function unitOf(ns: number): TimeUnit {
  const size = Math.abs(ns);
  const [name, scale] = UNITS.find(([, scale]) => size >= scale) ?? UNITS[3];
  return { name, ns: scale };
}

/**
 * A duration in ns with three significant digits in the unit in which it is at least one; longer ones as minutes,
 * hours or days.
 */
export function durationText(ns: number): string {
  if (!Number.isFinite(ns)) return "unknown";
  const seconds = Math.abs(ns) / 1e9;
  const sign = ns < 0 ? "-" : "";
  if (seconds >= 172_800) return `${sign}${threeDigits(seconds / 86_400)} d`;
  if (seconds >= 5400) return `${sign}${threeDigits(seconds / 3600)} h`;
  if (seconds >= 600) return `${sign}${threeDigits(seconds / 60)} min`;
  const unit = unitOf(ns);
  const text = threeDigits(Math.abs(ns) / unit.ns);
  // Rounding can reach the next unit.
  if (text === "1000" && unit.name !== "s") {
    return durationText(ns < 0 ? -1000 * unit.ns : 1000 * unit.ns);
  }
  return `${Number(text) === 0 ? "" : sign}${text} ${unit.name}`;
}

/** A duration with its sign, also when it is positive. */
export function signedText(ns: number): string {
  return ns > 0 ? `+${durationText(ns)}` : durationText(ns);
}

function threeDigits(value: number): string {
  if (value >= 999.5) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
