import { type Kernel, KernelResampler, type ResampleMethod } from "../../wasm/mod.ts";
import { countOf, type Grid } from "./grid.ts";
import { passInTurn } from "./in_turn.ts";

/** How values are found. Durations are in ns. */
export interface CurveOptions {
  /**
   * `linear` between neighbours; `pchip` on a cubic that keeps rising and falling as the samples do; `previous`
   * holds the last sample; `mean` takes the mean of a bin, which keeps faster changes from aliasing.
   *
   * @default {"linear"}
   */
  readonly method?: ResampleMethod;
  /** Longest stretch without samples that is bridged or held. @default {no limit} */
  readonly maxGapNs?: bigint;
  /** Length of the bins around each time, from half of it before, included, to half after. Needed for `mean`. */
  readonly binNs?: bigint;
  /** Times that are not bridged, such as those where a clock was set; a sample at the place lies after it. */
  readonly breaksNs?: BigInt64Array;
  /**
   * What is given outside the samples: nothing, the value at the end as far as the largest gap, or an error. A mean
   * has nothing there. After the last sample `previous` holds it in any case. @default {"null"}
   */
  readonly outside?: "null" | "hold" | "error";
  /** Which of samples at the same time, or to refuse them. A mean takes all. @default {"last"} */
  readonly duplicates?: "first" | "last" | "error";
}

/** Options of {@linkcode resample}. */
export interface ResampleOptions extends CurveOptions {
  readonly kernel: Kernel;
  /** Where to write, from the start; a new array is made otherwise, which costs as much as the values. */
  readonly into?: Float64Array;
}

/**
 * Gives values at other times: both in ns on the same clock and sorted.
 *
 * The other times may be a grid, whose ticks are calculated and never stored. Samples that are NaN or have no time count as absent. Nothing is given outside the samples or in a gap: the
 * result is NaN there. Of samples at the same time the last counts. Cubics are those of Fritsch and Butland (SIAM
 * J. Sci. Stat. Comput. 5, 1984), each stretch without a gap for itself. Throws `RangeError` when times are not
 * sorted, lengths differ, a mean has no bin, or what is to be refused occurs.
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
  { times, values }: { readonly times: BigInt64Array; readonly values: Float64Array },
  at: BigInt64Array | Grid,
  options: ResampleOptions,
): Float64Array {
  requireAsMany(times, values);
  const out = options.into ?? new Float64Array(countOf(at));
  const resampler = kernelResampler(options.kernel, options);
  try {
    passInTurn({
      sides: resampler.sides,
      wanted: at,
      keys: times,
      values,
      settle: (row) => {
        const found = resampler.advance();
        out.set(found, row);
        return found.length;
      },
    });
  } finally {
    resampler.dispose();
  }
  return out;
}

/** Throws `RangeError` when there are not as many values as times. */
export function requireAsMany(times: BigInt64Array, values: Float64Array): void {
  if (times.length === values.length) return;
  throw new RangeError(
    `Cannot resample ${times.length} times: current number of values is ${values.length}`,
  );
}

/** A resampler of the kernel. Throws `RangeError` for a mean without a bin and for negative limits. */
export function kernelResampler(kernel: Kernel, options: CurveOptions): KernelResampler {
  const { method = "linear", maxGapNs, binNs, outside = "null" } = options;
  const { duplicates = "last", breaksNs = new BigInt64Array(0) } = options;
  if (method === "mean" && (binNs === undefined || binNs <= 0n)) {
    throw new RangeError(`Cannot take means without a bin: current length is ${binNs}`);
  }
  if (method === "mean" && outside !== "null") {
    throw new RangeError(`Cannot take means outside the samples: current choice is ${outside}`);
  }
  if (maxGapNs !== undefined && maxGapNs < 0n) {
    throw new RangeError(`Cannot resample: largest gap is negative: current value is ${maxGapNs}`);
  }
  return new KernelResampler(kernel, {
    method,
    maxGapNs: maxGapNs ?? -1n,
    binNs: binNs ?? 1n,
    outside,
    duplicates,
    breaks: breaksNs,
  });
}
