import type { TimeNs } from "../base/mod.ts";
import {
  type ClockModel,
  type LatticeGap,
  type LatticeSummary,
  offsetAt,
  type SampleGap,
  type SamplingStatistics,
} from "../clock/mod.ts";
import type { StreamScan } from "./scan.ts";
import { type PlacingRun, solveLattice, usesLattice } from "./stream_placer.ts";

/** Gaps that are listed: as many as the first pass keeps. */
const KEPT_GAPS = 1000;

/** Streams whose statistics and lattices say the same. */
export interface SettledScans {
  readonly scans: readonly StreamScan[];
  /** The lattices on which samples are put, by stream id; streams whose jitter stays in their times have none. */
  readonly lattices: ReadonlyMap<string, LatticeSummary>;
}

/**
 * Has the lattice of every stream tell what is missing of it, once the clocks are known.
 *
 * The first pass counts on the stamps of one clock, where a timer that wanders, a clock that was set or a row that was
 * written twice look like samples that come and go. The lattice knows better, and where it finds that a stream keeps
 * no period, nothing can be missing of it.
 *
 * @example
 * ```ts
 * import { faultySession, fitSession, Kernel, openSession, resolveSettings, scanSession, settleScans } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const kernel = new Kernel();
 * const { folder } = await faultySession("SAMPLES_MISSING");
 * const opened = await openSession(folder);
 * const settings = resolveSettings({}, opened.config, opened.session);
 * const read = await scanSession({ ...opened, kernel });
 * const fit = fitSession({ session: opened.session, settings, kernel }, read);
 * const { scans, lattices } = settleScans({ kernel, settings }, read, fit.models);
 * const gapped = scans.find(({ sampling }) => sampling.gaps > 0)!;
 * assert.equal(gapped.sampling.missingSamples, lattices.get(gapped.schema.id)?.dropped);
 * ```
 */
export function settleScans(
  run: PlacingRun,
  scans: readonly StreamScan[],
  models: ReadonlyMap<string, ClockModel>,
): SettledScans {
  const lattices = new Map<string, LatticeSummary>();
  const settled = scans.map((scan) => {
    const { schema: { id, clock }, sampling } = scan;
    const model = models.get(clock.id);
    const lattice = summaryOf(run, scan, model);
    if (lattice !== undefined && model !== undefined && usesLattice(run, model)) {
      lattices.set(id, lattice);
    }
    return { ...scan, sampling: settle(sampling, model, lattice) };
  });
  return { scans: settled, lattices };
}

function summaryOf(
  { kernel }: PlacingRun,
  scan: StreamScan,
  model: ClockModel | undefined,
): LatticeSummary | undefined {
  const dejitterer = solveLattice(kernel, scan, model);
  dejitterer?.dispose();
  return dejitterer?.summary;
}

function settle(
  sampling: SamplingStatistics,
  model: ClockModel | undefined,
  lattice: LatticeSummary | undefined,
): SamplingStatistics {
  // Too few samples for a lattice may still show gaps in what the recorder meant to take.
  if (lattice?.skipped === "too-few") return sampling;
  // Events come when they come: they have no spread about anything.
  if (lattice === undefined) return { ...withoutPeriod(sampling), stampSigmaNs: NaN };
  if (lattice.skipped !== undefined) return withoutPeriod(sampling);
  const { gaps } = lattice;
  return {
    ...sampling,
    regular: true,
    rateHz: lattice.rateHz,
    medianIntervalNs: 1e9 / lattice.rateHz,
    missingSamples: lattice.dropped,
    gaps: gaps.length,
    longestGapNs: gaps.reduce((most, { fromNs, toNs }) => Math.max(most, Number(toNs - fromNs)), 0),
    firstGaps: gaps.slice(0, KEPT_GAPS).map((gap) => onDevice(gap, model)),
  };
}

/** Of events, and of a timer that wanders, nothing is missing; each stamp is as good as its neighbours say. */
function withoutPeriod(sampling: SamplingStatistics): SamplingStatistics {
  const { count, missingSamples, rateHz, neighbourSigmaNs, stampSigmaNs } = sampling;
  return {
    ...sampling,
    regular: false,
    // The first pass has spread the samples over places that do not exist.
    rateHz: rateHz * count / (count + missingSamples),
    stampSigmaNs: Math.min(neighbourSigmaNs, stampSigmaNs),
    missingSamples: 0,
    gaps: 0,
    longestGapNs: 0,
    firstGaps: [],
  };
}

/** A gap of a lattice, which lies on the reference clock, on the clock of the stream. */
function onDevice(
  { row, missing, fromNs, toNs }: LatticeGap,
  model: ClockModel | undefined,
): SampleGap {
  if (model === undefined || model.method === "none") return { row, missing, fromNs, toNs };
  return { row, missing, fromNs: deviceTime(model, fromNs), toNs: deviceTime(model, toNs) };
}

/** The device time that a model puts at a reference time; that of the nearest stretch where none holds there. */
function deviceTime({ segments }: ClockModel, referenceNs: TimeNs): TimeNs {
  const found = segments.filter(({ knots }) => knots.length > 0).map((segment) => {
    let time = referenceNs;
    for (let round = 0; round < ROUNDS; round++) {
      time = referenceNs - offsetAt(segment, time).offsetNs;
    }
    const { fromNs, toNs } = segment;
    return { time, off: time < fromNs ? fromNs - time : time > toNs ? time - toNs : 0n };
  });
  const nearest = found.toSorted((a, b) => (a.off < b.off ? -1 : a.off > b.off ? 1 : 0))[0];
  return nearest?.time ?? referenceNs;
}

/** Each brings a time nearer by the skew of a clock, which is below a hundredth. */
const ROUNDS = 5;
