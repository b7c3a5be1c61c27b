import type { IssueCode } from "../../base/mod.ts";
import type { SimulationPlan, VideoPlan } from "../plan.ts";
import { withStreams } from "./bases.ts";
import type { Fault } from "./fault.ts";
import { type FaultFiles, positionOf, viewOf } from "./fault_files.ts";

const RGB = "phone_1_rgb_20250731_143022.mp4";
const THERMAL = "phone_1_thermal_20250731_143022.dat";

/** Bytes of one frame of the tiny thermal recording: time and 16 x 12 pixels. */
const THERMAL_FRAME = 8 + 2 * 16 * 12;

/** Bytes of the parts of MP4 boxes that are changed, counted from their type. */
const AT = { firstEntry: 12, mvhdCreation: 8, secondRate: 48 } as const;

/** Changes the plan of every video. */
function video(changes: Partial<VideoPlan>): (plan: SimulationPlan) => SimulationPlan {
  return (plan) =>
    withStreams(
      plan,
      (stream) =>
        stream.kind === "rgb_video" || stream.kind === "webcam_video"
          ? { ...stream, ...changes }
          : stream,
    );
}

/** A longer session, in which a difference of seconds can show. */
function longer(plan: SimulationPlan, changes: Partial<VideoPlan>): SimulationPlan {
  return video(changes)({ ...plan, durationSeconds: 10 });
}

/** Changes the bytes behind the first place where a box type stands. */
function inBox(type: string, change: (view: DataView, at: number) => void) {
  return (files: FaultFiles) =>
    files.edit(RGB, (bytes) => change(viewOf(bytes), positionOf(bytes, type)));
}

function inThermal(change: (bytes: Uint8Array, view: DataView) => Uint8Array | void) {
  return (files: FaultFiles) => files.edit(THERMAL, (bytes) => change(bytes, viewOf(bytes)));
}

/** Where the first frame of a thermal recording starts. */
function framesAt(view: DataView): number {
  return 20 + view.getInt32(16);
}

/** Trouble with videos. */
export const VIDEO_FAULTS = {
  MP4_NO_MOOV: {
    base: "video",
    edit: (files) => files.edit(RGB, (bytes) => bytes.slice(0, positionOf(bytes, "moov") - 4)),
  },
  MP4_NO_VIDEO_TRACK: { base: "video", plan: video({ endSeconds: 0 }) },
  MP4_BOX_INVALID: {
    base: "video",
    // The sizes of 16 million frames cannot stand in a box of some hundred bytes.
    edit: inBox("stsz", (view, at) => view.setUint32(at + AT.firstEntry, 0x01000000)),
  },
  MP4_DATA_CUT: {
    base: "video",
    plan: video({ index: "front" }),
    edit: (files) => files.edit(RGB, (bytes) => bytes.slice(0, -60)),
  },
  MP4_EDIT_LIST: { base: "video", plan: video({ leadSeconds: 0.12 }) },
  MP4_EDIT_UNSUPPORTED: {
    base: "video",
    plan: video({ leadSeconds: 0.12 }),
    // Twice the speed in the second entry, which shows the media.
    edit: inBox("elst", (view, at) => view.setUint16(at + AT.secondRate, 2)),
  },
  VIDEO_CREATION_TIME_MISSING: {
    base: "video",
    edit: inBox("mvhd", (view, at) => view.setUint32(at + AT.mvhdCreation, 0)),
  },
  VIDEO_CONSTANT_RATE: { base: "video", plan: video({ declaredRateHz: 15 }) },
  VIDEO_RATE_IMPLIED: {
    base: "video",
    plan: (plan) => longer(plan, { rateHz: 10, declaredRateHz: 30 }),
  },
  VIDEO_DURATION_MISMATCH: { base: "video", plan: (plan) => longer(plan, { endSeconds: 4 }) },
  VIDEO_FRAMES_DROPPED: {
    base: "video",
    plan: video({ gaps: [{ atSeconds: 0.9, seconds: 0.3 }] }),
  },
  VIDEO_TIME_DUPLICATE: {
    base: "video",
    // Each frame has an entry of its own: the sixth lasts no time.
    edit: inBox("stts", (view, at) => view.setUint32(at + AT.firstEntry + 5 * 8 + 4, 0)),
  },
  VIDEO_CODEC_UNUSUAL: {
    base: "video",
    edit: (files) =>
      files.edit(RGB, (bytes) => {
        const at = positionOf(bytes, "avc1", positionOf(bytes, "stsd"));
        bytes.set(new TextEncoder().encode("vp09"), at);
      }),
  },
} as const satisfies Partial<Record<IssueCode, Fault>>;

/** Trouble with thermal recordings and calibrations. */
export const THERMAL_FAULTS = {
  THERMAL_BAD_MAGIC: { base: "thermal", edit: inThermal((bytes) => void bytes.fill(0x58, 0, 8)) },
  THERMAL_HEADER_INVALID: {
    base: "thermal",
    edit: inThermal((_, view) => view.setInt32(8, -16)),
  },
  THERMAL_FRAME_CUT: { base: "thermal", edit: inThermal((bytes) => bytes.slice(0, -100)) },
  THERMAL_FRAME_TORN: {
    base: "thermal",
    edit: inThermal((bytes, view) => {
      const first = framesAt(view) + 4 * THERMAL_FRAME;
      bytes.copyWithin(first + THERMAL_FRAME + 8, first + 8, first + THERMAL_FRAME);
    }),
  },
  THERMAL_TEMPERATURE_IMPLAUSIBLE: {
    base: "thermal",
    // A camera in its 14-bit mode counts a quarter as much per kelvin.
    edit: inThermal((bytes, view) => {
      for (let at = framesAt(view); at < bytes.length; at += THERMAL_FRAME) {
        for (let pixel = at + 8; pixel < at + THERMAL_FRAME; pixel += 2) {
          view.setUint16(pixel, view.getUint16(pixel, true) >> 2, true);
        }
      }
    }),
  },
  CALIBRATION_INVALID: {
    base: "motion",
    edit: (files) => files.writeJson(CALIBRATION_PATH, calibration([1000, 0, 320, 0], 0.4)),
  },
  CALIBRATION_POOR: {
    base: "motion",
    edit: (files) =>
      files.writeJson(CALIBRATION_PATH, calibration([1000, 0, 320, 0, 1000, 240, 0, 0, 1], 3.2)),
  },
} as const satisfies Partial<Record<IssueCode, Fault>>;

const CALIBRATION_PATH = "calibration_data/bench/calibration_phone_1.json";

function calibration(matrix: readonly number[], error: number) {
  const rows = [];
  for (let row = 0; row < matrix.length; row += 3) rows.push(matrix.slice(row, row + 3));
  return {
    device_id: "phone_1",
    calibration_timestamp: "2025-07-31T09:12:44.120000",
    pattern_type: "chessboard",
    pattern_size: [9, 6],
    square_size: 25,
    num_images_used: 12,
    rgb_camera_matrix: rows,
    rgb_distortion_coeffs: [0.1, -0.2, 0, 0, 0.03],
    rgb_rms_error: error,
    format_version: "1.0",
  };
}
