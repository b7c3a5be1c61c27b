import { NS_PER_SECOND, type TimeNs } from "../../base/mod.ts";
import { wallNs, zoneSeconds } from "../../session/mod.ts";

/** A date and time as it was written. */
export interface WrittenTime {
  /** ns since 1970, of UTC when a zone was written, else of the wall clock. */
  readonly ns: TimeNs;
  readonly zoned: boolean;
  /** Digits of the fraction of a second that are not trailing zeros. */
  readonly digits: number;
}

const DATE_TIME_REGEXP =
  /^(\d{4})([-/])(\d\d)\2(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)? ?(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** Reads an ISO 8601 date with time; undefined for anything else. */
export function parseDateTime(cell: string): WrittenTime | undefined {
  const match = DATE_TIME_REGEXP.exec(cell);
  if (match === null) return undefined;
  const [, year, , month, day, hour, minute, second = "0", fraction = "", zone] = match;
  const wall = wallNs([+year!, +month!, +day!], [+hour!, +minute!, +second]);
  // Midnight of the next day is a way to end a day, not to stamp a sample.
  if (wall === undefined || +hour! > 23) return undefined;
  const offset = zone === undefined ? 0n : BigInt(zoneSeconds(zone)) * NS_PER_SECOND;
  const ns = wall - offset + BigInt(fraction.padEnd(9, "0"));
  return { ns, zoned: zone !== undefined, digits: fraction.replace(/0+$/, "").length };
}
