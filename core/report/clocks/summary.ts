import type { ClockKind, TimeNs } from "../../base/mod.ts";
import {
  type ClockModel,
  type ClockSegment,
  type EvidenceKind,
  evidenceKindOf,
} from "../../clock/mod.ts";
import { ModelWalk, readAt } from "./along.ts";
import type { ReportedClock } from "./facts.ts";
import { halfWidth95 } from "./uncertainty.ts";
import { judge, type Judgement } from "./verdict.ts";

/** Readings of one kind that a model used and rejected. */
export interface KindCount {
  readonly kind: EvidenceKind;
  readonly used: number;
  readonly rejected: number;
}

/** A sudden change of a clock. */
export interface StepSummary {
  /** First device time after it. */
  readonly atNs: TimeNs;
  /** The same on the reference clock. */
  readonly referenceNs: TimeNs | undefined;
  /** Change of the offset, positive when the clock was set back. */
  readonly changeNs: number;
  /** The clock that was set is the one it was read against. */
  readonly inHost: boolean;
}

/** One clock in one line. */
export interface ClockSummary extends Judgement {
  readonly id: string;
  readonly kind: ClockKind;
  readonly reference: string;
  readonly method: ClockModel["method"];
  readonly via: string | undefined;
  /** `t_ref - t_dev` at the first sample; undefined when the clock is not placed. */
  readonly offsetNs: TimeNs | undefined;
  /** Device time at which the offset is told. */
  readonly offsetAtNs: TimeNs | undefined;
  readonly driftPpm: number;
  readonly driftSigmaPpm: number;
  readonly steps: readonly StepSummary[];
  /** Half width of the 95 % interval that 95 of 100 samples do not exceed, in ns. */
  readonly halfWidthNs: number;
  /** The same without what the stamps of the samples are off by themselves. */
  readonly clockHalfWidthNs: number;
  readonly evidence: readonly KindCount[];
  /** Ids of the streams that it stamps. */
  readonly streams: readonly string[];
}

/**
 * Sums a clock up: how it runs, how certain that is, on what evidence, and how far its times can be trusted.
 *
 * @example
 * ```ts
 * import { fitGraph, Kernel, summariseClock } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const [from, to] = [{ id: "phone/utc", kind: "utc" }, { id: "pc/utc", kind: "utc" }] as const;
 * const { models } = fitGraph(new Kernel(), {
 *   clocks: [from],
 *   reference: to,
 *   evidence: [{ kind: "event", from, to, fromNs: 0n, toNs: 5n, sigmaNs: 1e6, source: "tap" }],
 * });
 * const clock = { model: models[0]!, streams: [], ties: [to], excluded: [], issues: [] };
 * const { offsetNs, verdict } = summariseClock(clock);
 * assert.deepEqual([offsetNs, verdict], [5n, "good"]);
 * ```
 */
export function summariseClock(clock: ReportedClock): ClockSummary {
  const { model, streams } = clock;
  const halfWidthNs = halfWidth95(model, streams);
  const exact = streams.map((stream) => ({ ...stream, stampSigmaNs: 0 }));
  const clockHalfWidthNs = halfWidth95(model, exact);
  const offsetAtNs = firstTime(clock);
  return {
    id: model.clock.id,
    kind: model.clock.kind,
    reference: model.reference.id,
    method: model.method,
    via: model.via,
    offsetNs: offsetAtNs === undefined ? undefined : offsetAt(model, offsetAtNs),
    offsetAtNs,
    driftPpm: model.driftPpm,
    driftSigmaPpm: model.driftSigmaPpm,
    steps: stepsOf(model),
    halfWidthNs,
    clockHalfWidthNs,
    evidence: countKinds(model),
    streams: streams.map(({ id }) => id),
    ...judge(clock, { halfWidthNs, clockHalfWidthNs }),
  };
}

/** The first sample in file order, or the beginning of the model. */
function firstTime({ model, streams }: ReportedClock): TimeNs | undefined {
  const starts = streams.flatMap(({ sampling }) => sampling.firstNs ?? []);
  const first = starts.reduce<TimeNs | undefined>(
    (low, time) => low === undefined || time < low ? time : low,
    undefined,
  );
  return first ?? model.segments[0]?.fromNs;
}

function offsetAt({ segments }: ClockModel, time: TimeNs): TimeNs | undefined {
  return segments[0] && readAt(segments[0], time)?.offsetNs;
}

/** The steps that a model tells, or else those between its stretches. */
export function stepsOf(model: ClockModel): StepSummary[] {
  const { segments } = model;
  const walk = new ModelWalk(model);
  const steps = model.steps ?? segments.slice(1).map((segment, index) => ({
    atNs: segment.fromNs,
    changeNs: changeBetween(segments[index]!, segment),
    inHost: false,
  }));
  return steps.map((step, index) => {
    // A time after a step back lies in the stretch ahead of it as well.
    const after = steps.length === segments.length - 1 ? segments[index + 1] : undefined;
    const reading = after && readAt(after, step.atNs);
    const referenceNs = reading === undefined
      ? walk.place(step.atNs)
      : step.atNs + reading.offsetNs;
    return { ...step, referenceNs };
  });
}

function changeBetween(before: ClockSegment, after: ClockSegment): number {
  const old = readAt(before, before.toNs);
  const next = readAt(after, after.fromNs);
  return old === undefined || next === undefined ? NaN : Number(next.offsetNs - old.offsetNs);
}

function countKinds({ evidence }: ClockModel): KindCount[] {
  const counts = new Map<EvidenceKind, KindCount>();
  for (const { kind: given, used, rejected } of evidence) {
    const kind = evidenceKindOf(given);
    const known = counts.get(kind) ?? { kind, used: 0, rejected: 0 };
    counts.set(kind, {
      kind,
      used: known.used + used,
      rejected: known.rejected + rejected,
    });
  }
  return [...counts.values()];
}
