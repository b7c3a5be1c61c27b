import type { Kernel, KernelResampler } from "../../wasm/mod.ts";
import { type CurveOptions, kernelResampler, requireAsMany } from "./resample.ts";

/** Options of {@linkcode Resampler}. */
export interface ResamplerOptions extends CurveOptions {
  readonly kernel: Kernel;
}

/**
 * Gives values at other times as {@linkcode resample} does while samples and times come in. Results are the same
 * whatever the chunks.
 *
 * It holds the times whose value is not certain yet and the samples that may still be needed: push neither further
 * ahead of the other than memory allows. Throws `RangeError` as {@linkcode resample} does.
 *
 * @example
 * ```ts
 * import { Kernel, Resampler } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const resampler = new Resampler({ kernel: new Kernel(), method: "linear" });
 * resampler.pushTimes(BigInt64Array.of(5n, 15n, 25n));
 * const first = resampler.pushSamples(BigInt64Array.of(0n, 10n, 20n), Float64Array.of(0, 1, 4));
 * // Another sample may come at 20.
 * assert.deepEqual(first, Float64Array.of(0.5));
 * assert.deepEqual(resampler.endSamples(), Float64Array.of(2.5, NaN));
 * resampler.dispose();
 * ```
 */
export class Resampler {
  readonly #resampler: KernelResampler;

  constructor(options: ResamplerOptions) {
    this.#resampler = kernelResampler(options.kernel, options);
  }

  /** Adds samples and returns the values at the next times that are certain by now. */
  pushSamples(times: BigInt64Array, values: Float64Array): Float64Array {
    requireAsMany(times, values);
    this.#resampler.sides.addSamples(times, values);
    return this.#resampler.advance().slice();
  }

  /** Adds times at which values are wanted and returns the values at the next times that are certain by now. */
  pushTimes(times: BigInt64Array): Float64Array {
    this.#resampler.sides.addWanted(times);
    return this.#resampler.advance().slice();
  }

  /** Says that no more samples come and returns the values at the rest of the times. */
  endSamples(): Float64Array {
    this.#resampler.sides.endKeys();
    return this.#resampler.advance().slice();
  }

  /** Gives the memory back; the resampler must not be used afterwards. */
  dispose(): void {
    this.#resampler.dispose();
  }
}
