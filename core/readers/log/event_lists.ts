import {
  asObject,
  decodeText,
  field,
  type JsonReading,
  type JsonValue,
  parseDateTime,
  type SessionEvent,
  stampTime,
} from "../../session/mod.ts";
import type { LogFile, LogPart } from "./contents.ts";
import { pairOfEvent, readEvent, thinPairs } from "./event_fields.ts";

/** Options of {@linkcode readEventList}. */
export interface EventListOptions {
  /** Type of events that name none. */
  readonly defaultType?: string;
}

/**
 * Reads a JSON list of events, or an object that holds one under `events`, `markers` or `annotations`: the
 * annotations of the PC, the stimulus records of phones, and lists of unknown origin.
 */
export function readEventList(
  reading: JsonReading,
  file: LogFile,
  { defaultType = "event" }: EventListOptions = {},
): LogPart {
  const events = listOf(reading.value).flatMap((value) => {
    const object = asObject(value);
    if (object === undefined) return [];
    return [readEvent(object, { ...file, line: reading.lineOf(value), defaultType })];
  });
  const pairs = events.flatMap((event) => pairOfEvent(event) ?? []);
  return { events, clockPairs: thinPairs(pairs) };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  const object = asObject(value);
  const list = field(object, "events", "markers", "annotations");
  if (Array.isArray(list)) return list;
  return object === undefined ? [] : [object];
}

const RECOVERY_LINE_REGEXP = /^\[([^\]]{10,40})\] *([^:]{1,60}): *(.*)$/;

/** Reads `recovery.log`: lines of `[time] type: message`. */
export function readRecoveryLog({ path, host, bytes }: LogFile): LogPart {
  const lines = decodeText(bytes).text.split(/\r?\n/);
  const events = lines.flatMap((line, index): SessionEvent[] => {
    const match = RECOVERY_LINE_REGEXP.exec(line);
    const time = match && parseDateTime(match[1]!);
    if (!match || !time) return [];
    return [{
      type: "recovery",
      time: stampTime(time, host, { source: "recovery.log" }),
      label: match[3]!,
      details: { recovery_type: match[2]! },
      path,
      line: index + 1,
    }];
  });
  return { events };
}
