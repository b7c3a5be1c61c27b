import {
  type ByteSource,
  type ColumnBatch,
  type ColumnSpec,
  createIssue,
  type ReadOptions,
  type ReportIssue,
  type StreamReader,
  type StreamSchema,
  ZERO_CELSIUS,
} from "../../base/mod.ts";
import { type Kernel, ThermalFrameAnalyser } from "../../../wasm/mod.ts";
import { countFrames, readFrames } from "./frames.ts";
import { readHeader, type ThermalHeader } from "./header.ts";

/** Options of {@linkcode openThermal}. */
export interface ThermalOptions {
  readonly kernel: Kernel;
  /** Path of the file, for issues. */
  readonly path: string;
  /** Phone that recorded it. */
  readonly device: string;
  /** Name of the stream. */
  readonly name: string;
  /** Raw value per kelvin: 64 in high gain, 16 in 14-bit modes. @default {64} */
  readonly divisor?: number;
  /** Receives what is wrong with the file as a whole. */
  readonly report?: ReportIssue | undefined;
}

/** One thermal picture. */
export interface ThermalFrame {
  /** Position in the file, from 0. */
  readonly index: number;
  /** Time on the clock of the stream; `MISSING_NS` when what was recorded cannot be one. */
  readonly timeNs: bigint;
  /** Sensor values row by row; divided by the divisor they are kelvin. Overwritten by the next frame. */
  readonly raw: Uint16Array<ArrayBuffer>;
}

/** A thermal recording as a stream of statistics, with its pictures at hand. */
export interface ThermalReader extends StreamReader {
  readonly width: number;
  readonly height: number;
  /** Raw value per kelvin. */
  readonly divisor: number;
  /** Settings of the camera by name, as recorded. */
  readonly config: Readonly<Record<string, string>>;
  /** Whole frames of the file. */
  readonly frameCount: number;
  /** Yields the pictures in file order, one at a time, from a position on. */
  frames(
    options?: Pick<ReadOptions, "signal"> & { readonly from?: number },
  ): AsyncIterable<ThermalFrame>;
}

/** Raw value per kelvin in high gain. */
const USUAL_DIVISOR = 64;

/** Most frames of one batch: a frame takes 98 KB of reading. */
const BATCH_ROWS = 256;

/**
 * Frames are stamped when they are handed over, up to about a frame after they were taken: the period of
 * 25 frames per second as the width of a uniform delay that is not corrected for.
 */
const ARRIVAL_SIGMA_NS = 40e6 / Math.sqrt(3);

const COLUMNS: readonly ColumnSpec[] = [
  { name: "frame", kind: "f64", categorical: true },
  { name: "min_temperature", kind: "f64", unit: "degC" },
  { name: "max_temperature", kind: "f64", unit: "degC" },
  { name: "mean_temperature", kind: "f64", unit: "degC" },
  { name: "median_temperature", kind: "f64", unit: "degC" },
  { name: "std_temperature", kind: "f64", unit: "K" },
  { name: "repeated", kind: "bool" },
];

/**
 * Opens a thermal recording of the phone (`THERMAL1` or `THERMAL2`) as a stream of frame statistics.
 *
 * Times are those of the frames in ns on `<device>/utc`, recorded in ms. Columns: `frame` from 0; least,
 * largest, mean, median and standard deviation of the temperatures of all pixels, where the temperature is
 * raw / divisor - 273.15 degrees Celsius; `repeated` is 1 where a frame equals the one before to the last
 * pixel. A file without a usable header gives no stream and an issue; the source is closed then.
 *
 * @example
 * ```ts
 * import { bytesSource, Kernel, openThermal } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const file = new Uint8Array(16 + 8 + 4); // a picture of 2 x 1 pixels
 * file.set(new TextEncoder().encode("THERMAL1"));
 * const view = new DataView(file.buffer);
 * view.setInt32(8, 2);
 * view.setInt32(12, 1);
 * view.setBigInt64(16, 1_753_790_000_000n);
 * view.setUint16(24, 64 * 300, true);
 * view.setUint16(26, 64 * 310, true);
 * const options = { kernel: new Kernel(), path: "a.dat", device: "phone_1", name: "thermal" };
 * const [stream] = await openThermal(bytesSource(file), options);
 * for await (const batch of stream!.batches()) {
 *   assert.equal(batch.times[0], 1_753_790_000_000_000_000n);
 *   assert.ok(Math.abs(Number(batch.columns[3]![0]) - 31.85) < 1e-9);
 * }
 * ```
 */
