import {
  asObject,
  field,
  hostClock,
  type JsonReading,
  parseAnyTime,
  parseSessionName,
  PC,
  type ReadTime,
} from "../../session/mod.ts";
import type { LogFile, LogPart } from "./contents.ts";

/**
 * Ties the wall time of a phone to its epoch time: `session_config.json` has the start as epoch milliseconds, and
 * the same start as a date in the phone's zone in its text or in the name of its folder.
 */
export function readPhoneTimes(reading: JsonReading, { path, host }: LogFile): LogPart {
  const root = asObject(reading.value);
  const utc = parseAnyTime(field(root, "start_time"));
  if (utc?.kind !== "utc" || host === PC) return {};
  const text = parseAnyTime(field(root, "timestamp", "start_time_formatted"));
  const local = text?.kind === "local" ? text : folderTime(path);
  if (local === undefined) return {};
  return {
    clockPairs: [{
      from: hostClock(host, "local"),
      fromNs: local.ns,
      to: hostClock(host, "utc"),
      toNs: utc.ns,
      // Both are taken within one call, the wall time cut to its second.
      sigmaNs: 500_000_000,
      source: local === text ? "session_config.json timestamp" : "folder name and start_time",
      path,
    }],
  };
}

function folderTime(path: string): ReadTime | undefined {
  const folder = path.split("/").at(-2)?.replace(/^@/, "");
  const time = folder === undefined ? undefined : parseSessionName(folder)?.time;
  return time?.kind === "local" ? { ...time, kind: "local" } : undefined;
}
