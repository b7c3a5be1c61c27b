import { NS_PER_MS, type TimeNs } from "../../base/mod.ts";

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
  const ms = utcMs([year, month, day, hour, minute, second].map(Number));
  if (ms === undefined) return undefined;
  const ns = (BigInt(ms) - zoneMs(zone)) * NS_PER_MS + BigInt(fraction.padEnd(9, "0"));
  return { ns, zoned: zone !== undefined, digits: fraction.replace(/0+$/, "").length };
}

function utcMs(fields: readonly number[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) {
    return undefined;
  }
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCDate() === day ? date.getTime() : undefined;
}

function zoneMs(zone: string | undefined): bigint {
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? "");
  if (match === null) return 0n;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return BigInt((match[1] === "-" ? -minutes : minutes) * 60_000);
}
