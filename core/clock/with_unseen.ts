import { createIssue, type Issue } from "../base/mod.ts";
import type { ClockModel, ClockSegment, EvidenceAudit, StampJumps } from "./model.ts";
import { offsetAt, typicalSigma } from "./relation.ts";
import { type UnseenStretch, unseenStretches } from "./unseen_stretches.ts";

/** Readings of a stream whose samples were counted. */
interface CountedReadings {
  readonly deviceNs: BigInt64Array;
  readonly referenceNs: BigInt64Array;
  readonly rows?: Float64Array;
}

/** A model with the stretches that only the stamps of samples show, and what is assumed of them. */
export interface Completed {
  readonly model: ClockModel;
  readonly stretches: readonly UnseenStretch[];
  readonly assumed: readonly Issue[];
}

/** Adds stretches behind the last used reading, where the stamps of samples show that the clock was set. */
export function withUnseen(
  model: ClockModel,
  { deviceNs, referenceNs, rows }: CountedReadings,
  jumps: StampJumps | undefined,
  streamId: string | undefined,
): Completed {
  const audit = model.audit?.[0];
  if (rows === undefined || jumps === undefined || audit === undefined) {
    return { model, stretches: [], assumed: [] };
  }
  const noiseNs = Math.max(model.residualRmsNs, typicalSigma(model));
  const readings = { deviceNs, referenceNs, rows, verdicts: audit.verdicts, noiseNs };
  return complete(model, referenceNs, unseenStretches(model.segments, readings, jumps), streamId);
}

/** Adds stretches to a model of the readings that they speak of. */
export function complete(
  model: ClockModel,
  referenceNs: BigInt64Array,
  stretches: readonly UnseenStretch[],
  streamId: string | undefined,
): Completed {
  if (stretches.length === 0) return { model, stretches, assumed: [] };
  const heard = withReadings(model, model.audit![0]!, referenceNs, stretches);
  const completed = withStretches(heard, stretches, streamId);
  return { model: completed, stretches, assumed: assumptions(model, stretches) };
}

/** The readings that tell a stretch count. */
function withReadings(
  model: ClockModel,
  audit: EvidenceAudit,
  referenceNs: BigInt64Array,
  stretches: readonly UnseenStretch[],
): ClockModel {
  const verdicts = [...audit.verdicts];
  const [residualsNs, sigmasNs] = [audit.residualsNs.slice(), audit.sigmasNs.slice()];
  for (const { segment, sigmaNs, readings } of stretches) {
    for (const index of readings) {
      const time = audit.deviceNs[index]!;
      verdicts[index] = "used";
      residualsNs[index] = Number(referenceNs[index]! - time - offsetAt(segment, time).offsetNs);
      sigmasNs[index] = sigmaNs;
    }
  }
  const used = verdicts.filter((verdict) => verdict === "used").length;
  const evidence = model.evidence.map((one) => ({
    ...one,
    used,
    rejected: verdicts.length - used,
  }));
  return { ...model, evidence, audit: [{ ...audit, verdicts, residualsNs, sigmasNs }] };
}

function withStretches(
  model: ClockModel,
  stretches: readonly UnseenStretch[],
  streamId: string | undefined,
): ClockModel {
  const { segments, steps = [] } = model;
  const rows = (row: number) => streamId === undefined ? {} : { [streamId]: row };
  const changes = stretches.filter(({ changeNs }) => changeNs !== 0);
  return {
    ...model,
    segments: [
      ...segments.map((segment) => endingBefore(segment, stretches)),
      ...stretches.map(({ segment, row }) => ({ ...segment, firstRows: rows(row) })),
    ],
    steps: [
      ...steps,
      ...changes.map(({ segment, changeNs }) => ({
        atNs: segment.fromNs,
        changeNs,
        inHost: false,
      })),
    ],
  };
}

/** A stretch reaches over the whole span of the stamps until it is known which of them lie in a later one. */
function endingBefore(segment: ClockSegment, later: readonly UnseenStretch[]): ClockSegment {
  const { fromNs, toNs, knots } = segment;
  const [first, last] = [knots[0]!.deviceNs, knots.at(-1)!.deviceNs];
  const ahead = later.some(({ segment: one }) => one.fromNs < first && fromNs <= one.toNs);
  const behind = later.some(({ segment: one }) => one.fromNs > last && toNs >= one.fromNs);
  return { ...segment, fromNs: ahead ? first : fromNs, toNs: behind ? last : toNs };
}

/** Says where a stretch rests on an assumption. */
function assumptions(
  { clock, reference, audit }: ClockModel,
  stretches: readonly UnseenStretch[],
): Issue[] {
  const where = audit?.[0] === undefined ? {} : { stream: audit[0].source };
  return stretches.filter(({ readings }) => readings.length < 2).map(
    ({ segment: { fromNs }, jumpNs, sigmaNs }) =>
      createIssue("CLOCK_SET_UNSEEN", {
        clock: clock.id,
        reference: reference.id,
        jump: (jumpNs / 1e9).toFixed(3),
        within: (1.96 * sigmaNs / 1e9).toFixed(3),
      }, { ...where, timeNs: fromNs }),
  );
}
