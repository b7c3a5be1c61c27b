import {
  type AlignedBatch,
  type ByteSink,
  type ClockRef,
  createIssue,
  type Issue,
  type StreamSchema,
  type TimeNs,
} from "../../base/mod.ts";
import type { Kernel } from "../../../wasm/mod.ts";
import { boundary, chunk, idBytes, TAG, xml, type XmlContent } from "./chunks.ts";
import { channelsOf, layOut, type XdfPart } from "./layout.ts";
import { sampleChunk, timedRows } from "./samples.ts";

/** What {@linkcode XdfWriter} must know of the file. */
export interface XdfWriterOptions {
  /** Clock on which all times are; its zero is that of the times of the file. */
  readonly reference: ClockRef;
  /** Start of the session on that clock, noted in the header of the file. */
  readonly startNs: TimeNs;
  /** Id of the session. */
  readonly sessionId: string;
}

/** What is written of a stream besides its schema. */
export interface XdfStreamOptions {
  /** Content type, such as `gsr`. @default {the name of the stream} */
  readonly type?: string;
  /** Measured samples per second; NaN when there is no rate. @default {NaN} */
  readonly effectiveRateHz?: number;
  /** Largest standard uncertainty of its times in ns. @default {NaN} */
  readonly largestSigmaNs?: number;
}

/** Bytes after which a boundary is written. */
const BOUNDARY_BYTES = 1 << 20;

/** A part with what its footer will say. */
interface OpenPart {
  readonly part: XdfPart;
  samples: number;
  first: number;
  last: number;
}

/**
 * Writes aligned streams as an XDF 1.0 file, batch by batch.
 *
 * Times are seconds of the reference clock as doubles, which resolve 0.24 us of times since 1970 and less than a
 * nanosecond of times since a boot. Rows without a time cannot be written; they are counted and reported. Numbers
 * become doubles with the standard uncertainty of each time as last channel, in s; streams of 64-bit integers alone
 * stay such; texts go into a stream of their own. Each stream says that samples may be missing
 * (`can_drop_samples`), so that readers do not smooth times that are aligned already.
 *
 * @example
 * ```ts
 * import { bytesSource, Kernel, loadXdf, MemoryFolderSink, XdfWriter } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const kernel = new Kernel();
 * const output = new MemoryFolderSink();
 * const reference = { id: "pc/utc", kind: "utc" } as const;
 * const options = { reference, startNs: 0n, sessionId: "pilot" };
 * const writer = new XdfWriter(kernel, await output.create("pilot.xdf"), options);
 * await writer.addStream({
 *   id: "shimmer/gsr",
 *   device: "shimmer",
 *   name: "gsr",
 *   columns: [{ name: "gsr", kind: "f64", unit: "uS" }],
 *   clock: { id: "shimmer/device", kind: "device" },
 *   resolutionNs: 1,
 * });
 * await writer.write("shimmer/gsr", {
 *   firstRow: 0,
 *   length: 1,
 *   times: BigInt64Array.of(0n),
 *   referenceTimes: BigInt64Array.of(1_500_000_000n),
 *   sigmas: Float64Array.of(1e6),
 *   columns: [Float64Array.of(2.5)],
 * });
 * await writer.finish();
 * const [stream] = await loadXdf(bytesSource(output.files.get("pilot.xdf")!), { kernel });
 * assert.deepEqual(stream?.times, BigInt64Array.of(1_500_000_000n));
 * assert.deepEqual(stream.channels, [Float64Array.of(2.5), Float64Array.of(0.001)]);
 * ```
 */
export class XdfWriter {
  readonly #kernel: Kernel;
  readonly #sink: ByteSink;
  readonly #options: XdfWriterOptions;
  readonly #streams = new Map<string, OpenPart[]>();
  #nextId = 1;
  #begun = false;
  #untilBoundary = BOUNDARY_BYTES;
  #leftOut = 0;

  constructor(kernel: Kernel, sink: ByteSink, options: XdfWriterOptions) {
    this.#kernel = kernel;
    this.#sink = sink;
    this.#options = options;
  }

