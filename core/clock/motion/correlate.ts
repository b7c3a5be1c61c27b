import type { Kernel } from "../../../wasm/mod.ts";
import { throwIfCancelled, type WorkOptions } from "../../base/mod.ts";
import { MotionCorrelator } from "./correlator.ts";
import { type MotionOptions, resolveMotionOptions } from "./options.ts";
import type { MotionCorrelation } from "./result.ts";
import type { MotionSignal, MotionSource } from "./signal.ts";

/**
 * Finds how the clocks of two sensors relate from the movement that both felt: two wearables shaken together, a
 * phone and a watch on one arm.
 *
 * The clocks may be any time apart and drift; mounting, handedness, units and sample rates may differ, and
 * samples may be missing. Lively windows of the first recording are looked for in all of the second by how strongly
 * the sensors moved. Where they may lie, the movements themselves are compared: the rotation between the sensors is
 * the one that explains most (Kabsch 1976), and the lag is refined to a fraction of a sample by least squares. The
 * uncertainty of each window comes from the scatter of what it leaves unexplained, and is never below the bound of
 * Cramér and Rao. A window is refused when a second lag, turned its own way, explains it about as well, or when its
 * rotation is not that of the windows about it; axes are taken for mirrored only when that explains every window
 * clearly better. Recordings without a movement in common give no reading.
 *
 * Delays of filters inside the sensors are not visible and enter the lag. So does what accelerations differ by
 * between two places of a body that turns: in simulated shakes up to 2 ms for sensors 2 cm apart and 4 ms for 5 cm,
 * which the stated uncertainty does not cover. Angular velocities are the same everywhere on a rigid body.
 *
 * @param a First recording, stamps in ns on its own clock.
 * @param b Second recording, stamps in ns on its own clock.
 * @returns Every window that was compared. `toNs - fromNs` of a used window is what the second clock shows more
 * than the first. Throws `RangeError` when columns differ in length or an option makes no sense.
 *
 * @example
 * ```ts
 * import { correlateMotion, Kernel, motionReadings } from "session-process";
 * import assert from "node:assert/strict";
 *
 * // Two sensors feel the same movement; the second is turned, and its clock is 2.5 s ahead.
 * const moved = (time: number, axis: number) =>
 *   Math.sin(19 * time + 5 * Math.sin(0.7 * time) + axis) * Math.sin(0.31 * time);
 * const record = (rateHz: number, aheadNs: bigint, axes: readonly number[]) => {
 *   const times = Array.from({ length: 40 * rateHz }, (_, index) => index / rateHz);
 *   const [x, y, z] = axes.map((axis) => Float64Array.from(times, (time) => moved(time, axis)));
 *   const timesNs = BigInt64Array.from(times, (time) => BigInt(Math.round(time * 1e9)) + aheadNs);
 *   return { timesNs, accel: [x!, y!, z!] as const };
 * };
 * const found = correlateMotion(
 *   new Kernel(),
 *   record(100, 0n, [0, 1, 2]),
 *   record(50, 2_500_000_000n, [2, 0, 1]),
 * );
 * assert.equal(found.outcome, "aligned");
 * const { fromNs, toNs } = motionReadings(found);
 * assert.ok(Math.abs(Number(toNs[0]! - fromNs[0]!) - 2.5e9) < 1e6);
 * ```
 */
export function correlateMotion(
  kernel: Kernel,
  a: MotionSignal,
  b: MotionSignal,
  options: MotionOptions = {},
): MotionCorrelation {
  const correlator = new MotionCorrelator(kernel, resolveMotionOptions(options));
  try {
    for (let reading = 0; reading < MotionCorrelator.READINGS; reading++) {
      correlator.recordings[0].add(a);
      correlator.recordings[1].add(b);
      if (!correlator.next(reading)) break;
    }
    return correlator.result();
  } finally {
    correlator.dispose();
  }
}

/**
 * Does what {@linkcode correlateMotion} does to recordings of any length: each is read up to three times in chunks,
 * and only its activity and the windows are kept.
 *
 * Rejects with `CancelledError` when the signal is aborted.
 *
 * @example
 * ```ts
 * import { correlateMotionStreams, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const still = {
 *   async *chunks() {
 *     const level = new Float64Array(3);
 *     yield { timesNs: BigInt64Array.of(0n, 10n, 20n), accel: [level, level, level] as const };
 *   },
 * };
 * const { outcome } = await correlateMotionStreams(new Kernel(), still, still);
 * assert.equal(outcome, "no motion");
 * ```
 */
export async function correlateMotionStreams(
  kernel: Kernel,
  a: MotionSource,
  b: MotionSource,
  { signal, progress, ...options }: MotionOptions & WorkOptions = {},
): Promise<MotionCorrelation> {
  const correlator = new MotionCorrelator(kernel, resolveMotionOptions(options));
  try {
    for (let reading = 0; reading < MotionCorrelator.READINGS; reading++) {
      const total = MotionCorrelator.READINGS;
      progress?.({ task: "Compare movements", done: reading, total, unit: "steps" });
      for (const [index, source] of [a, b].entries()) {
        for await (const chunk of source.chunks()) {
          throwIfCancelled(signal);
          correlator.recordings[index]!.add(chunk);
        }
      }
      if (!correlator.next(reading)) break;
    }
    return correlator.result();
  } finally {
    correlator.dispose();
  }
}
