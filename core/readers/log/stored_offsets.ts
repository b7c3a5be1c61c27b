import { createIssue, rootSumSquares } from "../../base/mod.ts";
import {
  asList,
  asNumber,
  asObject,
  asText,
  field,
  hostClock,
  type JsonObject,
  type JsonValue,
  parseAnyTime,
  PC,
  type StoredClockPair,
} from "../../session/mod.ts";
import type { LogFile, LogPart } from "./contents.ts";
import { offsetPair } from "./event_fields.ts";

/** Containers nested deeper than this hold no offsets that any program writes. */
const MAX_DEPTH = 12;

/** Largest offset between two wall clocks that the programs could have measured: a day. */
const MAX_WALL_OFFSET_NS = 86_400e9;

/** Spread of an offset that was taken from one message. */
const ONE_WAY_SIGMA_NS = 50e6;

/** Reads every clock offset that a JSON file stores, wherever it stands, and refuses the made-up ones. */
export function readStoredOffsets(value: JsonValue | undefined, file: LogFile): LogPart {
  const clockPairs: StoredClockPair[] = [];
  visit(value, 0, (object) => {
    clockPairs.push(
      ...measuredPair(object, file),
      ...offsetsByDevice(object, file),
      ...offsetsNs(object, file),
      ...phonePairs(object, file),
    );
  });
  return { clockPairs };
}

function visit(
  value: JsonValue | undefined,
  depth: number,
  use: (object: JsonObject) => void,
): void {
  if (depth > MAX_DEPTH) return;
  for (const item of asList(value)) visit(item, depth + 1, use);
  const object = asObject(value);
  if (object === undefined) return;
  use(object);
  for (const item of Object.values(object)) visit(item, depth + 1, use);
}

/** `{timestamp, offset_ms, round_trip_time_ms, method, remote_device}`: offset of the remote clock. */
function measuredPair(object: JsonObject, { path, report }: LogFile): StoredClockPair[] {
  const method = asText(field(object, "method", "sync_method"));
  const offset = asNumber(field(object, "offset_ms"));
  if (method === undefined || offset === undefined) return [];
  if (/custom/i.test(method)) {
    report(createIssue("SYNC_OFFSET_FABRICATED", { offset, method }, { path }));
    return [];
  }
  const remote = asText(field(object, "remote_device", "device_id", "device"));
  const time = parseAnyTime(field(object, "timestamp"));
  if (remote === undefined || time?.kind !== "utc") return [];
  // Whatever the asymmetry of the way, the error is at most half of the round trip.
  const roundTrip = asNumber(field(object, "round_trip_time_ms", "rtt_ms"));
  const sigmaNs = roundTrip === undefined ? ONE_WAY_SIGMA_NS : Math.max(1e5, roundTrip * 5e5);
  const about = { sigmaNs: Math.round(sigmaNs), source: `offset measured by ${method}`, path };
  return [offsetPair([PC, remote], time, nsOfMs(offset), about)];
}

/** `offsets: {id: [{timestamp, offsetMs, uncertainty}]}`: what to add to the clock of a device. */
function offsetsByDevice(object: JsonObject, { path }: LogFile): StoredClockPair[] {
  const byDevice = Object.entries(asObject(field(object, "offsets")) ?? {});
  return byDevice.flatMap(([device, list]) =>
    asList(list).flatMap((value) => {
      const item = asObject(value);
      const offset = asNumber(field(item, "offsetMs", "offset_ms"));
      const time = parseAnyTime(field(item, "timestamp"));
      if (offset === undefined || time === undefined) return [];
      const stated = asNumber(field(item, "uncertainty", "uncertaintyMs"));
      const sigmaNs = unsignedSigma(offset * 1e6, stated === undefined ? undefined : stated * 1e6);
      const about = { sigmaNs, source: "stored offsets, sign not stated", path };
      return [offsetPair([device, PC], time, nsOfMs(offset), about)];
    })
  );
}

/**
 * `clock_offsets_ns: {device: ns}` at the start of the session. One that spans decades ties a clock that
 * counts from a boot to the epoch, which leaves no doubt of its sign.
 */
function offsetsNs(object: JsonObject, { path }: LogFile): StoredClockPair[] {
  const byDevice = Object.entries(asObject(field(object, "clock_offsets_ns")) ?? {});
  const start = parseAnyTime(field(object, "start_time_ns", "created_at_ns"), "start_time_ns");
  if (start === undefined) return [];
  return byDevice.flatMap(([device, value]): StoredClockPair[] => {
    const offset = asNumber(value);
    if (offset === undefined) return [];
    if (Math.abs(offset) <= MAX_WALL_OFFSET_NS) {
      const about = { sigmaNs: unsignedSigma(offset), source: "clock_offsets_ns", path };
      return [offsetPair([device, PC], start, BigInt(Math.round(offset)), about)];
    }
    const size = BigInt(typeof value === "bigint" ? value : Math.round(offset));
    const fromNs = start.ns - (size < 0n ? -size : size);
    if (fromNs < 0n || start.kind !== "utc") return [];
    return [{
      from: hostClock(device, "monotonic"),
      fromNs,
      to: hostClock(PC, "utc"),
      toNs: start.ns,
      sigmaNs: ONE_WAY_SIGMA_NS,
      source: "clock_offsets_ns",
      path,
    }];
  });
}

/** `sync_timestamps: [{pc_timestamp, android_timestamp}]`: two readings at one instant. */
function phonePairs(object: JsonObject, { path, host }: LogFile): StoredClockPair[] {
  return asList(field(object, "sync_timestamps")).flatMap((value): StoredClockPair[] => {
    const item = asObject(value);
    const phone = parseAnyTime(field(item, "android_timestamp"));
    const pc = parseAnyTime(field(item, "pc_timestamp"));
    if (phone?.kind !== "utc" || pc?.kind !== "utc" || host === PC) return [];
    return [{
      from: hostClock(host, "utc"),
      fromNs: phone.ns,
      to: hostClock(PC, "utc"),
      toNs: pc.ns,
      sigmaNs: ONE_WAY_SIGMA_NS,
      source: "sync_timestamps",
      path,
    }];
  });
}

/**
 * Where nothing says whether an offset is to be added or subtracted, adding may be wrong by twice the
 * offset: the root mean square of no error and that one is its size times the square root of two.
 */
function unsignedSigma(offsetNs: number, statedNs = ONE_WAY_SIGMA_NS): number {
  return Math.round(rootSumSquares(statedNs, Math.SQRT2 * offsetNs));
}

function nsOfMs(ms: number): bigint {
  return BigInt(Math.round(ms * 1e6));
}
