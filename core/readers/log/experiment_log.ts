import { rootSumSquares } from "../../base/mod.ts";
import {
  asList,
  asObject,
  asText,
  field,
  hostClock,
  type JsonObject,
  type JsonReading,
  parseAnyTime,
  parseEpoch,
  parseTimeOfDay,
  type SessionEvent,
  type StampedTime,
  stampTime,
  type StoredClockPair,
} from "../../session/mod.ts";
import type { LogFile, LogPart } from "./contents.ts";
import { pairOfEvent, readEvent, thinPairs } from "./event_fields.ts";

const DAY_NS = 86_400_000_000_000n;

/**
 * Reads the log of the stimulus controller, the only one of the PC with epoch seconds beside wall time: each
 * event ties `pc/local` to `pc/utc`, and to `pc/monotonic` where the monotonic time was logged too.
 */
export function readExperimentLog(reading: JsonReading, file: LogFile): LogPart {
  const root = asObject(reading.value) ?? {};
  const pairs: StoredClockPair[] = [];
  const monotonic: StoredClockPair[] = [];
  const info = asObject(field(root, "experiment_info"));
  pairs.push(...startPair(info, file));
  const events = asList(field(root, "events")).flatMap((value) => {
    const object = asObject(value);
    if (object === undefined) return [];
    const stamps = asObject(field(object, "timestamps"));
    const event = withWallTime(
      readEvent({ ...systemTime(stamps), ...object }, { ...file, line: reading.lineOf(value) }),
      object,
    );
    pairs.push(...[pairOfEvent(event) ?? []].flat());
    monotonic.push(...monotonicPair(stamps, event, file));
    return [event];
  });
  return { events, clockPairs: [...thinPairs(pairs), ...monotonic] };
}

function systemTime(stamps: JsonObject | undefined): JsonObject {
  const time = field(stamps, "system_time");
  return time === undefined ? {} : { timestamp: time };
}

function startPair(info: JsonObject | undefined, { path, host }: LogFile): StoredClockPair[] {
  if (info === undefined) return [];
  const utc = parseEpoch(field(info, "start_time"));
  const local = parseAnyTime(field(info, "start_time_formatted"));
  if (utc?.kind !== "utc" || local?.kind !== "local") return [];
  return [{
    from: hostClock(host, "local"),
    fromNs: local.ns,
    to: hostClock(host, "utc"),
    toNs: utc.ns,
    sigmaNs: Math.round(rootSumSquares(1e6, local.resolutionNs / Math.sqrt(12))),
    source: "experiment_info start_time",
    path,
  }];
}

/** Completes a wall time that is only a time of day with the day that puts it nearest to UTC. */
function withWallTime(event: SessionEvent, object: JsonObject): SessionEvent {
  const { time, alsoAt } = event;
  const timeOfDay = parseTimeOfDay(asText(field(object, "timestamp_formatted")) ?? "");
  if (time?.clock.kind !== "utc" || alsoAt !== undefined || timeOfDay === undefined) return event;
  const difference = (timeOfDay - time.ns % DAY_NS + DAY_NS + DAY_NS / 2n) % DAY_NS - DAY_NS / 2n;
  const local: StampedTime = stampTime(
    { ns: time.ns + difference, kind: "local", resolutionNs: 1e6 },
    time.clock.id.slice(0, -"/utc".length),
    { source: "timestamp_formatted" },
  );
  return { ...event, alsoAt: local };
}

function monotonicPair(
  stamps: JsonObject | undefined,
  { time }: SessionEvent,
  { host, path }: LogFile,
): StoredClockPair[] {
  const monotonic = parseEpoch(field(stamps, "monotonic_time"), "s");
  if (monotonic === undefined || time?.clock.kind !== "utc") return [];
  return [{
    from: hostClock(host, "monotonic"),
    fromNs: monotonic.ns,
    to: time.clock,
    toNs: time.ns,
    sigmaNs: 1_000_000,
    source: "monotonic_time and system_time of one event",
    path,
  }];
}
