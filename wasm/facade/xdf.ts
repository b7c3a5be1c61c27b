import { CsvWords } from "./csv_words.ts";
import type { Kernel, KernelBuffer } from "./kernel.ts";

/** How the values of a stream are stored, as XDF names it. */
export type XdfFormat =
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "float32"
  | "double64"
  | "string";

/** Formats in the order of their numbers in the kernel. */
const FORMATS: readonly XdfFormat[] = [
  "int8",
  "int16",
  "int32",
  "int64",
  "float32",
  "double64",
  "string",
];

/** What becomes of samples, in the order of the numbers in the kernel. */
const MODES = ["count", "doubles", "stored"] as const;

/**
 * What becomes of the samples of a stream: they are counted and skipped; numbers become doubles, except integers
 * of 64 bits; numbers stay as they are stored.
 */
export type XdfMode = typeof MODES[number];

/** What {@linkcode XdfParser.addStream} must know of a stream. */
export interface XdfStreamLayout {
  /** Id that its chunks carry. */
  readonly id: number;
  readonly format: XdfFormat;
  readonly channels: number;
  /** Rate in Hz by which missing stamps are deduced; 0 when there is none. */
  readonly rateHz: number;
  /** Samples of a batch. */
  readonly batchRows: number;
  readonly mode: XdfMode;
}

/** Kinds of problems in the order of their numbers in the kernel. */
const PROBLEMS = ["magic", "damage", "cut", "no-header", "too-long"] as const;

/**
 * What is wrong with a place of the file: it does not start with `XDF:`, it is no chunk, the file ends within it,
 * it belongs to a stream without a header, it is XML of more than 16 MiB.
 */
export type XdfProblemKind = typeof PROBLEMS[number];

/** What the parser needs or has found. */
export type XdfEvent =
  | { readonly kind: "end" }
  /** Bytes of the file that {@linkcode XdfParser.fill} must be given. */
  | { readonly kind: "bytes"; readonly at: number; readonly length: number }
  /** XML of a file header (tag 1), stream header (2) or stream footer (6); valid until the next call. */
  | {
    readonly kind: "xml";
    readonly tag: number;
    readonly id: number;
    readonly text: Uint8Array;
    readonly at: number;
  }
  /** A reading of the clock of a stream: seconds on it, and what must be added for the recorder's. */
  | {
    readonly kind: "offset";
    readonly stream: number;
    readonly time: number;
    readonly value: number;
    /** Samples of the stream that were recorded before. */
    readonly rows: number;
    readonly at: number;
  }
  /** The batch of a stream is full: {@linkcode XdfParser.clear} it before the next event is asked for. */
  | { readonly kind: "batch"; readonly stream: number }
  | {
    readonly kind: "problem";
    readonly problem: XdfProblemKind;
    readonly from: number;
    readonly to: number;
    /** Samples that are known to be lost. */
    readonly samples: number;
  };

/** How many samples a stream has so far, and what was wrong with them. */
export interface XdfTally {
  readonly samples: number;
  /** Stamps that are no numbers or no times. */
  readonly badTimes: number;
  /** Samples without a stamp that could not be deduced. */
  readonly unknownTimes: number;
  /** Samples that damaged chunks announce but do not hold. */
  readonly lost: number;
  /** Texts that are not UTF-8. */
  readonly badTexts: number;
}

/**
 * Walks through an XDF file in the kernel. It does no reading itself: it asks for bytes by their place.
 *
 * @example
 * ```ts
 * import { Kernel, XdfParser } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const file = new TextEncoder().encode("XDF:\u0001\u0009\u0001\u0000<info/>");
 * const parser = new XdfParser(new Kernel(), file.length);
 * const kinds = [];
 * for (let event = parser.next(); event.kind !== "end"; event = parser.next()) {
 *   kinds.push(event.kind);
 *   if (event.kind === "bytes") parser.fill(file.subarray(event.at, event.at + event.length));
 * }
 * parser.dispose();
 * assert.deepEqual(kinds, ["bytes", "xml"]);
 * ```
 */
export class XdfParser {
  readonly #kernel: Kernel;
  readonly #answer: KernelBuffer;
  readonly #parser: number;
  readonly #words: CsvWords[][] = [];
  #asked = { at: 0, length: 0 };
  #disposed = false;

  /** @param size Bytes of the file. */
  constructor(kernel: Kernel, size: number) {
    this.#kernel = kernel;
    this.#answer = kernel.alloc(64);
    this.#parser = kernel.call("sp_xdf_new", size) >>> 0;
  }

  /** Gives samples with an id, from here on, to a new stream; returns its number. */
  addStream({ id, format, channels, rateHz, batchRows, mode }: XdfStreamLayout): number {
    const codes = [FORMATS.indexOf(format), channels, rateHz, batchRows, MODES.indexOf(mode)];
    const stream = this.#kernel.call("sp_xdf_stream", this.#parser, id, ...codes) >>> 0;
    const texts = format === "string" && mode !== "count" ? channels : 0;
    this.#words[stream] = Array.from({ length: texts }, () => new CsvWords(this.#kernel));
    return stream;
  }

