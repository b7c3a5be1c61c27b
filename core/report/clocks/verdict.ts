import type { ClockModel, LoopClosure } from "../../clock/mod.ts";
import type { ReportedClock } from "./facts.ts";
import { durationText } from "./units.ts";

/** How far the times of a clock can be trusted. */
export type Verdict = "good" | "fair" | "poor" | "unaligned";

/** A verdict with what speaks for it and what would better it. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Most important first. */
  readonly reasons: readonly string[];
  /** What to do; empty when there is nothing to do. */
  readonly advice: readonly string[];
}

/** The limits of the verdicts. */
export const VERDICT_LIMITS = {
  /** `good` up to this half width of the 95 % interval, in ns: one frame of a video of 30 frames per second. */
  goodNs: 1e9 / 30,
  /** `fair` up to this one: less than a person takes to react. */
  fairNs: 0.25e9,
  /** No more than `fair` when a larger share of the evidence was rejected. */
  rejectedShare: 0.3,
  /** No more than `fair` when a way round through other clocks fails to close by more than this many sigmas. */
  loopSigmas: 3,
  /** No more than `fair` when the check on readings held out widened the interval by a larger factor. */
  widened: 1.25,
  /** No more than `poor` beyond: no crystal drifts as much, in ppm. */
  driftPpm: 500,
} as const;

const RANK: readonly Verdict[] = ["good", "fair", "poor", "unaligned"];

/** Something that keeps a verdict from being better. */
interface Objection {
  readonly atMost: Verdict;
  readonly reason: string;
  readonly advice: readonly string[];
}

/** Half widths of the 95 % interval in ns. */
export interface Widths {
  /** Of the samples. */
  readonly halfWidthNs: number;
  /** Of the clock alone. */
  readonly clockHalfWidthNs: number;
}

/** Judges a clock by the half width of the 95 % interval of its samples, and by everything that casts doubt on it. */
export function judge(clock: ReportedClock, widths: Widths): Judgement {
  const { halfWidthNs } = widths;
  const { model } = clock;
  if (model.method === "reference") {
    return { verdict: "good", reasons: ["the reference"], advice: [] };
  }
  if (model.method === "none" || model.segments.length === 0) return unaligned(clock);
  const objections = [
    ...anchorObjections(model),
    ...conflictObjections(clock),
    ...driftObjections(model),
    ...checkObjections(model),
    ...loopObjections(model.loops ?? []),
    ...rejectionObjections(model),
  ];
  const width = byWidth(halfWidthNs);
  const verdict = objections.reduce((worst, { atMost }) => worse(worst, atMost), width);
  const reasons = objections.map(({ reason }) => reason);
  const size = widthReason(widths);
  const advice = objections.flatMap(({ advice }) => advice);
  return {
    verdict,
    reasons: width === "good"
      ? [...reasons, ...(reasons.length === 0 ? [size] : [])]
      : [size, ...reasons],
    advice: [...new Set([...advice, ...widthAdvice(model, width, widths)])],
  };
}

function byWidth(halfWidthNs: number): Verdict {
  if (halfWidthNs <= VERDICT_LIMITS.goodNs) return "good";
  return halfWidthNs <= VERDICT_LIMITS.fairNs ? "fair" : "poor";
}

function worse(a: Verdict, b: Verdict): Verdict {
  return RANK[Math.max(RANK.indexOf(a), RANK.indexOf(b))]!;
}

const ANCHOR_ADVICE = "give the time of one sample with --anchor";
const EVENT_ADVICE =
  "next time record something that both clocks see: a shake, a clap, a flash, a marker";

/** So few readings have no pattern. */
const FEW_READINGS = 10;

/** The clock is known well; it is the stamps that scatter. */
function isStamps({ halfWidthNs, clockHalfWidthNs }: Widths): boolean {
  return clockHalfWidthNs < 0.5 * halfWidthNs;
}

function widthReason(widths: Widths): string {
  const size = `uncertain by ${durationText(widths.halfWidthNs)}`;
  if (!isStamps(widths)) return size;
  return `${size} through the scatter of its stamps, the clock itself by ${
    durationText(widths.clockHalfWidthNs)
  }`;
}

function widthAdvice(
  { method, evidence }: ClockModel,
  width: Verdict,
  widths: Widths,
): string[] {
  if (width === "good" || method === "anchor") return [];
  if (isStamps(widths)) return ["next time record the sensor's own counter beside the stamps"];
  const used = evidence.reduce((sum, entry) => sum + entry.used, 0);
  if (method === "one-way" || used < FEW_READINGS) return [EVENT_ADVICE];
  return ["look at --explain and --plot for what its readings have in common"];
}

