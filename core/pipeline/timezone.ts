import { NS_PER_SECOND, type TimeSpan } from "../base/mod.ts";
import type { Session } from "../session/mod.ts";
import { type ClockUse, union } from "./reference.ts";

/** UTC offset of the times that carry none. */
export interface Zone {
  /** Local minus UTC in ns. */
  readonly offsetNs: bigint;
  /** Such as `+02:00`. */
  readonly label: string;
  /** How it is known. */
  readonly source: string;
  /** The user or a file states it. */
  readonly stated: boolean;
}

/** All civil offsets are multiples of this. */
const QUARTER_HOUR_NS = 900n * NS_PER_SECOND;
/** Local minus UTC runs from -12 to +14 hours. */
const LOWEST_NS = -12n * 3600n * NS_PER_SECOND;
const HIGHEST_NS = 14n * 3600n * NS_PER_SECOND;
/** Two starts of one session this close together tell the offset. */
const CLOSE_NS = 420n * NS_PER_SECOND;

/**
 * Finds the UTC offset of naive times: stated by the user, from pairs of local and UTC stamps in the files, or
 * as the multiple of 15 minutes at which local and UTC recordings coincide. Otherwise UTC is assumed.
 */
export function inferZone(
  uses: ReadonlyMap<string, ClockUse>,
  session: Session,
  statedNs: bigint | undefined,
): Zone | undefined {
  if (statedNs !== undefined) return zoneOf(statedNs, "the user", true);
  const { localOffset } = session;
  if (localOffset !== undefined) {
    return zoneOf(BigInt(localOffset.seconds) * NS_PER_SECOND, localOffset.source, true);
  }
  const local = spanOfKind(uses, "local");
  if (local === undefined) return undefined;
  const utc = spanOfKind(uses, "utc");
  const coincident = utc === undefined ? undefined : coincidentOffset(local, utc);
  if (coincident !== undefined) return zoneOf(coincident, "recordings that coincide", false);
  return zoneOf(0n, "an assumption", false);
}

function spanOfKind(
  uses: ReadonlyMap<string, ClockUse>,
  kind: "local" | "utc",
): TimeSpan | undefined {
  return [...uses.values()].filter(({ clock }) => clock.kind === kind)
    .map(({ span }) => span).reduce(union, undefined);
}

function coincidentOffset(local: TimeSpan, utc: TimeSpan): bigint | undefined {
  const difference = local.startNs - utc.startNs;
  const rounded = roundToQuarter(difference);
  const rest = difference > rounded ? difference - rounded : rounded - difference;
  return rest <= CLOSE_NS && isCivil(rounded) ? rounded : undefined;
}

function roundToQuarter(ns: bigint): bigint {
  const half = QUARTER_HOUR_NS / 2n;
  const shifted = ns + half;
  const quarters = shifted / QUARTER_HOUR_NS - (shifted % QUARTER_HOUR_NS < 0n ? 1n : 0n);
  return quarters * QUARTER_HOUR_NS;
}

function isCivil(offset: bigint): boolean {
  return offset >= LOWEST_NS && offset <= HIGHEST_NS;
}

function zoneOf(offsetNs: bigint, source: string, stated: boolean): Zone {
  return { offsetNs, label: offsetLabel(offsetNs), source, stated };
}

/** Writes an offset as `+HH:MM`. */
function offsetLabel(offsetNs: bigint): string {
  const minutes = Number(offsetNs / (60n * NS_PER_SECOND));
  const absolute = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}

/**
 * UTC offset of a time zone at a local time: `+02:00`, `UTC`, or an IANA name such as `Europe/London`.
 * Throws `RangeError` on anything else.
 */
export function parseZone(text: string, atLocalNs: bigint): bigint {
  const fixed = text.match(/^([+-])(\d{2}):?([0-5]\d)$/);
  if (fixed === null) return namedOffset(text, atLocalNs);
  const minutes = BigInt(fixed[2]!) * 60n + BigInt(fixed[3]!);
  const offset = (fixed[1] === "-" ? -minutes : minutes) * 60n * NS_PER_SECOND;
  if (isCivil(offset)) return offset;
  throw new RangeError(`Cannot use an offset that no time zone has: current value is "${text}"`);
}

/** Two rounds find the offset that holds at the local time itself, across a daylight-saving change. */
function namedOffset(zone: string, atLocalNs: bigint): bigint {
  const first = offsetAt(zone, atLocalNs);
  return offsetAt(zone, atLocalNs - first);
}

function offsetAt(zone: string, utcNs: bigint): bigint {
  const date = new Date(Number(utcNs / 1_000_000n));
  const parts = zoneFormat(zone).formatToParts(date);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const match = name.match(/GMT([+-])(\d{2}):(\d{2})/);
  return match === null ? 0n : parseZone(`${match[1]}${match[2]}:${match[3]}`, 0n);
}

function zoneFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  } catch {
    throw new RangeError(`Cannot use a time zone that is not known: current value is "${zone}"`);
  }
}
