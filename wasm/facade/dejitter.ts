import type { Kernel, KernelBuffer } from "./kernel.ts";

/** A place on the lattice where samples are missing. */
export interface LatticeGap {
  /** Index of the first sample after it in the stream. */
  readonly row: number;
  /** How many samples are missing. */
  readonly missing: number;
  /** Times of the samples on both sides. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** The noise of the stamps leaves no doubt about the number. */
  readonly certain: boolean;
}

/** A stretch of a stream with one phase. */
export interface LatticeSegment {
  readonly firstRow: number;
  /** Place of that row. */
  readonly firstIndex: bigint;
}

/** Why a stream has no lattice: too few samples, no common period, or text instead of numbers. */
export type LatticeSkip = "too-few" | "irregular" | "text";

/** What is known of a lattice. */
export interface LatticeSummary {
  /** Samples per second; NaN without a lattice. */
  readonly rateHz: number;
  /** Standard deviation of the stamps about the sampling times, ns. */
  readonly stampSigmaNs: number;
  readonly dropped: number;
  readonly duplicates: number;
  readonly reordered: number;
  readonly gaps: readonly LatticeGap[];
  readonly segments: readonly LatticeSegment[];
  readonly skipped?: LatticeSkip;
}

/** Times, uncertainties and places of consecutive rows. */
export interface PlacedRows {
  readonly times: BigInt64Array;
  readonly sigmas: Float64Array;
  readonly indexes: BigInt64Array;
}

/** Instants of a stream, for moving them to another clock. */
export interface LatticeInstants {
  /** Row to which each belongs. */
  readonly rows: Float64Array;
  readonly times: BigInt64Array;
}

const SKIPS: readonly LatticeSkip[] = ["too-few", "irregular"];
const FIGURES = 7;

/** Passes over the stamps of a stream once. */
export class LatticeSurvey {
  readonly #kernel: Kernel;
  readonly #state: number;

  /**
   * @param from Period that the recorder meant to keep, 0 when not known; or the state of an earlier survey.
   *   Throws `RangeError` when it is none.
   */
  constructor(kernel: Kernel, from: number | Uint8Array) {
    this.#kernel = kernel;
    this.#state = typeof from === "number"
      ? kernel.call("sp_dejitter_new", from)
      : restored(kernel, from);
  }

  /** What was found so far as bytes. */
  state(): Uint8Array<ArrayBuffer> {
    const kernel = this.#kernel;
    return kernel.withBuffer(4, (length) => {
      const pointer = kernel.call("sp_dejitter_state", this.#state, length.pointer) >>> 0;
      const bytes = kernel.u32(length)[0]!;
      const state = kernel.u8({ pointer, bytes }).slice();
      kernel.call("sp_dejitter_state_free", pointer, bytes);
      return state;
    });
  }

  /** Adds the stamps of the next samples in file order. */
  add(times: BigInt64Array): void {
    this.#kernel.withBuffer(times.byteLength, (buffer) => {
      this.#kernel.i64(buffer).set(times);
      this.#kernel.call("sp_dejitter_add", this.#state, buffer.pointer, times.length);
    });
  }

  /** Finds the lattice; `move` takes the instants it is found from to another clock. */
  solve(move?: (instants: LatticeInstants) => BigInt64Array): LatticePlacer | LatticeSkip {
    const kernel = this.#kernel;
    const surveyed = kernel.call("sp_dejitter_finished", this.#state);
    try {
      const skipped = kernel.call("sp_dejitter_skipped", surveyed);
      if (skipped !== 0) return SKIPS[skipped - 1]!;
      const moved = move?.(instantsOf(kernel, surveyed)) ?? new BigInt64Array(0);
      return kernel.withBuffer(moved.byteLength, (buffer) => {
        kernel.i64(buffer).set(moved);
        const placer = kernel.call("sp_dejitter_solve", surveyed, buffer.pointer, moved.length);
        return placer === 0 ? "irregular" : new LatticePlacer(kernel, placer);
      });
    } finally {
      kernel.call("sp_dejitter_surveyed_free", surveyed);
    }
  }

  /** Gives the memory back; the survey must not be used afterwards. */
  dispose(): void {
    this.#kernel.call("sp_dejitter_free", this.#state);
  }
}

function restored(kernel: Kernel, state: Uint8Array): number {
  const survey = kernel.withBuffer(state.length, (buffer) => {
    kernel.u8(buffer).set(state);
    return kernel.call("sp_dejitter_restore", buffer.pointer, state.length);
  });
  if (survey === 0) {
    throw new RangeError(`Cannot restore a survey: current state of ${state.length} bytes is none`);
  }
  return survey;
}

