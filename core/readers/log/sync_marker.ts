import { createIssue } from "../../base/mod.ts";
import {
  decodeText,
  hostClock,
  parseEpoch,
  PC,
  type ReadTime,
  type SessionEvent,
  stampTime,
  type StoredClockPair,
} from "../../session/mod.ts";
import type { LogFile, LogPart } from "./contents.ts";

/** The phone takes the delay of one message for its offset, which is off by the delay and its queueing. */
const ONE_WAY_SIGMA_NS = 50_000_000;

/** No line of a marker is longer; matching a damaged one of megabytes would take minutes. */
const MAX_LINE = 1000;

/**
 * Reads a sync marker of a phone, `KEY=value` lines. `device_time` is when the flash or beep was made;
 * `synced_time` minus `device_time` is the only clock offset that phones store. It is none when both are equal:
 * the phone had no offset then.
 */
export function readSyncMarker({ path, host, bytes, report }: LogFile): LogPart {
  const fields = keyValues(decodeText(bytes).text);
  const timeOf = (key: string): ReadTime | undefined => {
    const value = fields.get(key);
    const time = value === undefined ? undefined : parseEpoch(value, "ms");
    if (value !== undefined && time?.kind !== "utc") {
      report(createIssue("MARKER_FIELD_INVALID", { field: key, value: value || '""' }, { path }));
    }
    return time?.kind === "utc" ? time : undefined;
  };
  if (!fields.has("device_time")) {
    const missing = { field: "device_time", value: "missing" };
    report(createIssue("MARKER_FIELD_INVALID", missing, { path }));
  }
  const device = timeOf("device_time");
  const synced = timeOf("synced_time");
  const pair = device && synced && markerPair(device, synced, host, path);
  const event: SessionEvent = {
    type: markerType(path),
    ...(device && { time: stampTime(device, host, { source: "device_time" }) }),
    ...(pair &&
      { alsoAt: stampTime(synced, PC, { source: "synced_time", sigmaNs: pair.sigmaNs }) }),
    device: host,
    details: Object.fromEntries(fields),
    path,
  };
  return { events: [event], clockPairs: pair ? [pair] : [] };
}

function keyValues(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^([A-Za-z_][\w ]{0,60}?)\s*[=:]\s*(.*)$/.exec(line.slice(0, MAX_LINE).trim());
    if (match !== null) fields.set(match[1]!.toLowerCase(), match[2]!);
  }
  return fields;
}

function markerType(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return /(flash|beep|stimulus)_sync/i.exec(name)?.[0].toLowerCase() ?? "marker";
}

function markerPair(
  device: ReadTime,
  synced: ReadTime,
  host: string,
  path: string,
): StoredClockPair | undefined {
  if (device.ns === synced.ns) return undefined;
  return {
    from: hostClock(host, "utc"),
    fromNs: device.ns,
    to: hostClock(PC, "utc"),
    toNs: synced.ns,
    sigmaNs: ONE_WAY_SIGMA_NS,
    source: "device_time and synced_time of a sync marker",
    path,
  };
}