export async function openThermal(
  source: ByteSource,
  options: ThermalOptions,
): Promise<ThermalReader[]> {
  const { path, divisor = USUAL_DIVISOR, report } = options;
  if (!(divisor > 0)) throw new RangeError(`Divisor must be positive: current value is ${divisor}`);
  const header = await readHeader(source, path);
  if ("code" in header) {
    report?.(header);
    await source.close();
    return [];
  }
  const { frames, left } = countFrames(source, header);
  if (left > 0) {
    const byte = source.size - left;
    report?.(createIssue("THERMAL_FRAME_CUT", { bytes: left, frames }, { path, byte }));
  }
  return [createReader(source, header, { ...options, divisor })];
}

function createReader(
  source: ByteSource,
  header: ThermalHeader,
  options: ThermalOptions & { readonly divisor: number },
): ThermalReader {
  const { width, height, config } = header;
  return {
    schema: schemaOf(header, options),
    width,
    height,
    divisor: options.divisor,
    config,
    batches: (read = {}) => readStatistics(source, header, options, read),
    frameCount: countFrames(source, header).frames,
    frames: ({ from = 0, signal } = {}) => readPictures(source, header, from, signal),
    close: () => source.close(),
  };
}

function schemaOf({ config }: ThermalHeader, { device, name }: ThermalOptions): StreamSchema {
  const rate = Number(config["frame_rate"]);
  return {
    id: `${device}/${name}`,
    device,
    name,
    columns: COLUMNS,
    clock: { id: `${device}/utc`, kind: "utc" },
    resolutionNs: 1e6,
    arrivalSigmaNs: ARRIVAL_SIGMA_NS,
    ...(rate > 0 && Number.isFinite(rate) ? { nominalRateHz: rate } : {}),
  };
}

async function* readStatistics(
  source: ByteSource,
  header: ThermalHeader,
  { kernel, divisor, path }: ThermalOptions & { readonly divisor: number },
  { report, signal, batchRows = BATCH_ROWS }: ReadOptions,
): AsyncGenerator<ColumnBatch> {
  const analyser = new ThermalFrameAnalyser(kernel, header.width * header.height);
  const rows = new Rows(Math.min(batchRows, BATCH_ROWS), divisor);
  try {
    for await (const { timeNs, pixels } of readFrames(source, header, signal)) {
      rows.add(timeNs, analyser.add(pixels));
      if (rows.full) yield rows.take();
    }
  } finally {
    analyser.dispose();
  }
  if (rows.length > 0) yield rows.take();
  if (rows.repeated > 0) {
    report?.(createIssue("THERMAL_FRAME_TORN", { count: rows.repeated }, { path }));
  }
}

/** Gathers the statistics of frames into batches. */
class Rows {
  readonly #capacity: number;
  readonly #divisor: number;
  #times: bigint[] = [];
  #values: number[][] = [];
  #repeats: number[] = [];
  #firstRow = 0;
  /** Frames that equal the one before, in all batches. */
  repeated = 0;

  constructor(capacity: number, divisor: number) {
    this.#capacity = capacity;
    this.#divisor = divisor;
  }

  get length(): number {
    return this.#times.length;
  }

  get full(): boolean {
    return this.length >= this.#capacity;
  }

  add(timeNs: bigint, frame: ReturnType<ThermalFrameAnalyser["add"]>): void {
    const celsius = [frame.min, frame.max, frame.mean, frame.median]
      .map((raw) => raw / this.#divisor - ZERO_CELSIUS);
    this.#times.push(timeNs);
    this.#values.push([
      this.#firstRow + this.#values.length,
      ...celsius,
      frame.std / this.#divisor,
    ]);
    this.#repeats.push(frame.repeated ? 1 : 0);
    if (frame.repeated) this.repeated++;
  }

  take(): ColumnBatch {
    const { length } = this;
    const firstRow = this.#firstRow;
    const floats = COLUMNS.slice(0, -1)
      .map((_, column) => Float64Array.from(this.#values, (values) => values[column]!));
    const batch = {
      firstRow,
      length,
      times: BigInt64Array.from(this.#times),
      columns: [...floats, Uint8Array.from(this.#repeats)],
    };
    this.#firstRow += length;
    this.#times = [];
    this.#values = [];
    this.#repeats = [];
    return batch;
  }
}

async function* readPictures(
  source: ByteSource,
  header: ThermalHeader,
  from: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<ThermalFrame> {
  const raw = new Uint16Array(header.width * header.height);
  for await (const { index, timeNs, pixels } of readFrames(source, header, signal, from)) {
    const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.length);
    for (let pixel = 0; pixel < raw.length; pixel++) raw[pixel] = view.getUint16(2 * pixel, true);
    yield { index, timeNs, raw };
  }
}
