import { logarithm, median, quantile, rootSumSquares, spread, square } from "../base/mod.ts";
import { type Curve, fitCurve } from "./curve.ts";
import type { ClockKnot, DelayBounds, OneWayEvidence } from "./model.ts";
import type { Points } from "./one_way_points.ts";
import { CRYSTAL_SKEW_SIGMA } from "./points.ts";
import { rounded } from "./relation.ts";

/** What is known of the smallest delay of a wireless link. */
const MINIMUM_DELAY: DelayBounds = { lowNs: 0, highNs: 20e6 };
/** Shortest stretch whose drift is taken from itself alone, in seconds. */
const OWN_DRIFT_SECONDS = 120;
/** Wander of a crystal within a session, beyond what the points show. */
const WANDER = 1e-6;
/** Points that lie further off than this many robust deviations do not count. */
const FARTHEST = 6;

/**
 * Drift that stretches too short for their own share, ns per s: the median slope over half of each stretch,
 * drawn towards what a crystal is likely to do when the points scatter.
 */
export function commonSlope({ x, y }: Points, ranges: readonly number[]): number {
  let [sum, total] = [0, 1 / square(CRYSTAL_SKEW_SIGMA * 1e9)];
  for (const [index, end] of ranges.slice(1).entries()) {
    const start = ranges[index]!;
    const half = Math.floor((end - start) / 2);
    if (half < 4) continue;
    const slopes = [];
    for (let at = start; at + half < end; at++) {
      slopes.push((y[at + half]! - y[at]!) / Math.max(x[at + half]! - x[at]!, 1e-3));
    }
    const weight = half / square(Math.max(spread(slopes), 1e-3));
    sum += weight * median(slopes);
    total += weight;
  }
  return sum / total;
}

/** How the clocks ran between two steps. */
export interface Stretch {
  readonly knots: readonly ClockKnot[];
  /** Pairs behind the points that count. */
  readonly used: number;
  readonly rms: number;
}

/** Fits the points of a stretch: a curve where it is long enough to show drift, else a level. */
export function fitStretch(
  { base, baseOffset, x, y }: Points,
  [start, end]: readonly [number, number],
  evidence: OneWayEvidence,
  common: number,
): Stretch {
  const order = Array.from({ length: end - start }, (_, index) => start + index)
    .sort((a, b) => x[a]! - x[b]!);
  const xs = order.map((index) => x[index]!);
  const flat = order.map((index) => y[index]! - common * x[index]!);
  const weights = localWeights(flat);
  const duration = xs.at(-1)! - xs[0]!;
  const ownDrift = duration >= OWN_DRIFT_SECONDS && xs.length >= 8;
  const curve = ownDrift ? fitCurve({ x: xs, y: flat, weights }) : level(xs, flat, weights);
  const floor = delayFloor(xs, flat, weights, curve);
  const systematic = systematicSigma(evidence, floor);
  const { lowNs } = evidence.minimumDelay ?? MINIMUM_DELAY;
  const knots = curve.knots.map((at, index): ClockKnot => {
    const skew = endSkew(curve, index) + common;
    const sigma = rootSumSquares(curve.sigmas[index]!, systematic);
    return {
      deviceNs: base + rounded(at * 1e9),
      offsetNs: baseOffset + rounded(curve.values[index]! + floor - lowNs + common * at),
      skew: skew / 1e9,
      sigmaNs: sigma,
      skewSigma: ownDrift
        ? rootSumSquares(endSkewSigma(curve), WANDER)
        : shortSkewSigma(duration, curve.rms),
    };
  });
  const pairs = order.map((index) => evidence.counts[index] ?? 0);
  const used = pairs.reduce((sum, count, index) => weights[index]! > 0 ? sum + count : sum, 0);
  return { knots, used, rms: curve.rms };
}

/** A constant over a stretch too short to show drift. */
function level(x: readonly number[], y: readonly number[], weights: readonly number[]): Curve {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = y.reduce((sum, value, index) => sum + value * weights[index]!, 0) / total;
  const squares = y.reduce((sum, value, index) => sum + weights[index]! * square(value - mean), 0);
  const rms = Math.sqrt(squares / total);
  const sigma = rms / Math.sqrt(Math.max(total - 1, 1));
  const knots = x.at(-1)! > x[0]! ? [x[0]!, x.at(-1)!] : [x[0]!];
  return { knots, values: knots.map(() => mean), sigmas: knots.map(() => sigma), rms };
}

/** Weights by distance from the running median (Tukey's biweight), the same for every curve tried. */
function localWeights(y: readonly number[]): number[] {
  const rest = y.map((value, index) => value - median(y.slice(Math.max(0, index - 5), index + 6)));
  const scale = FARTHEST * Math.max(spread(rest, 0), 1e3);
  return rest.map((value) => Math.abs(value) < scale ? square(1 - square(value / scale)) : 0);
}

/**
 * How far the quickest possible arrival lies below the curve, a negative number. Delays beyond the smallest are
 * exponential, so that two quantiles of the residuals tell where they begin.
 */
function delayFloor(
  x: readonly number[],
  y: readonly number[],
  weights: readonly number[],
  { knots, values }: Pick<Curve, "knots" | "values">,
): number {
  let piece = 0;
  const residuals: number[] = [];
  for (const [index, at] of x.entries()) {
    if (weights[index] === 0) continue;
    while (piece < knots.length - 2 && at > knots[piece + 1]!) piece++;
    const [left, right] = [knots[piece]!, knots[piece + 1] ?? knots[piece]! + 1];
    const part = (at - left) / (right - left);
    const fitted = values[piece]! * (1 - part) + (values[piece + 1] ?? values[piece]!) * part;
    residuals.push(y[index]! - fitted);
  }
  if (residuals.length < 10) return 0;
  const low = quantile(residuals, 0.1);
  const scale = (quantile(residuals, 0.5) - low) / (Math.LN2 - logarithm(1 / 0.9));
  return Math.min(0, low - logarithm(1 / 0.9) * scale);
}

function endSkew({ knots, values }: Curve, index: number): number {
  if (knots.length < 2) return 0;
  const left = Math.min(index, knots.length - 2);
  return (values[left + 1]! - values[left]!) / (knots[left + 1]! - knots[left]!);
}

function endSkewSigma({ knots, sigmas }: Curve): number {
  const last = knots.length - 1;
  const run = knots[last]! - knots[last - 1]!;
  return rootSumSquares(sigmas[last]!, sigmas[last - 1]!) / run / 1e9;
}

function shortSkewSigma(duration: number, rms: number): number {
  return Math.min(CRYSTAL_SKEW_SIGMA, Math.max(rms, 1e6) / Math.max(duration, 1) / 1e9);
}

/** Uncertainty that more samples do not lessen: smallest delay, coarseness, and shape of the delays. */
function systematicSigma(
  evidence: OneWayEvidence,
  floor: number,
): number {
  return rootSumSquares(delaySigma(evidence), evidence.resolutionNs / 2, floor / 2);
}

/** Root mean square of what the smallest delay may be beyond what it is at least, ns. */
export function delaySigma({ minimumDelay = MINIMUM_DELAY }: OneWayEvidence): number {
  return (minimumDelay.highNs - minimumDelay.lowNs) / Math.sqrt(3);
}