function instantsOf(kernel: Kernel, surveyed: number): LatticeInstants {
  const count = kernel.call("sp_dejitter_instant_count", surveyed);
  return withBuffers(kernel, [8 * count, 8 * count], ([rows, times]) => {
    kernel.call("sp_dejitter_instants", surveyed, rows!.pointer, times!.pointer);
    return { rows: kernel.f64(rows!).slice(), times: kernel.i64(times!).slice() };
  });
}

function withBuffers<Result>(
  kernel: Kernel,
  sizes: readonly number[],
  use: (buffers: readonly KernelBuffer[]) => Result,
  buffers: readonly KernelBuffer[] = [],
): Result {
  const [size, ...rest] = sizes;
  if (size === undefined) return use(buffers);
  return kernel.withBuffer(
    size,
    (buffer) => withBuffers(kernel, rest, use, [...buffers, buffer]),
  );
}

/** Places the rows of a stream whose lattice is known. */
export class LatticePlacer {
  readonly #kernel: Kernel;
  readonly #state: number;
  readonly summary: LatticeSummary;

  /** @param state What the kernel's solver returned. */
  constructor(kernel: Kernel, state: number) {
    this.#kernel = kernel;
    this.#state = state;
    this.summary = summaryOf(kernel, state);
  }

  /** Places consecutive rows; those without a stamp stay without. */
  apply(stamps: BigInt64Array, firstRow: number): PlacedRows {
    const kernel = this.#kernel;
    const { byteLength, length } = stamps;
    return withBuffers(kernel, Array(4).fill(byteLength), (buffers) => {
      const [input, times, sigmas, indexes] = buffers as [
        KernelBuffer,
        KernelBuffer,
        KernelBuffer,
        KernelBuffer,
      ];
      kernel.i64(input).set(stamps);
      const to = [times.pointer, sigmas.pointer, indexes.pointer];
      kernel.call("sp_dejitter_apply", this.#state, input.pointer, length, firstRow, ...to);
      return {
        times: kernel.i64(times).slice(),
        sigmas: kernel.f64(sigmas).slice(),
        indexes: kernel.i64(indexes).slice(),
      };
    });
  }

  /**
   * Overwrites the times of consecutive rows by the places where they belong, and adds the uncertainty of these to
   * the one that each has.
   */
  refine(times: BigInt64Array, sigmas: Float64Array, firstRow: number): void {
    const kernel = this.#kernel;
    withBuffers(kernel, [times.byteLength, times.byteLength], (buffers) => {
      const [time, sigma] = buffers as [KernelBuffer, KernelBuffer];
      kernel.i64(time).set(times);
      kernel.f64(sigma).set(sigmas);
      const to = [time.pointer, sigma.pointer, times.length, firstRow];
      kernel.call("sp_dejitter_refine", this.#state, ...to);
      times.set(kernel.i64(time));
      sigmas.set(kernel.f64(sigma));
    });
  }

  /** Gives the memory back; the placer must not be used afterwards. */
  dispose(): void {
    this.#kernel.call("sp_dejitter_placer_free", this.#state);
  }
}

function summaryOf(kernel: Kernel, placer: number): LatticeSummary {
  const figures = withBuffers(kernel, [8 * FIGURES], ([buffer]) => {
    kernel.call("sp_dejitter_summary", placer, buffer!.pointer);
    return kernel.f64(buffer!).slice();
  });
  const [period, stampSigmaNs, dropped, duplicates, reordered, gaps, segments] =
    figures as unknown as [number, number, number, number, number, number, number];
  const counts = { dropped, duplicates, reordered };
  return withBuffers(kernel, [40 * gaps, 16 * segments], ([gap, segment]) => {
    kernel.call("sp_dejitter_gaps", placer, gap!.pointer, segment!.pointer);
    return {
      rateHz: 1e9 / period,
      stampSigmaNs,
      ...counts,
      gaps: gapsOf(kernel.i64(gap!)),
      segments: segmentsOf(kernel.i64(segment!)),
    };
  });
}

function gapsOf(values: BigInt64Array): LatticeGap[] {
  return Array.from({ length: values.length / 5 }, (_, index) => ({
    row: Number(values[5 * index]!),
    missing: Number(values[5 * index + 1]!),
    fromNs: values[5 * index + 2]!,
    toNs: values[5 * index + 3]!,
    certain: values[5 * index + 4] === 1n,
  }));
}

function segmentsOf(values: BigInt64Array): LatticeSegment[] {
  return Array.from({ length: values.length / 2 }, (_, index) => ({
    firstRow: Number(values[2 * index]!),
    firstIndex: values[2 * index + 1]!,
  }));
}
