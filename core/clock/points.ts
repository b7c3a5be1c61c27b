import type { TimeNs, TimeSpan } from "../base/mod.ts";
import type { ClockKnot, ClockSegment, PointEvidence } from "./model.ts";
import { type Relation, rounded } from "./relation.ts";

/** Standard deviation of the drift of a crystal about which nothing is known. */
export const CRYSTAL_SKEW_SIGMA = 50e-6;
/** A point that lies further off, in sigmas, is wrong. */
const FARTHEST = 4;

/** A straight line through weighted points, with its covariance. */
interface Line {
  readonly level: number;
  readonly slope: number;
  readonly levelVariance: number;
  readonly slopeVariance: number;
  readonly covariance: number;
}

/** A point in seconds and ns relative to a base. */
interface Point {
  readonly x: number;
  readonly y: number;
  readonly sigma: number;
}

/**
 * Fits offset and drift of one clock against another through points, which all have the same two clocks.
 *
 * Drift is what the points say, drawn towards none as a clock of unknown drift would have it: far from the
 * points the uncertainty grows by 50 ppm, or by what the evidence says of the clock. With three points and more, those that disagree are left out.
 */
export function fitPoints(
  evidence: readonly [PointEvidence, ...PointEvidence[]],
  span: TimeSpan | undefined,
): Relation {
  const [{ from, to, kind, fromNs: base, toNs }] = evidence;
  const baseOffset = toNs - base;
  const points = evidence.map(({ fromNs, toNs, sigmaNs }) => ({
    x: Number(fromNs - base) / 1e9,
    y: Number(toNs - fromNs - baseOffset),
    sigma: Math.max(sigmaNs, 1),
  }));
  const skewSigma = Math.max(...evidence.map((point) => point.skewSigma ?? CRYSTAL_SKEW_SIGMA));
  const kept = rejectOutliers(points, skewSigma);
  const line = fitLine(kept, skewSigma);
  const chiSquare = kept.reduce((sum, point) => sum + residual(line, point) ** 2, 0);
  const inflation = Math.sqrt(Math.max(1, chiSquare / Math.max(kept.length - 1, 1)));
  const segment = segmentOf(line, kept, { base, baseOffset, inflation, span });
  const squares = kept.map((point) => (residual(line, point) * point.sigma) ** 2);
  return {
    from,
    to,
    method: kind === "anchor" ? "anchor" : "events",
    segments: [segment],
    driftPpm: line.slope / 1e3,
    driftSigmaPpm: inflation * Math.sqrt(line.slopeVariance) / 1e3,
    residualRmsNs: Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / kept.length),
    evidence: summaries(evidence, new Set(kept.map((point) => points.indexOf(point)))),
  };
}

function summaries(
  evidence: readonly PointEvidence[],
  kept: ReadonlySet<number>,
): Relation["evidence"] {
  const sources = new Map<
    string,
    { kind: PointEvidence["kind"]; used: number; rejected: number }
  >();
  for (const [index, { kind, source }] of evidence.entries()) {
    const entry = sources.get(source) ?? { kind, used: 0, rejected: 0 };
    entry[kept.has(index) ? "used" : "rejected"]++;
    sources.set(source, entry);
  }
  return [...sources].map(([source, entry]) => ({ source, ...entry }));
}

/** Leaves out the worst point until all agree; of two that disagree neither can be called wrong. */
function rejectOutliers(points: readonly Point[], skewSigma: number): Point[] {
  let kept = [...points];
  while (kept.length > 2) {
    const without = (index: number) => kept.filter((_, other) => other !== index);
    const off = kept.map((point, index) => {
      const line = fitLine(without(index), skewSigma);
      return Math.abs(residual(line, point)) /
        Math.hypot(1, deviationAt(line, point.x) / point.sigma);
    });
    const worst = off.indexOf(Math.max(...off));
    if (!(off[worst]! > FARTHEST)) break;
    kept = without(worst);
  }
  return kept;
}

function fitLine(points: readonly Point[], skewSigma: number): Line {
  let [w, wx, wxx, wy, wxy] = [0, 0, 1 / (skewSigma * 1e9) ** 2, 0, 0];
  for (const { x, y, sigma } of points) {
    const weight = 1 / sigma ** 2;
    w += weight;
    wx += weight * x;
    wxx += weight * x * x;
    wy += weight * y;
    wxy += weight * x * y;
  }
  const determinant = w * wxx - wx * wx;
  return {
    level: (wxx * wy - wx * wxy) / determinant,
    slope: (w * wxy - wx * wy) / determinant,
    levelVariance: wxx / determinant,
    slopeVariance: w / determinant,
    covariance: -wx / determinant,
  };
}

function residual(line: Line, { x, y, sigma }: Point): number {
  return (y - line.level - line.slope * x) / sigma;
}

function deviationAt(line: Line, x: number): number {
  const { levelVariance, covariance, slopeVariance } = line;
  return Math.sqrt(Math.max(0, levelVariance + 2 * covariance * x + slopeVariance * x * x));
}

interface Frame {
  readonly base: TimeNs;
  readonly baseOffset: TimeNs;
  readonly inflation: number;
  readonly span: TimeSpan | undefined;
}

function segmentOf(
  line: Line,
  points: readonly Point[],
  { base, baseOffset, inflation, span }: Frame,
): ClockSegment {
  const calmest = -line.covariance / line.slopeVariance;
  const times = [base + rounded(calmest * 1e9), ...points.map(({ x }) => base + rounded(x * 1e9))];
  if (span !== undefined) times.push(span.startNs, span.endNs);
  times.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const knot = (deviceNs: TimeNs): ClockKnot => {
    const x = Number(deviceNs - base) / 1e9;
    return {
      deviceNs,
      offsetNs: baseOffset + rounded(line.level + line.slope * x),
      skew: line.slope / 1e9,
      sigmaNs: inflation * deviationAt(line, x),
      skewSigma: inflation * Math.sqrt(line.slopeVariance) / 1e9,
    };
  };
  const distinct = times.filter((time, index) => index === 0 || time > times[index - 1]!);
  const knots = distinct.map(knot);
  return { fromNs: distinct[0]!, toNs: distinct.at(-1)!, firstRows: {}, knots };
}
