import { type Kernel, resampleAt, type ResampleMethod } from "../../wasm/mod.ts";

/** Options of {@linkcode resample}. */
export interface ResampleOptions {
  readonly kernel: Kernel;
  /**
   * `linear` between neighbours, `previous` holds the last sample, `mean` takes the mean of a bin, which keeps
   * faster changes from aliasing. @default {"linear"}
   */
  readonly method?: ResampleMethod;
  /** Longest stretch without samples that is bridged or held, ns. @default {no limit} */
  readonly maxGapNs?: bigint;
  /** Length of the bins around each time, ns. Needed for `mean`. */
  readonly binNs?: bigint;
}

/** Stands for no limit. */
const UNLIMITED = 2n ** 63n - 1n;

/**
 * Gives values at other times: both in ns on the same clock and sorted.
 *
 * Samples that are NaN or have no time count as absent. Nothing is given outside the samples or in a gap: the
 * result is NaN there. Of samples at the same time the last counts. Throws `RangeError` when times are not
 * sorted, lengths differ, or a mean has no bin.
 *
 * @example
 * ```ts
 * import { Kernel, resample } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const samples = { times: BigInt64Array.of(0n, 10n), values: Float64Array.of(1, 2) };
 * const at = BigInt64Array.of(5n, 10n, 11n);
 * const values = resample(samples, at, { kernel: new Kernel() });
 * assert.deepEqual(values, Float64Array.of(1.5, 2, NaN));
 * ```
 */
export function resample(
  samples: { readonly times: BigInt64Array; readonly values: Float64Array },
  at: BigInt64Array,
  { kernel, method = "linear", maxGapNs = UNLIMITED, binNs }: ResampleOptions,
): Float64Array {
  const { times, values } = samples;
  if (times.length !== values.length) {
    throw new RangeError(
      `Cannot resample ${times.length} times: current number of values is ${values.length}`,
    );
  }
  if (method !== "mean") return resampleAt(kernel, method, samples, at, maxGapNs);
  if (binNs === undefined || binNs <= 0n) {
    throw new RangeError(`Cannot take means without a bin: current length is ${binNs}`);
  }
  return resampleAt(kernel, method, samples, at, binNs);
}
