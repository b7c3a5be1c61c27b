import type { ClockRef, TimeNs } from "../base/mod.ts";

/** A device stamp and the host's stamp of its arrival, many times: delay is one-sided and unknown. */
export interface OneWayEvidence {
  readonly kind: "one-way";
  readonly from: ClockRef;
  readonly to: ClockRef;
  /** Device stamps in ns, in file order. Already thinned to the smallest delay of each block. */
  readonly fromNs: BigInt64Array;
  /** Host stamps in ns. */
  readonly toNs: BigInt64Array;
  /** How many pairs each one stands for. */
  readonly counts: Uint32Array;
  /** Index of each sample in its stream, which orders the evidence. */
  readonly rows: Float64Array;
  /** Coarseness of both stamps together, in ns. */
  readonly resolutionNs: number;
  readonly source: string;
  /** The stream whose samples the rows count. */
  readonly streamId?: string;
  /** Largest sudden changes of `to` minus `from` between neighbouring pairs, which place steps exactly. */
  readonly jumps?: ClockJumps;
  /** Pairs that were left out as garbage before thinning. */
  readonly rejected?: number;
  /** Bounds of the smallest delay, which the pairs alone cannot show. @default {0 to 20 ms} */
  readonly minimumDelay?: DelayBounds;
}

/** Sudden changes of the difference of two clocks, with the sample after each. */
export interface ClockJumps {
  readonly rows: Float64Array;
  /** Device stamp of that sample. */
  readonly fromNs: BigInt64Array;
  /** Change of `to` minus `from`. */
  readonly sizesNs: BigInt64Array;
  /** Device time that passed since the sample before. */
  readonly passedNs: BigInt64Array;
}

/** What is known beforehand of the smallest delay of a transfer, in ns. */
export interface DelayBounds {
  readonly lowNs: number;
  readonly highNs: number;
}

/** One instant read on two clocks: a shared event, a stored offset, an absolute anchor, a single reading of a series. */
export interface PointEvidence {
  readonly kind: "event" | "stored" | "anchor" | Exclude<SeriesEvidence["kind"], "events">;
  readonly from: ClockRef;
  readonly to: ClockRef;
  readonly fromNs: TimeNs;
  readonly toNs: TimeNs;
  /** One sigma in ns. */
  readonly sigmaNs: number;
  /**
   * Standard deviation of the drift that the clock `from` may have, dimensionless.
   *
   * @default {5e-5} A crystal. Nominal frame times of a camera can be off by percents.
   */
  readonly skewSigma?: number;
  readonly source: string;
}

/**
 * Readings of two clocks at the same instants, many times: probes there and back, events that both recorded,
 * windows in which the same motion or sound was seen.
 */
export interface SeriesEvidence {
  readonly kind: "two-way" | "events" | "motion" | "audio" | "flash";
  readonly from: ClockRef;
  readonly to: ClockRef;
  /** Readings of `from` in ns, in the order in which they were recorded. */
  readonly fromNs: BigInt64Array;
  /** Readings of `to` at the same instants in ns. */
  readonly toNs: BigInt64Array;
  /** One sigma of each difference in ns. NaN, or no array: the scatter of the readings tells it. */
  readonly sigmasNs?: Float64Array;
  /**
   * One sigma in ns of an error that all readings have in common, such as the delay of a log. No number of readings
   * makes it smaller.
   *
   * @default {0}
   */
  readonly commonSigmaNs?: number;
  /** Round-trip time of each probe in ns, NaN where it was not kept. */
  readonly roundTripsNs?: Float64Array;
  /** For each reading how many samples of the stream were recorded before it, which places steps by file order. */
  readonly rows?: Float64Array;
  /** The stream whose samples the rows count. */
  readonly streamId?: string;
  /** Places where the stamps of that stream jump, in its file order. */
  readonly jumps?: StampJumps;
  readonly source: string;
}

/** Places where the stamps of a stream jump by more than its spacing explains. */
export interface StampJumps {
  /** Index of the sample after each jump. */
  readonly rows: Float64Array;
  /** Its stamp. */
  readonly deviceNs: BigInt64Array;
  /** How much more than the usual spacing the stamps advanced, negative when they went back. */
  readonly sizesNs: BigInt64Array;
  /** Smallest jump that would have been seen, in ns. @default {0} */
  readonly smallestNs?: number;
  /** Samples that were looked at. @default {not known} */
  readonly count?: number;
}

