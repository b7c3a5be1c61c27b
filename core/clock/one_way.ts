import { square, type TimeNs, type TimeSpan } from "../base/mod.ts";
import type { ClockKnot, ClockSegment, ModelStep, OneWayEvidence } from "./model.ts";
import { pointsOf } from "./one_way_points.ts";
import { type Border, borderOf, elapsedSeconds, withEdgeSteps } from "./one_way_steps.ts";
import { commonSlope, delaySigma, fitStretch, type Stretch } from "./one_way_stretch.ts";
import type { Relation } from "./relation.ts";
import { findSteps, localSlope } from "./steps.ts";

/** Smallest change of the difference that is taken for a step. */
const SMALLEST_STEP_NS = 3e6;

/** A relation from one-way evidence, with the steps in it. */
export interface OneWayFit {
  readonly relation: Relation;
  readonly steps: readonly ModelStep[];
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
  const found = borders.map(({ atNs, inHost }, index) => ({
    atNs,
    changeNs: steps[index]!.size,
    inHost,
  }));
  const relation = {
    ...summarise(evidence, segments, fits),
    steps: found,
    biasSigmaNs: delaySigma(evidence),
  };
  return { relation, steps: found };
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
