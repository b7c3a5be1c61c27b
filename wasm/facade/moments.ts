import type { Kernel, KernelBuffer } from "./kernel.ts";

/** Count, mean, variance and extremes of the finite values of a column. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Population variance. */
  readonly variance: number;
  readonly min: number;
  readonly max: number;
}

/** Floats in the summary that the kernel keeps. */
const MOMENT_FLOATS = 5;

/** Gathers {@linkcode Moments} batch by batch. */
export class MomentsAccumulator {
  readonly #kernel: Kernel;
  readonly #state: KernelBuffer;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#state = kernel.alloc(MOMENT_FLOATS * 8);
    kernel.call("sp_moments_reset", this.#state.pointer);
  }

  /** Adds values; those that are not finite are skipped. */
  add(values: Float64Array): void {
    this.#kernel.withBuffer(values.byteLength, (buffer) => {
      this.#kernel.f64(buffer).set(values);
      this.#kernel.call("sp_moments_add", this.#state.pointer, buffer.pointer, values.length);
    });
  }

  /** The summary so far; all but the count are NaN when there was no value. */
  get(): Moments {
    const [count = 0, mean = 0, m2 = 0, min = 0, max = 0] = this.#kernel.f64(this.#state);
    if (count === 0) return { count, mean: NaN, variance: NaN, min: NaN, max: NaN };
    return { count, mean, variance: m2 / count, min, max };
  }
}
