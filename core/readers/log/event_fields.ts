import { rootSumSquares } from "../../base/mod.ts";
import {
  asText,
  field,
  hostClock,
  type JsonObject,
  type JsonValue,
  parseAnyTime,
  type ReadTime,
  type SessionEvent,
  type StampedTime,
  stampTime,
  type StoredClockPair,
  textOf,
} from "../../session/mod.ts";

const TYPE_KEYS = ["event", "event_type", "eventType", "type", "marker_type"];
const LABEL_KEYS = ["label", "marker_label", "description", "event_description", "message"];
const DEVICE_KEYS = ["device", "device_id", "deviceId"];
const EPOCH_KEYS = ["timestamp_ns", "timestamp_ms", "timestamp", "system_time", "time"];
const WALL_KEYS = ["timestamp_formatted", "timestamp_iso", "timestamp", "datetime"];

/** Options of {@linkcode readEvent}. */
export interface ReadEventOptions {
  readonly path: string;
  /** The phone that wrote the log, or `pc`. */
  readonly host: string;
  readonly line?: number | undefined;
  /** Type when the event names none. @default {"event"} */
  readonly defaultType?: string;
}

/** Reads one event of any log: its type, label, device and its times; every other field becomes a detail. */
export function readEvent(
  object: JsonObject,
  { path, host, line, defaultType = "event" }: ReadEventOptions,
): SessionEvent {
  const typeKey = firstKey(object, TYPE_KEYS);
  const labelKey = firstKey(object, LABEL_KEYS);
  const deviceKey = firstKey(object, DEVICE_KEYS);
  const [time, alsoAt] = eventTimes(object, host);
  const used = new Set([typeKey, labelKey, deviceKey].filter((key) => key !== undefined));
  return {
    type: (typeKey && asText(object[typeKey])) ?? defaultType,
    ...(time && { time }),
    ...(alsoAt && { alsoAt }),
    ...(deviceKey && { device: asText(object[deviceKey])! }),
    ...(labelKey && { label: asText(object[labelKey])! }),
    details: detailsOf(object, used),
    path,
    ...(line !== undefined && { line }),
  };
}

function firstKey(object: JsonObject, keys: readonly string[]): string | undefined {
  return keys.find((key) => asText(field(object, key)) !== undefined);
}

/** All fields but some as text. Nothing a log says is lost, not even what was understood otherwise. */
function detailsOf(
  object: JsonObject,
  without: ReadonlySet<string> = new Set(),
): Readonly<Record<string, string>> {
  const kept = Object.entries(object).filter(([key, value]) => !without.has(key) && value !== null);
  return Object.fromEntries(kept.map(([key, value]) => [key, textOf(value)]));
}

/** The time of an event, on the epoch clock when it has one, and the same instant as wall time. */
function eventTimes(
  object: JsonObject,
  host: string,
): readonly [StampedTime | undefined, StampedTime | undefined] {
  const epoch = firstTime(object, EPOCH_KEYS, "utc");
  const wall = firstTime(object, WALL_KEYS, "local");
  const times = [epoch, wall].filter((time) => time !== undefined)
    .map(({ key, time }) => stampTime(time, host, { source: key }));
  return [times[0], times[1]];
}

function firstTime(object: JsonObject, keys: readonly string[], kind: "utc" | "local") {
  for (const key of keys) {
    const time = eventTime(field(object, key), key);
    if (time?.kind === kind) return { key, time };
  }
  return undefined;
}

/** Phones write local time with a literal `Z` under `timestamp_iso`, so that its zone means nothing. */
function eventTime(value: JsonValue | undefined, key: string): ReadTime | undefined {
  const text = key === "timestamp_iso" ? asText(value)?.replace(/Z$/i, "") : value;
  return parseAnyTime(text, key);
}

/** The pair of clock readings that an event with two times is. */
export function pairOfEvent({ time, alsoAt, path }: SessionEvent): StoredClockPair | undefined {
  if (time === undefined || alsoAt === undefined) return undefined;
  return {
    from: alsoAt.clock,
    fromNs: alsoAt.ns,
    to: time.clock,
    toNs: time.ns,
    sigmaNs: Math.round(rootSumSquares(time.sigmaNs, alsoAt.sigmaNs)),
    source: `${alsoAt.source} and ${time.source} of one event`,
    path,
  };
}

/** A pair on two clocks of the same kind, which an offset in ns between two hosts amounts to. */
export function offsetPair(
  [from, to]: readonly [string, string],
  { ns, kind }: Pick<ReadTime, "ns" | "kind">,
  offsetNs: bigint,
  about: { readonly sigmaNs: number; readonly source: string; readonly path: string },
): StoredClockPair {
  const toNs = ns + offsetNs;
  return { from: hostClock(from, kind), fromNs: ns, to: hostClock(to, kind), toNs, ...about };
}

/** Pairs that say something new: the first, the last, and those where the difference jumps. */
export function thinPairs(pairs: readonly StoredClockPair[]): readonly StoredClockPair[] {
  const difference = ({ fromNs, toNs }: StoredClockPair) => toNs - fromNs;
  return pairs.filter((pair, index) => {
    const [before, after] = [pairs[index - 1], pairs[index + 1]];
    if (before === undefined || after === undefined) return true;
    return jumps(difference(before), difference(pair)) ||
      jumps(difference(pair), difference(after));
  });
}

function jumps(a: bigint, b: bigint): boolean {
  const step = a > b ? a - b : b - a;
  return step > 100_000_000n;
}
