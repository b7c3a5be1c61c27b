import { fitTrack, JumpSurvey, type Kernel, type KernelTrack } from "../../wasm/mod.ts";
import { type ClockRef, createIssue, type Issue, type TimeSpan } from "../base/mod.ts";
import type {
  ClockEvidence,
  ClockModel,
  ClockSegment,
  EvidenceAudit,
  ModelStep,
  ReadingVerdict,
  StampJumps,
} from "./model.ts";
import { unplacedIssue } from "./model_issues.ts";
import type { UnseenStretch } from "./unseen_stretches.ts";
import { withUnseen } from "./with_unseen.ts";

/** Readings of two clocks at the same instants, in the order in which they were recorded. */
export interface ClockReadings {
  /** Readings of the device clock in ns; `MISSING_NS` where there is none. */
  readonly deviceNs: BigInt64Array;
  /** Readings of the reference clock at the same instants in ns. */
  readonly referenceNs: BigInt64Array;
  /** Round-trip time of each probe in ns, NaN where it was not kept. */
  readonly roundTripsNs?: Float64Array;
  /** One sigma of each difference in ns, NaN where the scatter of the readings shall tell. */
  readonly sigmasNs?: Float64Array;
  /** How many samples of the stream were recorded before each reading. */
  readonly rows?: Float64Array;
}

/** What {@linkcode fitClock} may be told besides the readings. */
export interface FitClockOptions {
  /** @default {"two-way"} */
  readonly kind?: Exclude<ClockEvidence["kind"], "one-way" | "stored" | "event">;
  /** @default {an unnamed device clock} */
  readonly clock?: ClockRef;
  /** @default {an unnamed reference clock} */
  readonly reference?: ClockRef;
  /** What the readings are called in reports. @default {the kind} */
  readonly source?: string;
  /** The stream whose samples `rows` counts. */
  readonly streamId?: string;
  /** Device times that the model should cover. @default {those of the readings} */
  readonly span?: TimeSpan;
  /** Standard deviation of the drift before any reading, dimensionless. @default {5e-5} A crystal. */
  readonly skewSigma?: number;
  /** Stamps of the samples in file order, which confirm and place steps. */
  readonly samples?: BigInt64Array;
  /** Where those stamps jump, from a {@linkcode JumpSurvey}, when they are too many to be held. */
  readonly jumps?: StampJumps;
}

/** A model and what is wrong with it. */
export interface ClockFit {
  readonly model: ClockModel;
  readonly issues: readonly Issue[];
}

const DEVICE: ClockRef = { id: "device", kind: "device" };
const REFERENCE: ClockRef = { id: "reference", kind: "utc" };
const CRYSTAL_SKEW_SIGMA = 5e-5;
const VERDICTS: readonly ReadingVerdict[] = ["used", "garbage", "late", "outlier"];

/**
 * Fits how one clock runs against another, from readings of both at the same instants.
 *
 * Readings are taken in file order, so that device clocks may be set, forwards and back, or begin again. Implausible
 * and outlying readings do not count. A step that the readings show is looked for in the stamps of samples, if those are
 * given: where they jump by the opposite amount the step lies, and readings that step alone are wrong. Between steps the offset follows the readings as closely as their own scatter
 * says (an integrated random walk, smoothed forwards and backwards; its stiffness is chosen by marginal likelihood,
 * a straight line included). The stated uncertainty is checked on held-out readings and widened if it does not hold.
 *
 * Method: Kalman filter and two-filter smoother (Fraser and Potter 1969); optimal partitioning with a bounded loss
 * (Fearnhead and Rigaill 2019); Tukey's biweight.
 *
 * Throws `RangeError` when the arrays differ in length.
 *
 * @example
 * ```ts
 * import { fitClock, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const seconds = Array.from({ length: 720 }, (_, index) => 5 * index);
 * const { model } = fitClock(new Kernel(), {
 *   deviceNs: BigInt64Array.from(seconds, (s) => BigInt(s * 1e9)),
 *   referenceNs: BigInt64Array.from(seconds, (s) => BigInt(s * 1e9 + 5e9 + s * 20e3)),
 * });
 * assert.equal(model.driftPpm.toFixed(3), "20.000");
 * assert.equal(model.segments[0]?.knots[0]?.offsetNs, 5_000_000_000n);
 * ```
 */
export function fitClock(
  kernel: Kernel,
  readings: ClockReadings,
  options: FitClockOptions = {},
): ClockFit {
  const { model, issues } = fitReadings(kernel, readings, options);
  return { model, issues };
}

/** A fit, and which of its stretches only the stamps of samples show. */
export interface ReadingsFit extends ClockFit {
  readonly stretches: readonly UnseenStretch[];
}

