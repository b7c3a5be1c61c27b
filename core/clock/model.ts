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

/** One instant read on two clocks: a shared event, a stored offset, an absolute anchor. */
export interface PointEvidence {
  readonly kind: "event" | "stored" | "anchor";
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

/** Anything that says how two clocks relate. */
export type ClockEvidence = OneWayEvidence | PointEvidence;

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
  readonly method: "reference" | "one-way" | "events" | "anchor" | "none";
  readonly segments: readonly ClockSegment[];
  /** Mean drift over the session in parts per million, with its standard uncertainty. */
  readonly driftPpm: number;
  readonly driftSigmaPpm: number;
  /** Root mean square of the residuals of the used evidence, ns. */
  readonly residualRmsNs: number;
  readonly evidence: readonly EvidenceSummary[];
  /** The clock through which it is tied to the reference, when not directly. */
  readonly via?: string;
}
