import { type FolderSource, type ReportIssue, stitchFolders, type TimeNs } from "../base/mod.ts";
import { readLogs } from "../readers/log/mod.ts";
import {
  checkPictures,
  discoverSession,
  type LocalOffset,
  type Session,
  type SessionEvent,
  type StoredClockPair,
  type Stream,
  type StreamAnchor,
} from "../session/mod.ts";

/** Options of {@linkcode loadSession}. */
export interface LoadSessionOptions {
  /** Receives what is wrong with folder, metadata and logs. */
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Further folders of the same session, such as those of phones. @default {[]} */
  readonly roots?: readonly FolderSource[];
}

/**
 * Reads everything about a recorded session but its samples: folder, metadata, event logs, markers, stored
 * clock offsets and calibrations.
 *
 * @example
 * ```ts
 * import { loadSession, memoryFolder } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const log = { session: "a_20250731_143022", events: [
 *   { event: "marker", label: "stimulus 1", timestamp: "2025-07-31T14:30:25.456789" },
 * ] };
 * const session = await loadSession(memoryFolder("a_20250731_143022", {
 *   "a_20250731_143022_log.json": JSON.stringify(log),
 * }));
 * assert.equal(session.events[0]?.label, "stimulus 1");
 * assert.equal(session.events[0]?.time?.clock.id, "pc/local");
 * ```
 */
export async function loadSession(
  folder: FolderSource,
  { report = () => {}, signal, roots = [] }: LoadSessionOptions = {},
): Promise<Session> {
  const whole = roots.length === 0 ? folder : stitchFolders([folder, ...roots]);
  const options = { report, ...(signal && { signal }) };
  const session = await discoverSession(whole, options);
  const contents = await readLogs(whole, session, options);
  await checkPictures(whole, session.files, options);
  const clockPairs = [...session.clockPairs, ...contents.clockPairs];
  const localOffset = findLocalOffset(clockPairs);
  return {
    ...session,
    ...contents,
    clockPairs,
    streams: session.streams.map((stream) => withEventAnchors(stream, contents.events)),
    ...(localOffset && { localOffset }),
  };
}

const QUARTER_HOUR_NS = 900_000_000_000n;
const LARGEST_OFFSET_NS = 14n * 3_600_000_000_000n;

/** Zones are multiples of a quarter of an hour; clocks read a minute apart are not one instant. */
const ZONE_TOLERANCE_NS = 60_000_000_000n;

/** The offset of local times from the first pair of wall and epoch time of one host, the PC's first. */
function findLocalOffset(pairs: readonly StoredClockPair[]): LocalOffset | undefined {
  const sameHost = pairs.filter(({ from, to }) =>
    from.kind === "local" && to.kind === "utc" && from.id.slice(0, -6) === to.id.slice(0, -4)
  );
  const ofPc = sameHost.filter(({ from }) => from.id === "pc/local");
  for (const { fromNs, toNs, source, path } of [...ofPc, ...sameHost]) {
    const offset = zoneNs(fromNs - toNs);
    if (offset === undefined) continue;
    return { seconds: Number(offset / 1_000_000_000n), source: `${source} in ${path}` };
  }
  return undefined;
}

function zoneNs(difference: TimeNs): TimeNs | undefined {
  const half = difference < 0n ? -QUARTER_HOUR_NS / 2n : QUARTER_HOUR_NS / 2n;
  const zone = (difference + half) / QUARTER_HOUR_NS * QUARTER_HOUR_NS;
  const rest = difference - zone;
  const isNear = rest <= ZONE_TOLERANCE_NS && rest >= -ZONE_TOLERANCE_NS;
  return isNear && zone <= LARGEST_OFFSET_NS && zone >= -LARGEST_OFFSET_NS ? zone : undefined;
}

/** The PC logs the start of a recording within seconds of every device starting, and its stop likewise. */
const COMMAND_SIGMA_NS = 2e9;

function withEventAnchors(stream: Stream, events: readonly SessionEvent[]): Stream {
  const start = events.find((event) =>
    event.type === "start_record" && namesDevice(event, stream.device)
  );
  const stop = events.find((event) => event.type === "stop_record");
  if (start === undefined) return stream;
  const anchors = [anchorAt("start", start), anchorAt("end", stop)];
  return { ...stream, anchors: [...stream.anchors, ...anchors.flat()] };
}

function namesDevice({ details }: SessionEvent, device: string): boolean {
  return details.devices?.includes(JSON.stringify(device)) ?? false;
}

function anchorAt(at: "start" | "end", event: SessionEvent | undefined): StreamAnchor[] {
  if (event?.time === undefined) return [];
  const source = `${event.path} ${event.type}`;
  return [{ at, time: { ...event.time, sigmaNs: COMMAND_SIGMA_NS, source } }];
}
