/** One measured difference of two unknowns: `value = x[from] - x[to]`; an index of -1 stands for zero. */
export interface Difference {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly variance: number;
}

/** Unknowns that explain the differences best, with their variances. */
export interface Levels {
  readonly values: Float64Array;
  readonly variances: Float64Array;
}

/**
 * Finds numbers from weighted differences between them by least squares, as levels of a surveyed network are found.
 *
 * Every unknown must hang together with zero through differences. Cholesky factors of the normal equations give the
 * values, and the columns of the inverse the variances. Cost grows with the third power of the unknowns.
 */
export function levelNetwork(count: number, differences: readonly Difference[]): Levels {
  const normal = new Float64Array(count * count);
  const right = new Float64Array(count);
  for (const { from, to, value, variance } of differences) {
    const weight = 1 / variance;
    addTo(normal, right, count, { from, to, value, weight });
  }
  const factor = cholesky(normal, count);
  const values = solve(factor, right, count);
  const variances = Float64Array.from({ length: count }, (_, index) => {
    const unit = new Float64Array(count);
    unit[index] = 1;
    return solve(factor, unit, count)[index]!;
  });
  return { values, variances };
}

function addTo(
  normal: Float64Array,
  right: Float64Array,
  count: number,
  { from, to, value, weight }: { from: number; to: number; value: number; weight: number },
): void {
  if (from >= 0) {
    normal[from * count + from]! += weight;
    right[from]! += weight * value;
  }
  if (to >= 0) {
    normal[to * count + to]! += weight;
    right[to]! -= weight * value;
  }
  if (from >= 0 && to >= 0) {
    normal[from * count + to]! -= weight;
    normal[to * count + from]! -= weight;
  }
}

/** Lower factor of a symmetric positive definite matrix, row by row. */
function cholesky(matrix: Float64Array, count: number): Float64Array {
  const factor = new Float64Array(count * count);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * count + column]!;
      for (let k = 0; k < column; k++) {
        rest -= factor[row * count + k]! * factor[column * count + k]!;
      }
      factor[row * count + column] = row === column
        ? Math.sqrt(Math.max(rest, Number.MIN_VALUE))
        : rest / factor[column * count + column]!;
    }
  }
  return factor;
}

function solve(factor: Float64Array, right: Float64Array, count: number): Float64Array {
  const values = right.slice();
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < row; k++) values[row]! -= factor[row * count + k]! * values[k]!;
    values[row]! /= factor[row * count + row]!;
  }
  for (let row = count - 1; row >= 0; row--) {
    for (let k = row + 1; k < count; k++) values[row]! -= factor[k * count + row]! * values[k]!;
    values[row]! /= factor[row * count + row]!;
  }
  return values;
}
