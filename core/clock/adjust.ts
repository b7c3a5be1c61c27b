import { square, type TimeNs } from "../base/mod.ts";
import type { ClockKnot, ClockSegment } from "./model.ts";
import { offsetAt, rounded } from "./relation.ts";

/** What an adjustment does to a clock at a reference time. */
export interface Change {
  readonly timeNs: TimeNs;
  /** What is added to the offset, ns. */
  readonly shiftNs: number;
  /** What is taken from the variance, ns^2. */
  readonly variance: number;
}

/** Applies changes that are linear between the places where they are given, and constant beyond them. */
export function adjustSegments(
  segments: readonly ClockSegment[],
  changes: readonly Change[],
): ClockSegment[] {
  return segments.map((segment) => ({
    ...segment,
    knots: knotTimes(segment, changes).map((deviceNs) => adjusted(segment, deviceNs, changes)),
  }));
}

/** Knots of the stretch, and the places of the changes that lie between its first and last. */
function knotTimes({ knots }: ClockSegment, changes: readonly Change[]): TimeNs[] {
  const [first, last] = [knots[0]!, knots.at(-1)!];
  const [start, end] = [first.deviceNs + first.offsetNs, last.deviceNs + last.offsetNs];
  const run = Number(end - start);
  const inside = changes.filter(({ timeNs }) => timeNs > start && timeNs < end)
    .map(({ timeNs }) => {
      const part = Number(timeNs - start) / run;
      return first.deviceNs + rounded(part * Number(last.deviceNs - first.deviceNs));
    });
  const times = [...knots.map(({ deviceNs }) => deviceNs), ...inside];
  times.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return times.filter((time, index) => index === 0 || time > times[index - 1]!);
}

function adjusted(
  segment: ClockSegment,
  deviceNs: TimeNs,
  changes: readonly Change[],
): ClockKnot {
  const { offsetNs, sigmaNs } = offsetAt(segment, deviceNs);
  const { shiftNs, variance, slope } = changeAt(changes, deviceNs + offsetNs);
  const before = square(sigmaNs);
  return {
    ...nearestKnot(segment.knots, deviceNs),
    deviceNs,
    offsetNs: offsetNs + rounded(shiftNs),
    skew: nearestKnot(segment.knots, deviceNs).skew + slope,
    // No evidence takes a variance to nothing; rounding might.
    sigmaNs: Math.sqrt(Math.max(before - variance, before * 1e-6)),
  };
}

function nearestKnot(knots: readonly ClockKnot[], time: TimeNs): ClockKnot {
  return knots.findLast(({ deviceNs }) => deviceNs <= time) ?? knots[0]!;
}

function changeAt(
  changes: readonly Change[],
  timeNs: TimeNs,
): { shiftNs: number; variance: number; slope: number } {
  const right = changes.findIndex((change) => change.timeNs >= timeNs);
  const outside = right <= 0 ? changes.at(right) : undefined;
  if (outside !== undefined) return { ...outside, slope: 0 };
  const [a, b] = [changes[right - 1]!, changes[right]!];
  const run = Number(b.timeNs - a.timeNs);
  const part = Number(timeNs - a.timeNs) / run;
  return {
    shiftNs: a.shiftNs + (b.shiftNs - a.shiftNs) * part,
    variance: a.variance + (b.variance - a.variance) * part,
    slope: (b.shiftNs - a.shiftNs) / run,
  };
}
