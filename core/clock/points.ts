import { groupBy, rootSumSquares, square, type TimeNs, type TimeSpan } from "../base/mod.ts";
import type { ClockKnot, ClockSegment, EvidenceAudit, PointEvidence } from "./model.ts";
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
  readonly stored: boolean;
}

/**
 * Fits offset and drift of one clock against another through points, which all have the same two clocks.
 *
 * Drift is what the points say, drawn towards none as a crystal of unknown drift would have it: far from the
 * points the uncertainty grows by 50 ppm, or by what the evidence says of the clock. With three points and more,
 * those that disagree are left out.
 */
export function fitPoints(
  evidence: readonly [PointEvidence, ...PointEvidence[]],
  span: TimeSpan | undefined,
): Relation {
  const [{ from, to, kind, fromNs: base, toNs }] = evidence;
  const baseOffset = toNs - base;
  const points = evidence.map(({ kind, fromNs, toNs, sigmaNs }) => ({
    stored: kind === "stored",
    x: Number(fromNs - base) / 1e9,
    y: Number(toNs - fromNs - baseOffset),
    sigma: Math.max(sigmaNs, 1),
  }));
  const skewSigma = Math.max(...evidence.map((point) => point.skewSigma ?? CRYSTAL_SKEW_SIGMA));
  const kept = rejectOutliers(points, skewSigma);
  const line = lineOf(sumsOf(kept, skewSigma));
  const chiSquare = kept.reduce((sum, point) => sum + square(residual(line, point)), 0);
  const inflation = Math.sqrt(Math.max(1, chiSquare / Math.max(kept.length - 1, 1)));
  const shared = sharedSigma(kept);
  const segment = segmentOf(line, kept, { base, baseOffset, inflation, shared, span });
  const isKept = new Set(kept.map((point) => points.indexOf(point)));
  const squares = kept.map((point) => square(residual(line, point) * point.sigma));
  return {
    from,
    to,
    method: kind === "event" || kind === "stored" ? "events" : kind,
    segments: [segment],
    driftPpm: line.slope / 1e3,
    driftSigmaPpm: inflation * Math.sqrt(line.slopeVariance) / 1e3,
    residualRmsNs: Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / kept.length),
    evidence: summaries(evidence, isKept),
    audit: audits(evidence, isKept, points.map((point) => residual(line, point) * point.sigma)),
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

/** What became of each point, by source. */
function audits(
  evidence: readonly PointEvidence[],
  kept: ReadonlySet<number>,
  residuals: readonly number[],
): EvidenceAudit[] {
  const rows = groupBy([...evidence.keys()], (index) => evidence[index]!.source);
  return [...rows].map(([source, indexes]) => {
    const points = indexes.map((index) => evidence[index]!);
    return {
      kind: points[0]!.kind,
      source,
      against: points[0]!.to.id,
      deviceNs: BigInt64Array.from(points, ({ fromNs }) => fromNs),
      residualsNs: Float64Array.from(indexes, (index) => residuals[index]!),
      sigmasNs: Float64Array.from(points, ({ sigmaNs }) => sigmaNs),
      verdicts: indexes.map((index) => kept.has(index) ? "used" : "outlier"),
    };
  });
}

/** Leaves out the worst point until all agree; of two that disagree neither can be called wrong. */
function rejectOutliers(points: readonly Point[], skewSigma: number): Point[] {
  let kept = [...points];
  while (kept.length > 2) {
    const all = sumsOf(kept, skewSigma);
    const off = kept.map((point) => {
      const line = lineOf(withPoint(all, point, -1));
      return Math.abs(residual(line, point)) /
        rootSumSquares(1, deviationAt(line, point.x) / point.sigma);
    });
    const worst = off.reduce((best, value, index) => value > off[best]! ? index : best, 0);
    if (!(off[worst]! > FARTHEST)) break;
    kept = kept.filter((_, index) => index !== worst);
  }
  return kept;
}

/** Weighted sums from which a line follows. */
interface Sums {
  readonly w: number;
  readonly wx: number;
  readonly wxx: number;
  readonly wy: number;
  readonly wxy: number;
}

/** Sums over points, with what is known of the slope beforehand. */
function sumsOf(points: readonly Point[], skewSigma: number): Sums {
  const prior: Sums = { w: 0, wx: 0, wxx: 1 / square(skewSigma * 1e9), wy: 0, wxy: 0 };
  return points.reduce((sums, point) => withPoint(sums, point, 1), prior);
}

/** Sums with one point more, or for a sign of -1 with one less. */
function withPoint(sums: Sums, { x, y, sigma }: Point, sign: 1 | -1): Sums {
  const weight = sign / square(sigma);
  return {
    w: sums.w + weight,
    wx: sums.wx + weight * x,
    wxx: sums.wxx + weight * x * x,
    wy: sums.wy + weight * y,
    wxy: sums.wxy + weight * x * y,
  };
}

function lineOf({ w, wx, wxx, wy, wxy }: Sums): Line {
  const determinant = w * wxx - wx * wx;
  return {
    level: (wxx * wy - wx * wxy) / determinant,
    slope: (w * wxy - wx * wy) / determinant,
    levelVariance: wxx / determinant,
    slopeVariance: w / determinant,
    covariance: -wx / determinant,
  };
}

/**
 * Uncertainty that stored pairs share, since one procedure made them all: any number of them is no better than
 * one. Events are independent of each other.
 */
function sharedSigma(points: readonly Point[]): number {
  const weightOf = (some: readonly Point[]) =>
    some.reduce((sum, { sigma }) => sum + 1 / square(sigma), 0);
  const stored = points.filter((point) => point.stored);
  if (stored.length === 0) return 0;
  const weight = weightOf(stored);
  const typical = Math.sqrt(stored.length / weight);
  return typical * Math.sqrt(1 - 1 / stored.length) * weight / weightOf(points);
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
  readonly shared: number;
  readonly span: TimeSpan | undefined;
}

function segmentOf(
  line: Line,
  points: readonly Point[],
  { base, baseOffset, inflation, shared, span }: Frame,
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
      sigmaNs: rootSumSquares(inflation * deviationAt(line, x), shared),
      skewSigma: inflation * Math.sqrt(line.slopeVariance) / 1e9,
    };
  };
  const distinct = times.filter((time, index) => index === 0 || time > times[index - 1]!);
  const knots = distinct.map(knot);
  return { fromNs: distinct[0]!, toNs: distinct.at(-1)!, firstRows: {}, knots };
}
