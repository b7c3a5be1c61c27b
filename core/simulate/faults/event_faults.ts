import type { IssueCode } from "../../base/mod.ts";
import type { Fault } from "./fault.ts";
import { type FaultFiles, type JsonObject, LOG_ENDING } from "./fault_files.ts";

/** Changes the first event of a type. */
function inEvent(type: string, changes: JsonObject): (files: FaultFiles) => void {
  return (files) =>
    files.events((events) => {
      Object.assign(events.find(({ event }) => event === type)!, changes);
    });
}

/** Adds an event at the moment of the marker. */
function addEvent(event: JsonObject): (files: FaultFiles) => void {
  return (files) =>
    files.events((events) => {
      const at = events.findIndex((one) => one["event"] === "marker");
      const { time, timestamp } = events[at]!;
      return events.toSpliced(at, 0, { ...event, time, timestamp });
    });
}

/** Trouble with event logs and markers. */
export const EVENT_FAULTS = {
  LOG_MISSING: {
    base: "motion",
    edit(files) {
      files.remove(LOG_ENDING);
      files.remove("experiment_log_20250731_143022.json");
      files.remove(".txt");
    },
  },
  LOG_EMPTY: { base: "motion", edit: (files) => files.events(() => []) },
  EVENT_ORDER: {
    base: "motion",
    edit: (files) =>
      files.events((events) => {
        const [marker] = events.splice(events.findIndex(({ event }) => event === "marker"), 1);
        return [...events.slice(0, -1), marker!, events.at(-1)!];
      }),
  },
  EVENT_UNKNOWN: { base: "motion", edit: addEvent({ event: "coffee_break" }) },
  EVENT_TIME_MISSING: {
    base: "motion",
    edit: inEvent("marker", { time: undefined, timestamp: undefined }),
  },
  EVENT_TIME_CONFLICT: { base: "motion", edit: inEvent("marker", { time: "14:35:22.612" }) },
  EVENT_OUTSIDE_SESSION: {
    base: "motion",
    edit: (files) =>
      files.events((events) => [...events, {
        event: "marker",
        time: "15:30:22.612",
        timestamp: "2025-07-31T15:30:22.612000",
        label: "late",
      }]),
  },
  EVENT_UNPAIRED: {
    base: "motion",
    edit: (files) =>
      files.events((events) => events.filter(({ event }) => event !== "stop_record")),
  },
  EVENT_DEVICE_UNKNOWN: {
    base: "motion",
    edit: addEvent({ event: "device_disconnected", device: "phone_7", reason: "timeout" }),
  },
  EVENT_FILE_MISSING: {
    base: "motion",
    edit: addEvent({
      event: "file_received",
      device: "phone_1",
      filename: "thermal_session_2025-07-31_14-30-22.dat",
      file_type: "thermal_video",
    }),
  },
  EVENT_ERROR_LOGGED: {
    base: "motion",
    edit: addEvent({ event: "error", error_type: "device_error", message: "Camera was busy" }),
  },
  MARKER_FIELD_INVALID: {
    base: "motion",
    edit(files) {
      const path = files.find(".txt");
      files.editText(path, (text) => text.replace(/synced_time=\d+/, "synced_time=unknown"));
    },
  },
  SYNC_OFFSET_FABRICATED: {
    base: "motion",
    edit: (files) => files.writeJson("protocol_export_20250731_143022.json", PROTOCOL_EXPORT),
  },
} as const satisfies Partial<Record<IssueCode, Fault>>;

/** What the laboratory protocol of the recorder exports, with an offset that it makes up. */
const PROTOCOL_EXPORT = {
  protocol_config: { protocol_name: "stimulus" },
  protocol_execution: { start_time: 1753965022.1, end_time: 1753965023.9, events: [] },
  synchronization_data: {
    sync_markers: [{
      timestamp: 1753965022.312,
      marker_type: "flash",
      protocol_phase: "baseline",
      sync_measurement: {
        timestamp: 1753965022.312,
        round_trip_time_ms: 4.1,
        offset_ms: 21.3,
        delay_ms: 2.05,
        jitter_ms: 0.4,
        method: "custom_sync",
        remote_device: "phone_1",
      },
    }],
  },
};
