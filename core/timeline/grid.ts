import { gridTicks, type Kernel } from "../../wasm/mod.ts";
import type { TimeNs } from "../base/mod.ts";

/** Evenly spaced ticks: tick k lies at `startNs + round(k * 1e9 * denominator / numerator)`, without drift. */
export interface Grid {
  readonly startNs: TimeNs;
  /** Ticks per second as a fraction, so that 30000/1001 is exact. */
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** Number of ticks. */
  readonly count: number;
}

/** What {@linkcode createGrid} takes. */
export interface GridOptions {
  /** First tick, ns. */
  readonly startNs: TimeNs;
  /** No tick lies after this time, ns. */
  readonly endNs: TimeNs;
  /** Ticks per second; a float is taken to a millionth. */
  readonly rateHz: number | { readonly numerator: bigint; readonly denominator: bigint };
}

/**
 * Makes a grid. Throws `RangeError` when the rate is not positive or the end lies before the start.
 *
 * @example
 * ```ts
 * import { createGrid, Kernel, readTicks } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const grid = createGrid({ startNs: 0n, endNs: 1_000_000_000n, rateHz: 3 });
 * const ticks = readTicks(new Kernel(), grid, 0, grid.count);
 * assert.deepEqual(ticks, BigInt64Array.of(0n, 333_333_333n, 666_666_667n, 1_000_000_000n));
 * ```
 */
export function createGrid({ startNs, endNs, rateHz }: GridOptions): Grid {
  const { numerator, denominator } = fraction(rateHz);
  if (endNs < startNs) {
    throw new RangeError(`Cannot make a grid that ends before it starts: current end is ${endNs}`);
  }
  // Tick k is at most the end when k * 1e9 * den / num rounds to at most the span.
  const span = 2n * (endNs - startNs) + 1n;
  const last = (span * numerator - 1n) / (2_000_000_000n * denominator);
  return { startNs, numerator, denominator, count: Number(last) + 1 };
}

function fraction(rate: GridOptions["rateHz"]): { numerator: bigint; denominator: bigint } {
  const given = typeof rate === "number" ? undefined : rate;
  const numerator = given?.numerator ?? millionths(rate as number);
  const denominator = given?.denominator ?? 1_000_000n;
  const largest = 10n ** 15n;
  if (numerator <= 0n || denominator <= 0n || numerator > largest || denominator > 10n ** 9n) {
    throw new RangeError(
      `Cannot make a grid of this rate: current value is ${numerator}/${denominator} Hz`,
    );
  }
  return { numerator, denominator };
}

function millionths(rate: number): bigint {
  return Number.isFinite(rate) ? BigInt(Math.round(rate * 1e6)) : 0n;
}

/** Times of some consecutive ticks of a grid, ns. */
export function readTicks(
  kernel: Kernel,
  grid: Grid,
  firstTick: number,
  length: number,
): BigInt64Array {
  return gridTicks(kernel, grid, firstTick, length);
}

/** Number of times that an array or a grid holds. */
export function countOf(times: BigInt64Array | Grid): number {
  return times instanceof BigInt64Array ? times.length : times.count;
}

/** The times of an array or a grid. */
export function timesOf(kernel: Kernel, times: BigInt64Array | Grid): BigInt64Array {
  return times instanceof BigInt64Array ? times : readTicks(kernel, times, 0, times.count);
}
