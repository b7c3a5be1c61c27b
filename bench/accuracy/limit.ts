import { Quantiles } from "./quantiles.ts";
import { PROBE_SIGMA_NS } from "./readings.ts";
import type { Recording } from "./recording.ts";
import { COVERED_SIGMAS, type Errors, errorsOf } from "./score.ts";

/** What least squares reach. */
export interface Limit {
  readonly errors: Errors;
  /** Share of samples within 1.96 of their true standard deviations. */
  readonly coverage: number;
}

interface Line {
  at(x: number): number;
  /** Variance of the line for errors of variance 1. */
  variance(x: number): number;
}

/**
 * What least squares reach where clock and samples truly are straight lines, all scatter is normal, its size is known,
 * and so is which sample each stamp belongs to: no unbiased estimate can do better (Gauss and Markov), so that a bar
 * beyond it cannot be reached with the readings of that seed.
 */
export function limitOf({ condition, readings, stamps, truth }: Recording): Limit {
  const { taken, masterStart, clock } = truth;
  const device = Float64Array.from(readings.deviceNs, (time) => Number(time - clock.baseNs));
  const offset = Float64Array.from(
    readings.referenceNs,
    (time, index) => Number(time - masterStart) - device[index]!,
  );
  const shown = Float64Array.from(stamps, (time) => Number(time - clock.baseNs));
  const offsetLine = lineThrough(device, offset);
  const placed = shown.map((time) => time + offsetLine.at(time));
  const sampleLine = lineThrough(taken, placed);
  const quantiles = new Quantiles();
  let covered = 0;
  for (const [row, time] of taken.entries()) {
    const error = sampleLine.at(time) - time;
    const variance = PROBE_SIGMA_NS ** 2 * offsetLine.variance(shown[row]!) +
      condition.jitterNs ** 2 * sampleLine.variance(time);
    quantiles.add(error / 1e6);
    if (Math.abs(error) <= COVERED_SIGMAS * Math.sqrt(variance)) covered++;
  }
  return { errors: errorsOf(quantiles), coverage: covered / taken.length };
}

function lineThrough(x: Float64Array, y: Float64Array): Line {
  const meanOf = (values: Float64Array) => values.reduce((sum, one) => sum + one) / values.length;
  const [middle, level] = [meanOf(x), meanOf(y)];
  let [products, squares] = [0, 0];
  for (const [index, value] of x.entries()) {
    products += (value - middle) * (y[index]! - level);
    squares += (value - middle) ** 2;
  }
  const slope = products / squares;
  return {
    at: (place) => level + slope * (place - middle),
    variance: (place) => 1 / x.length + (place - middle) ** 2 / squares,
  };
}
