import { logarithm, square } from "../base/mod.ts";

/** Points of a curve with how much each counts, by increasing x. */
export interface CurvePoints {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly weights: readonly number[];
}

/** A continuous curve of straight pieces. */
export interface Curve {
  readonly knots: readonly number[];
  readonly values: readonly number[];
  /** Standard uncertainty of each value from the scatter of the points. */
  readonly sigmas: readonly number[];
  /** Weighted root mean square of the residuals. */
  readonly rms: number;
}

/** Numbers of pieces that are tried. */
const PIECES = [1, 2, 4, 8, 16, 32, 64, 128];
/** Fewest points of one piece. */
const POINTS_PER_PIECE = 8;

/**
 * Fits a curve of as many straight pieces as the points call for, one if a line will do.
 *
 * The number of pieces minimises the Bayesian information criterion (Schwarz 1978); weights are the same for
 * all numbers, since a stiff curve would otherwise explain everything by rejecting it.
 */
export function fitCurve(points: CurvePoints): Curve {
  const effective = points.weights.reduce((sum, weight) => sum + weight, 0);
  let best = fitPieces(points, 1);
  let bestScore = score(best, effective);
  for (const pieces of PIECES.slice(1)) {
    if (points.x.length < pieces * POINTS_PER_PIECE) break;
    const curve = fitPieces(points, pieces);
    const its = score(curve, effective);
    if (its < bestScore) [best, bestScore] = [curve, its];
  }
  return best;
}

function score({ rms, knots }: Curve, effective: number): number {
  return 2 * effective * logarithm(Math.max(rms, 1e-3)) +
    2 * knots.length * logarithm(effective + 1);
}

/** Least squares over hat functions on knots that hold equal numbers of points. */
function fitPieces({ x, y, weights }: CurvePoints, pieces: number): Curve {
  const knots = distinctKnots(x, pieces);
  const diagonal = new Array<number>(knots.length).fill(1e-12);
  const beside = new Array<number>(knots.length).fill(0);
  const right = new Array<number>(knots.length).fill(0);
  forEachPart(x, knots, (index, piece, part) => {
    const weight = weights[index]!;
    diagonal[piece]! += weight * square(1 - part);
    diagonal[piece + 1]! += weight * square(part);
    beside[piece]! += weight * part * (1 - part);
    right[piece]! += weight * (1 - part) * y[index]!;
    right[piece + 1]! += weight * part * y[index]!;
  });
  const { values, inverse } = solveTridiagonal(diagonal, beside, right);
  let squares = 0;
  let total = 0;
  forEachPart(x, knots, (index, piece, part) => {
    const fitted = values[piece]! * (1 - part) + values[piece + 1]! * part;
    squares += weights[index]! * square(y[index]! - fitted);
    total += weights[index]!;
  });
  const variance = squares / Math.max(total - knots.length, 1);
  const sigmas = inverse.map((element) => Math.sqrt(variance * element));
  return { knots, values, sigmas, rms: Math.sqrt(squares / Math.max(total, 1e-9)) };
}

function distinctKnots(x: readonly number[], pieces: number): number[] {
  const last = x.length - 1;
  const knots: number[] = [];
  for (let piece = 0; piece <= pieces; piece++) {
    const knot = x[Math.round(piece * last / pieces)]!;
    if (knots.length === 0 || knot > knots.at(-1)!) knots.push(knot);
  }
  if (knots.length === 1) knots.push(knots[0]! + 1);
  return knots;
}

function forEachPart(
  x: readonly number[],
  knots: readonly number[],
  use: (index: number, piece: number, part: number) => void,
): void {
  let piece = 0;
  for (const [index, at] of x.entries()) {
    while (piece < knots.length - 2 && at > knots[piece + 1]!) piece++;
    const left = knots[piece]!;
    use(index, piece, (at - left) / (knots[piece + 1]! - left));
  }
}

/** Solves a symmetric system with three diagonals, and gives the diagonal of its inverse. */
function solveTridiagonal(
  diagonal: readonly number[],
  beside: readonly number[],
  right: readonly number[],
): { values: number[]; inverse: number[] } {
  const last = diagonal.length - 1;
  const down = [...diagonal];
  const up = [...diagonal];
  const values = [...right];
  for (let row = 1; row <= last; row++) {
    const factor = beside[row - 1]! / down[row - 1]!;
    down[row]! -= factor * beside[row - 1]!;
    values[row]! -= factor * values[row - 1]!;
  }
  values[last]! /= down[last]!;
  for (let row = last - 1; row >= 0; row--) {
    up[row]! -= square(beside[row]!) / up[row + 1]!;
    values[row] = (values[row]! - beside[row]! * values[row + 1]!) / down[row]!;
  }
  const inverse = diagonal.map((element, row) => 1 / (down[row]! + up[row]! - element));
  return { values, inverse };
}