  /** Writes the headers of a stream. All streams are added before the first batch. */
  async addStream(schema: StreamSchema, options: XdfStreamOptions = {}): Promise<void> {
    await this.#begin();
    const parts = layOut(schema, this.#nextId);
    this.#nextId += parts.length;
    for (const part of parts) {
      const header = xml("info", this.#describe(part, schema, options));
      await this.#put(chunk(TAG.streamHeader, idBytes(part.id), utf8(header)));
    }
    const open = parts.map((part) => ({ part, samples: 0, first: NaN, last: NaN }));
    this.#streams.set(schema.id, open);
  }

  /** Writes the next samples of a stream that was added. Throws `RangeError` when it was not. */
  async write(streamId: string, batch: AlignedBatch): Promise<void> {
    const parts = this.#streams.get(streamId);
    if (parts === undefined) {
      throw new RangeError(`Cannot write samples: stream was not added, current id is ${streamId}`);
    }
    const timed = timedRows(this.#kernel, batch);
    this.#leftOut += batch.length - timed.rows.length;
    for (const open of parts) {
      const samples = sampleChunk(open.part, batch, timed);
      if (samples === undefined) continue;
      if (open.samples === 0) open.first = samples.first;
      open.last = samples.last;
      open.samples += samples.samples;
      await this.#put(samples.bytes);
    }
  }

  /** Writes the footers and gives the file its name. Returns what could not be written. */
  async finish(): Promise<readonly Issue[]> {
    await this.#begin();
    for (const { part, samples, first, last } of [...this.#streams.values()].flat()) {
      const times: XmlContent = samples === 0
        ? []
        : [["first_timestamp", first], ["last_timestamp", last]];
      const footer = xml("info", [...times, ["sample_count", samples], ["clock_offsets", []]]);
      await this.#put(chunk(TAG.footer, idBytes(part.id), utf8(footer)));
    }
    await this.#sink.commit();
    return this.#leftOut === 0 ? [] : [createIssue("XDF_ROWS_LEFT_OUT", { count: this.#leftOut })];
  }

  /** Gives the file up. */
  async abort(): Promise<void> {
    await this.#sink.abort();
  }

  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    const { reference, startNs, sessionId } = this.#options;
    const header = xml("info", [
      ["version", "1.0"],
      ["session_id", sessionId],
      ["reference_clock", reference.id],
      ["session_start_ns", String(startNs)],
    ]);
    await this.#put(utf8("XDF:"));
    await this.#put(chunk(TAG.fileHeader, utf8(`<?xml version="1.0"?>${header}`)));
  }

  async #put(bytes: Uint8Array): Promise<void> {
    await this.#sink.write(bytes);
    this.#untilBoundary -= bytes.length;
    if (this.#untilBoundary > 0) return;
    this.#untilBoundary = BOUNDARY_BYTES;
    await this.#sink.write(boundary());
  }

  #describe(part: XdfPart, schema: StreamSchema, options: XdfStreamOptions): XmlContent {
    const { reference, sessionId } = this.#options;
    const { effectiveRateHz = NaN, largestSigmaNs = NaN, type = schema.name } = options;
    const channels = channelsOf(part, schema);
    const rate: XmlContent = Number.isFinite(effectiveRateHz)
      ? [["effective_srate", effectiveRateHz]]
      : [];
    const sigma: XmlContent = Number.isFinite(largestSigmaNs)
      ? [["time_uncertainty", largestSigmaNs / 1e9]]
      : [];
    return [
      ["name", part.name],
      ["type", type],
      ["channel_count", channels.length],
      ["nominal_srate", schema.nominalRateHz ?? 0],
      ["channel_format", part.format],
      ["source_id", schema.id],
      ["session_id", sessionId],
      ["hostname", schema.device],
      ["desc", [
        [
          "channels",
          channels.map(({ name, unit }) =>
            ["channel", [
              ["label", name],
              ["unit", unit ?? ""],
              ["type", type],
            ]] as const
          ),
        ],
        ["synchronization", [
          ["can_drop_samples", "true"],
          ["reference_clock", reference.id],
          ["recorded_clock", schema.clock.id],
          ...rate,
          ...sigma,
        ]],
      ]],
    ];
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
