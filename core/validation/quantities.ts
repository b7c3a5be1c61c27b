import type { ColumnSpec } from "../base/mod.ts";
import type { RangeSetting } from "./config.ts";
import { matchesGlob } from "./glob.ts";

/** What is known of a measured quantity: what a sensor can read of it, and how the signal behaves. */
export interface Quantity {
  readonly name: string;
  /** Columns that hold it, by export name. */
  readonly columns: RegExp;
  /** Plausible values by unit. A unit that is not listed is not judged. */
  readonly ranges: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** A working sensor never gives the same value throughout a recording. */
  readonly varies: boolean;
  /**
   * Least share of samples at the extreme that tells clipping from chance; absent where a healthy signal
   * rests at its extremes, as slow and coarse ones do.
   */
  readonly clippedShare?: number;
}

/**
 * Quantities in the order in which they are tried. Ranges are those of the sensors that the recording system
 * uses (Shimmer3 GSR+, LSM303, MPU-9250, BMP280), widened to what calibration may add.
 */
const QUANTITIES: readonly Quantity[] = [
  {
    name: "skin conductance",
    columns: /conductance|^gsr(_(value|filtered|raw_us))?$/,
    ranges: { uS: [0.001, 1000], S: [1e-9, 1e-3] },
    varies: true,
    clippedShare: 0.1,
  },
  {
    name: "skin resistance",
    columns: /resistance/,
    ranges: { kOhm: [1, 1e6], Ohm: [1e3, 1e9] },
    varies: true,
    clippedShare: 0.1,
  },
  {
    name: "photoplethysmogram",
    columns: /^ppg|int_exp_a1/,
    ranges: { mV: [0, 3600] },
    varies: true,
    clippedShare: 0.01,
  },
  {
    name: "acceleration",
    columns: /^acc(el)?(_[a-z0-9]+)*_[xyz]$/,
    ranges: { "m/s^2": [-200, 200], g: [-20, 20], mg: [-20_000, 20_000] },
    varies: true,
    clippedShare: 0.01,
  },
  {
    name: "angular rate",
    columns: /^gyro(_[a-z0-9]+)*_[xyz]$/,
    ranges: { "deg/s": [-2500, 2500], "rad/s": [-44, 44] },
    varies: true,
    clippedShare: 0.01,
  },
  {
    name: "magnetic field",
    columns: /^mag(_[a-z0-9]+)*_[xyz]$/,
    ranges: { local_flux: [-16, 16], gauss: [-50, 50], uT: [-5000, 5000] },
    varies: true,
    clippedShare: 0.01,
  },
  {
    name: "electrocardiogram or electromyogram",
    columns: /^(ecg|emg|exg)/,
    ranges: { mV: [-500, 500] },
    varies: true,
    clippedShare: 0.01,
  },
  {
    name: "camera temperature",
    columns: /^(min|max|mean|median|spot)_temp|^temperature_(min|max|mean|median)/,
    ranges: { degC: [-40, 550] },
    varies: false,
  },
  {
    name: "skin or ambient temperature",
    columns: /temp(erature)?(_|$)/,
    ranges: { degC: [0, 60], K: [273, 333] },
    varies: false,
  },
  {
    name: "heart rate",
    columns: /heart_?rate|^hr$/,
    ranges: { bpm: [20, 250], "/min": [20, 250] },
    varies: false,
  },
  {
    name: "air pressure",
    columns: /pressure/,
    ranges: { kPa: [30, 115], hPa: [300, 1150], Pa: [3e4, 1.15e5] },
    varies: false,
  },
  {
    name: "relative humidity",
    columns: /humidity/,
    ranges: { "%": [0, 100] },
    varies: false,
  },
  {
    name: "battery",
    columns: /battery/,
    ranges: { "%": [0, 100], mV: [0, 5000] },
    varies: false,
  },
];

/** The quantity that a column holds, or undefined for labels and columns that are not known. */
export function quantityOf(column: ColumnSpec): Quantity | undefined {
  if (column.categorical === true || column.kind === "text" || column.kind === "bool") {
    return undefined;
  }
  return QUANTITIES.find(({ columns }) => columns.test(column.name));
}

/**
 * The values that are plausible for a column, in its own unit: as the project states, else as its sensor can
 * measure; undefined when neither is known.
 *
 * @example
 * ```ts
 * import { plausibleRange, quantityOf } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const column = { name: "battery", kind: "f64", unit: "%" } as const;
 * assert.equal(quantityOf(column)?.name, "battery");
 * assert.deepEqual(plausibleRange("phone_1/gsr", column), [0, 100]);
 * ```
 */
export function plausibleRange(
  stream: string,
  column: ColumnSpec,
  settings: readonly RangeSetting[] = [],
): readonly [low: number, high: number] | undefined {
  const setting = settings.findLast((one) =>
    matchesGlob(one.stream, stream) && matchesGlob(one.column, column.name)
  );
  if (setting !== undefined) return [setting.low, setting.high];
  return column.unit === undefined ? undefined : quantityOf(column)?.ranges[column.unit];
}
