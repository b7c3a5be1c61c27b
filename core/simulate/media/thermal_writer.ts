import { type ByteSink, UsageError, ZERO_CELSIUS } from "../../base/mod.ts";

/** Options of {@linkcode ThermalWriter}. */
export interface ThermalWriterOptions {
  /** Layout: 1 has no configuration text, 2 has one. @default {2} */
  readonly version?: 1 | 2;
  /** Pixels. @default {256} */
  readonly width?: number;
  /** Pixels. @default {192} */
  readonly height?: number;
  /** Configuration of the camera as `key=value` pairs between commas; layout 2 only. */
  readonly config?: string;
}

/** What the recorder writes of the camera unless told otherwise. */
const DEFAULT_CONFIG = "thermal_enabled=true,frame_rate=25,color_palette=iron,temp_range=auto," +
  "emissivity=0.95,auto_calibration=true,high_resolution=false,temp_units=celsius," +
  "usb_priority=true,data_format=radiometric";

/**
 * Writes a thermal recording in the layout of the phone's recorder: magic, big-endian size and, in
 * layout 2, configuration; then frames of a big-endian time and little-endian pixels.
 * The sink is left for the caller to commit.
 *
 * @example
 * ```ts
 * import { rawFromCelsius, ThermalWriter } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const sizes: number[] = [];
 * const sink = {
 *   position: 0,
 *   write: async (bytes: Uint8Array) => { sizes.push(bytes.length); },
 *   writeAt: async () => {},
 *   commit: async () => {},
 *   abort: async () => {},
 * };
 * const writer = new ThermalWriter(sink, { version: 1 });
 * await writer.addFrame(1_753_790_000_000n, new Uint16Array(256 * 192).fill(rawFromCelsius(30)));
 * assert.deepEqual(sizes, [16, 98312]);
 * ```
 */
export class ThermalWriter {
  readonly #sink: ByteSink;
  readonly #header: Uint8Array;
  readonly #frame: Uint8Array;
  readonly #pixels: number;
  #begun = false;

  constructor(sink: ByteSink, options: ThermalWriterOptions = {}) {
    const { version = 2, width = 256, height = 192, config = DEFAULT_CONFIG } = options;
    if (version === 1 && options.config !== undefined) {
      throw new UsageError("Layout 1 of thermal files has no configuration", "Use version 2");
    }
    this.#sink = sink;
    this.#header = encodeHeader(version, width, height, config);
    this.#pixels = width * height;
    this.#frame = new Uint8Array(8 + 2 * this.#pixels);
  }

  /**
   * Adds a frame.
   *
   * @param epochMs Time of the frame, ms since 1970 on the clock of the phone.
   * @param raw Sensor values row by row; see {@linkcode rawFromCelsius}.
   */
  async addFrame(epochMs: bigint, raw: Uint16Array): Promise<void> {
    if (raw.length !== this.#pixels) {
      throw new RangeError(`Frame must have ${this.#pixels} pixels: it has ${raw.length}`);
    }
    await this.#begin();
    const view = new DataView(this.#frame.buffer);
    view.setBigInt64(0, epochMs);
    raw.forEach((value, index) => view.setUint16(8 + 2 * index, value, true));
    await this.#sink.write(this.#frame);
  }

  /** Writes the header if there was no frame. */
  async finish(): Promise<void> {
    await this.#begin();
  }

  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    await this.#sink.write(this.#header);
  }
}

/** Sensor value of a temperature: 64 counts per kelvin, rounded and clipped to 16 bits. */
export function rawFromCelsius(celsius: number): number {
  return Math.min(65535, Math.max(0, Math.round((celsius + ZERO_CELSIUS) * 64)));
}

function encodeHeader(version: 1 | 2, width: number, height: number, config: string): Uint8Array {
  const encoder = new TextEncoder();
  const text = version === 2 ? encoder.encode(config) : new Uint8Array();
  const header = new Uint8Array(version === 2 ? 20 + text.length : 16);
  const view = new DataView(header.buffer);
  header.set(encoder.encode(`THERMAL${version}`));
  view.setInt32(8, width);
  view.setInt32(12, height);
  if (version === 2) {
    view.setInt32(16, text.length);
    header.set(text, 20);
  }
  return header;
}
