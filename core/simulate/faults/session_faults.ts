import type { IssueCode } from "../../base/mod.ts";
import type { Fault } from "./fault.ts";
import { type FaultFiles, LOG_ENDING } from "./fault_files.ts";

const METADATA = "session_metadata.json";

/** A folder of a phone beside the session, as it is given on the command line, with a table of its own. */
function addRoot(files: FaultFiles, name: string, startMs: number): void {
  const table = files.bytes("phone_1_motion_20250731_143022.csv");
  const shift = startMs - 1753965022068;
  const text = new TextDecoder().decode(table).replace(
    /^\d{13}/gm,
    (stamp) => String(Number(stamp) + shift),
  );
  files.write(`@${name}/phone_9_motion_${name.slice(8).replaceAll("-", "")}.csv`, text);
}

function setMetadata(changes: Record<string, unknown>): (files: FaultFiles) => void {
  return (files) => files.metadata((metadata) => void Object.assign(metadata, changes));
}

/** Trouble with session folders, their names and metadata. */
export const SESSION_FAULTS = {
  SESSION_EMPTY: {
    base: "motion",
    edit(files) {
      files.remove("phone_1_motion_20250731_143022.csv");
      files.metadata((metadata) => void Object.assign(metadata, { devices: {}, files: {} }));
      files.events((events) => events.filter(({ device }) => device === undefined));
    },
  },
  SESSION_ID_UNUSUAL: {
    base: "motion",
    folder: "pilot",
    edit(files) {
      files.move(LOG_ENDING, "pilot_log.json");
      files.metadata((metadata) => void Object.assign(metadata, { session_id: "pilot" }));
    },
  },
  SESSION_ID_MISMATCH: { base: "motion", folder: "subject7_20250731_143022" },
  SESSION_ACTIVE: {
    base: "motion",
    edit: setMetadata({ status: "active", end_time: null, duration: null }),
  },
  SESSION_RECOVERED: {
    base: "motion",
    edit(files) {
      files.editJson(LOG_ENDING, (log) => {
        log["status"] = "recovered";
        log["recovery_time"] = "2025-07-31T15:02:11.410233";
      });
      files.events((events) => void Object.assign(events.at(-1)!, { recovered: true }));
    },
  },
  SESSION_END_BEFORE_START: {
    base: "motion",
    edit: setMetadata({ end_time: "2025-07-31T14:30:12.500000", duration: -9.512 }),
  },
  SESSION_DURATION_MISMATCH: { base: "motion", edit: setMetadata({ duration: 3602 }) },
  SESSION_TIME_MISSING: {
    base: "motion",
    folder: "session",
    edit(files) {
      files.move("phone_1_motion_20250731_143022.csv", "devices/phone_1/sensor_data/motion.csv");
      files.move(LOG_ENDING, "session_log.json");
      files.metadata((metadata) => {
        delete metadata["start_time"];
        metadata.session_id = "session";
      });
      files.editJson("session_log.json", (log) => void delete log["start_time"]);
    },
  },
  SESSION_TIME_IMPLAUSIBLE: {
    base: "webcam",
    plan: (plan) => ({ ...plan, start: "1970-01-01T00:00:10.000Z" }),
  },
  SESSION_ROOT_UNRELATED: {
    base: "motion",
    edit: (files) => addRoot(files, "session_2025-08-02_10-15-00", 1754122500000),
  },
  SESSION_ROOT_STITCHED: {
    base: "motion",
    edit: (files) => addRoot(files, "session_2025-07-31_14-30-22", 1753965022117),
  },
} as const satisfies Partial<Record<IssueCode, Fault>>;

/** Trouble with JSON files and what they say. */
export const METADATA_FAULTS = {
  METADATA_MISSING: {
    base: "motion",
    edit(files) {
      files.remove(METADATA);
      files.remove("session_config.json");
    },
  },
  METADATA_UNREADABLE: {
    base: "motion",
    edit: (files) => files.write(METADATA, "<html><body>404 Not Found</body></html>\n"),
  },
  METADATA_TRUNCATED: {
    base: "motion",
    edit: (files) => files.edit(METADATA, (bytes) => bytes.slice(0, bytes.length >> 1)),
  },
  METADATA_CONCATENATED: {
    base: "motion",
    edit(files) {
      const line = (ms: number) => JSON.stringify({ timestamp_ms: ms, event_type: "stimulus" });
      const text = [1753965022900, 1753965023400].map(line).join("\n");
      files.write("devices/phone_1/stimulus_metadata.json", text);
    },
  },
  METADATA_KOTLIN_MAP: {
    base: "motion",
    edit(files) {
      files.writeJson("devices/phone_1/emergency_recovery.json", {
        emergency_metadata: "{reason=low battery, level=4}",
        session_metadata: "{sessionId=session_2025-07-31_14-30-22, status=ACTIVE}",
        recovery_timestamp: 1753965023900,
      });
    },
  },
  METADATA_VARIANT: {
    base: "motion",
    edit(files) {
      files.writeJson(METADATA, {
        session_id: "session_20250731_143022",
        timestamp: "2025-07-31T14:30:22",
        devices: ["phone_1"],
        status: "completed",
      });
    },
  },
  METADATA_KEY_MISSING: {
    base: "motion",
    edit: (files) => files.metadata((metadata) => void delete metadata["session_name"]),
  },
  METADATA_KEY_UNKNOWN: { base: "motion", edit: setMetadata({ laboratory: "B" }) },
  METADATA_KEY_DUPLICATE: {
    base: "motion",
    edit: (files) =>
      files.editText(
        METADATA,
        (text) => text.replace('"session_name"', '"session_name": "pilot",\n  "session_name"'),
      ),
  },
  METADATA_TYPE_WRONG: {
    base: "motion",
    edit: (files) =>
      files.metadata((metadata) => {
        metadata.files["phone_1"]!.push(17 as never);
      }),
  },
  METADATA_PATH_UNSAFE: {
    base: "motion",
    edit: (files) => files.list("phone_1", "motion_data", "../other_session/motion.csv"),
  },
  TIME_NAIVE: {
    base: "motion",
    edit(files) {
      files.remove("session-process.json");
      files.remove("experiment_log_20250731_143022.json");
    },
  },
  DEVICE_UNKNOWN_TYPE: {
    base: "motion",
    edit: (files) =>
      files.metadata(({ devices }) => {
        devices["phone_1"]!["device_type"] = "smart_ring";
      }),
  },
  DEVICE_WITHOUT_FILES: {
    base: "motion",
    edit: (files) =>
      files.metadata(({ devices }) => {
        devices["phone_2"] = { ...devices["phone_1"] };
      }),
  },
  DEVICE_UNLISTED: {
    base: "phones",
    edit(files) {
      files.metadata(({ devices }) => void delete devices["phone_2"]);
      files.editJson(LOG_ENDING, (log) => {
        log["devices"] = (log["devices"] as { id: string }[]).filter(({ id }) => id === "phone_1");
      });
    },
  },
  CAPABILITY_WITHOUT_STREAM: {
    base: "motion",
    edit: (files) =>
      files.metadata(({ devices }) => {
        devices["phone_1"]!["capabilities"] = ["motion_data", "thermal_video"];
      }),
  },
  CONFIG_INVALID: {
    base: "motion",
    edit: (files) => files.writeJson("session-process.json", { timezone: "+02:00", rules: "none" }),
  },
} as const satisfies Partial<Record<IssueCode, Fault>>;
