import type { FolderEntry, IssueCode } from "../../base/mod.ts";
import type { Fault } from "./fault.ts";
import { type FaultFiles, LOG_ENDING } from "./fault_files.ts";

const FOLDER = "devices/phone_1/sensor_data";
const MOTION_NAME = "phone_1_motion_20250731_143022.csv";
const MOTION_PATH = `${FOLDER}/${MOTION_NAME}`;

const UNREADABLE_PATH = `${FOLDER}/phone_1_motion_20250731_143024.csv`;

/** Depth below which folders are not read. */
const DEEP_FOLDERS = 20;

/** Most bytes of a log or of metadata that are read: 64 MiB. */
const SMALL_FILE_LIMIT = 64 * 2 ** 20;

const THERMAL_PATH = "devices/phone_1/thermal_videos/phone_1_thermal_20250731_143022.dat";

/** Bytes that are no text. */
function binary(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * index * 7 + index * 31) & 0x3f);
}

function entry(path: string, changes: Partial<FolderEntry>): FolderEntry {
  return { path, kind: "file", size: 1024, modifiedNs: 0n, ...changes };
}

function changeListed(changes: Record<string, unknown>): (files: FaultFiles) => void {
  return (files) =>
    files.metadata((metadata) => void Object.assign(metadata.files["phone_1"]![0]!, changes));
}

/** Trouble with files on disk. */
export const FILE_FAULTS = {
  FILE_MISSING: {
    base: "motion",
    edit: (files) =>
      files.list(
        "phone_1",
        "rgb_video",
        "devices/phone_1/rgb_videos/phone_1_rgb_20250731_143022.mp4",
      ),
  },
  FILE_NEVER_WRITTEN: {
    base: "motion",
    edit: (files) => files.list("phone_1", "rgb_video", "devices/phone_1/rgb_video.mp4"),
  },
  FILE_UNREGISTERED: {
    base: "phones",
    edit: (files) => files.metadata(({ files }) => void delete files["phone_2"]),
  },
  FILE_SIZE_MISMATCH: { base: "motion", keepSizes: true, edit: changeListed({ file_size: 4096 }) },
  FILE_EMPTY: { base: "motion", edit: (files) => files.write(MOTION_PATH, "") },
  FILE_UNREADABLE: {
    base: "motion",
    memoryOnly: "permissions are not stored with a file",
    edit: (files) => files.list("phone_1", "motion_data", UNREADABLE_PATH),
    entries: [entry(UNREADABLE_PATH, { unreadable: "permission denied" })],
  },
  FILE_NAME_UNUSUAL: {
    base: "motion",
    edit: (files) => files.move(MOTION_NAME, `${FOLDER}/motion.csv`),
  },
  FILE_MISPLACED: {
    base: "motion",
    edit: (files) => files.move(MOTION_NAME, `devices/phone_1/rgb_videos/${MOTION_NAME}`),
  },
  FILE_TIME_OUTSIDE_SESSION: {
    base: "motion",
    edit: (files) => files.move(MOTION_NAME, `${FOLDER}/phone_1_motion_20250729_101500.csv`),
  },
  FILE_DUPLICATE: {
    base: "motion",
    edit(files) {
      const path = `${FOLDER}/phone_1_motion_20250731_143023.csv`;
      files.write(path, files.bytes(MOTION_NAME));
      files.list("phone_1", "motion_data", path);
    },
  },
  FILE_UNKNOWN: {
    base: "motion",
    edit: (files) => files.write("notes.odt", "Subject was late.\n"),
  },
  FILE_NOT_READ: {
    base: "motion",
    edit: (files) => files.write("audio/phone_1_audio_20250731_143022.m4a", "sound"),
  },
  FILE_PLACEHOLDER: {
    base: "thermal",
    edit: (files) => files.write(THERMAL_PATH, "THERMAL_PLACEHOLDER_DATA_1753965022068"),
  },
  FILE_TYPE_MISMATCH: { base: "motion", edit: (files) => files.write(MOTION_PATH, binary(4000)) },
  FILE_TRUNCATED: {
    base: "thermal",
    edit: (files) => files.edit(THERMAL_PATH, (bytes) => bytes.slice(0, 40)),
  },
  FILE_TOO_LARGE: {
    base: "motion",
    memoryOnly: "it is larger than all other fixtures together",
    edit: (files) =>
      files.edit(LOG_ENDING, (bytes) => {
        const padded = new Uint8Array(SMALL_FILE_LIMIT + 1).fill(0x20);
        padded.set(bytes);
        return padded;
      }),
  },
  FOLDER_SYMLINK: {
    base: "motion",
    memoryOnly: "links cannot be stored on every platform",
    entries: [entry("devices/phone_2", { kind: "symlink", size: 0, target: "/mnt/phone_2" })],
  },
  FOLDER_UNEXPECTED: {
    base: "motion",
    edit: (files) => files.move(MOTION_NAME, `second_try/${MOTION_NAME}`),
  },
  FOLDER_TOO_DEEP: {
    base: "motion",
    edit: (files) => files.write(`${"d/".repeat(DEEP_FOLDERS)}notes.txt`, "deep\n"),
  },
  LOG_IN_SIBLING: {
    base: "motion",
    edit(files) {
      const folder = "session_20250731_143022_20250731_143022";
      files.move("session_20250731_143022_log.json", `@${folder}/${folder}_log.json`);
    },
  },
  OUTPUT_FOREIGN: {
    base: "webcam",
    edit(files) {
      const folder = "hand_segmentation_webcam_1_20250731_143022";
      files.writeJson(`${folder}/processing_metadata.json`, {
        input_video: "webcam/webcam_1_20250731_143022.mp4",
        processed_frames: 27,
        detected_hands_count: 0,
        success: true,
      });
      files.writeJson(`${folder}/detection_log.json`, [{
        frame: 1,
        hands_detected: 0,
        regions: [],
      }]);
    },
  },
} as const satisfies Partial<Record<IssueCode, Fault>>;
