import { ChunkBuffer, type RowRange } from "./chunk_buffer.ts";
import type { Kernel } from "./kernel.ts";
import { gridFields, type KernelGrid, withArrays } from "./timeline.ts";

/** What the times of both sides are called in messages. */
export interface SideNames {
  readonly keys: string;
  readonly wanted: string;
}

/**
 * The two sides of a join or of a resampling in the kernel, as they come in parts: keys in which is looked up, and
 * wanted times.
 */
export class KernelSides {
  readonly #kernel: Kernel;
  readonly #state: number;
  readonly #names: SideNames;
  readonly #chunk: ChunkBuffer;

  /** `state` is where the kernel keeps them. */
  constructor(kernel: Kernel, state: number, names: SideNames) {
    this.#kernel = kernel;
    this.#state = state;
    this.#names = names;
    this.#chunk = new ChunkBuffer(kernel);
  }

  /** Adds keys, or some of their rows. Throws `RangeError` when they are not sorted, or repeat and must not. */
  addKeys(times: BigInt64Array, rows: RowRange = [0, times.length]): void {
    this.#chunk.pass(times, rows, (pointer, length, row) => {
      this.#call("sp_sides_keys", row, times, this.#names.keys, pointer, length, 0, 0);
    });
  }

  /** The same for keys that have values. */
  addSamples(
    times: BigInt64Array,
    values: Float64Array,
    rows: RowRange = [0, times.length],
  ): void {
    this.#chunk.passBoth(times, values, rows, ([time, value], length, row) => {
      this.#call("sp_sides_keys", row, times, this.#names.keys, time, length, value, length);
    });
  }

  /** Adds wanted times, or some of their rows. Throws `RangeError` when they are not sorted. */
  addWanted(times: BigInt64Array, rows: RowRange = [0, times.length]): void {
    this.#chunk.pass(times, rows, (pointer, length, row) => {
      this.#call("sp_sides_wanted", row, times, this.#names.wanted, pointer, length);
    });
  }

  /** Adds ticks of a grid from an index on. Throws `RangeError` when they are not sorted behind what came. */
  addTicks(side: keyof SideNames, grid: KernelGrid, from: number, count: number): void {
    withArrays(this.#kernel, [BigInt64Array.from(gridFields(grid))], (fields) => {
      const [start, name] = [BigInt64Array.of(grid.startNs), this.#names[side]];
      this.#call("sp_sides_ticks", 0, start, name, Number(side === "keys"), fields!, from, count);
    });
  }

  /** Says that all keys are there. */
  endKeys(): void {
    this.#kernel.call("sp_sides_end_keys", this.#state);
  }

  /** Says that all wanted times are there: keys that still come are only checked. */
  endWanted(): void {
    this.#kernel.call("sp_sides_end_wanted", this.#state);
  }

  /** Gives the buffers back; the sides must not be used afterwards. */
  dispose(): void {
    this.#chunk.dispose();
  }

  /** Passes a chunk that begins at a row of some times. */
  #call(name: string, row: number, times: BigInt64Array, what: string, ...input: number[]): void {
    requireTaken(this.#kernel.call(name, this.#state, ...input), row, times, what);
  }
}

/** Throws `RangeError` when the kernel refused a row of a chunk that begins at an index. */
export function requireTaken(
  status: number,
  row: number,
  times: BigInt64Array,
  name: string,
): void {
  if (status === -1) return;
  const index = row + (status < 0 ? -2 - status : status);
  const fault = status < 0 ? "repeat" : "are not sorted";
  throw new RangeError(
    `Cannot use ${name} that ${fault}: current value is ${times[index]} at index ${index}`,
  );
}
