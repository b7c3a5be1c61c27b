import { joinAsof, type Kernel } from "../../wasm/mod.ts";

/** Options of {@linkcode asofJoin}. Durations are in ns. */
export interface AsofOptions {
  readonly kernel: Kernel;
  /** Where a match may lie, seen from the left time. @default {"backward"} */
  readonly direction?: "backward" | "forward" | "nearest";
  /** Largest distance of a match, inclusive. @default {no limit} */
  readonly toleranceNs?: bigint;
  /** A left time between two right times further apart than this has no match. @default {no limit} */
  readonly maxGapNs?: bigint;
  /** Which of two matches equally near. @default {"earlier"} */
  readonly tie?: "earlier" | "later";
  /** Which of equal right times. @default {the last backward, the first forward} */
  readonly duplicates?: "first" | "last";
  /** Whether equal times match. @default {true} */
  readonly allowExact?: boolean;
}

/** What {@linkcode asofJoin} found for each left time. */
export interface AsofMatches {
  /** Index of the right time, or -1. */
  readonly indexes: Int32Array;
  /** Right time minus left time in ns; `MISSING_NS` without a match. */
  readonly distances: BigInt64Array;
}

/**
 * Matches each time on the left with a time on the right, both in ns on the same clock and sorted.
 *
 * Integers keep it exact: tolerance is inclusive and zero is a tolerance. `MISSING_NS` matches nothing. Throws
 * `RangeError` when a side is not sorted or a limit is negative.
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
  const { kernel, direction = "backward", tie = "earlier", duplicates, allowExact = true } =
    options;
  return joinAsof(kernel, left, right, {
    direction,
    toleranceNs: limit(options.toleranceNs, "tolerance"),
    maxGapNs: limit(options.maxGapNs, "largest gap"),
    later: tie === "later",
    firstBackward: duplicates === "first",
    firstForward: duplicates !== "last",
    allowExact,
  });
}

/** All bits set stand for no limit. */
function limit(value: bigint | undefined, name: string): bigint {
  if (value === undefined) return -1n;
  if (value < 0n) {
    throw new RangeError(`Cannot join: ${name} is negative: current value is ${value}`);
  }
  return value;
}
