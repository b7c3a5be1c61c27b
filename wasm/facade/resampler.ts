import { ChunkBuffer, type RowRange } from "./chunk_buffer.ts";
import { OUTSIDE_CODES, requireTaken } from "./joiner.ts";
import type { Kernel } from "./kernel.ts";
import {
  gridFields,
  type KernelGrid,
  METHOD_CODES,
  type ResampleMethod,
  withArrays,
} from "./timeline.ts";

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
  readonly #kernel: Kernel;
  readonly #state: number;
  readonly #chunk: ChunkBuffer;

  constructor(kernel: Kernel, options: KernelResample) {
    this.#kernel = kernel;
    this.#state = newResampler(kernel, options);
    this.#chunk = new ChunkBuffer(kernel);
  }

  /** Adds samples, or some of their rows. Throws `RangeError` when they are not sorted, or repeat and must not. */
  addSamples(
    times: BigInt64Array,
    values: Float64Array,
    rows: RowRange = [0, times.length],
  ): void {
    this.#chunk.passBoth(times, values, rows, (pointers, length, row) => {
      const status = this.#kernel.call("sp_resampler_samples", this.#state, ...pointers, length);
      requireTaken(status, row, times, "times of samples");
    });
  }

  /** Adds times at which values are wanted, or some of their rows. Throws `RangeError` when they are not sorted. */
  addTimes(times: BigInt64Array, rows: RowRange = [0, times.length]): void {
    this.#chunk.pass(times, rows, (pointer, length, row) => {
      const status = this.#kernel.call("sp_resampler_times", this.#state, pointer, length);
      requireTaken(status, row, times, "times");
    });
  }

  /** Adds ticks of a grid from an index on. Throws `RangeError` when they are not sorted behind what came. */
  addTicks(grid: KernelGrid, from: number, count: number): void {
    withArrays(this.#kernel, [BigInt64Array.from(gridFields(grid))], (fields) => {
      const status = this.#kernel.call("sp_resampler_ticks", this.#state, fields!, from, count);
      requireTaken(status, 0, BigInt64Array.of(grid.startNs), "ticks");
    });
  }

  /** Says that no more samples come. */
  endSamples(): void {
    this.#kernel.call("sp_resampler_end", this.#state);
  }

  /** Says that no more times come: samples that still come are only checked. */
  endTimes(): void {
    this.#kernel.call("sp_resampler_end_times", this.#state);
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
    this.#chunk.dispose();
  }
}

function newResampler(kernel: Kernel, options: KernelResample): number {
  const { method, duplicates, outside, maxGapNs, binNs, breaks } = options;
  return withArrays(kernel, [BigInt64Array.of(maxGapNs, binNs), breaks], (limits, places) => {
    const codes = [METHOD_CODES[method], REPEATS_CODES[duplicates], OUTSIDE_CODES[outside]];
    return kernel.call("sp_resampler_new", ...codes, limits!, places!, breaks.length);
  });
}
