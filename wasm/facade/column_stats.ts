import type { Kernel, KernelBuffer } from "./kernel.ts";

/** Facts about a column of numbers. What is not finite counts as missing. */
export interface NumberStatistics {
  /** Values that are there. */
  readonly count: number;
  readonly missing: number;
  /** NaN, like the other summaries, when there is no value. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
  /** Value of the first row; NaN when it is missing. */
  readonly first: number;
  /** Values outside the range that was asked for. */
  readonly outside: number;
  /** Times that a value differs from the one before it. */
  readonly changes: number;
  /** Samples in runs of at least three equal values at the minimum. */
  readonly clippedLow: number;
  /** Samples in runs of at least three equal values at the maximum. */
  readonly clippedHigh: number;
}

/** How often the length of an acceleration vector is within 20 % of gravity, by unit. */
export interface GravityStatistics {
  /** Vectors that have all components. */
  readonly count: number;
  readonly metresPerSecondSquared: number;
  readonly g: number;
  readonly milliG: number;
}

/** Holes in a column of sequence numbers. */
export interface SequenceStatistics {
  /** Places where numbers are missing. */
  readonly holes: number;
  /** Numbers that are missing in all. */
  readonly missing: number;
  readonly repeats: number;
  /** Places where the number falls, because the counter wrapped or the sensor restarted. */
  readonly restarts: number;
}

/** The numbers that the kernel can summarise. */
export type NumberColumn = Float64Array | BigInt64Array;

const COLUMN_FLOATS = 18;
const GRAVITY_FLOATS = 4;
const SEQUENCE_FLOATS = 5;

/** Runs a function on a copy of a column in kernel memory, as floats. */
function withFloats(kernel: Kernel, values: NumberColumn, use: (pointer: number) => void): void {
  kernel.withBuffer(values.byteLength, (buffer) => {
    writeFloats(kernel, buffer, values);
    use(buffer.pointer);
  });
}

function writeFloats(kernel: Kernel, buffer: KernelBuffer, values: NumberColumn): void {
  if (values instanceof Float64Array) {
    kernel.f64(buffer).set(values);
  } else {
    kernel.i64(buffer).set(values);
    kernel.call("sp_integers_to_floats", buffer.pointer, values.length);
  }
}

/** Gathers {@linkcode NumberStatistics} batch by batch. */
export class NumberStatisticsAccumulator {
  readonly #kernel: Kernel;
  readonly #state: KernelBuffer;

  /** @param low @param high Values outside are counted. */
  constructor(kernel: Kernel, low: number = -Infinity, high: number = Infinity) {
    this.#kernel = kernel;
    this.#state = kernel.alloc(COLUMN_FLOATS * 8);
    kernel.call("sp_column_reset", this.#state.pointer, low, high);
  }

  /** Adds the next values of the column. */
  add(values: NumberColumn): void {
    withFloats(this.#kernel, values, (pointer) => {
      this.#kernel.call("sp_column_add", this.#state.pointer, pointer, values.length);
    });
  }

  /** The facts so far. */
  get(): NumberStatistics {
    const state = this.#kernel.f64(this.#state);
    const at = (index: number) => state[index] ?? NaN;
    const count = at(0);
    const some = (value: number) => (count === 0 ? NaN : value);
    return {
      count,
      mean: some(at(1)),
      std: some(Math.sqrt(at(2) / count)),
      min: some(at(3)),
      max: some(at(4)),
      missing: at(5),
      first: at(6),
      outside: at(7),
      changes: at(8),
      clippedLow: at(11),
      clippedHigh: at(14),
    };
  }
}

/** Gathers {@linkcode GravityStatistics} of three acceleration components batch by batch. */
export class GravityAccumulator {
  readonly #kernel: Kernel;
  readonly #state: KernelBuffer;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#state = kernel.alloc(GRAVITY_FLOATS * 8);
    kernel.f64(this.#state).fill(0);
  }

  /** Adds vectors. Throws `RangeError` when the components differ in length. */
  add(x: Float64Array, y: Float64Array, z: Float64Array): void {
    if (x.length !== y.length || x.length !== z.length) {
      throw new RangeError(
        `Cannot add vectors: components have ${x.length}, ${y.length} and ${z.length} values`,
      );
    }
    this.#kernel.withBuffer(3 * x.byteLength, (buffer) => {
      const floats = this.#kernel.f64(buffer);
      [x, y, z].forEach((values, index) => floats.set(values, index * x.length));
      this.#kernel.call("sp_gravity_add", this.#state.pointer, buffer.pointer, x.length);
    });
  }

  /** The facts so far. */
  get(): GravityStatistics {
    const [count = 0, metresPerSecondSquared = 0, g = 0, milliG = 0] = this.#kernel.f64(
      this.#state,
    );
    return { count, metresPerSecondSquared, g, milliG };
  }
}

/** Gathers {@linkcode SequenceStatistics} batch by batch. */
export class SequenceAccumulator {
  readonly #kernel: Kernel;
  readonly #state: KernelBuffer;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#state = kernel.alloc(SEQUENCE_FLOATS * 8);
    kernel.call("sp_sequence_reset", this.#state.pointer);
  }

  /** Adds the next sequence numbers. */
  add(numbers: NumberColumn): void {
    withFloats(this.#kernel, numbers, (pointer) => {
      this.#kernel.call("sp_sequence_add", this.#state.pointer, pointer, numbers.length);
    });
  }

  /** The facts so far. */
  get(): SequenceStatistics {
    const [, holes = 0, missing = 0, repeats = 0, restarts = 0] = this.#kernel.f64(this.#state);
    return { holes, missing, repeats, restarts };
  }
}

/** Marks the rows of one batch after another that repeat the row before them. */
export class RepeatMarker {
  readonly #kernel: Kernel;
  #lastTime: bigint | undefined;
  readonly #lastValues = new Map<number, number>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /**
   * Marks with 1 the rows whose time and numbers all equal those of the row before.
   *
   * @param columns The same columns, in the same order, in every batch.
   */
  mark(times: BigInt64Array, columns: readonly Float64Array[]): Uint8Array {
    const { length } = times;
    if (length === 0) return new Uint8Array(0);
    return this.#kernel.withBuffer(length, (marks) => {
      this.#markTimes(times, marks);
      columns.forEach((values, index) => this.#keepValues(values, index, marks));
      return this.#kernel.u8(marks).slice();
    });
  }

  #markTimes(times: BigInt64Array, marks: KernelBuffer): void {
    const before = this.#lastTime ?? (times[0] ?? 0n) - 1n;
    this.#lastTime = times[times.length - 1];
    this.#kernel.withBuffer((times.length + 1) * 8, (buffer) => {
      const memory = this.#kernel.i64(buffer);
      memory[0] = before;
      memory.set(times, 1);
      this.#kernel.call("sp_mark_equal_times", buffer.pointer, marks.pointer, times.length);
    });
  }

  #keepValues(values: Float64Array, index: number, marks: KernelBuffer): void {
    const before = this.#lastValues.get(index) ?? NaN;
    this.#lastValues.set(index, values[values.length - 1] ?? NaN);
    this.#kernel.withBuffer((values.length + 1) * 8, (buffer) => {
      const memory = this.#kernel.f64(buffer);
      memory[0] = before;
      memory.set(values, 1);
      this.#kernel.call("sp_keep_equal_values", buffer.pointer, marks.pointer, values.length);
    });
  }
}
