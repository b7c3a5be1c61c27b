import { compactName } from "./names.ts";

/** A table that a known program or document writes, recognised by its columns. */
export interface ColumnSet {
  /** Short name, explained in the guide to tables. */
  readonly id: string;
  /** Names that must all be there; case and punctuation do not count. */
  readonly required: readonly string[];
  /** Names of which none may be there. */
  readonly absent?: readonly string[];
  /** Who stamped the rows: the computer, or the phone that the sensor was connected to. */
  readonly host: "pc" | "phone";
  /** Rate that the writing program asks of the sensor, in Hz. */
  readonly nominalRateHz?: number;
  /** Units by compact name, where the writer or its document states them. */
  readonly units?: Readonly<Record<string, string>>;
  /** Units that names state wrongly, by compact name. */
  readonly wrongUnits?: Readonly<
    Record<string, { readonly found: string; readonly reason: string }>
  >;
  /** Column that names the phone which relayed the samples; its stamps are in ms instead of s. */
  readonly relayedBy?: string;
  /** What the writer stamps with, when it is known: dates, or time since boot. */
  readonly stamps?: "dates" | "uptime";
}

const CAL_MAG = {
  found: "local_flux",
  reason:
    "the recorder copies the calibrated value of the sensor, which is relative to the local field",
};

/** Shimmer tables written by the recording programs. */
const SHIMMER_SETS: readonly ColumnSet[] = [
  {
    id: "G2",
    stamps: "dates",
    required: ["timestamp", "system_time", "device_id", "connection_type", "android_device_id"],
    host: "pc",
    nominalRateHz: 128,
    units: { timestamp: "s", gsrconductance: "uS" },
    relayedBy: "android_device_id",
  },
  {
    id: "G10",
    stamps: "dates",
    required: ["timestamp", "system_time", "device_id", "mac_address"],
    host: "pc",
    units: { gsrconductance: "uS", heartrate: "/min", temperature: "degC" },
  },
  {
    id: "G1",
    stamps: "dates",
    required: ["timestamp", "system_time", "device_id", "gsr_conductance"],
    host: "pc",
    nominalRateHz: 128,
    units: { timestamp: "s", gsrconductance: "uS" },
  },
  {
    id: "G3",
    stamps: "dates",
    required: [
      "Timestamp_ms",
      "DeviceTime_ms",
      "SystemTime_ms",
      "SessionTime_ms",
      "SequenceNumber",
    ],
    host: "phone",
    nominalRateHz: 51.2,
    units: { ppga13: "mV" },
    wrongUnits: { magxgauss: CAL_MAG, magygauss: CAL_MAG, magzgauss: CAL_MAG },
  },
  {
    id: "G5",
    stamps: "dates",
    required: ["timestamp_ms", "device_time_ms", "system_time_ms", "accel_magnitude_g"],
    host: "pc",
    nominalRateHz: 128,
  },
  {
    id: "G4",
    stamps: "dates",
    required: ["Timestamp_ms", "DeviceTime_ms", "SystemTime_ms", "GSR_Conductance_uS"],
    absent: ["SessionTime_ms"],
    host: "phone",
    nominalRateHz: 51.2,
    units: { ppga13: "mV" },
  },
  {
    id: "G6",
    stamps: "dates",
    required: ["Timestamp", "Sensor", "Channel", "Value", "Unit"],
    host: "phone",
  },
];

