import type { Kernel, KernelBuffer } from "./kernel.ts";

/** Columns of three axes. */
export type AxisColumns = readonly [Float64Array, Float64Array, Float64Array];

/** Marks samples without a usable time. */
export const NO_UNROLLED_TIME = -(2n ** 63n);

/** Runs with a buffer that holds an array. */
function withArray<Result>(
  kernel: Kernel,
  values: Float64Array | BigInt64Array,
  use: (pointer: number) => Result,
): Result {
  return kernel.withBuffer(values.byteLength, (buffer) => {
    kernel.u8(buffer).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return use(buffer.pointer);
  });
}

/** Runs with a buffer that holds three columns one behind the other. */
function withAxes<Result>(
  kernel: Kernel,
  axes: AxisColumns,
  length: number,
  use: (pointer: number) => Result,
): Result {
  for (const axis of axes) {
    if (axis.length !== length) {
      throw new RangeError(`Columns must have ${length} values: one has ${axis.length}`);
    }
  }
  return kernel.withBuffer(3 * 8 * length, (buffer) => {
    const target = kernel.f64(buffer);
    axes.forEach((axis, index) => target.set(axis, index * length));
    return use(buffer.pointer);
  });
}

/** A change of what is added to stamps so that they run on. */
export interface UnrolledShift {
  /** First unrolled time for which it holds, ns. */
  readonly fromNs: bigint;
  /** What was added to the stamp, ns. */
  readonly shiftNs: bigint;
}

