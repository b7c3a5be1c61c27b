import { rootSumSquares, type TimeNs } from "../../base/mod.ts";
import type { EventTrain } from "../events/mod.ts";

/** Options of {@linkcode detectFlashes}. */
export interface FlashOptions {
  /** Least change of brightness over the usual change from frame to frame. @default {10} */
  readonly leastContrast?: number;
  /** Least change of brightness, in the unit of the levels. @default {0.5 % of the span of all levels} */
  readonly leastChange?: number;
  /**
   * Share of the time between frames in which a frame gathers light, where the stamp of a frame is when it begins: a
   * frame that is bright in part then tells when the light came. Without it an event is placed between two frames.
   */
  readonly exposureShare?: number;
}

/** Sudden changes of brightness, each an event with its uncertainty. */
export interface FlashTrain extends EventTrain {
  /** `rise` or `fall` of the brightness. */
  readonly labels: readonly string[];
  /** One sigma of each time in ns: a frame tells only that it happened since the one before. */
  readonly sigmasNs: Float64Array;
  /** Change of brightness of each event. */
  readonly sizes: Float64Array;
}

/** Frames in which a change may take its course, such as of a screen. */
const LONGEST_CHANGE = 3;
/** Brightness of a first frame, as a share of the whole change, beyond which it is bright in whole. */
const WHOLE = 0.95;

/**
 * Finds sudden changes of the brightness of pictures: the light of a flash, a screen that is switched.
 *
 * A change counts when it stands out from the usual changes (ten times their spread, which the median tells, so that
 * the events themselves do not raise it). It happened between the last frame without and the first with it: the time is
 * the middle of this interval and its sigma the interval over the root of 12.
 *
 * @example
 * ```ts
 * import { detectFlashes } from "session-process";
 * import assert from "node:assert/strict";
 *
 * // 25 frames per second; a light goes on before the frame at 2.4 s and off again before that at 4 s.
 * const times = BigInt64Array.from({ length: 150 }, (_, frame) => BigInt(frame) * 40_000_000n);
 * const levels = Float64Array.from(times, (_, frame) => frame >= 60 && frame < 100 ? 0.8 : 0.2);
 * const { timesNs, labels, sigmasNs } = detectFlashes(times, levels);
 * assert.deepEqual([...timesNs], [2_380_000_000n, 3_980_000_000n]);
 * assert.deepEqual(labels, ["rise", "fall"]);
 * assert.equal(Math.round(sigmasNs[0]!), Math.round(40e6 / Math.sqrt(12)));
 * ```
 */
export function detectFlashes(
  timesNs: BigInt64Array,
  levels: Float64Array,
  options: FlashOptions = {},
): FlashTrain {
  if (timesNs.length !== levels.length) {
    throw new RangeError(
      `Cannot detect flashes: ${timesNs.length} frames have ${levels.length} levels`,
    );
  }
  const changes = levels.map((level, frame) => frame === 0 ? 0 : level - levels[frame - 1]!);
  const threshold = thresholdOf(levels, changes, options);
  const found: Flash[] = [];
  for (let frame = 1; frame < levels.length; frame++) {
    if (!(Math.abs(changes[frame]!) > threshold)) continue;
    const last = endOfChange(changes, frame, threshold);
    found.push(flashAt(timesNs, levels, frame, last, options.exposureShare));
    frame = last;
  }
  return {
    timesNs: BigInt64Array.from(found, ({ timeNs }) => timeNs),
    labels: found.map(({ size }) => size > 0 ? "rise" : "fall"),
    sigmasNs: Float64Array.from(found, ({ sigmaNs }) => sigmaNs),
    sizes: Float64Array.from(found, ({ size }) => size),
  };
}

interface Flash {
  readonly timeNs: TimeNs;
  readonly sigmaNs: number;
  readonly size: number;
}

function thresholdOf(
  levels: Float64Array,
  changes: Float64Array,
  { leastContrast = 10, leastChange }: FlashOptions,
): number {
  const finite = levels.filter(Number.isFinite).toSorted();
  const span = (finite.at(-1) ?? 0) - (finite[0] ?? 0);
  const sizes = changes.map(Math.abs).filter(Number.isFinite).toSorted();
  // 1.4826 times the median of the distances is the standard deviation of a normal distribution.
  const usual = 1.4826 * (sizes[sizes.length >> 1] ?? 0);
  return Math.max(leastContrast * usual, leastChange ?? 0.005 * span);
}

/** Last frame of a change that goes on in one direction. */
function endOfChange(changes: Float64Array, first: number, threshold: number): number {
  const sign = Math.sign(changes[first]!);
  let last = first;
  while (
    last + 1 < changes.length && last + 1 - first < LONGEST_CHANGE &&
    sign * changes[last + 1]! > threshold / 2
  ) last++;
  return last;
}

/** The event whose light is first seen in a frame and wholly there in another. */
function flashAt(
  timesNs: BigInt64Array,
  levels: Float64Array,
  first: number,
  last: number,
  exposureShare: number | undefined,
): Flash {
  const [before, now] = [timesNs[first - 1]!, timesNs[first]!];
  const size = levels[last]! - levels[first - 1]!;
  const seen = (levels[first]! - levels[first - 1]!) / size;
  const interval = Number(now - before);
  if (exposureShare !== undefined) return exposed(now, interval, { size, seen, exposureShare });
  // When in its time a frame that is bright in part gathers light is not known: before its stamp or after.
  if (last > first && seen < WHOLE) {
    return { timeNs: now, sigmaNs: 2 * interval / Math.sqrt(12), size };
  }
  return { timeNs: middle(before, now), sigmaNs: interval / Math.sqrt(12), size };
}

/** Where frames gather light from their stamp on, for a share of the time to the next. */
function exposed(
  now: TimeNs,
  interval: number,
  { size, seen, exposureShare }: { size: number; seen: number; exposureShare: number },
): Flash {
  const exposure = interval * Math.min(1, Math.max(0, exposureShare));
  if (seen < WHOLE) {
    const timeNs = now + BigInt(Math.round(exposure * (1 - seen)));
    // Brightness is good to some percent: cameras bend it.
    return { timeNs, sigmaNs: rootSumSquares(0.05 * exposure, 1e3), size };
  }
  // It came while no light was gathered, or in the first or last moments of it.
  const dark = interval - exposure + 2 * (1 - WHOLE) * exposure;
  const timeNs = now - BigInt(Math.round((interval - exposure) / 2));
  return { timeNs, sigmaNs: dark / Math.sqrt(12), size };
}

function middle(a: TimeNs, b: TimeNs): TimeNs {
  return a + (b - a) / 2n;
}
