import type { TimeNs } from "../base/mod.ts";
import { asNumber, field } from "./json.ts";
import type { JsonObject, JsonValue } from "./json_parser.ts";

/** A time read from text or a number, before a clock is known. */
export interface ReadTime {
  readonly ns: TimeNs;
  /** `utc`: epoch or with a zone; `local`: wall time without a zone; `monotonic`: since a boot. */
  readonly kind: "utc" | "local" | "monotonic";
  /** Step in which it was written, in ns. */
  readonly resolutionNs: number;
  /** Offset of the zone that was written with it, in seconds east of UTC. */
  readonly zoneSeconds?: number;
}

const ISO_REGEXP =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T _](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,12}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;
const JAVA_DATE_REGEXP =
  /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (\S+) (\d{4})$/;
const TIME_OF_DAY_REGEXP = /^(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?$/;
const DECIMAL_REGEXP = /^\d{1,20}(?:\.\d{1,20})?$/;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Below this many seconds (1973-03-03) a number is no epoch time but one since a boot. */
const FIRST_EPOCH_SECONDS = 1e8;

/** ns of a proleptic Gregorian date and time counted as UTC; undefined when there is no such date. */
export function wallNs(
  [year, month, day]: readonly [number, number, number],
  [hour, minute, second]: readonly [number, number, number],
): TimeNs | undefined {
  // A leap second is written as 60; it is the first instant of the next minute here.
  if (hour > 24 || minute > 59 || second > 60 || month < 1 || month > 12 || day < 1) {
    return undefined;
  }
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCDate() !== day) return undefined;
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second;
  return BigInt(seconds) * 1_000_000_000n;
}

/**
 * Reads a date and time in ISO 8601, extended or basic, with or without a zone, or as Java's `Date.toString()`.
 * Returns undefined for anything else.
 *
 * @example
 * ```ts
 * import { parseDateTime } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const read = parseDateTime("2020-07-28T12:56:50.034+02:00");
 * assert.equal(read?.ns, 1_595_933_810_034_000_000n);
 * assert.equal(read.kind, "utc");
 * assert.equal(parseDateTime("2020-07-28 12:56")?.kind, "local");
 * ```
 */
export function parseDateTime(text: string): ReadTime | undefined {
  const trimmed = text.trim();
  const match = ISO_REGEXP.exec(trimmed);
  if (match === null) return parseJavaDate(trimmed);
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone] = match;
  const whole = wallNs([+year!, +month!, +day!], [+hour, +minute, +second]);
  if (whole === undefined) return undefined;
  const ns = whole + fractionNs(fraction);
  const resolutionNs = match[4] === undefined ? 86_400e9 : 10 ** Math.max(0, 9 - fraction.length);
  if (zone === undefined) return { ns, kind: "local", resolutionNs };
  return { ...inZone(ns, zone), resolutionNs };
}

/** Java writes the zone as an abbreviation; all but UTC and GMT are ambiguous and leave the time local. */
function parseJavaDate(text: string): ReadTime | undefined {
  const match = JAVA_DATE_REGEXP.exec(text);
  if (match === null) return undefined;
  const [, month, day, time, zone, year] = match;
  const number = MONTHS.indexOf(month!.toLowerCase()) + 1;
  const [hour, minute, second] = time!.split(":").map(Number) as [number, number, number];
  const ns = wallNs([+year!, number, +day!], [hour, minute, second]);
  if (ns === undefined) return undefined;
  const offset = /^(?:UTC|GMT)?([+-]\d{2}:?\d{2})?$/.exec(zone!);
  if (offset === null) return { ns, kind: "local", resolutionNs: 1e9 };
  return { ...inZone(ns, offset[1] ?? "Z"), resolutionNs: 1e9 };
}

/** The instant at which clocks of a zone show a time. */
function inZone(ns: TimeNs, zone: string): Omit<ReadTime, "resolutionNs"> {
  const seconds = zoneSeconds(zone);
  return { ns: ns - BigInt(seconds) * 1_000_000_000n, kind: "utc", zoneSeconds: seconds };
}

/** Seconds east of UTC of a written zone: `Z`, `+HH`, `+HHMM` or `+HH:MM`. */
export function zoneSeconds(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (match === null) return 0;
  const seconds = +match[2]! * 3600 + +(match[3] ?? 0) * 60;
  return match[1] === "-" ? -seconds : seconds;
}

