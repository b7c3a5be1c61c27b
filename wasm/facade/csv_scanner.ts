import type { Kernel, KernelBuffer } from "./kernel.ts";
import { CsvWords } from "./csv_words.ts";

/**
 * How the cells of a column are read.
 *
 * - `f64`: decimal number, rounded correctly; missing is NaN.
 * - `i64`: exact integer; missing is -2^63.
 * - `text`: string as written; missing is the empty string.
 * - `iso`: date-time text as int64 ns since 1970-01-01T00:00; text without a zone counts as UTC.
 * - `timeExponent`: decimal text times ten to this power, rounded half to even, as int64 ns: 9 for seconds,
 *   6 for ms, 3 for us, 0 for ns.
 * - `skip`: not read.
 */
export type CsvColumnType =
  | "f64"
  | "i64"
  | "text"
  | "skip"
  | "iso"
  | { readonly timeExponent: 0 | 3 | 6 | 9 };

/** What {@linkcode CsvScanner} must know about a table. */
export interface CsvScannerOptions {
  /** One ASCII character: a separator that is no quote, line end, NUL, letter, digit, point or sign. */
  readonly separator: string;
  /** One type for each column, from the first. */
  readonly columns: readonly CsvColumnType[];
  /** Numbers are written with a comma instead of a point. @default {false} */
  readonly decimalComma?: boolean;
  /** Number of the line, counted from 1, that the first byte belongs to. @default {1} */
  readonly firstLine?: number;
  /** Longest record in bytes, without its line end. @default {1048576} */
  readonly maxLineBytes?: number;
  /** Most rows of a batch. @default {16384, fewer where there are more than 256 columns} */
  readonly batchRows?: number;
  /** Bytes that are gathered before they are scanned; more for a longer record. @default {262144} */
  readonly windowBytes?: number;
  /** Columns of a batch may be overwritten by the next push, which spares memory. @default {false} */
  readonly reuse?: boolean;
}

/**
 * What is wrong with a place in a table.
 *
 * - `short`: fewer cells (`found`) than columns; the others are missing.
 * - `long`: more cells (`found`) than columns; those behind the last column are dropped. One empty cell more, as
 *   a separator at the end of a line makes it, is none.
 * - `invalid`: a cell (`text`) that its column type cannot read; it is missing.
 * - `quote-unclosed`: a quote that is not closed within the longest record or the file; it and the quotes behind
 *   it in its line are plain text.
 * - `line-too-long`: a record that was skipped.
 * - `nul`: NUL bytes (`found`) that were removed.
 * - `last-line-cut`: the file stops within a row of `found` cells; the last of them (`text`) is missing, since
 *   some of its characters may be.
 * - `encoding`: text that is not UTF-8; U+FFFD stands for the bytes.
 */
export interface CsvDefect {
  readonly kind: CsvDefectKind;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 0, over all batches. Of what is no row, the number of the next one. */
  readonly row: number;
  /** Counted from 0. */
  readonly column?: number;
  readonly found?: number;
  /** The text as recorded, at most 80 bytes of it. */
  readonly text?: string;
}

/** Kinds of defects in the order of their numbers in the kernel. */
const DEFECT_KINDS = [
  "short",
  "long",
  "invalid",
  "quote-unclosed",
  "line-too-long",
  "nul",
  "last-line-cut",
  "encoding",
] as const;

/** How a row of a table can be damaged. */
export type CsvDefectKind = typeof DEFECT_KINDS[number];

/** Memory that the columns of a batch lie in, by column. */
interface BatchArrays {
  readonly numbers: ArrayBuffer[];
  readonly texts: string[][];
}

/** Values of one column; undefined for a column that is skipped. */
export type CsvColumn = Float64Array | BigInt64Array | readonly string[] | undefined;

/** Some consecutive rows. */
export interface CsvRows {
  /** Number of the first row, counted from 0. */
  readonly firstRow: number;
  readonly length: number;
  /** Parallel to the columns of the options. */
  readonly columns: readonly CsvColumn[];
  /** The first defects of each kind in the order of the file, at most 125 of a kind. */
  readonly defects: readonly CsvDefect[];
  /** Number of all defects of these rows. */
  readonly defectCount: number;
}

const DEFAULT_LINE_BYTES = 1 << 20;
const DEFAULT_BATCH_ROWS = 16_384;
/** Most cells of a batch unless its rows are given. */
const DEFAULT_BATCH_CELLS = 1 << 22;
/** Fits into the second-level cache of common processors. */
const DEFAULT_WINDOW_BYTES = 1 << 18;
/** Numbers that a call of the kernel can answer with. */
const ANSWERS = 8;
const DEFECT_FIELDS = 6;
/** Code of a scaled column without its exponent. */
const FIRST_SCALED = 16;
const TYPE_CODES = { skip: 0, f64: 1, i64: 2, text: 3, iso: 4 } as const;

