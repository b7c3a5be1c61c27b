import type { Kernel, KernelBuffer } from "./kernel.ts";

/** Rows that are passed in one call: their buffers stay in the nearest caches. */
export const CHUNK = 16_384;

/** First row and the one after the last. */
export type RowRange = readonly [from: number, to: number];

/** Buffers through which arrays pass into the kernel, a chunk at a time. */
export class ChunkBuffer {
  readonly #kernel: Kernel;
  readonly #times: KernelBuffer;
  readonly #values: KernelBuffer;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#times = kernel.alloc(CHUNK * 8);
    this.#values = kernel.alloc(CHUNK * 8);
  }

  /** Calls for each chunk of some rows with its place in the kernel, its length and the index of its first row. */
  pass(
    times: BigInt64Array,
    [from, to]: RowRange,
    use: (pointer: number, length: number, row: number) => void,
  ): void {
    for (let row = from; row < to; row += CHUNK) {
      const part = times.subarray(row, Math.min(row + CHUNK, to));
      this.#kernel.i64(this.#times).set(part);
      use(this.#times.pointer, part.length, row);
    }
  }

  /** The same for times with values; values come behind the times. */
  passBoth(
    times: BigInt64Array,
    values: Float64Array,
    rows: RowRange,
    use: (pointers: readonly [number, number], length: number, row: number) => void,
  ): void {
    this.pass(times, rows, (pointer, length, row) => {
      this.#kernel.f64(this.#values).set(values.subarray(row, row + length));
      use([pointer, this.#values.pointer], length, row);
    });
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#kernel.free(this.#times);
    this.#kernel.free(this.#values);
  }
}
