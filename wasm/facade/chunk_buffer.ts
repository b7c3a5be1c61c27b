import type { Kernel, KernelBuffer } from "./kernel.ts";

/** Rows that are passed in one call: their buffers stay in the nearest caches. */
export const CHUNK = 8192;

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

  /** Calls for each chunk with its place in the kernel, its length and the index of its first row. */
  pass(times: BigInt64Array, use: (pointer: number, length: number, row: number) => void): void {
    for (let row = 0; row < times.length; row += CHUNK) {
      const part = times.subarray(row, row + CHUNK);
      this.#kernel.i64(this.#times).set(part);
      use(this.#times.pointer, part.length, row);
    }
  }

  /** The same for times with values; values come behind the times. */
  passBoth(
    times: BigInt64Array,
    values: Float64Array,
    use: (pointers: readonly [number, number], length: number, row: number) => void,
  ): void {
    this.pass(times, (pointer, length, row) => {
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
