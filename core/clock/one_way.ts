import {
  logarithm,
  median,
  quantile,
  rootSumSquares,
  spread,
  square,
  type TimeNs,
  type TimeSpan,
} from "../base/mod.ts";
import { type Curve, fitCurve } from "./curve.ts";
import type { ClockKnot, ClockSegment, DelayBounds, OneWayEvidence } from "./model.ts";
import { CRYSTAL_SKEW_SIGMA } from "./points.ts";
import { type Relation, rounded } from "./relation.ts";
import { findSteps, localSlope, type Step } from "./steps.ts";

/** What is known of the smallest delay of a wireless link. */
const MINIMUM_DELAY: DelayBounds = { lowNs: 0, highNs: 20e6 };
/** Smallest change of the difference that is taken for a step. */
const SMALLEST_STEP_NS = 3e6;
/** Smallest change that is a step near the ends, and how many points are near. */
const EDGE_STEP_NS = 50e6;
const EDGE = 3;
/** Shortest stretch whose drift is taken from itself alone, in seconds. */
const OWN_DRIFT_SECONDS = 120;
/** Wander of a crystal within a session, beyond what the points show. */
const WANDER = 1e-6;
/** Points that lie further off than this many robust deviations do not count. */
const FARTHEST = 6;

/** Evidence in seconds and ns relative to its first point, in file order. */
interface Points {
  readonly base: TimeNs;
  readonly baseOffset: TimeNs;
  readonly x: number[];
  readonly y: number[];
}

/** A change of the clocks between two points. */
export interface ClockStep {
  readonly atNs: TimeNs;
  /** Change of the offset in ns. */
  readonly changeNs: number;
  /** The host was set: the device stamps run on through it. Otherwise the device was, or it cannot be told. */
  readonly inHost: boolean;
}

/** A relation from one-way evidence, with the steps in it. */
export interface OneWayFit {
  readonly relation: Relation;
  readonly steps: readonly ClockStep[];
}

/**
 * Fits how a device clock runs against a host clock through the quickest arrivals.
 *
 * The smallest delay of the link cannot be seen in one-way pairs. What it is at least is taken off; the rest stays
 * in the offset, and in sigma as the root mean square of what it may be.
 */
export function fitOneWay(
  evidence: OneWayEvidence,
  span: TimeSpan | undefined,
): OneWayFit | undefined {
  const points = pointsOf(evidence);
  if (points === undefined) return undefined;
  const elapsed = elapsedSeconds(evidence);
  const slope = localSlope(elapsed, points.y);
  const level = points.y.map((value, index) => value - slope * elapsed[index]!);
  const smallest = Math.max(SMALLEST_STEP_NS, 2 * evidence.resolutionNs);
  const steps = withEdgeSteps(evidence, level, findSteps(level, { smallest }));
  const borders = steps.map((step) => borderOf(evidence, points, step));
  const ranges = [0, ...steps.map(({ index }) => index), points.x.length];
  const common = commonSlope(points, ranges);
  const fits = ranges.slice(1).map((end, index) =>
    fitStretch(points, [ranges[index]!, end], evidence, common)
  );
  const segments = fits.map((fit, index) =>
    segmentOf(fit.knots, evidence, {
      before: borders[index - 1],
      after: borders[index],
      span,
    })
  );
  const relation = summarise(evidence, segments, fits);
  return {
    relation,
    steps: borders.map(({ atNs, inHost }, index) => ({
      atNs,
      changeNs: steps[index]!.size,
      inHost,
    })),
  };
}

function pointsOf({ fromNs, toNs }: OneWayEvidence): Points | undefined {
  const [base, host] = [fromNs[0], toNs[0]];
  if (base === undefined || host === undefined) return undefined;
  const baseOffset = host - base;
  return {
    base,
    baseOffset,
    x: Array.from(fromNs, (time) => Number(time - base) / 1e9),
    y: Array.from(fromNs, (time, index) => Number(toNs[index]! - time - baseOffset)),
  };
}

/**
 * Seconds that passed up to each point, whichever clock was set meanwhile: of the two clocks the one that agrees
 * better with the number of samples.
 */
function elapsedSeconds(evidence: OneWayEvidence): number[] {
  const { fromNs, toNs, rows } = evidence;
  const period = samplePeriod(evidence);
  let elapsed = 0;
  return Array.from(rows, (row, index) => {
    if (index === 0) return 0;
    const expected = (row - rows[index - 1]!) * period;
    const own = Number(fromNs[index]! - fromNs[index - 1]!);
    const host = Number(toNs[index]! - toNs[index - 1]!);
    elapsed += Math.abs(own - expected) < Math.abs(host - expected) ? own : host;
    return elapsed / 1e9;
  });
}

/** Where a step lies in the stream. */
interface Border {
  readonly row: number;
  /** First device time after it, and last before. */
  readonly atNs: TimeNs;
  readonly endNs: TimeNs;
  readonly inHost: boolean;
}

/**
 * Places a step at the sample where the clocks suddenly change by about its size: where the device stamps
 * themselves jump, which no delay can do, otherwise where the difference does.
 */
function borderOf(evidence: OneWayEvidence, points: Points, { index, size }: Step): Border {
  const { rows, fromNs } = evidence;
  const [first, last] = [
    rows[Math.max(0, index - 2)]!,
    rows[Math.min(index + 2, rows.length - 1)]!,
  ];
  const near = jumpsOf(evidence).filter(({ row }) => row >= first && row <= last);
  const period = samplePeriod(evidence);
  const inDevice = near.filter(({ passed }) => Math.abs(passed - period) > 0.5 * Math.abs(size));
  const deviceJump = closest(inDevice, size, ({ passed }) => period - passed);
  const best = deviceJump ?? closest(near, size, (jump) => jump.size);
  if (best === undefined) {
    const before = points.base + rounded(points.x[index - 1]! * 1e9);
    return { row: rows[index]!, atNs: fromNs[index]!, endNs: before, inHost: false };
  }
  const endNs = best.atNs - rounded(best.passed);
  return { row: best.row, atNs: best.atNs, endNs, inHost: deviceJump === undefined };
}

