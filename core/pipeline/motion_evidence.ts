import {
  correlateMotionStreams,
  EVIDENCE_KINDS,
  type EvidenceKind,
  motionSeries,
  type SeriesEvidence,
} from "../clock/mod.ts";
import { ClockGroups } from "./clock_groups.ts";
import { motionColumns, motionSource } from "./motion_streams.ts";
import { NO_MEMORY } from "./memory.ts";
import type { ScanOptions, StreamScan } from "./scan.ts";

/** A stream is compared with at most so many others, so that sessions of many devices stay quick. */
const MOST_PARTNERS = 3;
/** Streams with fewer samples show no movement that could be recognised. */
const LEAST_SAMPLES = 50;

/** What {@linkcode motionEvidence} needs. */
export interface MotionEvidenceOptions extends Omit<ScanOptions, "issues"> {
  /** What the first pass has found. */
  readonly scans: readonly StreamScan[];
  /** Kinds of evidence that may be used. @default {all} */
  readonly evidenceKinds?: readonly EvidenceKind[];
  /** Compare all clocks, also those that the recordings tie to each other. @default {false} */
  readonly all?: boolean;
}

/** What a comparison has found, as it is remembered. */
interface Compared {
  readonly series: readonly SeriesEvidence[];
}

/**
 * Finds how clocks relate from movements that several sensors felt.
 *
 * Only clocks that no pairs of stamps tie to each other are compared, each by the stream that measures its motion
 * best: with the busiest first, until a movement in common is found. Every comparison reads both streams up to three
 * times with bounded memory and is remembered. Streams that cannot be read give no evidence; the first pass has
 * reported them. Rejects with `CancelledError` when the signal is aborted.
 *
 * @example
 * ```ts
 * import { faultySession, IssueLog, Kernel, motionEvidence, openSession, scanSession } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const { folder } = await faultySession("clean");
 * const opened = await openSession(folder);
 * const kernel = new Kernel();
 * const scans = await scanSession({ ...opened, kernel, issues: new IssueLog() });
 * const series = await motionEvidence({ ...opened, kernel, scans });
 * assert.ok(series.every(({ kind }) => kind === "motion"));
 * ```
 */
export async function motionEvidence(options: MotionEvidenceOptions): Promise<SeriesEvidence[]> {
  const { scans, session, evidenceKinds = EVIDENCE_KINDS, all = false } = options;
  if (!evidenceKinds.includes("motion")) return [];
  const groups = new ClockGroups();
  if (!all) {
    for (const { evidence } of scans) if (evidence) groups.tie(evidence.from.id, evidence.to.id);
    for (const { from, to } of session.clockPairs) groups.tie(from.id, to.id);
  }
  const found: SeriesEvidence[] = [];
  const moving = movingStreams(scans);
  for (const [index, a] of moving.entries()) {
    const partners = moving.slice(0, index).filter((b) => isComparable(a, b)).slice(
      0,
      MOST_PARTNERS,
    );
    for (const b of partners) {
      const [from, to] = [a.schema.clock.id, b.schema.clock.id];
      if (groups.areTied(from, to)) continue;
      const { series } = await compare(a, b, options);
      found.push(...series);
      if (series.length > 0 && !all) groups.tie(from, to);
    }
  }
  return found;
}

async function compare(
  a: StreamScan,
  b: StreamScan,
  options: MotionEvidenceOptions,
): Promise<Compared> {
  const { kernel, memory = NO_MEMORY, signal, progress } = options;
  const [first, second] = [a.schema.id, b.schema.id];
  return await memory.recall(`motion ${first} ${second}`, async () => {
    const task = `Compare movements of ${first} and ${second}`;
    const correlation = await correlateMotionStreams(
      kernel,
      motionSource(a, options),
      motionSource(b, options),
      { signal, progress: progress && ((step) => progress({ ...step, task })) },
    );
    const series = motionSeries(correlation, {
      from: a.schema.clock,
      to: b.schema.clock,
      streamId: first,
      source: `movements of ${first} and ${second}`,
    });
    return { series: series === undefined ? [] : [series] };
  });
}

/** Of each clock the stream that tells most of its motion, the busiest first. */
export function movingStreams(scans: readonly StreamScan[]): StreamScan[] {
  const best = new Map<string, StreamScan>();
  const quantities = ({ schema }: StreamScan) => Object.keys(motionColumns(schema)).length;
  for (const scan of scans) {
    if (quantities(scan) === 0 || scan.sampling.count < LEAST_SAMPLES) continue;
    const known = best.get(scan.schema.clock.id);
    const better = known === undefined || quantities(scan) > quantities(known) ||
      (quantities(scan) === quantities(known) && scan.sampling.count > known.sampling.count);
    if (better) best.set(scan.schema.clock.id, scan);
  }
  return [...best.values()].sort((a, b) => b.sampling.count - a.sampling.count);
}

function isComparable(a: StreamScan, b: StreamScan): boolean {
  const [first, second] = [motionColumns(a.schema), motionColumns(b.schema)];
  return (first.accel !== undefined && second.accel !== undefined) ||
    (first.gyro !== undefined && second.gyro !== undefined);
}
