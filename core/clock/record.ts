import type { LatticeSummary, SamplingStatistics } from "../../wasm/mod.ts";
import type { ClockRef } from "../base/mod.ts";
import type { ClockKnot, ClockModel, ClockSegment, EvidenceSummary } from "./model.ts";
import { type LatticeRecord, latticeRecord } from "./record_lattice.ts";
import { type CheckRecords, checkRecords, readChecks } from "./record_checks.ts";

/** What is recorded of a stream beside the clock models. */
export interface AlignedStreamSummary {
  readonly id: string;
  readonly clock: ClockRef;
  readonly nominalRateHz?: number | undefined;
  readonly sampling: SamplingStatistics;
  /** Samples read, and samples that were given a reference time. */
  readonly samplesIn: number;
  readonly samplesOut: number;
  /** The lattice of a regular stream, from which its times were taken. */
  readonly lattice?: LatticeSummary | undefined;
}

/** The alignment record. Times are decimal strings of ns, since JSON numbers cannot hold them. */
export interface AlignmentRecord {
  readonly format: "session-process alignment";
  readonly version: 1;
  /** `t_ref = t_dev + offset(t_dev)`. */
  readonly reference: ClockRef;
  readonly clocks: readonly ClockRecord[];
  readonly streams: readonly StreamRecord[];
}

/** A clock model in the record; figures that are not known are null. */
export interface ClockRecord extends CheckRecords {
  readonly id: string;
  readonly kind: ClockRef["kind"];
  readonly method: ClockModel["method"];
  readonly via: string | null;
  readonly drift_ppm: number | null;
  readonly drift_sigma_ppm: number | null;
  readonly residual_rms_ns: number | null;
  readonly evidence: readonly EvidenceSummary[];
  readonly segments: readonly SegmentRecord[];
}

/** A stretch of a clock without a step. */
export interface SegmentRecord {
  readonly from_ns: string;
  readonly to_ns: string;
  readonly first_rows: Readonly<Record<string, number>>;
  readonly knots: readonly KnotRecord[];
}

/** A point of a clock model. */
export interface KnotRecord {
  readonly device_ns: string;
  readonly offset_ns: string;
  readonly skew: number;
  readonly sigma_ns: number;
  readonly skew_sigma: number;
}

/** How a stream was sampled. */
export interface StreamRecord {
  readonly id: string;
  readonly clock: string;
  readonly samples_in: number;
  readonly samples_out: number;
  readonly nominal_rate_hz: number | null;
  readonly rate_hz: number | null;
  readonly median_interval_ns: number | null;
  readonly jitter_ns: number | null;
  readonly resolution_ns: number | null;
  readonly first_ns: string | null;
  readonly last_ns: string | null;
  readonly missing_times: number;
  readonly duplicates: number;
  readonly backwards: number;
  readonly gaps: number;
  readonly missing_samples: number;
  readonly longest_gap_ns: number;
  /** Null where the jitter of the stamps was left in. */
  readonly lattice: LatticeRecord | null;
  /** At most 1000. */
  readonly first_gaps: readonly {
    readonly row: number;
    readonly from_ns: string;
    readonly to_ns: string;
    readonly missing: number;
  }[];
}

/**
 * Makes the alignment record of a session, which `JSON.stringify` writes.
 *
 * Its schema is `docs/schemas/alignment.schema.json`. Throws `RangeError` when the models do not share one
 * reference clock.
 *
 * @example
 * ```ts
 * import { fitGraph, Kernel, readAlignment, writeAlignment } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const [from, to] = [{ id: "phone/utc", kind: "utc" }, { id: "pc/utc", kind: "utc" }] as const;
 * const { models } = fitGraph(new Kernel(), {
 *   clocks: [from],
 *   reference: to,
 *   evidence: [{ kind: "event", from, to, fromNs: 0n, toNs: 5n, sigmaNs: 10, source: "tap" }],
 * });
 * const text = JSON.stringify(writeAlignment(models, []));
 * assert.deepEqual(readAlignment(JSON.parse(text))[0]?.segments, models[0]?.segments);
 * ```
 */
