import { createIssue, type ReportIssue } from "../../base/mod.ts";
import type { SessionEvent } from "../../session/mod.ts";

/** Every event type that some recorder is known to write. */
const KNOWN_TYPES: ReadonlySet<string> = new Set([
  // Session log
  "session_start",
  "session_end",
  "device_connected",
  "device_disconnected",
  "start_record",
  "stop_record",
  "device_ack",
  "stimulus_play",
  "stimulus_stop",
  "marker",
  "file_received",
  "calibration_capture",
  "calibration_done",
  "error",
  // Stimulus controller
  "stimulus_start",
  "event_marker",
  "stimulus_end",
  // Sync markers of phones
  "flash_sync",
  "beep_sync",
  "stimulus_sync",
  // Recovery
  "recovery",
  "annotation",
]);

/** Reports each unknown event type of a file once, and each event without a time. */
export function reportEvents(events: readonly SessionEvent[], report: ReportIssue): void {
  const reported = new Set<string>();
  for (const { type, time, path, line } of events) {
    const where = { path, ...(line !== undefined && { line }) };
    if (time === undefined) report(createIssue("EVENT_TIME_MISSING", { event: type }, where));
    if (KNOWN_TYPES.has(type) || reported.has(type)) continue;
    reported.add(type);
    report(createIssue("EVENT_UNKNOWN", { event: type }, where));
  }
}