/**
 * Reads delimiter-separated text (RFC 4180 and its relatives) in the kernel, chunk by chunk.
 *
 * Bytes are UTF-8; a byte order mark at the start is skipped, lines end with LF, CRLF or CR, blank lines are
 * skipped, NUL bytes removed. Spaces around numbers and times are allowed; an empty cell, `NaN`, `NA`, `N/A`,
 * `null` and `None` in any case are missing. The result is the same however the bytes are cut into chunks.
 * Memory: one batch, one record and the distinct texts of a batch.
 *
 * Throws `RangeError` for options that cannot be met and `TypeError` when used after its end.
 *
 * @example
 * ```ts
 * import { CsvScanner, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const scanner = new CsvScanner(new Kernel(), { separator: ",", columns: ["f64", "text"] });
 * const chunk = new TextEncoder().encode("1.5,left\nx,right\n");
 * const [rows] = [...scanner.push(chunk), ...scanner.end()];
 * scanner.dispose();
 * assert.deepEqual(rows?.columns, [Float64Array.of(1.5, NaN), ["left", "right"]]);
 * assert.deepEqual(rows?.defects, [{ kind: "invalid", line: 2, row: 1, column: 0, text: "x" }]);
 * ```
 */
export class CsvScanner {
  readonly #kernel: Kernel;
  readonly #types: readonly CsvColumnType[];
  readonly #words: readonly (CsvWords | undefined)[];
  readonly #answer: KernelBuffer;
  readonly #scanner: number;
  /** Memory of the columns of the first batch of a push, of the second, and so on. */
  readonly #arrays: BatchArrays[] | undefined;
  #room: KernelBuffer = { pointer: 0, bytes: 0 };
  #firstRow = 0;
  #state: "open" | "ended" | "disposed" = "open";

  constructor(kernel: Kernel, options: CsvScannerOptions) {
    this.#kernel = kernel;
    this.#types = options.columns;
    this.#words = options.columns.map((type) => type === "text" ? new CsvWords(kernel) : undefined);
    const numbers = checkedNumbers(options);
    this.#answer = kernel.alloc(ANSWERS * 4);
    this.#arrays = options.reuse ? [] : undefined;
    this.#scanner = kernel.withBuffer(options.columns.length, (types) => {
      kernel.u8(types).set(options.columns.map(typeCode));
      return kernel.call("sp_csv_new", types.pointer, options.columns.length, ...numbers) >>> 0;
    });
  }

  /**
   * Takes the next bytes and returns the batches that they complete; usually none or one. The chunk is not kept.
   */
  push(chunk: Uint8Array): CsvRows[] {
    this.#requireOpen("push bytes");
    const batches: CsvRows[] = [];
    for (let offset = 0; offset < chunk.length;) {
      if (this.#room.bytes === 0) this.#room = this.#findRoom();
      const part = chunk.subarray(offset, offset + this.#room.bytes);
      this.#kernel.u8(this.#room).set(part);
      this.#room = this.#fill(part.length);
      offset += part.length;
      if (this.#room.bytes === 0) this.#scan(false, batches);
    }
    return batches;
  }

  /** Says that there are no more bytes and returns the batches that are left. */
  end(): CsvRows[] {
    this.#requireOpen("end the table");
    this.#state = "ended";
    const batches: CsvRows[] = [];
    this.#scan(true, batches);
    this.#add(batches);
    return batches;
  }

  /** Gives the memory back. */
  dispose(): void {
    if (this.#state === "disposed") return;
    this.#state = "disposed";
    this.#kernel.call("sp_csv_free", this.#scanner);
    this.#kernel.free(this.#answer);
  }

  #requireOpen(action: string): void {
    if (this.#state !== "open") {
      throw new TypeError(`Cannot ${action}: current state of the scanner is ${this.#state}`);
    }
  }

  #findRoom(): KernelBuffer {
    const [pointer = 0, bytes = 0] = this.#ask("sp_csv_room");
    return { pointer, bytes };
  }

  /** Tells the kernel that the front of the room was written; returns what is left of it. */
  #fill(count: number): KernelBuffer {
    const left = this.#kernel.call("sp_csv_fill", this.#scanner, count) >>> 0;
    const end = this.#room.pointer + this.#room.bytes;
    return { pointer: end - left, bytes: left };
  }

  #scan(last: boolean, batches: CsvRows[]): void {
    while (this.#kernel.call("sp_csv_scan", this.#scanner, Number(last)) === 1) {
      this.#add(batches);
    }
  }

  /** Takes the batch, unless there is nothing in it. */
  #add(batches: CsvRows[]): void {
    const rows = this.#take(batches.length);
    if (rows.length > 0 || rows.defectCount > 0) batches.push(rows);
  }

  /** Calls a function that writes addresses and lengths. */
  #ask(name: string, ...args: number[]): Uint32Array {
    this.#kernel.call(name, this.#scanner, ...args, this.#answer.pointer);
    return this.#kernel.u32(this.#answer).slice();
  }

  /** Copies the batch out of the kernel and starts the next one. */
  #take(batch: number): CsvRows {
    const length = this.#kernel.call("sp_csv_rows", this.#scanner) >>> 0;
    const columns = this.#types.map((type, index) => this.#column(type, index, batch));
    const rows = { firstRow: this.#firstRow, length, columns, ...this.#defects() };
    this.#firstRow += length;
    this.#kernel.call("sp_csv_clear", this.#scanner);
    return rows;
  }

  #column(type: CsvColumnType, index: number, batch: number): CsvColumn {
    if (type === "skip") return undefined;
    const answer = this.#ask("sp_csv_column", index);
    const [pointer = 0, length = 0] = answer;
    const words = this.#words[index];
    if (words !== undefined) return this.#texts(words, answer, batch, index);
    const bytes = length * 8;
    const copy = this.#memory(batch, index, bytes);
    new Uint8Array(copy, 0, bytes).set(this.#kernel.u8({ pointer, bytes }));
    return type === "f64" ? new Float64Array(copy, 0, length) : new BigInt64Array(copy, 0, length);
  }

  /** Memory for a column of the given batch of a push. */
  #memory(batch: number, column: number, bytes: number): ArrayBuffer {
    if (this.#arrays === undefined) return new ArrayBuffer(bytes);
    const { numbers } = this.#arrays[batch] ??= { numbers: [], texts: [] };
    const known = numbers[column];
    return known !== undefined && known.byteLength >= bytes
      ? known
      : numbers[column] = new ArrayBuffer(bytes);
  }

  #texts(words: CsvWords, answer: Uint32Array, batch: number, column: number): readonly string[] {
    if (this.#arrays === undefined) return words.read(answer);
    const { texts } = this.#arrays[batch] ??= { numbers: [], texts: [] };
    return texts[column] = words.read(answer, texts[column]);
  }

  #defects(): Pick<CsvRows, "defects" | "defectCount"> {
    const [pointer = 0, length = 0, textPointer = 0, bytes = 0, defectCount = 0] = this.#ask(
      "sp_csv_defects",
    );
    const records = this.#kernel.f64({ pointer, bytes: length * 8 });
    const text = new TextDecoder("utf-8", { ignoreBOM: true })
      .decode(this.#kernel.u8({ pointer: textPointer, bytes }));
    const defects: CsvDefect[] = [];
    let start = 0;
    for (let at = 0; at < length; at += DEFECT_FIELDS) {
      const [kind = 0, line = 0, row = 0, column = 0, found = 0, end = 0] = records
        .subarray(at, at + DEFECT_FIELDS);
      defects.push({
        kind: DEFECT_KINDS[kind] ?? "invalid",
        line,
        row,
        ...(column >= 0 ? { column } : {}),
        ...(found >= 0 ? { found } : {}),
        ...(end > start ? { text: text.slice(start, end) } : {}),
      });
      start = end;
    }
    return { defects, defectCount };
  }
}

