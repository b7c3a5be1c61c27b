import { rootSumSquares, type TimeNs } from "../../base/mod.ts";
import type { ClockKnot, ClockModel, ClockSegment } from "../../clock/mod.ts";

/** What a model says at one time. */
export interface ModelReading {
  readonly deviceNs: TimeNs;
  readonly offsetNs: TimeNs;
  readonly sigmaNs: number;
  /** Change of the offset per device time. */
  readonly skew: number;
}

/** Reads a stretch of a model at some times; nothing when it has no knots. */
export function readAlong(segment: ClockSegment, times: Iterable<TimeNs>): ModelReading[] {
  return Array.from(times, (time) => readAt(segment, time)).filter((reading) =>
    reading !== undefined
  );
}

/** Reads a stretch of a model at one time; undefined when it has no knots. */
export function readAt({ knots }: ClockSegment, time: TimeNs): ModelReading | undefined {
  let low = 0;
  let high = knots.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (knots[middle]!.deviceNs < time) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [knots[low - 1], knots[low]];
  if (before !== undefined && after !== undefined) return between(before, after, time);
  const end = before ?? after;
  return end && beyond(end, time);
}

function between(a: ClockKnot, b: ClockKnot, time: TimeNs): ModelReading {
  const length = Number(b.deviceNs - a.deviceNs);
  const change = Number(b.offsetNs - a.offsetNs);
  const part = Number(time - a.deviceNs) / length;
  return {
    deviceNs: time,
    offsetNs: a.offsetNs + wholeNs(change * part),
    sigmaNs: a.sigmaNs + (b.sigmaNs - a.sigmaNs) * part,
    skew: change / length,
  };
}

function beyond(knot: ClockKnot, time: TimeNs): ModelReading {
  const { deviceNs, offsetNs, skew, sigmaNs, skewSigma = 0 } = knot;
  const distance = Number(time - deviceNs);
  return {
    deviceNs: time,
    offsetNs: offsetNs + wholeNs(skew * distance),
    sigmaNs: rootSumSquares(sigmaNs, skewSigma * distance),
    skew,
  };
}

function wholeNs(ns: number): TimeNs {
  return Number.isFinite(ns) ? BigInt(Math.round(ns)) : 0n;
}

/** A number of times spread evenly over a span, each in the middle of its share. */
export function spreadTimes(startNs: TimeNs, endNs: TimeNs, count: number): TimeNs[] {
  const length = endNs - startNs;
  const shares = 2n * BigInt(count);
  return Array.from(
    { length: count },
    (_, index) => startNs + length * BigInt(2 * index + 1) / shares,
  );
}

/**
 * Follows a model in file order: times of a clock that was set back lie in two stretches, and what was recorded
 * later belongs to the later one.
 */
export class ModelWalk {
  readonly #segments: readonly ClockSegment[];
  #current = 0;
  #last: TimeNs | undefined;

  constructor({ segments }: ClockModel) {
    this.#segments = segments;
  }

  /** Index of the stretch in which the next time lies; the nearest when it lies in none, -1 without any. */
  next(time: TimeNs): number {
    const segments = this.#segments;
    if (segments.length === 0) return -1;
    const current = segments[this.#current]!;
    const ranBack = this.#last !== undefined && time < this.#last;
    if (!ranBack && distance(current, time) === 0n) {
      this.#last = time;
      return this.#current;
    }
    // Time that ran back is that of a later stretch, if there is one that holds it.
    const least = this.#current + (ranBack ? 1 : 0);
    this.#last = time;
    const ahead = this.#holding(time, least) ?? this.#holding(time, this.#current);
    if (ahead !== undefined) return this.#current = ahead;
    let best = 0;
    for (const [index, segment] of segments.entries()) {
      if (distance(segment, time) < distance(segments[best]!, time)) best = index;
    }
    return best;
  }

  #holding(time: TimeNs, least: number): number | undefined {
    for (let index = least; index < this.#segments.length; index++) {
      if (distance(this.#segments[index]!, time) === 0n) return index;
    }
    return undefined;
  }

  /** The next time on the reference clock; undefined when the clock is not placed. */
  place(time: TimeNs): TimeNs | undefined {
    const segment = this.#segments[this.next(time)];
    const reading = segment && readAt(segment, time);
    return reading && time + reading.offsetNs;
  }
}

function distance({ fromNs, toNs }: ClockSegment, time: TimeNs): TimeNs {
  return time < fromNs ? fromNs - time : time > toNs ? time - toNs : 0n;
}