/**
 * Adds steps so near to the ends that too few points lie beyond them, where the device stamps themselves jump by
 * what the points change.
 */
function withEdgeSteps(
  evidence: OneWayEvidence,
  level: readonly number[],
  steps: readonly Step[],
): Step[] {
  const { rows } = evidence;
  const period = samplePeriod(evidence);
  const isNearEnd = (row: number) => row <= rows[EDGE]! || row > rows.at(-1 - EDGE)!;
  const found = [...steps];
  for (const { row, passed } of rows.length > 2 * EDGE ? jumpsOf(evidence) : []) {
    const change = period - passed;
    if (Math.abs(change) < EDGE_STEP_NS || !isNearEnd(row)) continue;
    const index = rows.findIndex((at) => at >= row);
    if (index <= 0 || found.some((step) => Math.abs(step.index - index) < EDGE)) continue;
    const size = median(level.slice(index, index + EDGE)) -
      median(level.slice(Math.max(0, index - EDGE), index));
    if (Math.abs(size - change) < 0.3 * Math.abs(change)) found.push({ index, size });
  }
  return found.sort((a, b) => a.index - b.index);
}

interface Jump {
  readonly row: number;
  readonly atNs: TimeNs;
  readonly size: number;
  readonly passed: number;
}

function jumpsOf({ jumps }: OneWayEvidence): Jump[] {
  if (jumps === undefined) return [];
  const { rows, fromNs, sizesNs, passedNs } = jumps;
  return Array.from(rows, (row, index) => ({
    row,
    atNs: fromNs[index]!,
    size: Number(sizesNs[index]),
    passed: Number(passedNs[index]),
  }));
}

/** The jump nearest to a size, no further than half of it. */
function closest(
  jumps: readonly Jump[],
  size: number,
  of: (jump: Jump) => number,
): Jump | undefined {
  let best: Jump | undefined;
  let least = 0.5 * Math.abs(size);
  for (const jump of jumps) {
    const off = Math.abs(of(jump) - size);
    if (off < least) [best, least] = [jump, off];
  }
  return best;
}

/** Typical device time from sample to sample in ns. */
function samplePeriod({ rows, fromNs }: OneWayEvidence): number {
  const periods: number[] = [];
  for (let index = 1; index < rows.length; index++) {
    const passed = rows[index]! - rows[index - 1]!;
    if (passed > 0) periods.push(Number(fromNs[index]! - fromNs[index - 1]!) / passed);
  }
  return periods.length === 0 ? 0 : median(periods);
}

/**
 * Drift that stretches too short for their own share, ns per s: the median slope over half of each stretch,
 * drawn towards what a crystal is likely to do when the points scatter.
 */
function commonSlope({ x, y }: Points, ranges: readonly number[]): number {
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

interface Stretch {
  readonly knots: readonly ClockKnot[];
  /** Pairs behind the points that count. */
  readonly used: number;
  readonly rms: number;
}

function fitStretch(
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
  { resolutionNs, minimumDelay = MINIMUM_DELAY }: OneWayEvidence,
  floor: number,
): number {
  const { lowNs, highNs } = minimumDelay;
  const delay = (highNs - lowNs) / Math.sqrt(3);
  return rootSumSquares(delay, resolutionNs / 2, floor / 2);
}

interface Place {
  readonly before: Border | undefined;
  readonly after: Border | undefined;
  readonly span: TimeSpan | undefined;
}

function segmentOf(
  knots: readonly ClockKnot[],
  { streamId, source }: OneWayEvidence,
  { before, after, span }: Place,
): ClockSegment {
  const [first, last] = [knots[0]!.deviceNs, knots.at(-1)!.deviceNs];
  const least = (a: TimeNs, b: TimeNs | undefined) => b !== undefined && b < a ? b : a;
  const most = (a: TimeNs, b: TimeNs | undefined) => b !== undefined && b > a ? b : a;
  return {
    fromNs: least(first, before?.atNs ?? span?.startNs),
    toNs: most(last, after?.endNs ?? span?.endNs),
    firstRows: { [streamId ?? source]: before?.row ?? 0 },
    knots,
  };
}

function summarise(
  { from, to, source, counts, rejected = 0 }: OneWayEvidence,
  segments: readonly ClockSegment[],
  fits: readonly Stretch[],
): Relation {
  const used = fits.reduce((sum, fit) => sum + fit.used, 0);
  const squares = fits.reduce((sum, fit) => sum + fit.used * square(fit.rms), 0);
  const longest = segments.reduce((best, next) =>
    next.toNs - next.fromNs > best.toNs - best.fromNs ? next : best
  );
  const [first, last] = [longest.knots[0]!, longest.knots.at(-1)!];
  const run = Number(last.deviceNs - first.deviceNs);
  const drift = run > 0 ? Number(last.offsetNs - first.offsetNs) / run : first.skew;
  return {
    from,
    to,
    method: "one-way",
    segments,
    driftPpm: drift * 1e6,
    driftSigmaPpm: (last.skewSigma ?? 0) * 1e6,
    residualRmsNs: Math.sqrt(squares / Math.max(used, 1)),
    evidence: [{
      kind: "one-way",
      source,
      used,
      rejected: rejected + counts.reduce((sum, count) => sum + count, 0) - used,
    }],
  };
}
