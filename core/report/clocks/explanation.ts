import { median, type TimeNs } from "../../base/mod.ts";
import {
  type ClockModel,
  type EvidenceAudit,
  type EvidenceKind,
  evidenceKindOf,
  type EvidenceSummary,
  type HoldOutCheck,
  type LoopClosure,
  type ReadingVerdict,
  type SampleGap,
} from "../../clock/mod.ts";
import { ModelWalk } from "./along.ts";
import type { ClockSession, ReportedClock } from "./facts.ts";
import { type ClockSummary, type StepSummary, summariseClock } from "./summary.ts";

/** A reading of a clock and what became of it. */
export interface ExplainedReading {
  readonly kind: EvidenceKind;
  readonly source: string;
  /** The clock that it was read against. */
  readonly against: string;
  readonly deviceNs: TimeNs;
  /** The same on the reference clock; undefined when the clock is not placed. */
  readonly referenceNs: TimeNs | undefined;
  /** Reading minus model. */
  readonly residualNs: number;
  readonly sigmaNs: number;
  readonly verdict: ReadingVerdict;
  readonly reason: string;
}

/** A step with how its place is known. */
export interface ExplainedStep extends StepSummary {
  readonly placedBy: string;
}

/** A gap of a stream, on its clock and on the reference clock. */
export interface ExplainedGap extends SampleGap {
  /** Last sample before it and first one after it; undefined when the clock is not placed. */
  readonly referenceFromNs: TimeNs | undefined;
  readonly referenceToNs: TimeNs | undefined;
}

/** What is missing of a stream. */
export interface StreamGaps {
  readonly id: string;
  readonly samples: number;
  readonly gaps: number;
  readonly missingSamples: number;
  readonly longestGapNs: number;
  readonly duplicates: number;
  readonly backwards: number;
  /** At most 1000. */
  readonly firstGaps: readonly ExplainedGap[];
}

/** Everything behind the line of a clock. */
export interface ClockExplanation extends ClockSummary {
  /** Ids of the clocks from this one to the reference. */
  readonly path: readonly string[];
  readonly sources: readonly EvidenceSummary[];
  readonly residualRmsNs: number;
  /** In the order in which they were recorded, source by source; empty when the fit kept none. */
  readonly readings: readonly ExplainedReading[];
  readonly explainedSteps: readonly ExplainedStep[];
  readonly gaps: readonly StreamGaps[];
  readonly holdOut: HoldOutCheck | undefined;
  readonly loops: readonly LoopClosure[];
}

/**
 * Explains a clock: every piece of evidence and what became of it, steps, gaps of its streams, checks, and the way to
 * the reference.
 *
 * @example
 * ```ts
 * import { explainClock, fitGraph, Kernel, readingRuns } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const [from, to] = [{ id: "phone/utc", kind: "utc" }, { id: "pc/utc", kind: "utc" }] as const;
 * const { models: [model] } = fitGraph(new Kernel(), {
 *   clocks: [from],
 *   reference: to,
 *   evidence: [{ kind: "event", from, to, fromNs: 0n, toNs: 5n, sigmaNs: 1e6, source: "tap" }],
 * });
 * const audited = {
 *   ...model!,
 *   audit: [{
 *     kind: "event",
 *     source: "tap",
 *     against: to.id,
 *     deviceNs: BigInt64Array.of(0n, 9n),
 *     residualsNs: Float64Array.of(0, 7e9),
 *     sigmasNs: Float64Array.of(1e6, 1e6),
 *     verdicts: ["used", "outlier"],
 *   }],
 * } as const;
 * const clock = { model: audited, streams: [], ties: [to], excluded: [], issues: [] };
 * const session = { models: new Map([[from.id, audited]]), originNs: 0n };
 * const { path, readings } = explainClock(clock, session);
 * assert.deepEqual(path, ["phone/utc", "pc/utc"]);
 * assert.match(readings[1]!.reason, /at odds/);
 * assert.deepEqual(readingRuns(readings).map(({ verdict, count }) => [verdict, count]), [
 *   ["used", 1],
 *   ["outlier", 1],
 * ]);
 * ```
 */
export function explainClock(clock: ReportedClock, session: ClockSession): ClockExplanation {
  const { model, streams } = clock;
  const summary = summariseClock(clock);
  return {
    ...summary,
    path: pathOf(model, session),
    sources: model.evidence,
    residualRmsNs: model.residualRmsNs,
    readings: (model.audit ?? []).flatMap((audit) => explainAudit(model, audit)),
    explainedSteps: summary.steps.map((step, index) => ({
      ...step,
      placedBy: placement(model, step, index),
    })),
    gaps: streams.map(({ id, sampling }) => ({
      id,
      samples: sampling.count + sampling.missingTimes,
      gaps: sampling.gaps,
      missingSamples: sampling.missingSamples,
      longestGapNs: sampling.longestGapNs,
      duplicates: sampling.duplicates,
      backwards: sampling.backwards,
      firstGaps: placeGaps(model, sampling.firstGaps),
    })),
    holdOut: model.holdOut,
    loops: model.loops ?? [],
  };
}