/** Why a clock could not be placed, and what to do about it. */
function unaligned({ model, streams, ties, excluded }: ReportedClock): Judgement {
  const readable = streams.some(({ sampling }) => sampling.count > 0);
  if (streams.length > 0 && !readable) {
    return {
      verdict: "unaligned",
      reasons: ["its samples have no readable time"],
      advice: [
        "look at session-process validate, and name the time column in session-process.json",
      ],
    };
  }
  if (ties.length > 0) {
    const names = ties.map(({ id }) => id).join(", ");
    return {
      verdict: "unaligned",
      reasons: [`tied to ${names} alone, which nothing ties to ${model.reference.id}`],
      advice: [`place ${names} or this clock: ${ANCHOR_ADVICE}`, ...allowAdvice(excluded)],
    };
  }
  return {
    verdict: "unaligned",
    reasons: [
      excluded.length === 0
        ? `nothing ties it to ${model.reference.id}`
        : `nothing ties it to ${model.reference.id} when ${excluded.join(", ")} may not be used`,
    ],
    advice: [...allowAdvice(excluded), ANCHOR_ADVICE, EVENT_ADVICE],
  };
}

function allowAdvice(excluded: readonly string[]): string[] {
  return excluded.length === 0 ? [] : [`allow ${excluded.join(", ")} evidence`];
}

/** Nothing checks an absolute anchor, however precise it claims to be. */
function anchorObjections({ method, evidence }: ClockModel): Objection[] {
  if (method !== "anchor") return [];
  const sources = new Set(evidence.filter(({ used }) => used > 0).map(({ source }) => source));
  return [{
    atMost: "fair",
    reason: `nothing checks its anchor (${[...sources].join(", ") || "unnamed"})`,
    advice: [ANCHOR_ADVICE, EVENT_ADVICE],
  }];
}

function conflictObjections({ model, issues }: ReportedClock): Objection[] {
  return issues
    .filter(({ code, params }) =>
      code === "CLOCK_EVIDENCE_CONFLICT" && params["clock"] === model.clock.id
    )
    .map(({ params }) => ({
      atMost: "fair",
      reason: `${params["first"]} and ${params["second"]} contradict each other by ${
        durationText(Number(params["difference"]) * 1e9)
      }`,
      advice: ["find out which is wrong with --explain, and leave its kind out with --without"],
    }));
}

/** The pace of media time is what the recorder assumed, not that of a crystal. */
function driftObjections({ driftPpm, clock }: ClockModel): Objection[] {
  if (clock.kind === "media" || !(Math.abs(driftPpm) > VERDICT_LIMITS.driftPpm)) return [];
  return [{
    atMost: "poor",
    reason: `drifts by ${Math.round(driftPpm)} ppm, which no crystal does`,
    advice: ["check the unit of its time column"],
  }];
}

function checkObjections({ holdOut }: ClockModel): Objection[] {
  if (holdOut === undefined || !(holdOut.widened > VERDICT_LIMITS.widened)) return [];
  const share = Math.round(holdOut.coverage * 100);
  return [{
    atMost: "fair",
    reason: `only ${share} % of ${holdOut.count} readings held out lay in their interval, ` +
      `which was widened by ${Number(holdOut.widened.toPrecision(2))}`,
    advice: ["look at --plot for a pattern in its residuals"],
  }];
}

function loopObjections(loops: readonly LoopClosure[]): Objection[] {
  return loops
    .filter(({ residualNs, sigmaNs }) => Math.abs(residualNs) > VERDICT_LIMITS.loopSigmas * sigmaNs)
    .map(({ clocks, residualNs }) => ({
      atMost: "fair",
      reason: `the way round by ${clocks.join(" > ")} misses by ${durationText(residualNs)}`,
      advice: ["find out which link is wrong with --explain"],
    }));
}

function rejectionObjections({ evidence }: ClockModel): Objection[] {
  // What was compared with something better and not needed was not found wrong.
  const tried = evidence.filter(({ used }) => used > 0);
  const used = tried.reduce((sum, entry) => sum + entry.used, 0);
  const rejected = tried.reduce((sum, entry) => sum + entry.rejected, 0);
  if (!(rejected > VERDICT_LIMITS.rejectedShare * (used + rejected))) return [];
  return [{
    atMost: "fair",
    reason: `${rejected} of ${used + rejected} readings were rejected`,
    advice: ["look at --explain for when and why"],
  }];
}
