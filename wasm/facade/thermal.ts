import type { Kernel, KernelBuffer } from "./kernel.ts";

/** Summary of the raw values of one thermal frame. */
export interface ThermalFrameStatistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
  /** Mean of the two middle values when their number is even. */
  readonly median: number;
  /** The frame is the same as the one before, to the last pixel. */
  readonly repeated: boolean;
}

/** Floats of the summary that the kernel writes. */
const STATISTICS_FLOATS = 5;

/** Summarises thermal frames one after the other. */
export class ThermalFrameAnalyser {
  readonly #kernel: Kernel;
  readonly #pixels: number;
  readonly #statistics: KernelBuffer;
  /** Frame of this call and of the one before; they take turns. */
  #current: KernelBuffer;
  #previous: KernelBuffer;
  #count = 0;

  /** @param pixels Values of one frame. */
  constructor(kernel: Kernel, pixels: number) {
    this.#kernel = kernel;
    this.#pixels = pixels;
    this.#statistics = kernel.alloc(STATISTICS_FLOATS * 8);
    this.#current = kernel.alloc(2 * pixels);
    this.#previous = kernel.alloc(2 * pixels);
  }

  /** Summarises a frame of little-endian 16-bit values. */
  add(bytes: Uint8Array): ThermalFrameStatistics {
    if (bytes.length !== 2 * this.#pixels) {
      throw new RangeError(`Frame must have ${2 * this.#pixels} bytes: it has ${bytes.length}`);
    }
    [this.#current, this.#previous] = [this.#previous, this.#current];
    const kernel = this.#kernel;
    kernel.u8(this.#current).set(bytes);
    const { pointer } = this.#current;
    kernel.call("sp_thermal_statistics", pointer, this.#pixels, this.#statistics.pointer);
    const repeated = this.#count++ > 0 &&
      kernel.call("sp_thermal_equal", pointer, this.#previous.pointer, this.#pixels) === 1;
    const [min = NaN, max = NaN, mean = NaN, std = NaN, median = NaN] = kernel.f64(
      this.#statistics,
    );
    return { min, max, mean, std, median, repeated };
  }

  /** Gives the memory back. */
  dispose(): void {
    for (const buffer of [this.#statistics, this.#current, this.#previous]) {
      this.#kernel.free(buffer);
    }
  }
}
