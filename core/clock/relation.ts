import { type ClockRef, rootSumSquares, type TimeNs } from "../base/mod.ts";
import type {
  ClockKnot,
  ClockModel,
  ClockSegment,
  EvidenceAudit,
  EvidenceSummary,
  HoldOutCheck,
  ModelStep,
} from "./model.ts";

/** How one clock runs against another: `t_to = t_from + offset(t_from)`. */
export interface Relation {
  readonly from: ClockRef;
  readonly to: ClockRef;
  readonly method: ClockModel["method"];
  readonly segments: readonly ClockSegment[];
  readonly driftPpm: number;
  readonly driftSigmaPpm: number;
  readonly residualRmsNs: number;
  readonly evidence: readonly EvidenceSummary[];
  readonly steps?: readonly ModelStep[];
  readonly holdOut?: HoldOutCheck;
  readonly audit?: readonly EvidenceAudit[];
  /** Part of sigma that is one unknown constant, such as the smallest delay of a link, in ns. @default {0} */
  readonly biasSigmaNs?: number;
  /** The constant was taken from other evidence, on which the relation now rests. */
  readonly closed?: boolean;
}

/** The offset of a stretch at a time, with its standard uncertainty. */
export function offsetAt(
  { knots }: ClockSegment,
  time: TimeNs,
): { offsetNs: TimeNs; sigmaNs: number } {
  const right = knots.findIndex((knot) => knot.deviceNs >= time);
  const outside = right <= 0 ? knots.at(right) : undefined;
  if (outside !== undefined) return extrapolate(outside, time);
  const [a, b] = [knots[right - 1]!, knots[right]!];
  const part = Number(time - a.deviceNs) / Number(b.deviceNs - a.deviceNs);
  return {
    offsetNs: a.offsetNs + rounded(Number(b.offsetNs - a.offsetNs) * part),
    sigmaNs: a.sigmaNs + (b.sigmaNs - a.sigmaNs) * part,
  };
}

function extrapolate(knot: ClockKnot, time: TimeNs): { offsetNs: TimeNs; sigmaNs: number } {
  const { deviceNs, offsetNs, skew, sigmaNs, skewSigma = 0 } = knot;
  const distance = Number(time - deviceNs);
  return {
    offsetNs: offsetNs + rounded(skew * distance),
    sigmaNs: rootSumSquares(sigmaNs, skewSigma * distance),
  };
}

/** A float of ns as an integer. */
export function rounded(ns: number): TimeNs {
  return Number.isFinite(ns) ? BigInt(Math.round(ns)) : 0n;
}

/** The stretch that holds at a time, or the nearest. */
export function segmentAt(segments: readonly ClockSegment[], time: TimeNs): ClockSegment {
  const distance = ({ fromNs, toNs }: ClockSegment): TimeNs =>
    time < fromNs ? fromNs - time : time > toNs ? time - toNs : 0n;
  return segments.reduce((best, next) => distance(next) < distance(best) ? next : best);
}

/** The same relation seen from the other clock. */
export function invert(relation: Relation): Relation {
  return {
    ...relation,
    from: relation.to,
    to: relation.from,
    driftPpm: -relation.driftPpm / (1 + relation.driftPpm * 1e-6),
    segments: relation.segments.map(invertSegment),
    ...(relation.steps === undefined
      ? {}
      : { steps: relation.steps.map((step) => invertStep(step, relation.segments)) }),
    ...(relation.audit === undefined
      ? {}
      : { audit: relation.audit.map((audit) => invertAudit(audit, relation)) }),
  };
}

function invertStep(step: ModelStep, segments: readonly ClockSegment[]): ModelStep {
  const after = segments.find(({ fromNs }) => fromNs === step.atNs) ??
    segmentAt(segments, step.atNs);
  return {
    atNs: step.atNs + offsetAt(after, step.atNs).offsetNs,
    changeNs: -step.changeNs,
    inHost: !step.inHost,
  };
}

function invertAudit(audit: EvidenceAudit, { from, segments }: Relation): EvidenceAudit {
  return {
    ...audit,
    against: from.id,
    deviceNs: audit.deviceNs.map((time, index) =>
      time + offsetAt(segmentAt(segments, time), time).offsetNs +
      rounded(audit.residualsNs[index] ?? 0)
    ),
    residualsNs: audit.residualsNs.map((residual) => -residual),
  };
}

