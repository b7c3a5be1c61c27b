import { type ColumnSpec, nsFromSeconds } from "../../base/mod.ts";
import type {
  Session,
  SessionEvent,
  SessionFile,
  SessionLog,
  StampedTime,
  Stream,
} from "../../session/mod.ts";
import type { ValidationInput } from "../check.ts";
import type { ColumnStatistics, SamplingFacts, StreamReport, VideoFacts } from "../report.ts";

/** 2025-07-31T14:30:22, as though it were UTC. */
export const START_NS = 1_753_972_222_000_000_000n;

/** A time on the computer, some seconds after the start of the clean session. */
export function at(seconds: number): StampedTime {
  return {
    ns: START_NS + nsFromSeconds(seconds),
    clock: { id: "pc/local", kind: "local" },
    sigmaNs: 0,
    source: "test",
  };
}

/** An event of the log of the clean session. */
export function event(
  type: string,
  seconds: number | undefined,
  rest: Partial<SessionEvent> = {},
): SessionEvent {
  return {
    type,
    ...(seconds === undefined ? {} : { time: at(seconds) }),
    details: {},
    path: LOG_PATH,
    ...rest,
  };
}

export const LOG_PATH = "test_20250731_143022_log.json";
export const GSR_PATH = "devices/shimmer_1/sensor_data/shimmer_1_gsr_20250731_143022.csv";
export const VIDEO_PATH = "devices/phone_1/rgb_videos/phone_1_rgb_20250731_143022.mp4";

/** A recorded file of the clean session. */
export function file(path: string, rest: Partial<SessionFile> = {}): SessionFile {
  return { path, size: 1000, modifiedNs: 0n, role: "recording", registered: true, ...rest };
}

function stream(
  device: string,
  name: string,
  rest: Pick<Stream, "kind" | "format" | "path">,
): Stream {
  return { id: `${device}/${name}`, device, name, host: device, anchors: [], ...rest };
}

export const GSR_STREAM = stream("shimmer_1", "gsr", {
  kind: "gsr",
  format: "csv",
  path: GSR_PATH,
});

export const VIDEO_STREAM = stream("phone_1", "rgb_video", {
  kind: "rgb_video",
  format: "mp4",
  path: VIDEO_PATH,
});

const SAMPLING: SamplingFacts = {
  count: 6000,
  missingTimes: 0,
  minNs: START_NS + 1_000_000_000n,
  maxNs: START_NS + 119_000_000_000n,
  medianIntervalNs: 19_531_250,
  rateHz: 51.2,
  jitterNs: 1000,
  duplicates: 0,
  backwards: 0,
  worstBackwardsNs: 0,
  gaps: 0,
  missingSamples: 0,
  longestGapNs: 0,
  quantumNs: 1000,
};

/** Healthy facts of a column. */
export function column(name: string, rest: Partial<ColumnStatistics> = {}): ColumnStatistics {
  return {
    column: name,
    count: 6000,
    missing: 0,
    min: 1,
    max: 9,
    mean: 5,
    std: 1,
    first: 3,
    constant: false,
    outside: 0,
    clippedLow: 0,
    clippedHigh: 0,
    ...rest,
  };
}

const GSR_COLUMNS: readonly ColumnSpec[] = [
  { name: "gsr_conductance", kind: "f64", unit: "uS", recordedAs: "GSR_Conductance_uS" },
  { name: "accel_x", kind: "f64", unit: "g", recordedAs: "Accel_X_g" },
  { name: "accel_y", kind: "f64", unit: "g" },
  { name: "accel_z", kind: "f64", unit: "g" },
  { name: "device_id", kind: "text" },
];

/** What a test changes in a report. */
export interface ReportChanges extends Partial<Omit<StreamReport, "sampling" | "video">> {
  readonly sampling?: Partial<SamplingFacts>;
  readonly video?: Partial<VideoFacts>;
}

/** A healthy Shimmer stream, changed. */
export function gsrReport({ sampling, video: _, ...rest }: ReportChanges = {}): StreamReport {
  return {
    stream: GSR_STREAM,
    schema: {
      id: GSR_STREAM.id,
      device: "shimmer_1",
      name: "gsr",
      columns: GSR_COLUMNS,
      clock: { id: "pc/local", kind: "local" },
      nominalRateHz: 51.2,
      resolutionNs: 1000,
    },
    rows: 6000,
    columns: GSR_COLUMNS.map(({ name }) => column(name, { constant: name === "device_id" })),
    accelerations: [{
      columns: ["accel_x", "accel_y", "accel_z"],
      count: 6000,
      g: 5900,
      metresPerSecondSquared: 0,
      milliG: 0,
    }],
    repeatedRows: 0,
    ...rest,
    sampling: { ...SAMPLING, ...sampling },
  };
}

