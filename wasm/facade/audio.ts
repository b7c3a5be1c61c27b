import type { Kernel, KernelBuffer } from "./kernel.ts";

/** Samples that are handed over at once. */
const BLOCK = 16384;

/** Gathers how loud a sound is, as the feature by which recordings are first compared. */
export class LoudnessAccumulator {
  readonly #kernel: Kernel;
  readonly #block: KernelBuffer;
  /** Where it lies in the kernel. */
  readonly pointer: number;
  /** Frames that are complete. */
  frames = 0;

  /** @param samplesPerFrame May be a fraction. */
  constructor(kernel: Kernel, rateHz: number, samplesPerFrame: number) {
    this.#kernel = kernel;
    this.#block = kernel.alloc(4 * BLOCK);
    this.pointer = kernel.call("sp_loudness_new", rateHz, samplesPerFrame);
  }

  /** Adds the next samples. */
  add(samples: Float32Array): void {
    for (let from = 0; from < samples.length; from += BLOCK) {
      const part = samples.subarray(from, from + BLOCK);
      floats(this.#kernel, this.#block).set(part);
      const { pointer } = this.#block;
      this.frames = this.#kernel.call("sp_loudness_add", this.pointer, pointer, part.length);
    }
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#kernel.free(this.#block);
    this.#kernel.call("sp_loudness_free", this.pointer);
  }
}

function floats(kernel: Kernel, { pointer, bytes }: KernelBuffer): Float32Array {
  const { buffer } = kernel.u8({ pointer, bytes });
  return new Float32Array(buffer, pointer, bytes / 4);
}

/** How the frames of one recording may lie against those of another. */
export interface LoudnessLine {
  /** Frames by which the second is ahead at the frame `at` of the first. */
  readonly lag: number;
  readonly at: number;
  readonly drift: number;
  readonly blocks: number;
  readonly score: number;
}

const LINE_FLOATS = 5;

/** The most promising relations of two recordings, the best first. */
export function loudnessLines(
  kernel: Kernel,
  first: LoudnessAccumulator,
  second: LoudnessAccumulator,
  maxDrift: number,
  most: number,
): LoudnessLine[] {
  return kernel.withBuffer(most * LINE_FLOATS * 8, (out) => {
    const count = kernel.call(
      "sp_audio_lines",
      first.pointer,
      second.pointer,
      maxDrift,
      most,
      out.pointer,
    );
    const found = kernel.f64(out);
    return Array.from({ length: count }, (_, index) => {
      const [lag = 0, at = 0, drift = 0, blocks = 0, score = 0] = found.subarray(
        LINE_FLOATS * index,
      );
      return { lag, at, drift, blocks, score };
    });
  });
}

/** A piece of a recording that is compared. */
export interface SoundPiece {
  readonly samples: Float32Array;
  /** Where the window begins, in samples of the piece. */
  readonly from: number;
  /** Samples of the piece from one of the window to the next. */
  readonly step: number;
}

/** Delay of one sound between two windows, in samples of the window. */
export interface SoundDelay {
  readonly delay: number;
  readonly sigma: number;
  /** Height of the peak over the scatter beside it. */
  readonly height: number;
  /** The peak over the next highest. */
  readonly ratio: number;
  readonly quiet: boolean;
}

/** Finds the delay of a sound between two recordings, window by window. */
export class SoundComparer {
  readonly #kernel: Kernel;
  readonly #phat: number;

  /** @param length Samples of a window: a power of two, else `RangeError`. */
  constructor(kernel: Kernel, length: number, rateHz: number) {
    this.#kernel = kernel;
    this.#phat = kernel.call("sp_phat_new", length, rateHz) >>> 0;
    if (this.#phat === 0) {
      throw new RangeError(`Length of a window must be a power of two: current value is ${length}`);
    }
  }

  /** Compares two windows, up to a delay of `search` samples. */
  compare(first: SoundPiece, second: SoundPiece, search: number): SoundDelay {
    const kernel = this.#kernel;
    return kernel.withBuffer(
      first.samples.byteLength,
      (a) =>
        kernel.withBuffer(second.samples.byteLength, (b) =>
          kernel.withBuffer(10 * 8, (figures) => {
            floats(kernel, a).set(first.samples);
            floats(kernel, b).set(second.samples);
            kernel.f64(figures).set([first.from, first.step, second.from, second.step, search]);
            const out = figures.pointer + 5 * 8;
            const pieces = [a.pointer, first.samples.length, b.pointer, second.samples.length];
            kernel.call("sp_phat_delay", this.#phat, ...pieces, figures.pointer, out);
            const [delay = 0, sigma = NaN, height = 0, ratio = 0, quiet = 1] = kernel.f64(figures)
              .subarray(5);
            return { delay, sigma, height, ratio, quiet: quiet === 1 };
          })),
    );
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#kernel.call("sp_phat_free", this.#phat);
  }
}
