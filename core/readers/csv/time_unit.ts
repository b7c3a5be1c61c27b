import { EARLIEST_DATE_NS, LATEST_DATE_NS, NS_PER_SECOND, type TimeSpan } from "../../base/mod.ts";
import { median } from "./cells.ts";
import { nsExponent, TIME_UNITS, type TimeUnit } from "./units.ts";

/** Seconds from 1970 to 2000 and to 2100: dates of recordings lie between. */
const EPOCH_SECONDS = {
  from: Number(EARLIEST_DATE_NS / NS_PER_SECOND),
  to: Number(LATEST_DATE_NS / NS_PER_SECOND),
} as const;

/** Longest time that a counter may have run, in s: 20 years. */
const COUNTER_LIMIT_S = 20 * 365.25 * 86_400;

/** Sample rates in Hz that contradict no unit. */
const POSSIBLE_RATES_HZ = { from: 0.02, to: 20_000 } as const;

/** Sample rates in Hz by which a unit is chosen when nothing names it. */
const USUAL_RATES_HZ = { from: 2, to: 999 } as const;

/** How far a date may lie from the session and still belong to it, in s. */
const SESSION_MARGIN_S = 2 * 86_400;

/** Share of the session that a table must cover, at least and at most, to choose a unit by its length. */
const COVERAGE = { from: 0.2, to: 3 } as const;

/** What the numbers of a time column can be. */
export type UnitVerdict =
  | { readonly kind: "epoch" | "counter"; readonly unit: TimeUnit; readonly reason: string }
  | { readonly kind: "ambiguous"; readonly candidates: readonly string[] };

/** What is known besides the numbers. */
export interface UnitHints {
  /** Unit that the name states. */
  readonly named?: TimeUnit;
  /** Span of the session, as wall time or UTC. */
  readonly sessionWindow?: TimeSpan;
  /** Rows of the whole table, about. */
  readonly estimatedRows?: number;
}

/**
 * Finds the unit of numeric time stamps, and whether they count from 1970.
 *
 * Dates of recordings from 2000 to 2100 lie in disjoint ranges in s, ms, µs and ns, so that magnitude tells
 * the unit of a date. A counter is believed to be in the unit that its name states when that gives a possible
 * sample rate; without a name its unit must follow from the rate or from the length of the session. Whatever
 * allows two readings is ambiguous.
 *
 * @param values Stamps of the first rows, without missing ones.
 */
export function findTimeUnit(values: readonly number[], hints: UnitHints): UnitVerdict {
  const level = median(values);
  const step = medianStep(values);
  const epoch = TIME_UNITS.find((unit) => isDate(level * scale(unit)));
  const { named } = hints;
  if (epoch !== undefined && epoch === named) return { kind: "epoch", unit: epoch, reason: "" };
  if (epoch !== undefined && inSession(level * scale(epoch), hints.sessionWindow)) {
    return { kind: "epoch", unit: epoch, reason: "its values are dates in the session" };
  }
  const asDate = epoch !== undefined && possibleStep(step, epoch) ? epoch : undefined;
  return named === undefined
    ? unnamedUnit(level, step, asDate, hints)
    : namedUnit(level, step, asDate, named);
}

/** Seconds in one unit. */
function scale(unit: TimeUnit): number {
  return 10 ** (nsExponent(unit) - 9);
}

function isDate(seconds: number): boolean {
  return seconds >= EPOCH_SECONDS.from && seconds < EPOCH_SECONDS.to;
}

function inSession(seconds: number, window: TimeSpan | undefined): boolean {
  if (window === undefined) return false;
  const [start, end] = [Number(window.startNs) / 1e9, Number(window.endNs) / 1e9];
  return seconds > start - SESSION_MARGIN_S && seconds < end + SESSION_MARGIN_S;
}

/** Typical step between different neighbours; NaN when there is none. */
function medianStep(values: readonly number[]): number {
  const steps = values.slice(1).map((value, index) => Math.abs(value - values[index]!));
  return median(steps.filter((step) => step > 0));
}

