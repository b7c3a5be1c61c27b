import { OUTSIDE_CODES } from "./joiner.ts";
import type { Kernel } from "./kernel.ts";
import { KernelSides } from "./sides.ts";
import { METHOD_CODES, type ResampleMethod, withArrays } from "./timeline.ts";

const REPEATS_CODES = { first: 0, last: 1, error: 2 } as const;

/** How values are found, as the kernel takes it. */
export interface KernelResample {
  readonly method: ResampleMethod;
  /** -1 is no limit. */
  readonly maxGapNs: bigint;
  /** Length of the bins of means. */
  readonly binNs: bigint;
  readonly outside: keyof typeof OUTSIDE_CODES;
  readonly duplicates: keyof typeof REPEATS_CODES;
  /** Places that are not bridged. */
  readonly breaks: BigInt64Array;
}

/** Gives values at other times in the kernel, chunk by chunk. */
export class KernelResampler {
  /** Samples are the keys. */
  readonly sides: KernelSides;
  readonly #kernel: Kernel;
  readonly #state: number;

  constructor(kernel: Kernel, options: KernelResample) {
    this.#kernel = kernel;
    this.#state = newResampler(kernel, options);
    const sides = kernel.call("sp_resampler_sides", this.#state);
    this.sides = new KernelSides(kernel, sides, { keys: "times of samples", wanted: "times" });
  }

  /**
   * Values that are certain by now: a view of kernel memory that holds until its next call. Throws `RangeError`
   * when a time lies outside and must not.
   */
  advance(): Float64Array {
    const kernel = this.#kernel;
    const length = kernel.call("sp_resampler_advance", this.#state);
    if (length < 0) throw new RangeError("Cannot resample: a time lies outside the samples");
    const pointer = kernel.call("sp_resampler_values", this.#state);
    return kernel.f64({ pointer, bytes: length * 8 });
  }

  /** Gives the memory back; the resampler must not be used afterwards. */
  dispose(): void {
    this.#kernel.call("sp_resampler_free", this.#state);
    this.sides.dispose();
  }
}

function newResampler(kernel: Kernel, options: KernelResample): number {
  const { method, duplicates, outside, maxGapNs, binNs, breaks } = options;
  return withArrays(kernel, [BigInt64Array.of(maxGapNs, binNs), breaks], (limits, places) => {
    const codes = [METHOD_CODES[method], REPEATS_CODES[duplicates], OUTSIDE_CODES[outside]];
    return kernel.call("sp_resampler_new", ...codes, limits!, places!, breaks.length);
  });
}
