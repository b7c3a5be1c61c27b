import { type AlignedBatch, type ColumnData, MISSING_NS, NS_PER_SECOND } from "../../base/mod.ts";
import { type Kernel, secondsSinceOrigin } from "../../../wasm/mod.ts";
import { chunk, idBytes, TAG } from "./chunks.ts";
import type { XdfPart } from "./layout.ts";

/** Samples of a batch as a chunk. */
export interface SampleChunk {
  readonly bytes: Uint8Array;
  readonly samples: number;
  /** First and last time, in seconds. */
  readonly first: number;
  readonly last: number;
}

/** Rows of a batch that have a time, and their times in seconds. */
interface TimedRows {
  readonly rows: readonly number[];
  readonly seconds: Float64Array;
}

/** The rows of a batch that can be samples: XDF knows no sample without a time. */
export function timedRows(kernel: Kernel, { referenceTimes, length }: AlignedBatch): TimedRows {
  const times = referenceTimes.subarray(0, length);
  // Seconds from a near whole second are small, so that adding that second rounds once.
  const base = (times.find((time) => time !== MISSING_NS) ?? 0n) / NS_PER_SECOND;
  const seconds = secondsSinceOrigin(kernel, times, base * NS_PER_SECOND);
  for (let row = 0; row < length; row++) seconds[row]! += Number(base);
  const rows: number[] = [];
  for (let row = 0; row < length; row++) if (times[row] !== MISSING_NS) rows.push(row);
  return { rows, seconds };
}

/** Writes the samples of one part; undefined when there are none. */
export function sampleChunk(
  part: XdfPart,
  batch: AlignedBatch,
  { rows, seconds }: TimedRows,
): SampleChunk | undefined {
  if (rows.length === 0) return undefined;
  const columns = part.columns.map((index) => batch.columns[index]!);
  const body = part.format === "string"
    ? textBody(columns, rows, seconds)
    : numberBody(part, columns, batch, rows, seconds);
  const count = new Uint8Array(5);
  count[0] = 4;
  new DataView(count.buffer).setUint32(1, rows.length, true);
  return {
    bytes: chunk(TAG.samples, idBytes(part.id), count, body),
    samples: rows.length,
    first: seconds[rows[0]!]!,
    last: seconds[rows.at(-1)!]!,
  };
}

function numberBody(
  { format, hasSigma }: XdfPart,
  columns: readonly ColumnData[],
  { sigmas }: AlignedBatch,
  rows: readonly number[],
  seconds: Float64Array,
): Uint8Array {
  const size = 9 + 8 * (columns.length + (hasSigma ? 1 : 0));
  const view = new DataView(new ArrayBuffer(size * rows.length));
  let at = 0;
  for (const row of rows) {
    view.setUint8(at, 8);
    view.setFloat64(at + 1, seconds[row]!, true);
    at += 9;
    for (const column of columns) {
      if (format === "int64") view.setBigInt64(at, column[row] as bigint, true);
      else view.setFloat64(at, numberAt(column, row), true);
      at += 8;
    }
    if (!hasSigma) continue;
    view.setFloat64(at, sigmas[row]! / 1e9, true);
    at += 8;
  }
  return new Uint8Array(view.buffer);
}

/** Stands for a truth value that was not recorded. */
const MISSING_BOOL = 255;

function numberAt(column: ColumnData, row: number): number {
  if (column instanceof Float64Array) return column[row]!;
  if (column instanceof Uint8Array) return column[row] === MISSING_BOOL ? NaN : column[row]!;
  const value = column[row];
  return value === MISSING_NS ? NaN : Number(value);
}

function textBody(
  columns: readonly ColumnData[],
  rows: readonly number[],
  seconds: Float64Array,
): Uint8Array {
  const encoder = new TextEncoder();
  const texts = rows.map((row) => columns.map((column) => encoder.encode(String(column[row]))));
  const size = texts.flat().reduce((sum, { length }) => sum + 5 + length, 9 * rows.length);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [index, row] of rows.entries()) {
    view.setUint8(at, 8);
    view.setFloat64(at + 1, seconds[row]!, true);
    at += 9;
    for (const text of texts[index]!) {
      view.setUint8(at, 4);
      view.setUint32(at + 1, text.length, true);
      bytes.set(text, at + 5);
      at += 5 + text.length;
    }
  }
  return bytes;
}