function placeGaps(model: ClockModel, gaps: readonly SampleGap[]): ExplainedGap[] {
  const walk = new ModelWalk(model);
  return gaps.map((gap) => ({
    ...gap,
    referenceFromNs: walk.place(gap.fromNs),
    referenceToNs: walk.place(gap.toNs),
  }));
}

/** From the clock through those between to the reference. */
function pathOf({ clock, reference, via, method }: ClockModel, { models }: ClockSession): string[] {
  const path = [clock.id];
  if (method === "none" || clock.id === reference.id) return path;
  let next = via;
  while (next !== undefined && !path.includes(next)) {
    path.push(next);
    next = models.get(next)?.via;
  }
  return path.includes(reference.id) ? path : [...path, reference.id];
}

function explainAudit(model: ClockModel, audit: EvidenceAudit): ExplainedReading[] {
  const walk = new ModelWalk(model);
  const { kind, source, against, deviceNs, residualsNs, sigmasNs, verdicts } = audit;
  return verdicts.map((verdict, index) => {
    const time = deviceNs[index]!;
    const residualNs = residualsNs[index] ?? NaN;
    const sigmaNs = sigmasNs[index] ?? NaN;
    return {
      kind: evidenceKindOf(kind),
      source,
      against,
      deviceNs: time,
      // What is no reading of the clock has no place, and must not move the walk.
      referenceNs: verdict === "garbage" ? undefined : walk.place(time),
      residualNs,
      sigmaNs,
      verdict,
      reason: reasonFor(verdict, residualNs / sigmaNs),
    };
  });
}

function reasonFor(verdict: ReadingVerdict, sigmas: number): string {
  if (verdict === "used") return "agrees with the others";
  if (verdict === "garbage") return "no plausible reading of a clock";
  if (verdict === "late") return "held up on its way: a quicker one nearby tells more";
  const size = Number.isFinite(sigmas)
    ? ` by ${Number(Math.abs(sigmas).toPrecision(2))} sigma`
    : "";
  return `at odds with those around it${size}`;
}

/** Says how exactly the place of a step is known. */
function placement(
  { segments, steps }: ClockModel,
  { inHost }: StepSummary,
  index: number,
): string {
  const hasRows = steps === undefined || steps.length === segments.length - 1;
  const rows = hasRows ? Object.entries(segments[index + 1]?.firstRows ?? {}) : [];
  const [first] = rows.filter(([, row]) => row > 0);
  const who = inHost ? "the other clock was set" : "the clock was set";
  if (first === undefined) return `${who} between the readings around it`;
  return `${who} before sample ${first[1] + 1} of ${first[0]}`;
}

/** Neighbouring readings of one source that met the same fate. */
export interface ReadingRun {
  readonly kind: EvidenceKind;
  readonly source: string;
  readonly against: string;
  readonly verdict: ReadingVerdict;
  readonly count: number;
  readonly fromNs: TimeNs | undefined;
  readonly toNs: TimeNs | undefined;
  readonly leastResidualNs: number;
  readonly medianResidualNs: number;
  readonly greatestResidualNs: number;
  readonly sigmaNs: number;
  readonly reason: string;
}

/** Joins neighbouring readings of one source with one verdict, so that thousands become a few lines. */
export function readingRuns(readings: readonly ExplainedReading[]): ReadingRun[] {
  const runs: ExplainedReading[][] = [];
  for (const reading of readings) {
    const last = runs.at(-1);
    if (last !== undefined && belongs(reading, last[0]!)) last.push(reading);
    else runs.push([reading]);
  }
  return runs.map(runOf);
}

function belongs(a: ExplainedReading, b: ExplainedReading): boolean {
  return a.verdict === b.verdict && a.source === b.source && a.kind === b.kind &&
    a.against === b.against;
}

function runOf(readings: readonly ExplainedReading[]): ReadingRun {
  const [first] = readings as readonly [ExplainedReading];
  const residuals = readings.map(({ residualNs }) => residualNs);
  const placed = readings.flatMap(({ referenceNs }) => referenceNs ?? []);
  const single = readings.length === 1;
  return {
    kind: first.kind,
    source: first.source,
    against: first.against,
    verdict: first.verdict,
    count: readings.length,
    fromNs: placed[0],
    toNs: placed.at(-1),
    leastResidualNs: residuals.reduce((low, value) => Math.min(low, value), Infinity),
    medianResidualNs: median(residuals),
    greatestResidualNs: residuals.reduce((high, value) => Math.max(high, value), -Infinity),
    sigmaNs: median(readings.map(({ sigmaNs }) => sigmaNs)),
    reason: single ? first.reason : reasonFor(first.verdict, NaN),
  };
}
