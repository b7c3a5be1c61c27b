import { median, spread } from "../base/mod.ts";

/** A sudden, lasting change of the difference of two clocks. */
export interface Step {
  /** Index of the first point after it. */
  readonly index: number;
  /** Change of the difference. */
  readonly size: number;
}

/** Options of {@linkcode findSteps}. */
export interface StepOptions {
  /** Smallest change that is a step. */
  readonly smallest: number;
}

/** Points on either side whose medians are compared. */
const SIDE = 5;
/** Fewest points of a stretch between steps. */
const FEWEST = 3;
/** A step exceeds the scatter of the compared medians this many times. */
const SCATTERS = 8;

/** Typical change of y per x between near points, which a step does not affect. */
export function localSlope(x: readonly number[], y: readonly number[]): number {
  const lag = Math.min(3, x.length - 1);
  if (lag < 1) return 0;
  const slopes: number[] = [];
  for (let index = lag; index < x.length; index++) {
    const run = x[index]! - x[index - lag]!;
    if (run > 0) slopes.push((y[index]! - y[index - lag]!) / run);
  }
  return slopes.length === 0 ? 0 : median(slopes);
}

/**
 * Finds steps in values without drift, in the order given: places where the medians of the points before and after differ
 * by far more than they do elsewhere. Single outliers and slow changes are no steps.
 */
export function findSteps(level: readonly number[], { smallest }: StepOptions): Step[] {
  const changes = level.map((_, index) => change(level, index, 0, level.length));
  const scatter = spread(changes.filter(Number.isFinite), 0);
  const threshold = Math.max(smallest, SCATTERS * scatter);
  const steps: Step[] = [];
  split(level, 0, level.length, threshold, steps);
  return steps.sort((a, b) => a.index - b.index);
}

/** Difference of the medians after and before an index, within a stretch; NaN where points are too few. */
function change(y: readonly number[], index: number, start: number, end: number): number {
  const before = y.slice(Math.max(start, index - SIDE), index);
  const after = y.slice(index, Math.min(end, index + SIDE));
  if (before.length < FEWEST || after.length < FEWEST) return NaN;
  return median(after) - median(before);
}

/** Splits a stretch at its largest step, and the parts again. */
function split(
  y: readonly number[],
  start: number,
  end: number,
  threshold: number,
  steps: Step[],
): void {
  const pending: [number, number][] = [[start, end]];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const [from, to] = part;
    let best = -1;
    let largest = threshold;
    for (let index = from + FEWEST; index <= to - FEWEST; index++) {
      const size = Math.abs(change(y, index, from, to));
      if (size > largest) [best, largest] = [index, size];
    }
    if (best < 0) continue;
    const index = refine(y, best, from, to);
    steps.push({ index, size: change(y, index, from, to) });
    pending.push([from, index], [index, to]);
  }
}

/** Moves a split to where the points on both sides lie nearest to their medians. */
function refine(y: readonly number[], near: number, from: number, to: number): number {
  const first = Math.max(from, near - 2 * SIDE);
  const last = Math.min(to, near + 2 * SIDE);
  let best = near;
  let least = Infinity;
  const earliest = Math.max(from + FEWEST, near - SIDE);
  const latest = Math.min(to - FEWEST, near + SIDE);
  for (let index = earliest; index <= latest; index++) {
    const cost = distance(y.slice(first, index)) + distance(y.slice(index, last));
    if (cost < least) [best, least] = [index, cost];
  }
  return best;
}

function distance(values: readonly number[]): number {
  const middle = median(values);
  return values.reduce((sum, value) => sum + Math.abs(value - middle), 0);
}
