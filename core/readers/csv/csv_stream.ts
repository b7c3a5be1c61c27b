import {
  type ByteSource,
  type ColumnBatch,
  type ColumnData,
  createIssue,
  MISSING_NS,
  readChunks,
  type ReadOptions,
  type StreamReader,
  type StreamSchema,
} from "../../base/mod.ts";
import { type CsvColumnType, type CsvRows, CsvScanner, type Kernel } from "../../../wasm/mod.ts";
import { type DefectContext, defectIssue, findRepeatedHeaders } from "./defects.ts";
import { type CsvEncoding, Utf8Transcoder } from "./encoding.ts";

/** Everything that is needed to read the rows of a table whose head is known. */
export interface TablePlan {
  readonly schema: StreamSchema;
  readonly types: readonly CsvColumnType[];
  readonly separator: string;
  readonly decimalComma: boolean;
  readonly encoding: CsvEncoding;
  readonly dataByte: number;
  readonly dataLine: number;
  /** Column of the times. */
  readonly timeColumn?: number;
  /** Column of the host times. */
  readonly hostColumn?: number;
  /** Times that equal the host time are no stamps of the device. */
  readonly repeatsHost: boolean;
  /** Columns that have values in some rows only. */
  readonly sparseColumns: readonly number[];
  readonly defects: DefectContext;
}

const DEFAULT_BATCH_ROWS = 16_384;

/** Most cells of a batch, which bounds the memory of very wide tables. */
const BATCH_CELLS = 1 << 22;

/** Reads the rows of a table with the kernel. */
export class CsvStreamReader implements StreamReader {
  readonly schema: StreamSchema;
  readonly #source: ByteSource;
  readonly #kernel: Kernel;
  readonly #plan: TablePlan;

  constructor(source: ByteSource, kernel: Kernel, plan: TablePlan) {
    this.schema = plan.schema;
    this.#source = source;
    this.#kernel = kernel;
    this.#plan = plan;
  }

  /** Yields the rows in file order. Reports defects of rows, each time that it is run. */
  async *batches(options: ReadOptions = {}): AsyncGenerator<ColumnBatch> {
    const filled = new Map(this.#plan.sparseColumns.map((column) => [column, 0]));
    let firstRow = 0;
    let unlisted = 0;
    for await (const rows of this.#scan(options)) {
      unlisted += rows.defectCount - rows.defects.length;
      const kept = this.#withoutHeaders(rows, options);
      countFilled(kept, filled);
      if (kept.length > 0) yield this.#batch(kept, firstRow);
      firstRow += kept.length;
    }
    for (const [column, count] of filled) {
      if (count === firstRow) continue;
      const params = { column: this.#plan.defects.header[column]!, filled: count, rows: firstRow };
      options.report?.(createIssue("RATE_MIXED", params, this.#plan.defects.where));
    }
    if (unlisted > 0) {
      const params = { count: unlisted };
      options.report?.(createIssue("CSV_DEFECTS_UNLISTED", params, this.#plan.defects.where));
    }
  }

  /** Releases the file. */
  close(): Promise<void> {
    return this.#source.close();
  }

  async *#scan({ signal, batchRows = DEFAULT_BATCH_ROWS }: ReadOptions): AsyncGenerator<CsvRows> {
    const { types: columns, separator, decimalComma, encoding, dataByte, dataLine } = this.#plan;
    const { maxLineBytes } = this.#plan.defects;
    const transcoder = new Utf8Transcoder(encoding);
    const scanner = new CsvScanner(this.#kernel, {
      columns,
      separator,
      decimalComma,
      firstLine: dataLine,
      maxLineBytes,
      reuse: true,
      batchRows: Math.max(1, Math.min(batchRows, Math.floor(BATCH_CELLS / columns.length))),
    });
    try {
      const chunks = readChunks(this.#source, { from: dataByte, ...(signal ? { signal } : {}) });
      for await (const chunk of chunks) yield* scanner.push(transcoder.push(chunk));
      yield* scanner.push(transcoder.end());
      yield* scanner.end();
    } finally {
      scanner.dispose();
    }
  }

  /** Reports the defects of rows, and leaves out rows that are the header again. */
  #withoutHeaders(rows: CsvRows, { report }: ReadOptions): CsvRows {
    if (rows.defects.length === 0) return rows;
    const repeated = findRepeatedHeaders(rows.defects, this.#plan.defects);
    for (const issue of repeated.issues) report?.(issue);
    for (const defect of rows.defects) {
      if (!repeated.rows.has(defect.row)) report?.(defectIssue(defect, this.#plan.defects));
    }
    return repeated.rows.size === 0 ? rows : withoutRows(rows, repeated.rows);
  }

  #batch({ columns, length }: CsvRows, firstRow: number): ColumnBatch {
    const { timeColumn, hostColumn, repeatsHost } = this.#plan;
    const recorded = timeColumn === undefined
      ? new BigInt64Array(length).fill(MISSING_NS)
      : columns[timeColumn] as BigInt64Array;
    const hostTimes = hostColumn === undefined ? undefined : columns[hostColumn] as BigInt64Array;
    const times = hostTimes !== undefined && repeatsHost
      ? withoutRepeats(recorded, hostTimes)
      : recorded;
    const rest = hostTimes === undefined ? {} : { hostTimes };
    return { firstRow, length, times, ...rest, columns: columns as readonly ColumnData[] };
  }
}

/** The times, missing where they equal the host time. Compares words, since BigInts would be slow. */
function withoutRepeats(times: BigInt64Array, hostTimes: BigInt64Array): BigInt64Array {
  const a = new Int32Array(times.buffer, times.byteOffset, times.length * 2);
  const b = new Int32Array(hostTimes.buffer, hostTimes.byteOffset, hostTimes.length * 2);
  let cleaned: BigInt64Array | undefined;
  for (let row = 0; row < times.length; row++) {
    if (a[2 * row] !== b[2 * row] || a[2 * row + 1] !== b[2 * row + 1]) continue;
    cleaned ??= times.slice();
    cleaned[row] = MISSING_NS;
  }
  return cleaned ?? times;
}

function countFilled({ columns }: CsvRows, filled: Map<number, number>): void {
  for (const [column, before] of filled) {
    let count = before;
    const values = columns[column];
    if (!(values instanceof Float64Array)) continue;
    for (let row = 0; row < values.length; row++) if (values[row] === values[row]) count++;
    filled.set(column, count);
  }
}

/** The rows without some of them, given by their numbers in the file. */
function withoutRows(rows: CsvRows, dropped: ReadonlySet<number>): CsvRows {
  const keep: number[] = [];
  for (let row = 0; row < rows.length; row++) {
    if (!dropped.has(rows.firstRow + row)) keep.push(row);
  }
  const columns = rows.columns.map((values) => {
    if (values instanceof Float64Array) return Float64Array.from(keep, (row) => values[row]!);
    if (values instanceof BigInt64Array) return BigInt64Array.from(keep, (row) => values[row]!);
    return values && keep.map((row) => values[row]!);
  });
  return { ...rows, length: keep.length, columns };
}