function fractionNs(digits: string): TimeNs {
  return BigInt(digits.slice(0, 9).padEnd(9, "0"));
}

/** ns since midnight of `HH:MM:SS[.fff]`; undefined when it is not written so. */
export function parseTimeOfDay(text: string): TimeNs | undefined {
  const match = TIME_OF_DAY_REGEXP.exec(text.trim());
  if (match === null) return undefined;
  const seconds = +match[1]! * 3600 + +match[2]! * 60 + +match[3]!;
  return seconds >= 86_401
    ? undefined
    : BigInt(seconds) * 1_000_000_000n + fractionNs(match[4] ?? "");
}

/** Units that an epoch number can have, with the power of ten of nanoseconds. */
export type EpochUnit = "s" | "ms" | "us" | "ns";

const EXPONENTS: Readonly<Record<EpochUnit, number>> = { s: 9, ms: 6, us: 3, ns: 0 };

/** Unit of an epoch number by its size: the only one that puts it between 1973 and 5138. */
export function epochUnitOf(value: number): EpochUnit | undefined {
  const size = Math.abs(value);
  if (size < FIRST_EPOCH_SECONDS || !Number.isFinite(size)) return undefined;
  if (size < 1e11) return "s";
  if (size < 1e14) return "ms";
  return size < 1e17 ? "us" : "ns";
}

/**
 * Reads an epoch number, as a number or as decimal text, exactly. Without a unit its size decides; a number
 * too small for any unit is undefined, or `monotonic` when the unit is given.
 */
export function parseEpoch(value: JsonValue | undefined, unit?: EpochUnit): ReadTime | undefined {
  const text = typeof value === "number" || typeof value === "bigint" ? decimalText(value) : value;
  if (typeof text !== "string" || !DECIMAL_REGEXP.test(text.trim())) return undefined;
  const [whole = "", fraction = ""] = text.trim().split(".");
  const found = unit ?? epochUnitOf(Number(whole));
  if (found === undefined) return undefined;
  const exponent = EXPONENTS[found];
  const digits = fraction.slice(0, exponent);
  const ns = BigInt(whole) * 10n ** BigInt(exponent) + BigInt(digits.padEnd(exponent, "0") || "0");
  const isEpoch = Number(ns) >= FIRST_EPOCH_SECONDS * 1e9;
  const resolutionNs = 10 ** (exponent - digits.length);
  return { ns, kind: isEpoch ? "utc" : "monotonic", resolutionNs };
}

function decimalText(value: number | bigint): string {
  const text = String(value);
  return text.includes("e") && typeof value === "number" && value > 0 ? value.toFixed(9) : text;
}

/** Jackson writes a date as `[year, month, day, hour, minute, second, nanoseconds]`, the end left out when 0. */
export function parseJacksonTime(value: JsonValue | undefined): ReadTime | undefined {
  if (!Array.isArray(value) || value.length < 3 || value.length > 7) return undefined;
  const parts = value.map((part: JsonValue) => asNumber(part) ?? NaN);
  if (!parts.every((part) => Number.isInteger(part) && part >= 0 && part < 1e9)) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, nanos = 0] = parts;
  const ns = wallNs([year, month, day], [hour, minute, second]);
  return ns === undefined ? undefined : { ns: ns + BigInt(nanos), kind: "local", resolutionNs: 1 };
}

/**
 * Reads a time in any notation the recorders use: ISO text, epoch number, Jackson list. A key that ends in
 * `_ns`, `_us` or `_ms` gives the unit.
 */
export function parseAnyTime(value: JsonValue | undefined, key = ""): ReadTime | undefined {
  if (Array.isArray(value)) return parseJacksonTime(value);
  if (typeof value === "string") {
    const time = parseDateTime(value);
    if (time !== undefined) return time;
  }
  return parseEpoch(value, /_(ns|us|ms)$/.exec(key)?.[1] as EpochUnit | undefined);
}

/** The first of several keys of an object that holds a readable time. */
export function timeField(object: JsonObject | undefined, keys: readonly string[]):
  | { readonly key: string; readonly time: ReadTime }
  | undefined {
  for (const key of keys) {
    const time = parseAnyTime(field(object, key), key);
    if (time !== undefined) return { key, time };
  }
  return undefined;
}
