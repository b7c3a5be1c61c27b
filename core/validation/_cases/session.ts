import type { Case } from "./case.ts";
import {
  at,
  devicesWith,
  event,
  file,
  filesWith,
  GSR_PATH,
  GSR_STREAM,
  gsrReport,
  LOG,
  LOG_PATH,
} from "./clean.ts";
export const SESSION_CASES: readonly Case[] = [
  { name: "no stream", change: { session: { streams: [] } }, raises: ["SESSION_EMPTY"] },
  {
    name: "a log and no recording",
    change: { session: { streams: [{ ...GSR_STREAM, kind: "events", format: "events" }] } },
    raises: ["SESSION_EMPTY"],
  },
  {
    name: "an id with a space",
    change: {
      session: { declaredId: "exp A_20250731_143022" },
      folderName: "exp A_20250731_143022",
    },
    raises: ["SESSION_ID_UNUSUAL"],
  },
  {
    name: "an id with an impossible date",
    change: { session: { declaredId: "a_20250231_143022" }, folderName: "a_20250231_143022" },
    raises: ["SESSION_ID_UNUSUAL"],
  },
  {
    name: "an id as phones make it",
    change: {
      session: { declaredId: "session_2025-07-31_14-30-22" },
      folderName: "session_2025-07-31_14-30-22",
    },
    raises: [],
  },
  {
    name: "a renamed folder",
    change: { folderName: "pilot_1" },
    raises: ["SESSION_ID_MISMATCH"],
    params: { folder: "pilot_1", id: "test_20250731_143022" },
  },
  {
    name: "a folder of the computer with the id of the phone",
    change: { session: { declaredId: "test_2025-07-31_14-30-22" } },
    raises: ["SESSION_ID_UNUSUAL"],
  },
  { name: "a crash", change: { session: { status: "active" } }, raises: ["SESSION_ACTIVE"] },
  { name: "recovery", change: { session: { status: "recovered" } }, raises: ["SESSION_RECOVERED"] },
  {
    name: "recovery that the status of the log tells",
    change: {
      session: {
        logs: [{ ...LOG, status: "recovered" }],
      },
    },
    raises: ["SESSION_RECOVERED"],
  },
  {
    name: "recovery that only an event tells",
    change: {
      session: {
        events: [
          event("session_start", 0),
          event("session_end", 120, { details: { recovered: "true" } }),
        ],
      },
    },
    raises: ["SESSION_RECOVERED"],
  },
  {
    name: "an end before the start",
    change: {
      session: { end: at(-60), durationSeconds: -60, events: [event("marker", 1)] },
      streams: [gsrReport()],
    },
    raises: ["SESSION_END_BEFORE_START"],
  },
  {
    name: "a change to winter time",
    change: { session: { end: at(120), durationSeconds: 3720 } },
    raises: ["SESSION_DURATION_MISMATCH"],
    params: { duration: 3720, span: 120 },
  },
  {
    name: "duration of rounded readings",
    change: { session: { durationSeconds: 120.9 } },
    raises: [],
  },
  {
    name: "a clock that was never set",
    change: {
      session: {
        start: { ...at(0), ns: 0n },
        end: { ...at(0), ns: 120_000_000_000n },
        files: [
          file(GSR_PATH, { device: "shimmer_1", kind: "gsr" }),
          file(LOG_PATH, { role: "log" }),
        ],
        devices: [],
        listedFiles: [],
        events: [event("marker", undefined, { time: { ...at(0), ns: 1n } })],
      },
      streams: [],
    },
    raises: ["SESSION_TIME_IMPLAUSIBLE"],
  },
];

/** A session without a start. */
export const NO_START: Case = {
  name: "no start time",
  change: {},
  raises: ["SESSION_TIME_MISSING"],
};

export const DEVICE_CASES: readonly Case[] = [
  {
    name: "a device without files",
    change: {
      session: {
        devices: devicesWith({ id: "phone_2", capabilities: ["rgb_video"], listed: true }),
      },
    },
    raises: ["DEVICE_WITHOUT_FILES"],
  },
  {
    name: "a device that is not listed",
    change: {
      session: {
        devices: devicesWith({ id: "phone_2", capabilities: [], listed: false }),
        files: filesWith("phone_2_rgb_20250731_143022.mp4", { device: "phone_2" }),
      },
    },
    raises: ["DEVICE_UNLISTED"],
  },
  {
    name: "a device of a new type",
    change: {
      session: {
        devices: devicesWith({ id: "eeg_1", type: "eeg_cap", capabilities: [], listed: true }),
        files: filesWith("eeg_1_eeg_20250731_143022.csv", { device: "eeg_1" }),
      },
    },
    raises: ["DEVICE_UNKNOWN_TYPE"],
  },
  {
    name: "a phone that should have had a thermal camera",
    change: {
      session: {
        devices: [
          { id: "phone_1", capabilities: ["rgb_video", "thermal_video", "odd"], listed: true },
          { id: "shimmer_1", capabilities: ["gsr_data"], listed: true },
        ],
      },
    },
    raises: ["CAPABILITY_WITHOUT_STREAM"],
    params: { device: "phone_1", capability: "thermal_video" },
  },
];
