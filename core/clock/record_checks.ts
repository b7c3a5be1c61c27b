import type {
  ClockModel,
  EvidenceAudit,
  HoldOutCheck,
  LoopClosure,
  ModelStep,
  ReadingVerdict,
} from "./model.ts";
import { offsetAt, rounded } from "./relation.ts";

/** A sudden change of a clock in the record. */
export interface StepRecord {
  /** Device time of the first sample after it. */
  readonly device_ns: string;
  /** Change of the offset. */
  readonly change_ns: string;
  /** The other clock was set; the device stamps run on through it. */
  readonly in_host: boolean;
}

/** How readings that the fit did not see lie, in the record. */
export interface HoldOutRecord {
  readonly count: number;
  readonly coverage: number;
  readonly runs_score: number;
  readonly widened: number;
}

/** How far a way round ends from where it began, in the record. */
export interface LoopRecord {
  readonly clocks: readonly string[];
  readonly residual_ns: number;
  readonly sigma_ns: number;
}

/** A reading that did not count, in the record. */
export interface RejectedRecord {
  readonly source: string;
  readonly against: string;
  readonly device_ns: string;
  /** Reading minus model; null where that is no number. */
  readonly residual_ns: number | null;
  readonly verdict: ReadingVerdict;
}

/** What a clock record says of how far its model can be trusted. */
export interface CheckRecords {
  /** Sudden changes of the offset between segments. */
  readonly steps: readonly StepRecord[];
  readonly hold_out: HoldOutRecord | null;
  readonly loops: readonly LoopRecord[];
  /** At most 1000; the evidence has their number. */
  readonly rejected_readings: readonly RejectedRecord[];
}

/** Rejected readings that are listed of one clock. */
const MOST_REJECTED = 1000;

/** Turns what a model says of its trustworthiness into the words of the record. */
export function checkRecords(model: ClockModel): CheckRecords {
  return {
    steps: (model.steps ?? bordersOf(model)).map(stepRecord),
    hold_out: model.holdOut === undefined ? null : holdOutRecord(model.holdOut),
    loops: (model.loops ?? []).map(loopRecord),
    rejected_readings: (model.audit ?? []).flatMap(rejectedOf).slice(0, MOST_REJECTED),
  };
}

function stepRecord({ atNs, changeNs, inHost }: ModelStep): StepRecord {
  return { device_ns: String(atNs), change_ns: String(rounded(changeNs)), in_host: inHost };
}

/** Steps of a model that does not name them: the changes between its segments. */
function bordersOf({ segments }: ClockModel): ModelStep[] {
  return segments.slice(1).map((after, index) => {
    const before = segments[index]!;
    const change = offsetAt(after, after.fromNs).offsetNs - offsetAt(before, before.toNs).offsetNs;
    return { atNs: after.fromNs, changeNs: Number(change), inHost: false };
  });
}

function holdOutRecord({ count, coverage, runsScore, widened }: HoldOutCheck): HoldOutRecord {
  return { count, coverage, runs_score: runsScore, widened };
}

function loopRecord({ clocks, residualNs, sigmaNs }: LoopClosure): LoopRecord {
  return { clocks, residual_ns: residualNs, sigma_ns: sigmaNs };
}

function rejectedOf(audit: EvidenceAudit): RejectedRecord[] {
  const { source, against, deviceNs, residualsNs, verdicts } = audit;
  return verdicts.flatMap((verdict, index) => {
    if (verdict === "used") return [];
    const residual = residualsNs[index] ?? NaN;
    return [{
      source,
      against,
      device_ns: String(deviceNs[index]),
      residual_ns: Number.isFinite(residual) ? residual : null,
      verdict,
    }];
  });
}

/** The parts of a model that {@linkcode checkRecords} wrote, but for the readings themselves. */
export function readChecks(
  { steps, hold_out, loops }: CheckRecords,
): Pick<ClockModel, "steps" | "holdOut" | "loops"> {
  return {
    ...(steps.length === 0 ? {} : { steps: steps.map(readStep) }),
    ...(hold_out === null ? {} : { holdOut: readHoldOut(hold_out) }),
    ...(loops.length === 0 ? {} : { loops: loops.map(readLoop) }),
  };
}

function readStep({ device_ns, change_ns, in_host }: StepRecord): ModelStep {
  return { atNs: BigInt(device_ns), changeNs: Number(change_ns), inHost: in_host };
}

function readHoldOut({ count, coverage, runs_score, widened }: HoldOutRecord): HoldOutCheck {
  return { count, coverage, runsScore: runs_score, widened };
}

function readLoop({ clocks, residual_ns, sigma_ns }: LoopRecord): LoopClosure {
  return { clocks, residualNs: residual_ns, sigmaNs: sigma_ns };
}
