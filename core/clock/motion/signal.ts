import type { AxisColumns } from "../../../wasm/mod.ts";

/** What a sensor of motion measures: acceleration with gravity, or angular velocity. */
export type MotionQuantity = "accel" | "gyro";

/** Consecutive samples of one sensor of motion, in the order in which they were recorded. */
export interface MotionSignal {
  /** Stamps in ns on the sensor's own clock; `MISSING_NS` where there is none. */
  readonly timesNs: BigInt64Array;
  /** Acceleration along three axes in any unit; NaN where it was not measured. */
  readonly accel?: AxisColumns;
  /** Angular velocity about three axes in any unit; NaN where it was not measured. */
  readonly gyro?: AxisColumns;
}

/** A recording of motion that can be read from front to back as often as needed. */
export interface MotionSource {
  /** Yields all samples in file order. A chunk may be reused once the next is asked for. */
  chunks(): AsyncIterable<MotionSignal>;
}

/** Quantities, the one that mounting disturbs least first: a rigid body has one rotation everywhere. */
export const QUANTITIES: readonly MotionQuantity[] = ["gyro", "accel"];

/** A stretch of unrolled time in ns. */
export interface Stretch {
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** Sorts stretches and joins those that touch. */
export function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const sorted = [...stretches].sort((a, b) =>
    a.startNs < b.startNs ? -1 : Number(a.startNs > b.startNs)
  );
  const joined: Stretch[] = [];
  for (const stretch of sorted) {
    const last = joined.at(-1);
    if (last === undefined || stretch.startNs > last.endNs) {
      joined.push(stretch);
    } else if (stretch.endNs > last.endNs) {
      joined[joined.length - 1] = { startNs: last.startNs, endNs: stretch.endNs };
    }
  }
  return joined;
}

/** Seconds as whole nanoseconds. */
export function nsOf(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e9));
}