const DOCUMENTED_SETS: readonly ColumnSet[] = [
  {
    id: "G7",
    required: ["timestamp", "gsr_value", "resistance", "conductance"],
    host: "pc",
    units: { gsrvalue: "uS", resistance: "Ohm", conductance: "S", temperature: "degC" },
  },
  {
    id: "G8",
    required: ["timestamp", "gsr_value", "resistance"],
    host: "pc",
    units: { gsrvalue: "uS", resistance: "Ohm", temperature: "degC" },
  },
  {
    id: "G9",
    stamps: "dates",
    required: ["timestamp", "timestamp_iso", "gsr_raw", "skin_conductance"],
    units: { skinconductance: "uS", temperature: "degC" },
    host: "pc",
  },
  { id: "G11", required: ["timestamp_unix_ms", "timestamp_shimmer"], host: "phone" },
  { id: "G11", required: ["Timestamp", "GSR_Conductance_uS", "HeartRate_BPM"], host: "phone" },
  {
    id: "G13",
    stamps: "dates",
    required: ["Timestamp_ns", "DateTime_UTC", "Sequence"],
    host: "pc",
  },
  { id: "G11", required: ["Timestamp", "GSR_Raw"], host: "phone" },
  { id: "G12", required: ["timestamp_ns", "GSR_uS"], host: "phone", stamps: "uptime" },
  { id: "G12", required: ["timestamp_ms", "gsr_raw_adc", "gsr_microsiemens"], host: "phone" },
  { id: "G14", required: ["timestamp_ns", "gsr_microsiemens"], host: "phone", stamps: "uptime" },
  { id: "G14", required: ["timestamp_ns", "gsr_dummy"], host: "phone", stamps: "uptime" },
  {
    id: "G15",
    stamps: "dates",
    required: ["timestamp", "device_id", "sensor_type", "gsr"],
    host: "pc",
  },
];

const MOTION_UNITS = Object.fromEntries(
  ["x", "y", "z"].flatMap((axis) => [
    [`accel${axis}`, "m/s^2"],
    [`gyro${axis}`, "rad/s"],
    [`mag${axis}`, "uT"],
  ]),
);

const OTHER_SETS: readonly ColumnSet[] = [
  {
    id: "motion",
    stamps: "dates",
    required: ["timestamp", "accel_x", "gyro_x", "mag_x"],
    absent: ["system_time", "device_id"],
    host: "phone",
    units: MOTION_UNITS,
  },
  {
    id: "motion-iso",
    stamps: "dates",
    required: ["timestamp", "timestamp_iso", "device_id", "accel_x"],
    host: "phone",
  },
  {
    id: "motion-short",
    stamps: "dates",
    required: ["timestamp", "acc_x", "gyro_x"],
    host: "phone",
  },
  {
    id: "T4",
    stamps: "dates",
    required: ["timestamp_ms", "frame_id", "min_temp_c", "max_temp_c"],
    host: "pc",
  },
  {
    id: "rgb_camera",
    stamps: "dates",
    required: ["timestamp_ms", "frame_id", "video_filename"],
    units: { framewidth: "px", frameheight: "px", fps: "Hz" },
    host: "pc",
  },
  { id: "frame_timestamps", required: ["FrameNumber", "TimestampUTC"], host: "phone" },
  {
    id: "stimulus_events",
    stamps: "dates",
    required: ["timestamp_ms", "event_type", "session_time_ms"],
    host: "phone",
  },
  {
    id: "session_events",
    stamps: "dates",
    required: ["timestamp_ms", "event_type", "event_description"],
    host: "pc",
  },
];

/** Tables of known writers; the first that matches wins. */
export const COLUMN_SETS: readonly ColumnSet[] = [
  ...SHIMMER_SETS,
  ...DOCUMENTED_SETS,
  ...OTHER_SETS,
];

/**
 * The writer of a table by its header; undefined when it is not known.
 *
 * @example
 * ```ts
 * import { COLUMN_SETS, findColumnSet } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const [known] = COLUMN_SETS;
 * assert.ok(findColumnSet(known!.required) !== undefined);
 * assert.equal(findColumnSet(["x", "y"]), undefined);
 * ```
 */
export function findColumnSet(header: readonly string[]): ColumnSet | undefined {
  const names = new Set(header.map(compactName));
  const has = (name: string) => names.has(compactName(name));
  return COLUMN_SETS.find(({ required, absent = [] }) => required.every(has) && !absent.some(has));
}
