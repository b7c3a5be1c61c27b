import type { ClockRef } from "../../base/mod.ts";
import type { SeriesEvidence } from "../model.ts";
import type { MotionQuantity } from "./signal.ts";

/**
 * What became of a window.
 *
 * - `used`: it gives a reading.
 * - `no overlap`: the other recording has too few samples there.
 * - `weak`: too little of the movement is common to both.
 * - `ambiguous`: another lag explains the movement as well, as when it repeats itself.
 * - `uncertain`: the lag is not known well enough.
 * - `outlier`: it disagrees with the windows about it.
 * - `clock set`: one of the clocks was set back within it.
 */
export type MotionVerdict =
  | "used"
  | "no overlap"
  | "weak"
  | "ambiguous"
  | "uncertain"
  | "outlier"
  | "clock set";

/** A window in which two recordings were compared. */
export interface MotionWindow {
  /** Stamp of the first recording where the movement lies that tells the lag, ns. */
  readonly fromNs: bigint;
  /** Stamp of the second recording at the same instant, ns. */
  readonly toNs: bigint;
  /** One sigma of their difference, ns; NaN when it was not measured. */
  readonly sigmaNs: number;
  readonly quantity: MotionQuantity;
  /** Share of the movement in common, as an amplitude from 0 to 1. */
  readonly correlation: number;
  /** The same at the second best lag. */
  readonly rivalCorrelation: number;
  /** By how many standard errors the best lag explains more than the second best. */
  readonly rivalScore: number;
  /** Logarithm of how much more likely the best lag is than the second best, each with its own rotation. */
  readonly rivalEvidence: number;
  /**
   * Turns the axes of the first sensor into those of the second, row by row: a rotation, unless one of the sensors
   * has left-handed axes.
   */
  readonly rotation: Float64Array;
  /** Samples of the first recording before the reading. */
  readonly row: number;
  readonly verdict: MotionVerdict;
}

/**
 * What a comparison came to.
 *
 * - `aligned`: movements in common were found.
 * - `no motion`: a recording shows no movement, or they measure different quantities.
 * - `nothing in common`: no movement of one is found in the other.
 * - `ambiguous`: it is found at several places about as well.
 */
export type MotionOutcome = "aligned" | "no motion" | "nothing in common" | "ambiguous";

/** How two recordings of motion relate. */
export interface MotionCorrelation {
  readonly outcome: MotionOutcome;
  /** Every window that was compared at full precision, in the order of the first recording. */
  readonly windows: readonly MotionWindow[];
}

/** The readings of a comparison. */
export interface MotionReadings {
  readonly fromNs: BigInt64Array;
  readonly toNs: BigInt64Array;
  readonly sigmasNs: Float64Array;
  /** Samples of the first recording before each reading. */
  readonly rows: Float64Array;
}

/** The readings of the windows that were used; none unless the recordings were aligned. */
export function motionReadings({ outcome, windows }: MotionCorrelation): MotionReadings {
  const used = outcome === "aligned" ? windows.filter(({ verdict }) => verdict === "used") : [];
  return {
    fromNs: BigInt64Array.from(used, ({ fromNs }) => fromNs),
    toNs: BigInt64Array.from(used, ({ toNs }) => toNs),
    sigmasNs: Float64Array.from(used, ({ sigmaNs }) => sigmaNs),
    rows: Float64Array.from(used, ({ row }) => row),
  };
}

/** Whose clocks were compared. */
export interface MotionSeriesOptions {
  /** Clock of the first recording. */
  readonly from: ClockRef;
  /** Clock of the second recording. */
  readonly to: ClockRef;
  /** What the evidence is called in reports. */
  readonly source: string;
  /** The stream that the first recording is. */
  readonly streamId?: string;
}

/**
 * Evidence for {@linkcode fitClocks} from a comparison of motion; undefined when it came to nothing.
 *
 * @example
 * ```ts
 * import { motionSeries } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const series = motionSeries({ outcome: "no motion", windows: [] }, {
 *   from: { id: "wrist/device", kind: "device" },
 *   to: { id: "chest/device", kind: "device" },
 *   source: "movement of wrist and chest",
 * });
 * assert.equal(series, undefined);
 * ```
 */
export function motionSeries(
  correlation: MotionCorrelation,
  options: MotionSeriesOptions,
): SeriesEvidence | undefined {
  const readings = motionReadings(correlation);
  return readings.fromNs.length === 0 ? undefined : { kind: "motion", ...options, ...readings };
}
