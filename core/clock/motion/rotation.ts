import { square } from "../../base/mod.ts";

/** Rounds of the power method: directions that matter are far better told apart than these leave. */
const ROUNDS = 200;

/**
 * The one rotation that explains most of several windows together, row by row (Horn 1987: the largest eigenvector of
 * a matrix of their products is its quaternion).
 */
export function commonRotation(products: readonly Float64Array[]): Float64Array {
  const sum = Float64Array.from(
    { length: 9 },
    (_, cell) => products.reduce((total, matrix) => total + matrix[cell]!, 0),
  );
  const matrix = quaternionMatrix(sum);
  // Of four starts that are orthogonal to each other at least one is not orthogonal to the answer.
  const ends = [0, 1, 2, 3].map((axis) => climb(matrix, axis));
  const best = ends.reduce((one, other) => other.height > one.height ? other : one);
  return rotationOf(best.at);
}

/** Share of a movement, as an amplitude from -1 to 1, that a rotation explains. */
export function explained(rotation: Float64Array, products: Float64Array): number {
  return rotation.reduce((sum, value, cell) => sum + value * products[cell]!, 0);
}

type Quaternion = readonly [number, number, number, number];

/** Horn's matrix, with all eigenvalues lifted above zero. */
function quaternionMatrix(p: Float64Array): readonly Quaternion[] {
  const at = (row: number, column: number) => p[3 * row + column]!;
  const [x, y, z] = [at(0, 0), at(1, 1), at(2, 2)];
  const [a, b, c] = [at(2, 1) - at(1, 2), at(0, 2) - at(2, 0), at(1, 0) - at(0, 1)];
  const [xy, zx, yz] = [at(0, 1) + at(1, 0), at(2, 0) + at(0, 2), at(1, 2) + at(2, 1)];
  const lift = 3 * Math.sqrt(p.reduce((sum, value) => sum + square(value), 0));
  return [
    [x + y + z + lift, a, b, c],
    [a, x - y - z + lift, xy, zx],
    [b, xy, y - x - z + lift, yz],
    [c, zx, yz, z - x - y + lift],
  ];
}

function climb(matrix: readonly Quaternion[], axis: number): { at: Quaternion; height: number } {
  let at: Quaternion = [
    Number(axis === 0),
    Number(axis === 1),
    Number(axis === 2),
    Number(axis === 3),
  ];
  let height = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const [w, x, y, z] = at;
    const next = matrix.map((row) => row[0] * w + row[1] * x + row[2] * y + row[3] * z);
    height = Math.sqrt(next.reduce((sum, value) => sum + square(value), 0));
    if (!(height > 0)) break;
    at = [next[0]! / height, next[1]! / height, next[2]! / height, next[3]! / height];
  }
  return { at, height };
}

function rotationOf([w, x, y, z]: Quaternion): Float64Array {
  return Float64Array.of(
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  );
}