export function writeAlignment(
  models: readonly ClockModel[],
  streams: readonly AlignedStreamSummary[],
): AlignmentRecord {
  const [first] = models;
  if (first === undefined) throw new RangeError("Cannot write an alignment: there are no clocks");
  const other = models.find(({ reference }) => reference.id !== first.reference.id);
  if (other !== undefined) {
    throw new RangeError(
      `Cannot write an alignment to several clocks: current value is ${other.reference.id}`,
    );
  }
  const { id, kind } = first.reference;
  return {
    format: "session-process alignment",
    version: 1,
    reference: { id, kind },
    clocks: models.map(clockRecord),
    streams: streams.map(streamRecord),
  };
}

/** A number, or null when it is not known. */
function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function clockRecord(model: ClockModel): ClockRecord {
  return {
    id: model.clock.id,
    kind: model.clock.kind,
    method: model.method,
    via: model.via ?? null,
    drift_ppm: known(model.driftPpm),
    drift_sigma_ppm: known(model.driftSigmaPpm),
    residual_rms_ns: known(model.residualRmsNs),
    evidence: model.evidence.map(({ kind, source, used, rejected }) => ({
      kind,
      source,
      used,
      rejected,
    })),
    ...checkRecords(model),
    segments: model.segments.map(segmentRecord),
  };
}

function segmentRecord({ fromNs, toNs, firstRows, knots }: ClockSegment): SegmentRecord {
  return {
    from_ns: String(fromNs),
    to_ns: String(toNs),
    first_rows: firstRows,
    knots: knots.map(({ deviceNs, offsetNs, skew, sigmaNs, skewSigma = 0 }) => ({
      device_ns: String(deviceNs),
      offset_ns: String(offsetNs),
      skew,
      sigma_ns: sigmaNs,
      skew_sigma: skewSigma,
    })),
  };
}

function streamRecord(stream: AlignedStreamSummary): StreamRecord {
  const { id, clock, nominalRateHz = NaN, sampling, samplesIn, samplesOut } = stream;
  return {
    id,
    clock: clock.id,
    samples_in: samplesIn,
    samples_out: samplesOut,
    nominal_rate_hz: known(nominalRateHz),
    rate_hz: known(sampling.rateHz),
    median_interval_ns: known(sampling.medianIntervalNs),
    jitter_ns: known(sampling.jitterNs),
    resolution_ns: known(sampling.quantumNs),
    first_ns: sampling.firstNs === undefined ? null : String(sampling.firstNs),
    last_ns: sampling.lastNs === undefined ? null : String(sampling.lastNs),
    missing_times: sampling.missingTimes,
    duplicates: sampling.duplicates,
    backwards: sampling.backwards,
    gaps: sampling.gaps,
    missing_samples: sampling.missingSamples,
    longest_gap_ns: sampling.longestGapNs,
    lattice: stream.lattice === undefined ? null : latticeRecord(stream.lattice),
    first_gaps: sampling.firstGaps.map(({ row, fromNs, toNs, missing }) => ({
      row,
      from_ns: String(fromNs),
      to_ns: String(toNs),
      missing,
    })),
  };
}

/**
 * The clock models of an alignment record, as they were written but for the list of single readings.
 *
 * Throws `TypeError` when it is not an alignment record of a version that is known.
 */
export function readAlignment(record: AlignmentRecord): ClockModel[] {
  if (record?.format !== "session-process alignment" || record.version !== 1) {
    throw new TypeError(
      `Cannot read an alignment record: current format is ${record?.format} ${record?.version}`,
    );
  }
  return record.clocks.map((clock) => ({
    clock: { id: clock.id, kind: clock.kind },
    reference: record.reference,
    method: clock.method,
    segments: clock.segments.map(readSegment),
    driftPpm: clock.drift_ppm ?? NaN,
    driftSigmaPpm: clock.drift_sigma_ppm ?? Infinity,
    residualRmsNs: clock.residual_rms_ns ?? NaN,
    evidence: clock.evidence,
    ...(clock.via === null ? {} : { via: clock.via }),
    ...readChecks(clock),
  }));
}

function readSegment({ from_ns, to_ns, first_rows, knots }: SegmentRecord): ClockSegment {
  return {
    fromNs: BigInt(from_ns),
    toNs: BigInt(to_ns),
    firstRows: first_rows,
    knots: knots.map(readKnot),
  };
}

function readKnot({ device_ns, offset_ns, skew, sigma_ns, skew_sigma }: KnotRecord): ClockKnot {
  return {
    deviceNs: BigInt(device_ns),
    offsetNs: BigInt(offset_ns),
    skew,
    sigmaNs: sigma_ns,
    ...(skew_sigma === 0 ? {} : { skewSigma: skew_sigma }),
  };
}
