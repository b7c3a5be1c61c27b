import { fitTrack, type Kernel, type KernelTrack, type TrackJumps } from "../../wasm/mod.ts";
import { median, type TimeNs, type TimeSpan } from "../base/mod.ts";
import { verdictsOf } from "./fit_clock.ts";
import type { DelayBounds, EvidenceAudit, ModelStep, OneWayEvidence } from "./model.ts";
import { CRYSTAL_SKEW_SIGMA } from "./points.ts";
import type { Relation } from "./relation.ts";
import { setByPhase, type SetClock } from "./sample_phase.ts";

/** Jumps of stamps from this size on are certainly listed, in ns. */
const LISTED_NS = 1e8;
/** So are those that exceed this many sample periods, unless they are as small as delays. */
const LISTED_PERIODS = 1.75;
const LEAST_LISTED_NS = 3e7;
/** What is known of the smallest delay of a wireless link. */
const MINIMUM_DELAY: DelayBounds = { lowNs: 0, highNs: 20e6 };

/** A relation from one-way evidence, with the steps in it. */
export interface OneWayFit {
  readonly relation: Relation;
  readonly steps: readonly ModelStep[];
}

/**
 * Fits how a device clock runs against a host clock through the quickest arrivals.
 *
 * How late the quickest arrival of a block is, and what coarse stamps add, is told by the scatter of the blocks;
 * coarse stamps are taken for rounded, and those of a host that cuts them are half a step early. The
 * smallest delay of the link cannot be seen in one-way pairs. What it is at least is taken off; the rest stays in
 * the offset, and in sigma as the root mean square of what it may be.
 */
export function fitOneWay(
  kernel: Kernel,
  evidence: OneWayEvidence,
  span: TimeSpan | undefined,
): OneWayFit | undefined {
  const { fromNs, toNs, rows, counts, resolutionNs, minimumDelay = MINIMUM_DELAY } = evidence;
  const jumps = jumpsOf(evidence);
  const readings = {
    deviceNs: fromNs,
    referenceNs: toNs,
    rows,
    counts: Float64Array.from(counts),
  };
  const track = fitTrack(kernel, readings, {
    skewSigma: CRYSTAL_SKEW_SIGMA,
    span,
    jumps,
    arrivals: { resolutionNs, ...minimumDelay },
  });
  if (track.segments.length === 0) return undefined;
  const steps = track.steps.map((step, index) => {
    const firstRow = track.segments[index + 1]?.firstRow;
    const told = tellBy(evidence, firstRow, step.changeNs);
    const runs = told === "host" || runsOn(evidence, jumps, firstRow, step.changeNs);
    return { ...step, inHost: told !== "device" && (step.inHost || runs) };
  });
  return { relation: relationOf(evidence, track, steps), steps };
}

/** Which clock was set, as the places of the samples before a row and from it on tell. */
function tellBy(
  evidence: OneWayEvidence,
  firstRow: number | undefined,
  changeNs: number,
): SetClock {
  const block = evidence.rows.findIndex((row) => row >= (firstRow ?? NaN));
  return block < 1 ? "unknown" : setByPhase(evidence, block, changeNs);
}

/**
 * Whether the device stamps run on where the offset changes: then the host was set, even if its jump is hidden among
 * the delays of packets. A device that was set shows at least half of the change in its own stamps.
 */
function runsOn(
  evidence: OneWayEvidence,
  jumps: TrackJumps | undefined,
  firstRow: number | undefined,
  changeNs: number,
): boolean {
  if (jumps === undefined || firstRow === undefined || Number.isNaN(firstRow)) return false;
  // Smaller jumps may be too small to be listed.
  const listed = Math.min(
    LISTED_NS,
    Math.max(LEAST_LISTED_NS, LISTED_PERIODS * samplePeriod(evidence)),
  );
  if (Math.abs(changeNs) < listed) return false;
  const { rows } = evidence;
  const block = rows.findIndex((row) => row >= firstRow);
  if (block < 0) return false;
  const [from, to] = [rows[block - 2] ?? 0, rows[block + 1] ?? Infinity];
  return !jumps.rows.some((row, index) =>
    from <= row && row <= to && jumps.inHost?.[index] !== 1 &&
    Math.abs(Number(jumps.sizesNs[index])) >= 0.5 * Math.abs(changeNs)
  );
}

function relationOf(
  evidence: OneWayEvidence,
  track: KernelTrack,
  steps: readonly ModelStep[],
): Relation {
  const { from, to, streamId, source, minimumDelay = MINIMUM_DELAY } = evidence;
  const audit: EvidenceAudit = {
    kind: "one-way",
    source,
    against: to.id,
    deviceNs: evidence.fromNs,
    residualsNs: track.audit.residualsNs,
    sigmasNs: track.audit.sigmasNs,
    verdicts: verdictsOf(track),
  };
  return {
    from,
    to,
    method: "one-way",
    segments: track.segments.map(({ firstRow, knots, ...bounds }) => ({
      ...bounds,
      firstRows: { [streamId ?? source]: firstRow },
      knots: knots.map(({ skewSigma = 0, ...knot }) => ({ ...knot, skewSigma })),
    })),
    driftPpm: track.drift * 1e6,
    driftSigmaPpm: track.driftSigma * 1e6,
    residualRmsNs: track.residualRmsNs,
    evidence: [countPairs(evidence, audit)],
    steps,
    ...(track.holdOut.count > 0 ? { holdOut: track.holdOut } : {}),
    audit: [audit],
    biasSigmaNs: (minimumDelay.highNs - minimumDelay.lowNs) / Math.sqrt(3),
  };
}

/** Pairs behind the blocks that count, and the others. */
function countPairs(
  { source, counts, rejected = 0 }: OneWayEvidence,
  { verdicts }: EvidenceAudit,
): Relation["evidence"][number] {
  let [used, total] = [0, rejected];
  for (const [index, count] of counts.entries()) {
    total += count;
    if (verdicts[index] === "used") used += count;
  }
  return { kind: "one-way", source, used, rejected: total - used };
}

/**
 * Jumps as the kernel takes them. Where the device stamps themselves jump, which no delay can do, the device was
 * set; elsewhere the difference jumps alone, because the host was set or a delay changed.
 */
function jumpsOf(evidence: OneWayEvidence): TrackJumps | undefined {
  const { jumps } = evidence;
  if (jumps === undefined) return undefined;
  const period = samplePeriod(evidence);
  const inDevice = (index: number): boolean => {
    const size = Math.abs(Number(jumps.sizesNs[index]));
    return Math.abs(Number(jumps.passedNs[index]) - period) > 0.5 * size;
  };
  const sizeOf = (size: TimeNs, index: number) =>
    inDevice(index) ? jumps.passedNs[index]! - BigInt(Math.round(period)) : -size;
  return {
    rows: jumps.rows,
    deviceNs: jumps.fromNs,
    sizesNs: jumps.sizesNs.map(sizeOf),
    smallestNs: Infinity,
    inHost: Uint8Array.from(jumps.sizesNs, (_, index) => inDevice(index) ? 0 : 1),
  };
}

/** Typical device time from sample to sample in ns. */
function samplePeriod({ rows, fromNs }: OneWayEvidence): number {
  const periods: number[] = [];
  for (let index = 1; index < rows.length; index++) {
    const passed = rows[index]! - rows[index - 1]!;
    if (passed > 0) periods.push(Number(fromNs[index]! - fromNs[index - 1]!) / passed);
  }
  return periods.length === 0 ? 0 : median(periods);
}