  /** From here on only counts the samples of a stream. */
  countOnly(stream: number): void {
    this.#kernel.call("sp_xdf_count_only", this.#parser, stream);
  }

  /** Hands over the bytes that were asked for last; fewer only when the file has become shorter. */
  fill(bytes: Uint8Array): void {
    const { at, length } = this.#asked;
    const pointer = this.#kernel.call("sp_xdf_room", this.#parser, at, length) >>> 0;
    this.#kernel.u8({ pointer, bytes: length }).set(bytes.subarray(0, length));
    this.#kernel.call("sp_xdf_fill", this.#parser, length, Math.min(bytes.length, length));
  }

  /** Goes on to what is needed or found next. */
  next(): XdfEvent {
    this.#kernel.call("sp_xdf_next", this.#parser, this.#answer.pointer);
    const [kind = 0, a = 0, b = 0, c = 0, d = 0, e = 0] = this.#kernel.f64(this.#answer);
    switch (kind) {
      case 0:
        return { kind: "end" };
      case 1:
        this.#asked = { at: a, length: b };
        return { kind: "bytes", at: a, length: b };
      case 2:
        return {
          kind: "xml",
          tag: a,
          id: b,
          text: this.#kernel.u8({ pointer: c, bytes: d }),
          at: e,
        };
      case 3:
        return { kind: "offset", stream: a, time: b, value: c, rows: d, at: e };
      case 4:
        return { kind: "batch", stream: a };
      default:
        return { kind: "problem", problem: PROBLEMS[a] ?? "damage", from: b, to: c, samples: d };
    }
  }

  /** Samples in the batch of a stream. */
  rows(stream: number): number {
    return this.#kernel.call("sp_xdf_rows", this.#parser, stream) >>> 0;
  }

  /** Copies the times of the batch of a stream, in ns, to `target` from `row` on. */
  copyTimes(stream: number, target: BigInt64Array, row = 0): void {
    const pointer = this.#kernel.call("sp_xdf_times", this.#parser, stream) >>> 0;
    const bytes = 8 * this.rows(stream);
    target.set(this.#kernel.i64({ pointer, bytes }), row);
  }

  /** Copies a column of numbers to `target`, whose type must be that of the stream, from `row` on. */
  copyColumn(stream: number, column: number, target: ArrayBufferView, row = 0): void {
    const pointer = this.#kernel.call("sp_xdf_column", this.#parser, stream, column) >>> 0;
    const size = "BYTES_PER_ELEMENT" in target ? Number(target.BYTES_PER_ELEMENT) : 1;
    const bytes = size * this.rows(stream);
    new Uint8Array(target.buffer, target.byteOffset + row * size, bytes)
      .set(this.#kernel.u8({ pointer, bytes }));
  }

  /** The texts of a column of the batch of a stream; in `target`, when it has the length. */
  texts(stream: number, column: number, target?: string[]): string[] {
    const name = "sp_xdf_texts";
    this.#kernel.call(name, this.#parser, stream, column, this.#answer.pointer);
    return this.#words[stream]![column]!.read(this.#kernel.u32(this.#answer).slice(), target);
  }

  /** Starts the next batch of a stream. */
  clear(stream: number): void {
    this.#kernel.call("sp_xdf_clear", this.#parser, stream);
  }

  /** What has been found of a stream so far. */
  tally(stream: number): XdfTally {
    this.#kernel.call("sp_xdf_tally", this.#parser, stream, this.#answer.pointer);
    const [samples = 0, badTimes = 0, unknownTimes = 0, lost = 0, badTexts = 0] = this.#kernel
      .f64(this.#answer);
    return { samples, badTimes, unknownTimes, lost, badTexts };
  }

  /** Gives the memory back. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#kernel.call("sp_xdf_free", this.#parser);
    this.#kernel.free(this.#answer);
  }
}

/**
 * Converts seconds to integer nanoseconds, each to the nearest, of two equally near ones to the even one. What is
 * not finite or does not fit 64 bits becomes -2^63, which stands for a time that is not known.
 *
 * @example
 * ```ts
 * import { Kernel, nanosecondsOf } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const times = nanosecondsOf(new Kernel(), Float64Array.of(5.1, NaN));
 * assert.deepEqual(times, BigInt64Array.of(5_100_000_000n, -(2n ** 63n)));
 * ```
 */
export function nanosecondsOf(kernel: Kernel, seconds: Float64Array): BigInt64Array {
  return kernel.withBuffer(
    Math.max(8, seconds.byteLength),
    (input) =>
      kernel.withBuffer(Math.max(8, seconds.byteLength), (output) => {
        kernel.f64(input).set(seconds);
        kernel.call("sp_seconds_to_ns", input.pointer, seconds.length, output.pointer);
        return kernel.i64(output).slice(0, seconds.length);
      }),
  );
}