/** Anything that says how two clocks relate. */
export type ClockEvidence = OneWayEvidence | PointEvidence | SeriesEvidence;

/** What became of a reading: used, not a plausible number, held up on its way, or at odds with the others. */
export type ReadingVerdict = "used" | "garbage" | "late" | "outlier";

/** What became of each reading of a piece of evidence. */
export interface EvidenceAudit {
  readonly kind: ClockEvidence["kind"];
  readonly source: string;
  /** The other clock. */
  readonly against: string;
  /** Readings on the clock of the model, ns. */
  readonly deviceNs: BigInt64Array;
  /** Reading minus model, ns. */
  readonly residualsNs: Float64Array;
  /** One sigma with which each counted, ns. */
  readonly sigmasNs: Float64Array;
  readonly verdicts: readonly ReadingVerdict[];
}

/** A sudden change of a clock. */
export interface ModelStep {
  /** First device time after it. */
  readonly atNs: TimeNs;
  /** Change of the offset in ns: positive when the device clock was set back. */
  readonly changeNs: number;
  /** The other clock was set: the device stamps run on through it. */
  readonly inHost: boolean;
}

/** How well readings that the fit did not see lie within what it states. */
export interface HoldOutCheck {
  readonly count: number;
  /** Share of them inside their 95 % interval. */
  readonly coverage: number;
  /** Standard score of the number of runs of equal sign: far below zero when the curve is too stiff. */
  readonly runsScore: number;
  /** Factor by which the uncertainty was widened because of it, 1 when it passed. */
  readonly widened: number;
}

/** How far a way round through other clocks ends from where it began. */
export interface LoopClosure {
  /** Ids of the clocks, from this one and back. */
  readonly clocks: readonly string[];
  readonly residualNs: number;
  /** What the uncertainties along the way let expect, one sigma. */
  readonly sigmaNs: number;
}

/**
 * A point of a clock model. Between knots offset, and sigma, are linear; outside the first and last the
 * offset runs on with their skew.
 *
 * One sign convention holds everywhere: `t_ref = t_dev + offset(t_dev)`.
 */
export interface ClockKnot {
  readonly deviceNs: TimeNs;
  readonly offsetNs: TimeNs;
  /** Change of the offset per device time, dimensionless: 2e-5 is 20 ppm. */
  readonly skew: number;
  /** Standard uncertainty in ns. */
  readonly sigmaNs: number;
  /** Standard uncertainty of the skew, by which sigma grows outside the knots. @default {0} */
  readonly skewSigma?: number;
}

/** A stretch of a clock without a step. */
export interface ClockSegment {
  /** First device time in file order for which it holds. */
  readonly fromNs: TimeNs;
  /** Last device time in file order for which it holds. */
  readonly toNs: TimeNs;
  /** For each stream on this clock, index of its first sample in this segment. */
  readonly firstRows: Readonly<Record<string, number>>;
  readonly knots: readonly ClockKnot[];
}

/** Evidence that a model used or rejected, in summary. */
export interface EvidenceSummary {
  readonly kind: ClockEvidence["kind"];
  readonly source: string;
  readonly used: number;
  readonly rejected: number;
}

/** How one clock runs against the reference clock. */
export interface ClockModel {
  readonly clock: ClockRef;
  readonly reference: ClockRef;
  /** How it is tied to the reference, or to the clock in `via`. */
  readonly method:
    | "reference"
    | "two-way"
    | "one-way"
    | "events"
    | "motion"
    | "audio"
    | "flash"
    | "anchor"
    | "none";
  readonly segments: readonly ClockSegment[];
  /** Mean drift over the session in parts per million, with its standard uncertainty. */
  readonly driftPpm: number;
  readonly driftSigmaPpm: number;
  /** Root mean square of the residuals of the used evidence, ns. */
  readonly residualRmsNs: number;
  readonly evidence: readonly EvidenceSummary[];
  /** The clock through which it is tied to the reference, when not directly. */
  readonly via?: string;
  readonly steps?: readonly ModelStep[];
  readonly holdOut?: HoldOutCheck;
  readonly loops?: readonly LoopClosure[];
  /** Each reading and what became of it. */
  readonly audit?: readonly EvidenceAudit[];
}