/** A healthy video, changed. */
export function videoReport({ sampling, video, ...rest }: ReportChanges = {}): StreamReport {
  return {
    stream: VIDEO_STREAM,
    schema: {
      id: VIDEO_STREAM.id,
      device: "phone_1",
      name: "rgb_video",
      columns: [{ name: "frame", kind: "f64", categorical: true }],
      clock: { id: "phone_1/rgb_video/media", kind: "media" },
      resolutionNs: 11_111,
    },
    rows: 3540,
    columns: [column("frame")],
    accelerations: [],
    repeatedRows: 0,
    ...rest,
    video: {
      codec: "avc1.42c00a",
      frames: 3540,
      durationSeconds: 118,
      nominalFps: 30,
      constantRate: false,
      creationUtcNs: START_NS,
      ...video,
    },
    sampling: {
      ...SAMPLING,
      count: 3540,
      minNs: 0n,
      maxNs: 118_000_000_000n,
      medianIntervalNs: 33_333_333,
      rateHz: 30,
      ...sampling,
    },
  };
}

/** The log of the clean session. */
export const LOG: SessionLog = {
  path: LOG_PATH,
  status: "completed",
  devices: [],
  calibrationFiles: [],
  events: 6,
};

const CLEAN_SESSION: Session = {
  id: "test_20250731_143022",
  name: "test",
  declaredId: "test_20250731_143022",
  roots: [],
  variant: "M1",
  status: "completed",
  start: at(0),
  end: at(120),
  durationSeconds: 120,
  devices: [
    { id: "phone_1", type: "android_phone", capabilities: ["rgb_video"], listed: true },
    {
      id: "shimmer_1",
      type: "shimmer_gsr",
      capabilities: ["gsr_data", "motion_data"],
      listed: true,
    },
  ],
  files: [
    file("session_metadata.json", { role: "metadata", registered: false }),
    file(LOG_PATH, { role: "log", registered: false }),
    file(VIDEO_PATH, { device: "phone_1", kind: "rgb_video", namedTime: at(0) }),
    file(GSR_PATH, { device: "shimmer_1", kind: "gsr", namedTime: at(0) }),
  ],
  listedFiles: [
    {
      device: "phone_1",
      type: "rgb_video",
      target: VIDEO_PATH,
      path: VIDEO_PATH,
      size: 1000,
      unsafe: false,
    },
    { device: "shimmer_1", type: "gsr_data", target: GSR_PATH, path: GSR_PATH, unsafe: false },
  ],
  streams: [GSR_STREAM, VIDEO_STREAM],
  logs: [LOG],
  events: [
    event("session_start", 0),
    event("start_record", 1, { device: "phone_1" }),
    event("marker", 60, { label: "onset" }),
    event("stop_record", 119),
    event("session_end", 120),
    event("file_received", 130, {
      device: "phone_1",
      details: { filename: "phone_1_rgb_20250731_143022.mp4" },
    }),
  ],
  clockPairs: [],
  calibrations: [{
    path: "calibration_phone_1.json",
    rmsErrorPx: 0.4,
    values: {
      camera_matrix: [1000, 0, 960, 0, 1000, 540, 0, 0, 1],
      distortion_coefficients: [0.1, -0.2, 0, 0, 0],
      rotation_matrix: [0, -1, 0, 1, 0, 0, 0, 0, 1],
    },
  }],
};

/** What a test changes in the clean session. */
export interface InputChanges extends Partial<Omit<ValidationInput, "session">> {
  readonly session?: Partial<Session>;
}

/** A session with which nothing is wrong, changed. */
export function cleanInput({ session, ...rest }: InputChanges = {}): ValidationInput {
  return {
    streams: [gsrReport(), videoReport()],
    folderName: "test_20250731_143022",
    hashes: new Map([[VIDEO_PATH, "a"], [GSR_PATH, "b"]]),
    ...rest,
    session: { ...CLEAN_SESSION, ...session },
  };
}

/** The files of the clean session, with one of them changed or one more. */
export function filesWith(path: string, rest: Partial<SessionFile>): SessionFile[] {
  const others = CLEAN_SESSION.files.filter((one) => one.path !== path);
  const old = CLEAN_SESSION.files.find((one) => one.path === path);
  return [...others, { ...old ?? file(path), ...rest }];
}

/** The devices of the clean session and one more. */
export function devicesWith(device: Session["devices"][number]): Session["devices"] {
  return [...CLEAN_SESSION.devices, device];
}
