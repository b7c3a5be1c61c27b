import type { Case } from "./case.ts";
import { at, filesWith, GSR_PATH, VIDEO_PATH } from "./clean.ts";
export const FILE_CASES: readonly Case[] = [
  {
    name: "a listed file that is missing",
    change: {
      session: {
        listedFiles: [{ device: "phone_1", type: "rgb_video", target: "a.mp4", unsafe: false }],
      },
    },
    raises: ["FILE_MISSING"],
    params: { target: "a.mp4", device: "phone_1" },
  },
  {
    name: "a listed file outside the session",
    change: {
      session: {
        listedFiles: [{ device: "phone_1", type: "x", target: "../a.mp4", unsafe: true }],
      },
    },
    raises: [],
  },
  {
    name: "a file that phones announce and never write",
    change: {
      session: {
        listedFiles: [{
          device: "phone_1",
          type: "rgb_video",
          target: "x/rgb_video.mp4",
          unsafe: false,
        }],
      },
    },
    raises: ["FILE_NEVER_WRITTEN"],
  },
  {
    name: "another size than listed",
    change: { session: { files: filesWith(VIDEO_PATH, { size: 999 }) } },
    raises: ["FILE_SIZE_MISMATCH"],
    params: { found: 999, expected: 1000 },
  },
  {
    name: "a file that is not listed",
    change: { session: { files: filesWith(VIDEO_PATH, { registered: false }) } },
    raises: ["FILE_UNREGISTERED"],
  },
  {
    name: "metadata that list no files at all",
    change: { session: { files: filesWith(VIDEO_PATH, { registered: false }), variant: "S2" } },
    raises: [],
  },
  {
    name: "an empty log",
    change: { session: { files: filesWith("notes.txt", { role: "config", size: 0 }) } },
    raises: ["FILE_EMPTY"],
  },
  {
    name: "an empty table, which its reader reports",
    change: { session: { files: filesWith(GSR_PATH, { size: 0 }) } },
    raises: [],
  },
  {
    name: "a file of no known kind",
    change: { session: { files: filesWith("thumbs.db", { role: "unknown" }) } },
    raises: ["FILE_UNKNOWN"],
  },
  {
    name: "a recording that no reader opens",
    change: {
      session: {
        files: filesWith("audio/phone_1_audio_20250731_143022.wav", { role: "recording" }),
      },
    },
    raises: ["FILE_NOT_READ"],
    params: { count: 1, type: "wav" },
  },
  {
    name: "two files with the same contents",
    change: { hashes: new Map([[VIDEO_PATH, "a"], [GSR_PATH, "a"]]) },
    raises: ["FILE_DUPLICATE"],
    params: { other: VIDEO_PATH },
  },
  {
    name: "a name without a time",
    change: {
      session: {
        files: filesWith("devices/shimmer_1/sensor_data/gsr.csv", { device: "shimmer_1" }),
      },
    },
    raises: ["FILE_NAME_UNUSUAL"],
  },
  ...[
    "Session_1753965024300.mp4",
    "shimmer_Shimmer_1_session_2025-07-31_14-30-24.csv",
    "phone_1_thermal_session_2025-07-31_14-30-24_raw.dat",
  ].map((path): Case => ({
    name: `a name of the phone: ${path}`,
    change: { session: { files: filesWith(path, { role: "recording" }) } },
    raises: [],
  })),
  {
    name: "a table among videos",
    change: {
      session: {
        files: filesWith("devices/phone_1/rgb_videos/phone_1_gsr_20250731_143022.csv", {
          kind: "gsr",
        }),
      },
    },
    raises: ["FILE_MISPLACED"],
    params: { named: "gsr", folder: "rgb_videos" },
  },
  {
    name: "a file of one device with another",
    change: {
      session: {
        files: filesWith("devices/phone_1/sensor_data/shimmer_1_gsr_20250731_143022.csv", {
          kind: "gsr",
        }),
      },
    },
    raises: ["FILE_MISPLACED"],
    params: { named: "shimmer_1", folder: "phone_1" },
  },
  {
    name: "a file of one device with another, in a folder that was joined",
    change: {
      session: {
        files: filesWith("@pc/devices/phone_1/sensor_data/shimmer_1_gsr_20250731_143022.csv", {
          kind: "gsr",
        }),
      },
    },
    raises: ["FILE_MISPLACED"],
  },
  {
    name: "a file of another day",
    change: { session: { files: filesWith(VIDEO_PATH, { namedTime: at(-86_400) }) } },
    raises: ["FILE_TIME_OUTSIDE_SESSION"],
    params: { named: "2025-07-30T14:30:22.000", start: "2025-07-31T14:30:22.000" },
  },
  {
    name: "a file that was opened a little before the session",
    change: { session: { files: filesWith(VIDEO_PATH, { namedTime: at(-30) }) } },
    raises: [],
  },
];
