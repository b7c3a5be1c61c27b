import { Quantiles } from "./quantiles.ts";
import type { Recording } from "./recording.ts";
import { type Errors, errorsOf } from "./score.ts";

interface Line {
  at(x: number): number;
}

/**
 * Errors of least squares where clock and samples truly are straight lines and all scatter is normal: no unbiased
 * estimate can do better (Gauss and Markov), so that a bar below it cannot be reached with the readings of that seed.
 */
export function limitOf({ readings, stamps, truth }: Recording): Errors {
  const { taken, masterStart, clock } = truth;
  const device = Float64Array.from(readings.deviceNs, (time) => Number(time - clock.baseNs));
  const offset = Float64Array.from(
    readings.referenceNs,
    (time, index) => Number(time - masterStart) - device[index]!,
  );
  const shown = Float64Array.from(stamps, (time) => Number(time - clock.baseNs));
  const offsetLine = lineThrough(device, offset);
  const placed = shown.map((time) => time + offsetLine.at(time));
  const index = placed.map((_, row) => row);
  const sampleLine = lineThrough(index, placed);
  const quantiles = new Quantiles();
  for (const row of index) quantiles.add((sampleLine.at(row) - taken[row]!) / 1e6);
  return errorsOf(quantiles);
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
  return { at: (place) => level + slope * (place - middle) };
}
