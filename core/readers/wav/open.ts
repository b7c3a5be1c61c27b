import {
  type AudioReadOptions,
  type AudioSource,
  type ByteSource,
  type ColumnBatch,
  type ColumnSpec,
  type ReadOptions,
  type ReportIssue,
  type StreamReader,
  type StreamSchema,
  throwIfCancelled,
  type TimeNs,
} from "../../base/mod.ts";
import { readWavLayout, type WavFormat, type WavLayout } from "./header.ts";
import { mixFrames } from "./samples.ts";

/** Options of {@linkcode openWav}. */
export interface WavOptions {
  /** Path of the file, for issues. */
  readonly path: string;
  /** Device that recorded it. */
  readonly device: string;
  /** Name of the stream. */
  readonly name: string;
  /** Receives what is wrong with the file as a whole. */
  readonly report?: ReportIssue | undefined;
}

/** What a file says of its sound. */
export interface WavInfo extends WavFormat {
  /** Samples of each channel. */
  readonly frames: number;
  /** Local wall time at which recording began, as ns since 1970 of that wall clock, from Broadcast Wave files. */
  readonly originLocalNs?: TimeNs;
}

/** A sound as a stream of levels, with its samples at hand. */
export interface WavReader extends StreamReader {
  readonly info: WavInfo;
  /** The samples, mixed to one channel; the first is at 0 on the clock of the stream. */
  readonly audio: AudioSource;
}

/** Levels per second: enough to see words and claps. */
const LEVELS_HZ = 100;
const COLUMNS: readonly ColumnSpec[] = [
  { name: "rms_level", kind: "f64", unit: "1" },
  { name: "peak_level", kind: "f64", unit: "1" },
];
/** Bytes that are read at once. */
const CHUNK_BYTES = 1 << 18;

/**
 * Opens a WAV file (RIFF, RF64, BW64 and Broadcast Wave; integers of 8 to 32 bits and floats, any number of channels)
 * as a stream of levels: root mean square and peak of each 10 ms, mixed to one channel, where 1 is full scale.
 *
 * Times are ns since the first sample on `<device>/<name>/media`. A file that was cut off gives what is there and an
 * issue, one without a usable header gives no stream and an issue; the source is closed then.
 *
 * @example
 * ```ts
 * import { bytesSource, openWav } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const file = new Uint8Array(44 + 4);
 * const view = new DataView(file.buffer);
 * file.set(new TextEncoder().encode("RIFF    WAVEfmt "));
 * file.set(new TextEncoder().encode("data"), 36);
 * view.setUint32(16, 16, true);
 * view.setUint16(20, 1, true); // integers
 * view.setUint16(22, 1, true); // one channel
 * view.setUint32(24, 8000, true);
 * view.setUint16(32, 2, true); // bytes of a sample
 * view.setUint16(34, 16, true);
 * view.setUint32(40, 4, true);
 * view.setInt16(44, 16384, true);
 * const [wav] = await openWav(bytesSource(file), { path: "a.wav", device: "pc", name: "audio" });
 * assert.equal(wav!.info.frames, 2);
 * for await (const block of wav!.audio.samples()) assert.deepEqual([...block], [0.5, 0]);
 * ```
 */
export async function openWav(source: ByteSource, options: WavOptions): Promise<WavReader[]> {
  const layout = await readWavLayout(source, options.path, options.report);
  if (layout === undefined) {
    await source.close();
    return [];
  }
  const info = infoOf(layout);
  const audio: AudioSource = {
    rateHz: info.rateHz,
    seekable: true,
    samples: (read = {}) => readSamples(source, layout, read),
  };
  return [{
    schema: schemaOf(options),
    info,
    audio,
    batches: (read = {}) => readLevels(audio, read),
    close: () => source.close(),
  }];
}

function infoOf({ format, dataBytes, timeReference, origination }: WavLayout): WavInfo {
  const originLocalNs = originOf(format, timeReference, origination);
  return {
    ...format,
    frames: dataBytes / format.frameBytes,
    ...(originLocalNs === undefined ? {} : { originLocalNs }),
  };
}

