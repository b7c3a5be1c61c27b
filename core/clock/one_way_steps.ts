import { median, type TimeNs } from "../base/mod.ts";
import type { OneWayEvidence } from "./model.ts";
import type { Points } from "./one_way_points.ts";
import { rounded } from "./relation.ts";
import type { Step } from "./steps.ts";

/** Smallest change that is a step near the ends, and how many points are near. */
const EDGE_STEP_NS = 50e6;
const EDGE = 3;

/**
 * Seconds that passed up to each point, whichever clock was set meanwhile: of the two clocks the one that agrees
 * better with the number of samples.
 */
export function elapsedSeconds(evidence: OneWayEvidence): number[] {
  const { fromNs, toNs, rows } = evidence;
  const period = samplePeriod(evidence);
  let elapsed = 0;
  return Array.from(rows, (row, index) => {
    if (index === 0) return 0;
    const expected = (row - rows[index - 1]!) * period;
    const own = Number(fromNs[index]! - fromNs[index - 1]!);
    const host = Number(toNs[index]! - toNs[index - 1]!);
    elapsed += Math.abs(own - expected) < Math.abs(host - expected) ? own : host;
    return elapsed / 1e9;
  });
}

/** Where a step lies in the stream. */
export interface Border {
  readonly row: number;
  /** First device time after it, and last before. */
  readonly atNs: TimeNs;
  readonly endNs: TimeNs;
  readonly inHost: boolean;
}

/**
 * Places a step at the sample where the clocks suddenly change by about its size: where the device stamps
 * themselves jump, which no delay can do, otherwise where the difference does.
 */
export function borderOf(evidence: OneWayEvidence, points: Points, { index, size }: Step): Border {
  const { rows, fromNs } = evidence;
  const [first, last] = [
    rows[Math.max(0, index - 2)]!,
    rows[Math.min(index + 2, rows.length - 1)]!,
  ];
  const near = jumpsOf(evidence).filter(({ row }) => row >= first && row <= last);
  const period = samplePeriod(evidence);
  const inDevice = near.filter(({ passed }) => Math.abs(passed - period) > 0.5 * Math.abs(size));
  const deviceJump = closest(inDevice, size, ({ passed }) => period - passed);
  const best = deviceJump ?? closest(near, size, (jump) => jump.size);
  if (best === undefined) {
    const before = points.base + rounded(points.x[index - 1]! * 1e9);
    return { row: rows[index]!, atNs: fromNs[index]!, endNs: before, inHost: false };
  }
  const endNs = best.atNs - rounded(best.passed);
  return { row: best.row, atNs: best.atNs, endNs, inHost: deviceJump === undefined };
}

/**
 * Adds steps so near to the ends that too few points lie beyond them, where the device stamps themselves jump by
 * what the points change.
 */
export function withEdgeSteps(
  evidence: OneWayEvidence,
  level: readonly number[],
  steps: readonly Step[],
): Step[] {
  const { rows } = evidence;
  const period = samplePeriod(evidence);
  const isNearEnd = (row: number) => row <= rows[EDGE]! || row > rows.at(-1 - EDGE)!;
  const found = [...steps];
  for (const { row, passed } of rows.length > 2 * EDGE ? jumpsOf(evidence) : []) {
    const change = period - passed;
    if (Math.abs(change) < EDGE_STEP_NS || !isNearEnd(row)) continue;
    const index = rows.findIndex((at) => at >= row);
    if (index <= 0 || found.some((step) => Math.abs(step.index - index) < EDGE)) continue;
    const size = median(level.slice(index, index + EDGE)) -
      median(level.slice(Math.max(0, index - EDGE), index));
    if (Math.abs(size - change) < 0.3 * Math.abs(change)) found.push({ index, size });
  }
  return found.sort((a, b) => a.index - b.index);
}

interface Jump {
  readonly row: number;
  readonly atNs: TimeNs;
  readonly size: number;
  readonly passed: number;
}

function jumpsOf({ jumps }: OneWayEvidence): Jump[] {
  if (jumps === undefined) return [];
  const { rows, fromNs, sizesNs, passedNs } = jumps;
  return Array.from(rows, (row, index) => ({
    row,
    atNs: fromNs[index]!,
    size: Number(sizesNs[index]),
    passed: Number(passedNs[index]),
  }));
}

/** The jump nearest to a size, no further than half of it. */
function closest(
  jumps: readonly Jump[],
  size: number,
  of: (jump: Jump) => number,
): Jump | undefined {
  let best: Jump | undefined;
  let least = 0.5 * Math.abs(size);
  for (const jump of jumps) {
    const off = Math.abs(of(jump) - size);
    if (off < least) [best, least] = [jump, off];
  }
  return best;
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
