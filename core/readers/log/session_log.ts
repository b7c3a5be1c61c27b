import { createIssue, formatWall, type TimeNs } from "../../base/mod.ts";
import {
  asList,
  asNumber,
  asObject,
  asText,
  field,
  type JsonObject,
  type JsonReading,
  type JsonValue,
  parseAnyTime,
  parseTimeOfDay,
  type SessionEvent,
  type SessionLog,
  type StampedTime,
  stampTime,
} from "../../session/mod.ts";
import type { LogFile, LogPart } from "./contents.ts";
import { readEvent } from "./event_fields.ts";

const DAY_NS = 86_400_000_000_000n;
const HALF_DAY_NS = DAY_NS / 2n;

/** A time of day is cut to milliseconds and written a moment after the full time stamp. */
const CONFLICT_NS = 1_000_000_000n;

/**
 * Reads the event log of the PC: an object with a list of events, or what its documents show instead, an
 * event in `event_type`, `event_source` and `event_data`. Without a full time stamp the time of day is put on the
 * day of the log.
 */
export function readSessionLog(reading: JsonReading, file: LogFile): LogPart {
  const root = asObject(reading.value) ?? asObject(asList(reading.value)[0]) ?? {};
  const log = describeLog(root, file);
  const days = new DayCounter(log.start?.ns);
  const events = asList(field(root, "events")).flatMap((value) => {
    const object = asObject(value);
    return object === undefined ? [] : [readLogEvent(object, reading.lineOf(value), file, days)];
  });
  return { logs: [{ ...log, events: events.length }], events };
}

function describeLog(root: JsonObject, { path, host }: LogFile): Omit<SessionLog, "events"> {
  const time = (...keys: string[]): StampedTime | undefined => {
    const key = keys.find((name) => parseAnyTime(field(root, name)) !== undefined);
    if (key === undefined) return undefined;
    return stampTime(parseAnyTime(root[key])!, host, { source: `${path} ${key}` });
  };
  const session = asText(field(root, "session", "session_id"));
  const status = asText(field(root, "status"));
  const [start, end] = [time("start_time", "created_timestamp"), time("end_time")];
  const recoveryTime = time("recovery_time");
  const durationSeconds = asNumber(field(root, "duration"));
  return {
    path,
    ...(session !== undefined && { session }),
    ...(status !== undefined && { status }),
    ...(start && { start }),
    ...(end && { end }),
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(recoveryTime && { recoveryTime }),
    devices: asList(field(root, "devices")).flatMap(idOf),
    calibrationFiles: asList(field(root, "calibration_files")).flatMap(nameOf),
  };
}

function idOf(value: JsonValue): string[] {
  return [asText(value) ?? asText(field(asObject(value), "id", "device_id")) ?? []].flat();
}

function nameOf(value: JsonValue): string[] {
  return [asText(value) ?? asText(field(asObject(value), "file", "filename", "path")) ?? []].flat();
}

function readLogEvent(
  object: JsonObject,
  line: number | undefined,
  { path, host, report }: LogFile,
  days: DayCounter,
): SessionEvent {
  const data = asObject(field(object, "event_data"));
  const event = readEvent({ ...data, ...object }, { path, host, line });
  const timeOfDay = parseTimeOfDay(asText(field(object, "time")) ?? "");
  if (timeOfDay === undefined) return event;
  if (event.time === undefined) {
    const ns = days.place(timeOfDay);
    if (ns === undefined) return event;
    const read = { ns, kind: "local", resolutionNs: 1e6 } as const;
    return { ...event, time: stampTime(read, host, { source: "time" }) };
  }
  days.note(event.time.ns);
  if (event.time.clock.kind === "local" && clashes(timeOfDay, event.time.ns)) {
    const params = {
      event: event.type,
      time: asText(object.time)!,
      timestamp: formatWall(event.time.ns),
    };
    const where = { path, ...(line !== undefined && { line }) };
    report(createIssue("EVENT_TIME_CONFLICT", params, where));
  }
  return event;
}

function clashes(timeOfDay: TimeNs, ns: TimeNs): boolean {
  const difference = (timeOfDay - ns % DAY_NS + DAY_NS + HALF_DAY_NS) % DAY_NS - HALF_DAY_NS;
  return difference > CONFLICT_NS || difference < -CONFLICT_NS;
}

/** Turns times of day into times by counting midnights from the start of the log. */
class DayCounter {
  #last: TimeNs | undefined;

  constructor(start: TimeNs | undefined) {
    this.#last = start;
  }

  /** Remembers a full time, which later times of day follow. */
  note(ns: TimeNs): void {
    this.#last = ns;
  }

  /** The time with this time of day that is nearest to the last one; undefined without any. */
  place(timeOfDay: TimeNs): TimeNs | undefined {
    if (this.#last === undefined) return undefined;
    let ns = this.#last - this.#last % DAY_NS + timeOfDay;
    if (ns < this.#last - HALF_DAY_NS) ns += DAY_NS;
    else if (ns > this.#last + HALF_DAY_NS) ns -= DAY_NS;
    this.#last = ns;
    return ns;
  }
}
