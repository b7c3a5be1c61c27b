import type { IssueWhere } from "../base/mod.ts";
import type { SessionEvent } from "../session/mod.ts";
import type { StreamReport } from "./report.ts";

/** Where an issue of a whole stream lies. */
export function streamPlace({ stream }: StreamReport): IssueWhere {
  return { path: stream.path, stream: stream.id, device: stream.device };
}

/** Where an issue of an event lies. */
export function eventPlace({ path, line, time }: SessionEvent): IssueWhere {
  return {
    path,
    ...(line === undefined ? {} : { line }),
    ...(time === undefined ? {} : { timeNs: time.ns }),
  };
}

/** The last part of a path, with either kind of slash. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** Samples in time, as opposed to single events. */
export function isSampled({ stream }: StreamReport): boolean {
  return stream.kind !== "events" && stream.format !== "events";
}

/** Frames whose times come from a media file. */
export function isVideo({ stream }: StreamReport): boolean {
  return stream.format === "mp4";
}

/** Markers and other streams whose recorder states that they keep no rate. */
export function isIrregular({ stream, schema }: StreamReport): boolean {
  return stream.format === "xdf" && schema.nominalRateHz === undefined;
}
