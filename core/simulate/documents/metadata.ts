import type { SimulatedClock } from "../clock.ts";
import { isoMicroseconds } from "../clock_stamp.ts";
import type { SimulationPlan } from "../plan.ts";
import { secondsBetween } from "./session_log.ts";
import { capabilitiesOf, endOf, type LogEntry, type RecordedFile } from "./timeline.ts";

/** Contents of `session_metadata.json`, as the PC writes them. */
export function sessionMetadata(
  plan: SimulationPlan,
  sessionId: string,
  { entries, files, wall }: MetadataFacts,
): unknown {
  const endNs = endOf(entries);
  return {
    session_id: sessionId,
    session_name: plan.name,
    folder_path: `recordings/${sessionId}`,
    start_time: isoMicroseconds(wall.readingAt(0)),
    end_time: isoMicroseconds(wall.readingAt(endNs)),
    duration: secondsBetween(wall, 0, endNs),
    devices: deviceTable(plan, entries, wall),
    files: fileTable(files, isoMicroseconds(wall.readingAt(endNs))),
    status: "completed",
    ...(plan.metadata === "M2" ? { post_processing: NOTHING_PROCESSED } : {}),
  };
}

/** State of later processing in the documented layout. */
const NOTHING_PROCESSED = {
  hand_segmentation_completed: false,
  hand_segmentation_timestamp: null,
  synchronization_completed: false,
  synchronization_timestamp: null,
  export_completed: false,
  export_timestamp: null,
} as const;

/** What the metadata are made from. */
export interface MetadataFacts {
  readonly entries: readonly LogEntry[];
  readonly files: readonly RecordedFile[];
  /** Wall clock of the PC. */
  readonly wall: SimulatedClock;
}

function deviceTable(
  { devices }: SimulationPlan,
  entries: readonly LogEntry[],
  wall: SimulatedClock,
): Record<string, unknown> {
  const connected = entries.filter(({ event }) => event === "device_connected");
  return Object.fromEntries(devices.map(({ id, type, streams }) => {
    const trueNs = connected.find(({ details }) => details["device"] === id)?.trueNs ?? 0;
    const device = {
      device_type: type,
      capabilities: capabilitiesOf(streams),
      added_time: isoMicroseconds(wall.readingAt(trueNs)),
      status: "connected",
    };
    return [id, device];
  }));
}

function fileTable(files: readonly RecordedFile[], created: string): Record<string, unknown[]> {
  const table: Record<string, unknown[]> = {};
  for (const { device, type, path, bytes } of files) {
    const list = table[device] ??= [];
    list.push({ file_type: type, file_path: path, file_size: bytes, created_time: created });
  }
  return table;
}
