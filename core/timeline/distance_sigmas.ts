import { rootSumSquares } from "../base/mod.ts";

/** Uncertainties of the times of two sides. */
export interface SideSigmas {
  readonly left?: Float64Array;
  readonly right?: Float64Array;
}

/**
 * Standard uncertainty of the distance of each match, NaN without one. Throws `RangeError` when a side has fewer
 * uncertainties than times.
 */
export function distanceSigmas(
  indexes: Int32Array,
  length: number,
  { left, right }: SideSigmas,
): Float64Array {
  if (left !== undefined && left.length !== length) {
    throw new RangeError(
      `Cannot give uncertainties of ${length} left times: current number is ${left.length}`,
    );
  }
  const sigmas = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    const index = indexes[row]!;
    sigmas[row] = index < 0 ? NaN : rootSumSquares(left?.[row] ?? 0, rightSigma(right, index));
  }
  return sigmas;
}

function rightSigma(sigmas: Float64Array | undefined, index: number): number {
  if (sigmas === undefined) return 0;
  const sigma = sigmas[index];
  if (sigma !== undefined) return sigma;
  throw new RangeError(
    `Cannot give the uncertainty of right time ${index}: current number is ${sigmas.length}`,
  );
}
