import type { ColumnKind, ColumnSpec, StreamSchema } from "../../base/mod.ts";
import { canonicalUnit, exportName, nameParts } from "../csv/mod.ts";
import { type StampClock, stampClocks } from "./clocks.ts";
import type { XdfStreamInfo } from "./info.ts";
import type { SurveyedStream } from "./survey.ts";

/** A stream with its schema and its clock. */
export interface PlannedStream {
  readonly stream: SurveyedStream;
  readonly schema: StreamSchema;
  readonly stamps: StampClock;
}

/** What streams of a file are called besides what they say themselves. */
export interface NamingOptions {
  readonly device?: string;
  readonly suffix?: string;
}

/** Names the streams of a file and says what their columns mean. */
export function planStreams(
  streams: readonly SurveyedStream[],
  { device: fallback = "lsl", suffix = "" }: NamingOptions,
): PlannedStream[] {
  const tail = suffix === "" ? "" : `_${suffix}`;
  const devices = streams.map(({ info }) =>
    info.hostname === undefined ? fallback : plainName(info.hostname) || fallback
  );
  const taken = new Set<string>();
  const names = streams.map(({ info }, index) => {
    const name = plainName(info.name) || plainName(info.type) || `stream_${info.id}`;
    return unique(`${name}${tail}`, taken, (one) => `${devices[index]}/${one}`);
  });
  const ids = names.map((name, index) => `${devices[index]}/${name}`);
  const clocks = stampClocks(streams, ids, devices.map((device) => `${device}${tail}`));
  return streams.map((stream, index) => {
    const { nominalRateHz } = stream.info;
    const schema: StreamSchema = {
      id: ids[index]!,
      device: devices[index]!,
      name: names[index]!,
      columns: columnsOf(stream.info),
      clock: clocks[index]!.clock,
      resolutionNs: 1,
      // What comes irregularly is stamped when it happens: its intervals say nothing of how well.
      ...(nominalRateHz > 0 ? { nominalRateHz } : { stampSigmaNs: 0 }),
    };
    return { stream, schema, stamps: clocks[index]! };
  });
}

function columnsOf(info: XdfStreamInfo): ColumnSpec[] {
  const kind: ColumnKind = info.format === "string"
    ? "text"
    : info.format === "int64"
    ? "i64"
    : "f64";
  const single = info.channelCount === 1 ? kind === "text" ? "marker" : "value" : undefined;
  const taken = new Set<string>();
  return Array.from({ length: info.channelCount }, (_, index) => {
    const { label, unit } = info.channels[index] ?? {};
    const fallback = single ?? `channel_${index + 1}`;
    const stem = label === undefined ? "" : nameParts(label).full;
    const name = stem === "" ? fallback : exportName(stem, index);
    const known = unit === undefined ? undefined : canonicalUnit(unit);
    return {
      name: unique(name, taken),
      kind,
      ...(known === undefined ? {} : { unit: known }),
      ...(label === undefined ? {} : { recordedAs: label }),
    };
  });
}

function plainName(text: string): string {
  return nameParts(text).full.slice(0, 63).replace(/_+$/, "");
}

/** The name, with a number behind it when its key is taken. */
function unique(
  name: string,
  taken: Set<string>,
  keyOf: (name: string) => string = (one) => one,
): string {
  let free = name;
  for (let number = 2; taken.has(keyOf(free)); number++) free = `${name}_${number}`;
  taken.add(keyOf(free));
  return free;
}