/** Makes the stamps of a stream increase in file order where its clock was set back. */
export class StampUnroller {
  readonly #kernel: Kernel;
  readonly #state: number;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#state = kernel.call("sp_unroller_new") >>> 0;
  }

  /** Unrolled times of the next stamps; {@linkcode NO_UNROLLED_TIME} for those that come late. */
  run(stamps: BigInt64Array): BigInt64Array {
    const kernel = this.#kernel;
    const { length, byteLength } = stamps;
    return withArray(kernel, stamps, (pointer) =>
      kernel.withBuffer(byteLength, (target) => {
        kernel.call("sp_unroller_run", this.#state, pointer, length, target.pointer);
        return kernel.i64(target).slice();
      }));
  }

  /** Where the clock was set back so far. */
  shifts(): UnrolledShift[] {
    const kernel = this.#kernel;
    const count = kernel.call("sp_unroller_count", this.#state) >>> 0;
    return kernel.withBuffer(16 * count, (buffer) => {
      kernel.call("sp_unroller_shifts", this.#state, buffer.pointer);
      const pairs = kernel.i64(buffer);
      return Array.from({ length: count }, (_, index) => ({
        fromNs: pairs[2 * index]!,
        shiftNs: pairs[2 * index + 1]!,
      }));
    });
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#kernel.call("sp_unroller_free", this.#state);
  }
}

/** How strongly a sensor moved in each bin of a recording. */
export interface MotionActivity {
  readonly binNs: bigint;
  /** Start of the first bin. */
  readonly originNs: bigint;
  /** Square root of the mean activity, NaN where nothing was measured. */
  readonly values: Float64Array;
}

/** Gathers the activity of a recording of any length in bounded memory. */
export class ActivityAccumulator {
  readonly #kernel: Kernel;
  readonly #state: number;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#state = kernel.call("sp_activity_new") >>> 0;
  }

  /** Adds samples at increasing times. Throws `RangeError` when columns differ in length. */
  add(times: BigInt64Array, axes: AxisColumns): void {
    const { length } = times;
    withAxes(this.#kernel, axes, length, (values) =>
      withArray(this.#kernel, times, (pointer) => {
        this.#kernel.call("sp_activity_add", this.#state, pointer, values, length);
      }));
  }

  /**
   * The activity so far.
   *
   * @param leastBinNs Bins are joined until they are at least this long.
   */
  get(leastBinNs = 0n): MotionActivity {
    const kernel = this.#kernel;
    const count = kernel.call("sp_activity_coarsen", this.#state, Number(leastBinNs)) >>> 0;
    return kernel.withBuffer(16, (extent) =>
      kernel.withBuffer(8 * count, (values) => {
        kernel.call("sp_activity_get", this.#state, extent.pointer, values.pointer);
        const [binNs = 0n, originNs = 0n] = kernel.i64(extent);
        return { binNs, originNs, values: kernel.f64(values).slice() };
      }));
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#kernel.call("sp_activity_free", this.#state);
  }
}

/** A place where a stretch of activity may lie. */
export interface CoarsePlace {
  /** First bin of the stretch in the other recording; negative when it begins before it. */
  readonly bin: number;
  /** Pearson correlation there. */
  readonly correlation: number;
}

/** Finds stretches of activity in the activity of another recording. */
export class CoarseSearch {
  readonly #kernel: Kernel;
  readonly #state: number;

  /** @param stretch Bins of the longest stretch. Throws `RangeError` when all is too long together. */
  constructor(kernel: Kernel, values: Float64Array, stretch: number) {
    this.#kernel = kernel;
    const { length } = values;
    this.#state = withArray(
      kernel,
      values,
      (pointer) => kernel.call("sp_coarse_new", pointer, length, stretch) >>> 0,
    );
    if (this.#state === 0) {
      throw new RangeError(`Cannot search ${length} bins for ${stretch}: there are too many`);
    }
  }

  /** Up to `count` places, the best first, at least `apart` bins from each other. */
  find(stretch: Float64Array, count: number, apart: number): CoarsePlace[] {
    const kernel = this.#kernel;
    return withArray(kernel, stretch, (pointer) =>
      kernel.withBuffer(16 * count, (places) => {
        const { length } = stretch;
        const args = [this.#state, pointer, length, count, apart, places.pointer];
        const found = kernel.call("sp_coarse_find", ...args) >>> 0;
        const figures = kernel.f64(places);
        return Array.from({ length: found }, (_, index) => ({
          bin: figures[2 * index]!,
          correlation: figures[2 * index + 1]!,
        }));
      }));
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#kernel.call("sp_coarse_free", this.#state);
  }
}

/** Samples of a sensor about a window. */
export interface WindowSamples {
  /** Seconds from the start of the window; of the second sensor, from where the same moment is expected. */
  readonly times: Float64Array;
  readonly axes: AxisColumns;
}

/** What to do with a window. Durations in seconds. */
export interface WindowSearch {
  readonly window: number;
  /** Largest lag to either side of what is expected. */
  readonly range: number;
  /** To a fraction of a sample, with uncertainty and rival; else coarsely. */
  readonly refine: boolean;
}

/** What a window says. Durations in seconds; NaN where it was not refined. */
export interface WindowReading {
  /** How much later than expected the second sensor shows the movement. */
  readonly lag: number;
  /** One sigma of the lag. */
  readonly sigma: number;
  /** Share of the movement in common, as an amplitude from 0 to 1. */
  readonly correlation: number;
  /** The second best lag, NaN when there is none. */
  readonly rivalLag: number;
  readonly rivalCorrelation: number;
  /** By how many standard errors the best lag explains more than the rival. */
  readonly rivalScore: number;
  /** Logarithm of how much more likely the best is than the rival. */
  readonly rivalEvidence: number;
  /** Where in the window the movement lies that tells the lag. */
  readonly centre: number;
  /** Share of the window that both measured. */
  readonly overlap: number;
  /** The best lag lies at the border of the search. */
  readonly atBorder: boolean;
  /** Size of the second movement in units of the first. */
  readonly scale: number;
  /** Turns the first into the second: the matrix of a rotation, row by row. */
  readonly rotation: Float64Array;
  /** Products of axes of the second (rows) and the first, as shares of both sizes: what rotations explain. */
  readonly products: Float64Array;
}

const READING_FLOATS = 29;
/** What must be read beside a window on both sides so that filters settle, in seconds. */
export const WINDOW_MARGIN_SECONDS = 1;

/** Compares two recordings of a movement about a window; undefined when there is too little to compare. */
export function measureMotion(
  kernel: Kernel,
  a: WindowSamples,
  b: WindowSamples,
  { window, range, refine }: WindowSearch,
): WindowReading | undefined {
  return withSamples(
    kernel,
    a,
    (fromA) =>
      withSamples(kernel, b, (fromB) =>
        kernel.withBuffer(8 * READING_FLOATS, (figures) => {
          const settings = [window, range, refine ? 1 : 0];
          const found = kernel.call(
            "sp_motion_measure",
            ...fromA,
            ...fromB,
            ...settings,
            figures.pointer,
          );
          return found === 1 ? readingOf(kernel, figures) : undefined;
        })),
  );
}

function withSamples<Result>(
  kernel: Kernel,
  { times, axes }: WindowSamples,
  use: (args: readonly number[]) => Result,
): Result {
  const { length } = times;
  return withArray(
    kernel,
    times,
    (pointer) => withAxes(kernel, axes, length, (values) => use([pointer, values, length])),
  );
}

function readingOf(kernel: Kernel, buffer: KernelBuffer): WindowReading {
  const figures = kernel.f64(buffer);
  const at = (index: number) => figures[index] ?? NaN;
  return {
    lag: at(0),
    sigma: at(1),
    correlation: at(2),
    rivalLag: at(3),
    rivalCorrelation: at(4),
    rivalScore: at(5),
    centre: at(6),
    overlap: at(7),
    atBorder: at(8) === 1,
    scale: at(9),
    rivalEvidence: at(10),
    rotation: figures.slice(11, 20),
    products: figures.slice(20, READING_FLOATS),
  };
}