function possibleStep(step: number, unit: TimeUnit): boolean {
  if (Number.isNaN(step)) return true;
  const rate = 1 / (step * scale(unit));
  return rate >= POSSIBLE_RATES_HZ.from && rate <= POSSIBLE_RATES_HZ.to;
}

function possibleCounter(level: number, step: number, unit: TimeUnit): boolean {
  return Math.abs(level) * scale(unit) < COUNTER_LIMIT_S && possibleStep(step, unit);
}

function namedUnit(
  level: number,
  step: number,
  asDate: TimeUnit | undefined,
  named: TimeUnit,
): UnitVerdict {
  const asNamed = possibleCounter(level, step, named);
  if (asDate !== undefined && asNamed) {
    return { kind: "ambiguous", candidates: [`a count of ${named}`, `a date in ${asDate}`] };
  }
  if (asDate !== undefined) return { kind: "epoch", unit: asDate, reason: "its values are dates" };
  if (asNamed) return { kind: "counter", unit: named, reason: "its name states the unit" };
  const others = TIME_UNITS.filter((unit) => possibleCounter(level, step, unit));
  const usual = others.filter((unit) => usualStep(step, unit));
  if (usual.length === 1) {
    return { kind: "counter", unit: usual[0]!, reason: rateReason(step, usual[0]!) };
  }
  return { kind: "ambiguous", candidates: others.length > 0 ? others : ["no time"] };
}

function unnamedUnit(
  level: number,
  step: number,
  asDate: TimeUnit | undefined,
  hints: UnitHints,
): UnitVerdict {
  const counters = TIME_UNITS.filter((unit) => usualCounter(level, step, unit));
  if (asDate !== undefined) {
    const rivals = counters.filter((unit) => unit !== asDate);
    if (rivals.length > 0 && !usualStep(step, asDate)) {
      return { kind: "ambiguous", candidates: [`a date in ${asDate}`, ...counts(rivals)] };
    }
    return { kind: "epoch", unit: asDate, reason: "its values are dates" };
  }
  const fitting = fitSession(step, hints);
  const [byRate] = counters;
  const [byLength] = fitting;
  if (counters.length === 1 && (fitting.length !== 1 || byLength === byRate)) {
    return { kind: "counter", unit: byRate!, reason: rateReason(step, byRate!) };
  }
  if (counters.length !== 1 && fitting.length === 1) {
    return { kind: "counter", unit: byLength!, reason: "its length is that of the session" };
  }
  const possible = TIME_UNITS.filter((unit) => possibleCounter(level, step, unit));
  return { kind: "ambiguous", candidates: possible.length > 0 ? counts(possible) : ["no time"] };
}

function counts(units: readonly TimeUnit[]): string[] {
  return units.map((unit) => `a count of ${unit}`);
}

function usualStep(step: number, unit: TimeUnit): boolean {
  const rate = 1 / (step * scale(unit));
  return rate >= USUAL_RATES_HZ.from && rate <= USUAL_RATES_HZ.to;
}

function usualCounter(level: number, step: number, unit: TimeUnit): boolean {
  return possibleCounter(level, step, unit) && usualStep(step, unit);
}

function rateReason(step: number, unit: TimeUnit): string {
  return `its steps give ${Number((1 / (step * scale(unit))).toPrecision(4))} Hz`;
}

/** Units in which the whole table is about as long as the session. */
function fitSession(step: number, { sessionWindow, estimatedRows }: UnitHints): TimeUnit[] {
  if (sessionWindow === undefined || estimatedRows === undefined || Number.isNaN(step)) return [];
  const session = Number(sessionWindow.endNs - sessionWindow.startNs) / 1e9;
  return TIME_UNITS.filter((unit) => {
    const coverage = (step * scale(unit) * estimatedRows) / session;
    return coverage >= COVERAGE.from && coverage <= COVERAGE.to;
  });
}