function typeCode(type: CsvColumnType): number {
  if (typeof type === "string") return TYPE_CODES[type];
  return FIRST_SCALED + type.timeExponent;
}

/** The options as the kernel takes them. */
function checkedNumbers(options: CsvScannerOptions): number[] {
  const { separator, columns, decimalComma = false, firstLine = 1 } = options;
  const affordable = Math.ceil(DEFAULT_BATCH_CELLS / Math.max(1, columns.length));
  const { batchRows = Math.min(DEFAULT_BATCH_ROWS, affordable) } = options;
  const { maxLineBytes = DEFAULT_LINE_BYTES } = options;
  const { windowBytes = DEFAULT_WINDOW_BYTES } = options;
  if (!/^[\t !#$%&'()*,/:;<=>?@[\\\]^_`{|}~]$/.test(separator)) {
    throw new RangeError(
      `Cannot scan a table: separator must be one ASCII punctuation mark, space or tab, current value is ${
        JSON.stringify(separator)
      }`,
    );
  }
  if (columns.length === 0) {
    throw new RangeError("Cannot scan a table: current number of columns is 0");
  }
  requirePositive("firstLine", firstLine, Number.MAX_SAFE_INTEGER);
  requirePositive("maxLineBytes", maxLineBytes, 1 << 28);
  requirePositive("batchRows", batchRows, 1 << 20);
  requirePositive("windowBytes", windowBytes, 1 << 26);
  const point = decimalComma ? "," : ".";
  const [mark, pointMark] = [separator.charCodeAt(0), point.charCodeAt(0)];
  return [mark, pointMark, maxLineBytes, batchRows, windowBytes, firstLine];
}

function requirePositive(name: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new RangeError(
      `Cannot scan a table: ${name} must be an integer from 1 to ${max}, current value is ${value}`,
    );
  }
}
