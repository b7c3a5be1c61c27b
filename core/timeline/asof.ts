import { type KernelJoin, KernelJoiner } from "../../wasm/mod.ts";
import { type AsofMatches, type AsofOptions, kernelJoin } from "./asof_options.ts";

/** Rows of a side that are joined at once. */
const CHUNK = 8192;

/**
 * Matches each time on the left with a time on the right, both in ns on the same clock and sorted.
 *
 * Integers keep it exact: tolerance is inclusive and zero is a tolerance. `MISSING_NS` matches nothing. Throws
 * `RangeError` when a side is not sorted, a limit is negative, or what is to be refused occurs.
 *
 * @example
 * ```ts
 * import { asofJoin, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const kernel = new Kernel();
 * const samples = BigInt64Array.of(10n, 20n, 30n);
 * const { indexes } = asofJoin(BigInt64Array.of(5n, 24n, 30n), samples, { kernel });
 * assert.deepEqual(indexes, Int32Array.of(-1, 1, 2));
 * ```
 */
export function asofJoin(
  left: BigInt64Array,
  right: BigInt64Array,
  options: AsofOptions,
): AsofMatches {
  const matches = options.into ?? {
    indexes: new Int32Array(left.length),
    distances: new BigInt64Array(left.length),
  };
  joinInto(left, right, kernelJoin(options), options, matches);
  return matches;
}

function joinInto(
  left: BigInt64Array,
  right: BigInt64Array,
  join: KernelJoin,
  { kernel }: AsofOptions,
  { indexes, distances }: AsofMatches,
): void {
  const joiner = new KernelJoiner(kernel, join);
  try {
    let [taken, given, settled] = [0, 0, 0];
    while (settled < left.length || given < right.length) {
      if (settled < taken || taken === left.length) {
        joiner.addRight(right.subarray(given, given + CHUNK));
        given += CHUNK;
        if (given >= right.length) joiner.endRight();
      } else {
        joiner.addLeft(left.subarray(taken, taken + CHUNK));
        taken = Math.min(taken + CHUNK, left.length);
        if (taken === left.length) joiner.endLeft();
      }
      const found = joiner.advance();
      indexes.set(found.indexes, settled);
      distances.set(found.distances, settled);
      settled += found.indexes.length;
    }
  } finally {
    joiner.dispose();
  }
}