function invertSegment(segment: ClockSegment): ClockSegment {
  const across = (time: TimeNs) => time + offsetAt(segment, time).offsetNs;
  return {
    fromNs: across(segment.fromNs),
    toNs: across(segment.toNs),
    firstRows: {},
    knots: segment.knots.map((knot) => ({
      ...knot,
      deviceNs: knot.deviceNs + knot.offsetNs,
      offsetNs: -knot.offsetNs,
      skew: -knot.skew / (1 + knot.skew),
    })),
  };
}

/** Follows one relation and then another: device to phone, phone to reference. */
export function chain(first: Relation, second: Relation): Relation {
  return {
    from: first.from,
    to: second.to,
    method: first.method,
    segments: first.segments.map((segment) => chainSegment(segment, second)),
    driftPpm: first.driftPpm + second.driftPpm,
    driftSigmaPpm: rootSumSquares(first.driftSigmaPpm, second.driftSigmaPpm),
    residualRmsNs: rootSumSquares(first.residualRmsNs, second.residualRmsNs),
    evidence: first.evidence,
    ...(first.steps === undefined ? {} : { steps: first.steps }),
    ...(first.holdOut === undefined ? {} : { holdOut: first.holdOut }),
    ...(first.audit === undefined ? {} : { audit: first.audit }),
  };
}

function chainSegment(segment: ClockSegment, second: Relation): ClockSegment {
  const middle = segment.fromNs + (segment.toNs - segment.fromNs) / 2n;
  const onward = segmentAt(second.segments, middle + offsetAt(segment, middle).offsetNs);
  const through = (deviceNs: TimeNs): ClockKnot => {
    const own = offsetAt(segment, deviceNs);
    const next = offsetAt(onward, deviceNs + own.offsetNs);
    const ends = [nearestEnd(segment.knots, deviceNs), nearestEnd(onward.knots, deviceNs)];
    return {
      deviceNs,
      offsetNs: own.offsetNs + next.offsetNs,
      skew: ends.reduce((sum, { skew }) => sum + skew, 0),
      sigmaNs: rootSumSquares(own.sigmaNs, next.sigmaNs),
      skewSigma: rootSumSquares(...ends.map(({ skewSigma = 0 }) => skewSigma)),
    };
  };
  return { ...segment, knots: knotTimes(segment, onward).map(through) };
}

/** Times of the knots of both stretches, on the first clock. */
function knotTimes(segment: ClockSegment, onward: ClockSegment): TimeNs[] {
  const inverse = invertSegment(segment);
  const back = (time: TimeNs) => time + offsetAt(inverse, time).offsetNs;
  const inside = onward.knots.map(({ deviceNs }) => back(deviceNs))
    .filter((time) => time > segment.fromNs && time < segment.toNs);
  const times = [...segment.knots.map(({ deviceNs }) => deviceNs), ...inside];
  times.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return times.filter((time, index) => index === 0 || time > times[index - 1]!);
}

function nearestEnd(knots: readonly ClockKnot[], time: TimeNs): ClockKnot {
  const [first, last] = [knots[0]!, knots.at(-1)!];
  return time - first.deviceNs < last.deviceNs - time ? first : last;
}

/** Standard uncertainty in the middle of the longest stretch. */
export function typicalSigma({ segments }: Pick<Relation, "segments">): number {
  const [first] = segments;
  if (first === undefined) return Infinity;
  const longest = segments.reduce(
    (best, next) => next.toNs - next.fromNs > best.toNs - best.fromNs ? next : best,
    first,
  );
  const middle = longest.fromNs + (longest.toNs - longest.fromNs) / 2n;
  return offsetAt(longest, middle).sigmaNs;
}

/** The same relation with a further, independent uncertainty. */
export function widen(relation: Relation, sigmaNs: number): Relation {
  return {
    ...relation,
    segments: relation.segments.map((segment) => ({
      ...segment,
      knots: segment.knots.map((knot) => ({
        ...knot,
        sigmaNs: rootSumSquares(knot.sigmaNs, sigmaNs),
      })),
    })),
  };
}
