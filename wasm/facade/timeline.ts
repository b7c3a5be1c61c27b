import type { Kernel, KernelBuffer } from "./kernel.ts";

/** How a value at another time than the samples' is found. */
export type ResampleMethod = "linear" | "previous" | "mean" | "pchip";

/** Methods that {@linkcode TickSampler} knows. */
export type GridMethod = Exclude<ResampleMethod, "pchip">;

/** Methods as the kernel numbers them. */
export const METHOD_CODES: Readonly<Record<ResampleMethod, number>> = {
  linear: 0,
  previous: 1,
  mean: 2,
  pchip: 3,
};
/** A grid as the kernel takes it: `start + round(k * 1e9 * denominator / numerator)`. */
export interface KernelGrid {
  readonly startNs: bigint;
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly count: number;
}

/** Copies arrays into kernel memory for the time of a call. */
export function withArrays<Result>(
  kernel: Kernel,
  arrays: readonly (BigInt64Array | Float64Array | Uint32Array)[],
  use: (...pointers: number[]) => Result,
  pointers: readonly number[] = [],
): Result {
  const [first, ...rest] = arrays;
  if (first === undefined) return use(...pointers);
  return kernel.withBuffer(first.byteLength, (buffer) => {
    const bytes = new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
    kernel.u8(buffer).set(bytes);
    return withArrays(kernel, rest, use, [...pointers, buffer.pointer]);
  });
}

/** A grid as four integers. */
export function gridFields({ startNs, numerator, denominator, count }: KernelGrid): bigint[] {
  return [startNs, numerator, denominator, BigInt(count)];
}

/** Some consecutive ticks of a grid. */
export function gridTicks(
  kernel: Kernel,
  grid: KernelGrid,
  from: number,
  length: number,
): BigInt64Array {
  return kernel.withBuffer(
    length * 8,
    (out) =>
      withArrays(kernel, [BigInt64Array.from(gridFields(grid))], (fields) => {
        kernel.call("sp_grid_ticks", fields!, from, out.pointer, length);
        return kernel.i64(out).slice();
      }),
  );
}

/** What a {@linkcode TickSampler} does. */
export interface TickSamplerOptions {
  readonly grid: KernelGrid;
  /** One for each column. */
  readonly methods: readonly GridMethod[];
  readonly maxGapNs: bigint;
  /** Samples may come late by this much. */
  readonly disorderNs: bigint;
}

/** Gives the columns of a stream at the ticks of a grid, in the kernel. */
export class TickSampler {
  readonly #kernel: Kernel;
  readonly #state: number;
  readonly #columns: number;

  constructor(kernel: Kernel, { grid, methods, maxGapNs, disorderNs }: TickSamplerOptions) {
    this.#kernel = kernel;
    this.#columns = methods.length;
    const fields = BigInt64Array.from([...gridFields(grid), maxGapNs, disorderNs]);
    const codes = Uint32Array.from(methods, (method) => METHOD_CODES[method]);
    this.#state = withArrays(
      kernel,
      [fields, codes],
      (field, code) => kernel.call("sp_sampler_new", field!, code!, methods.length),
    );
  }

  /** Adds samples: times, then the values of each column. What can be read must have been read before. */
  push(times: BigInt64Array, columns: readonly Float64Array[]): void {
    const kernel = this.#kernel;
    withArrays(
      kernel,
      [times],
      (time) =>
        kernel.withBuffer(this.#columns * times.byteLength, (buffer) => {
          const values = kernel.f64(buffer);
          columns.forEach((column, index) => values.set(column, index * times.length));
          const [pointer, length] = [buffer.pointer, times.length];
          kernel.call("sp_sampler_push", this.#state, time!, pointer, length, this.#columns);
        }),
    );
  }

  /** Says that no more samples will come. */
  end(): void {
    this.#kernel.call("sp_sampler_end", this.#state);
  }

  /** The columns of the ticks that are certain by now; call again until there are none. */
  read(): { length: number; columns: Float64Array[] } {
    const kernel = this.#kernel;
    const length = kernel.call("sp_sampler_advance", this.#state);
    const columns = kernel.withBuffer(
      length * 8,
      (buffer) =>
        Array.from({ length: this.#columns }, (_, column) => this.#column(column, buffer, length)),
    );
    return { length, columns };
  }

  #column(column: number, buffer: KernelBuffer, length: number): Float64Array {
    this.#kernel.call("sp_sampler_read", this.#state, column, buffer.pointer, length);
    return this.#kernel.f64(buffer).slice();
  }

  /** Smallest value of a column that may still be given. */
  lowest(column: number): number {
    return this.#kernel.call("sp_sampler_lowest", this.#state, column);
  }

  /** Number of samples that were left out: too late, or without a time. */
  get dropped(): number {
    return this.#kernel.call("sp_sampler_dropped", this.#state);
  }

  /** Gives the memory back; the sampler must not be used afterwards. */
  dispose(): void {
    this.#kernel.call("sp_sampler_free", this.#state);
  }
}
