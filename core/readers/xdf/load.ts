import type { ByteSource, ClockRef } from "../../base/mod.ts";
import type { XdfFormat, XdfParser } from "../../../wasm/mod.ts";
import type { XdfStreamInfo } from "./info.ts";
import type { XdfOptions } from "./open.ts";
import { type FullBatch, lagOf, readStreams, subtractLag } from "./read.ts";
import { type PlannedStream, planStreams } from "./schema.ts";
import { surveyFile, type XdfClockOffsets } from "./survey.ts";

/** Values of a channel, as its format stores them. */
export type XdfValues =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | string[];

/** A whole stream in memory. */
export interface LoadedXdfStream {
  readonly id: string;
  readonly info: XdfStreamInfo;
  /** Clock of its stamps, which all streams of one computer share. */
  readonly clock: ClockRef;
  /** Stamps in ns as recorded; -2^63 where there is none. */
  readonly times: BigInt64Array;
  /** Values channel by channel. */
  readonly channels: readonly XdfValues[];
  readonly offsets: XdfClockOffsets;
  /** The offsets do not hold for its stamps, which come from another clock. */
  readonly isForeign: boolean;
}

/** Samples that are gathered of each stream before they are copied. */
const BATCH_ROWS = 4096;

/**
 * Loads whole streams of an XDF recording into memory, in the formats in which they are stored: the quick way for
 * those who want arrays. Beside the arrays it needs a few MB. Stamps are as recorded: `synchronizeXdf` puts
 * them on one clock.
 *
 * @example
 * ```ts
 * import { bytesSource, Kernel, loadXdf } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const nothing = bytesSource(new TextEncoder().encode("XDF:"));
 * assert.deepEqual(await loadXdf(nothing, { kernel: new Kernel() }), []);
 * ```
 */
export async function loadXdf(source: ByteSource, options: XdfOptions): Promise<LoadedXdfStream[]> {
  const { kernel, path = "recording.xdf", select, report, signal } = options;
  const survey = await surveyFile(source, { kernel, path, report, signal });
  const all = planStreams(survey.streams, options);
  const chosen = all.filter(({ stream }) => select?.(stream.info) ?? true);
  const loads = chosen.map((stream) => new Load(stream));
  const read = { report, signal, batchRows: BATCH_ROWS, mode: "stored" } as const;
  for await (const full of readStreams({ source, kernel, path, all }, chosen, read)) {
    loads[full.index]!.add(full);
  }
  return loads.map((load) => load.get());
}

/** One stream on its way into memory. */
class Load {
  readonly #planned: PlannedStream;
  readonly #times: BigInt64Array;
  readonly #channels: XdfValues[];
  #row = 0;

  constructor(planned: PlannedStream) {
    const { samples, info: { format, channelCount } } = planned.stream;
    this.#planned = planned;
    this.#times = new BigInt64Array(samples);
    this.#channels = Array.from({ length: channelCount }, () => roomFor(format, samples));
  }

  add({ parser, number, rows }: FullBatch): void {
    // A file that has grown since it was surveyed may hold more.
    const room = Math.min(rows, this.#times.length - this.#row);
    if (room < rows) return;
    parser.copyTimes(number, this.#times, this.#row);
    for (const [channel, values] of this.#channels.entries()) {
      this.#addValues(parser, number, channel, values);
    }
    this.#row += rows;
  }

  #addValues(parser: XdfParser, number: number, channel: number, values: XdfValues): void {
    if (!Array.isArray(values)) return parser.copyColumn(number, channel, values, this.#row);
    for (const text of parser.texts(number, channel)) values.push(text);
  }

  get(): LoadedXdfStream {
    const { schema, stream: { info, offsets }, stamps: { isForeign } } = this.#planned;
    subtractLag(this.#times, lagOf(this.#planned));
    const row = this.#row;
    // A file that was cut while it was read holds fewer.
    const whole = row === this.#times.length;
    return {
      id: schema.id,
      info,
      clock: schema.clock,
      times: whole ? this.#times : this.#times.slice(0, row),
      channels: whole ? this.#channels : this.#channels.map((values) => values.slice(0, row)),
      offsets,
      isForeign,
    };
  }
}

function roomFor(format: XdfFormat, samples: number): XdfValues {
  switch (format) {
    case "int8":
      return new Int8Array(samples);
    case "int16":
      return new Int16Array(samples);
    case "int32":
      return new Int32Array(samples);
    case "int64":
      return new BigInt64Array(samples);
    case "float32":
      return new Float32Array(samples);
    case "double64":
      return new Float64Array(samples);
    case "string":
      return [];
  }
}
