import type { Grid } from "../../mod.ts";

const START = 1_700_000_000_000_000_000n;

/** What is joined or resampled. */
export interface Data {
  readonly left: BigInt64Array;
  readonly right: BigInt64Array;
  readonly values: Float64Array;
  /** The sides as grids, where they are. */
  readonly leftGrid?: Grid;
  readonly rightGrid?: Grid;
}

/** Sorted, distinct times with irregular intervals of about a millisecond times `factor`. */
function irregular(count: number, factor: number, seed: number): BigInt64Array {
  let state = seed;
  let now = 0;
  return BigInt64Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    now += 1 + Math.floor(state / 2147483647 * 2e6 * factor);
    return START + BigInt(now);
  });
}

function ticksOf({ startNs, numerator, denominator, count }: Grid): BigInt64Array {
  const step = 1_000_000_000n * denominator / numerator;
  return BigInt64Array.from({ length: count }, (_, tick) => startNs + BigInt(tick) * step);
}

/** A thousand ticks per second on the left, as many as fit the counts on the right. */
function grids(left: number, right: number): { leftGrid: Grid; rightGrid: Grid } {
  const leftGrid = { startNs: START, numerator: 1000n, denominator: 1n, count: left };
  const denominator = BigInt(Math.round(left / right));
  const rightGrid = { startNs: START + 37n, numerator: 1000n, denominator, count: right };
  return { leftGrid, rightGrid };
}

/** Data of so many rows; `regular` says which sides are grids. */
export function dataOf(left: number, right: number, regular: "none" | "left" | "both"): Data {
  const { leftGrid, rightGrid } = grids(left, right);
  const other = regular === "both" ? ticksOf(rightGrid) : irregular(right, left / right, 11);
  return {
    left: regular === "none" ? irregular(left, 1, 7) : ticksOf(leftGrid),
    right: other,
    values: Float64Array.from(other, (_, index) => Math.sin(index / 100)),
    ...(regular === "none" ? {} : { leftGrid }),
    ...(regular === "both" ? { rightGrid } : {}),
  };
}
