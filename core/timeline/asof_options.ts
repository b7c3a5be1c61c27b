import type { Kernel, KernelJoin } from "../../wasm/mod.ts";

/** How a match is chosen. Durations are in ns. */
export interface MatchOptions {
  /** Where a match may lie, seen from the left time. @default {"backward"} */
  readonly direction?: "backward" | "forward" | "nearest";
  /** Largest distance of a match, inclusive: zero asks for equal times. @default {no limit} */
  readonly toleranceNs?: bigint;
  /** A match never lies beyond two neighbouring right times further apart than this. @default {no limit} */
  readonly maxGapNs?: bigint;
  /**
   * Times at which a match never crosses, such as those where a clock was set; a time at the place itself lies
   * after it. @default {none}
   */
  readonly breaksNs?: BigInt64Array;
  /** Which of two matches equally near. @default {"earlier"} */
  readonly tie?: "earlier" | "later";
  /** Which of equal right times, or to refuse them. @default {the last backward, the first forward} */
  readonly duplicates?: "first" | "last" | "error";
  /** Whether equal times match. @default {true} */
  readonly allowExact?: boolean;
  /**
   * What a left time gets where the right side has ended in the direction in which it looks: nothing, the end if
   * it is within the tolerance, or an error. @default {"null"}
   */
  readonly outside?: "null" | "hold" | "error";
}

/** Options of {@linkcode asofJoin}. */
export interface AsofOptions extends MatchOptions {
  readonly kernel: Kernel;
  /** One label per row of each side; only rows of the same label match. @default {all match} */
  readonly by?: { readonly left: ArrayLike<Label>; readonly right: ArrayLike<Label> };
  /**
   * Whether each right row is used at most once: the nearest pair of all first, then the nearest of those that are
   * left, and so on. Of equally near pairs the earlier left row goes first. @default {false}
   */
  readonly oneToOne?: boolean;
  /** Standard uncertainties of the times in ns. Those of one side may be left out. */
  readonly sigmas?: { readonly left?: Float64Array; readonly right?: Float64Array };
  /**
   * Whether distances are wanted. Without them there is a third of the memory to write, which takes longer than
   * the join. @default {true}
   */
  readonly withDistances?: boolean;
  /** Where to write, from the start; new arrays are made otherwise, which costs more than the join. */
  readonly into?: Matches;
}

/** What tells groups of rows apart. */
export type Label = string | number | bigint | boolean;

/** Matches of left times. */
export interface Matches {
  /** Index of the right time, or -1. */
  readonly indexes: Int32Array;
  /** Right time minus left time in ns; `MISSING_NS` without a match. Empty when they were not wanted. */
  readonly distances: BigInt64Array;
}

/** What was found for each left time. */
export interface AsofMatches extends Matches {
  /** Standard uncertainty of each distance in ns, where sigmas were given; NaN without a match. */
  readonly sigmas?: Float64Array;
}

/** The join as the kernel takes it. Throws `RangeError` when a limit is negative. */
export function kernelJoin(options: MatchOptions, withDistances = true): KernelJoin {
  const { direction = "backward", tie = "earlier", duplicates, allowExact = true } = options;
  const { outside = "null", breaksNs = new BigInt64Array(0) } = options;
  return {
    direction,
    toleranceNs: limit(options.toleranceNs, "tolerance"),
    maxGapNs: limit(options.maxGapNs, "largest gap"),
    later: tie === "later",
    firstBackward: duplicates === "first",
    firstForward: duplicates !== "last",
    allowExact,
    refuseRepeats: duplicates === "error",
    outside,
    withDistances,
    breaks: breaksNs,
  };
}

/** All bits set stand for no limit. */
function limit(value: bigint | undefined, name: string): bigint {
  if (value === undefined) return -1n;
  if (value < 0n) {
    throw new RangeError(`Cannot join: ${name} is negative: current value is ${value}`);
  }
  return value;
}
