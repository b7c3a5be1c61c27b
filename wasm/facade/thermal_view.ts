import type { Kernel, KernelBuffer } from "./kernel.ts";

/** How thermal frames become grey pictures. */
export interface ThermalViewOptions {
  /**
   * `stretch`: two percentiles of each frame become black and white. `clahe`: then contrast is equalised tile by
   * tile, which shows more of what has nearly the temperature of its surroundings, and more noise.
   * @default {"stretch"}
   */
  readonly method?: "stretch" | "clahe" | undefined;
  /** Percentile that becomes black, as NumPy's `linear` method counts. @default {1} */
  readonly low?: number | undefined;
  /** Percentile that becomes white. @default {99.8} */
  readonly high?: number | undefined;
  /** Tiles in each direction, for `clahe`. @default {8} */
  readonly tiles?: number | undefined;
  /** Largest count of a level relative to an even distribution, for `clahe`. @default {2} */
  readonly clip?: number | undefined;
}

/** Largest number of tiles in a direction. */
const MAX_TILES = 64;

/** Turns raw thermal frames into grey pictures, each by itself. */
export class ThermalView {
  readonly #kernel: Kernel;
  readonly #width: number;
  readonly #height: number;
  readonly #options: {
    readonly [Key in keyof ThermalViewOptions]-?: NonNullable<ThermalViewOptions[Key]>;
  };
  readonly #raw: KernelBuffer;
  readonly #grey: KernelBuffer;

  constructor(kernel: Kernel, width: number, height: number, options: ThermalViewOptions = {}) {
    const { method = "stretch", low = 1, high = 99.8, tiles = 8, clip = 2 } = options;
    if (!(low >= 0 && low < high && high <= 100)) {
      throw new RangeError(`Percentiles must rise from 0 to 100: they are ${low} and ${high}`);
    }
    if (!(Number.isInteger(tiles) && tiles >= 1 && tiles <= MAX_TILES)) {
      throw new RangeError(`Tiles must be 1 to ${MAX_TILES}: current value is ${tiles}`);
    }
    if (!(clip >= 1)) throw new RangeError(`Clip must be at least 1: current value is ${clip}`);
    this.#kernel = kernel;
    this.#width = width;
    this.#height = height;
    this.#options = { method, low, high, tiles, clip };
    this.#raw = kernel.alloc(2 * width * height);
    this.#grey = kernel.alloc(width * height);
  }

  /** Grey levels of a frame, row by row; a copy. */
  render(raw: Uint16Array): Uint8Array {
    const pixels = this.#width * this.#height;
    if (raw.length !== pixels) {
      throw new RangeError(`Frame must have ${pixels} values: it has ${raw.length}`);
    }
    const { method, low, high, tiles, clip } = this.#options;
    const [from, to] = [this.#raw.pointer, this.#grey.pointer];
    const bytes = new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength);
    this.#kernel.u8(this.#raw).set(bytes);
    this.#kernel.call("sp_thermal_stretch", from, pixels, low, high, to);
    if (method === "clahe") {
      this.#kernel.call("sp_thermal_clahe", to, this.#width, this.#height, tiles, clip);
    }
    return this.#kernel.u8(this.#grey).slice();
  }

  /** Gives the memory back. */
  dispose(): void {
    for (const buffer of [this.#raw, this.#grey]) this.#kernel.free(buffer);
  }
}