/** The date of the recorder and the samples since its midnight; without these, the time of day that it wrote. */
function originOf(
  { rateHz }: WavFormat,
  timeReference: bigint | undefined,
  origination: WavLayout["origination"],
): TimeNs | undefined {
  const date = /^(\d{4})\D(\d{2})\D(\d{2})$/.exec(origination?.date ?? "");
  if (date === null) return undefined;
  const midnight = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]));
  const dayNs = BigInt(midnight) * 1_000_000n;
  if (timeReference !== undefined && timeReference > 0n) {
    const sinceNs = timeReference * 1_000_000_000n / BigInt(rateHz);
    // A reference of more than a day is no time of day.
    if (sinceNs < 86_400_000_000_000n) return dayNs + sinceNs;
  }
  const time = /^(\d{2})\D(\d{2})\D(\d{2})$/.exec(origination?.time ?? "");
  if (time === null) return undefined;
  const seconds = Number(time[1]) * 3600 + Number(time[2]) * 60 + Number(time[3]);
  return dayNs + BigInt(seconds) * 1_000_000_000n;
}

function schemaOf({ device, name }: WavOptions): StreamSchema {
  const id = `${device}/${name}`;
  return {
    id,
    device,
    name,
    columns: COLUMNS,
    clock: { id: `${id}/media`, kind: "media" },
    nominalRateHz: LEVELS_HZ,
    resolutionNs: 1,
  };
}

async function* readSamples(
  source: ByteSource,
  { format, dataStart, dataBytes }: WavLayout,
  { from = 0, signal }: AudioReadOptions,
): AsyncGenerator<Float32Array> {
  const { frameBytes } = format;
  const most = Math.max(1, Math.floor(CHUNK_BYTES / frameBytes));
  const out = new Float32Array(most);
  const end = dataBytes / frameBytes;
  for (let frame = Math.max(0, Math.floor(from)); frame < end;) {
    throwIfCancelled(signal);
    const wanted = Math.min(most, end - frame);
    const bytes = await source.read(dataStart + frame * frameBytes, wanted * frameBytes);
    const frames = mixFrames(bytes, format, out);
    if (frames === 0) return;
    frame += frames;
    yield out.subarray(0, frames);
  }
}

async function* readLevels(
  audio: AudioSource,
  { signal, batchRows = 16384 }: ReadOptions,
): AsyncGenerator<ColumnBatch> {
  const levels = new Levels(audio.rateHz, batchRows);
  for await (const block of audio.samples({ signal })) {
    for (const sample of block) {
      levels.add(sample);
      if (levels.full) yield levels.take();
    }
  }
  levels.endFrame();
  if (levels.length > 0) yield levels.take();
}

/** Gathers samples into levels, and levels into batches. */
class Levels {
  readonly #rateHz: number;
  readonly #rows: number;
  #firstRow = 0;
  #rms: number[] = [];
  #peaks: number[] = [];
  #seen = 0;
  #squares = 0;
  #peak = 0;
  #count = 0;

  constructor(rateHz: number, rows: number) {
    this.#rateHz = rateHz;
    this.#rows = rows;
  }

  get length(): number {
    return this.#rms.length;
  }

  get full(): boolean {
    return this.length >= this.#rows;
  }

  add(sample: number): void {
    this.#squares += sample * sample;
    this.#peak = Math.max(this.#peak, Math.abs(sample));
    this.#count++;
    this.#seen++;
    const row = this.#firstRow + this.length;
    if (this.#seen * LEVELS_HZ >= (row + 1) * this.#rateHz) this.endFrame();
  }

  endFrame(): void {
    if (this.#count === 0) return;
    this.#rms.push(Math.sqrt(this.#squares / this.#count));
    this.#peaks.push(this.#peak);
    this.#squares = 0;
    this.#peak = 0;
    this.#count = 0;
  }

  take(): ColumnBatch {
    const { length } = this;
    const firstRow = this.#firstRow;
    const periodNs = 1_000_000_000n / BigInt(LEVELS_HZ);
    const batch = {
      firstRow,
      length,
      times: BigInt64Array.from({ length }, (_, row) => BigInt(firstRow + row) * periodNs),
      columns: [Float64Array.from(this.#rms), Float64Array.from(this.#peaks)],
    };
    this.#firstRow += length;
    this.#rms = [];
    this.#peaks = [];
    return batch;
  }
}