/** The same, and which stretches only the stamps of samples show. */
export function fitReadings(
  kernel: Kernel,
  readings: ClockReadings,
  options: FitClockOptions,
): ReadingsFit {
  const { skewSigma = CRYSTAL_SKEW_SIGMA, span, clock = DEVICE, reference = REFERENCE } = options;
  const jumps = options.jumps ?? jumpsOf(kernel, options.samples);
  const track = fitTrack(kernel, readings, { skewSigma, span, jumps });
  const audit = auditOf(readings, track, options);
  const fitted = modelOf(track, audit, options, clock, reference);
  const { model, stretches, assumed } = withUnseen(fitted, readings, jumps, options.streamId);
  return { model, stretches, issues: [...issuesOf(model), ...assumed] };
}

function jumpsOf(kernel: Kernel, samples: BigInt64Array | undefined): StampJumps | undefined {
  if (samples === undefined) return undefined;
  const survey = new JumpSurvey(kernel);
  try {
    survey.add(samples);
    return survey.get();
  } finally {
    survey.dispose();
  }
}

/** What became of each reading. */
export function verdictsOf({ audit }: KernelTrack): ReadingVerdict[] {
  // Mapping while iterating takes as long as the fit.
  const verdicts: ReadingVerdict[] = [];
  for (let index = 0; index < audit.verdicts.length; index++) {
    verdicts.push(VERDICTS[audit.verdicts[index]!]!);
  }
  return verdicts;
}

function auditOf(
  { deviceNs }: ClockReadings,
  track: KernelTrack,
  { kind = "two-way", source = kind, reference = REFERENCE }: FitClockOptions,
): EvidenceAudit {
  return {
    kind,
    source,
    against: reference.id,
    deviceNs,
    residualsNs: track.audit.residualsNs,
    sigmasNs: track.audit.sigmasNs,
    verdicts: verdictsOf(track),
  };
}

function modelOf(
  track: KernelTrack,
  audit: EvidenceAudit,
  { kind = "two-way", source = kind, streamId }: FitClockOptions,
  clock: ClockRef,
  reference: ClockRef,
): ClockModel {
  const { segments, steps, holdOut, drift, driftSigma, residualRmsNs } = track;
  if (segments.length === 0) return unplaced(clock, reference, audit);
  const used = countUsed(audit);
  return {
    clock,
    reference,
    method: kind,
    segments: segments.map(({ fromNs, toNs, firstRow, knots }, index): ClockSegment => ({
      fromNs,
      toNs,
      firstRows: rowsOf(streamId, index === 0 ? 0 : firstRow),
      knots: knots.map(({ skewSigma = 0, ...knot }) => ({ ...knot, skewSigma })),
    })),
    driftPpm: drift * 1e6,
    driftSigmaPpm: driftSigma * 1e6,
    residualRmsNs,
    evidence: [{ kind, source, used, rejected: audit.verdicts.length - used }],
    steps,
    ...(holdOut.count > 0 ? { holdOut } : {}),
    audit: [audit],
  };
}

function rowsOf(streamId: string | undefined, row: number): Readonly<Record<string, number>> {
  return streamId === undefined || Number.isNaN(row) ? {} : { [streamId]: row };
}

function unplaced(clock: ClockRef, reference: ClockRef, audit: EvidenceAudit): ClockModel {
  const { kind, source, verdicts } = audit;
  return {
    clock,
    reference,
    method: "none",
    segments: [],
    driftPpm: NaN,
    driftSigmaPpm: Infinity,
    residualRmsNs: NaN,
    evidence: [{ kind, source, used: 0, rejected: verdicts.length }],
    audit: [audit],
  };
}

function countUsed({ verdicts }: EvidenceAudit): number {
  let used = 0;
  for (const verdict of verdicts) if (verdict === "used") used++;
  return used;
}

function issuesOf(model: ClockModel): Issue[] {
  const { clock, reference, method, steps = [] } = model;
  const audit = model.audit![0]!;
  const where = { stream: audit.source };
  if (method === "none") {
    return [unplacedIssue({ clock, reference })];
  }
  const issues = stepIssues(model, steps);
  const total = audit.verdicts.length;
  const count = total - countUsed(audit);
  if (count === 0) return issues;
  const params = { count, total, kind: audit.kind, clock: clock.id };
  return [...issues, createIssue("CLOCK_EVIDENCE_REJECTED", params, where)];
}

/** Says where a clock was set. */
export function stepIssues(
  { clock, reference, audit }: ClockModel,
  steps: readonly ModelStep[],
): Issue[] {
  return steps.map(({ atNs, changeNs, inHost }) => {
    const [set, change] = inHost ? [reference, changeNs] : [clock, -changeNs];
    const params = { clock: set.id, step: (change / 1e9).toFixed(3) };
    return createIssue("TIME_STEP", params, { stream: audit![0]!.source, timeNs: atNs });
  });
}
