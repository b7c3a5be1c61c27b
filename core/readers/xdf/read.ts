import {
  type ByteSource,
  type ColumnBatch,
  type ColumnData,
  createIssue,
  MISSING_NS,
  nsFromSeconds,
  type ReportIssue,
} from "../../base/mod.ts";
import { type Kernel, type XdfMode, XdfParser } from "../../../wasm/mod.ts";
import type { PlannedStream } from "./schema.ts";
import { walk } from "./walk.ts";

/** An XDF file whose streams are known. */
export interface OpenedFile {
  readonly source: ByteSource;
  readonly kernel: Kernel;
  readonly path: string;
  /** Every stream of the file, also those that are not read: all are needed to find the way through damage. */
  readonly all: readonly PlannedStream[];
}

/** How samples are read. */
export interface ReadStreamsOptions {
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Most samples of a batch. */
  readonly batchRows: number;
  readonly mode: Exclude<XdfMode, "count">;
}

/** The batch of a stream while it is in the kernel. */
export interface FullBatch {
  /** Which of the streams that are read. */
  readonly index: number;
  /** Number of the stream in the parser. */
  readonly number: number;
  readonly rows: number;
  readonly parser: XdfParser;
}

/** Most values of all batches that are being gathered. */
const MAX_CELLS = 1 << 20;

/**
 * Reads streams in one walk through the file; samples of others are skipped. What is wrong with samples is
 * reported at the end, stream by stream.
 */
export async function* readStreams(
  { source, kernel, path, all }: OpenedFile,
  streams: readonly PlannedStream[],
  { report, signal, batchRows, mode }: ReadStreamsOptions,
): AsyncGenerator<FullBatch> {
  const parser = new XdfParser(kernel, source.size);
  const cells = streams.reduce((sum, { stream }) => sum + stream.info.channelCount + 1, 0);
  const rows = Math.max(1, Math.min(batchRows, Math.floor(MAX_CELLS / cells)));
  const byHeader = new Map(all.map((planned) => [planned.stream.headersAt[0]!, planned]));
  const numbers = new Map<number, number>();
  const full = (number: number, index: number) => ({
    index,
    number,
    rows: parser.rows(number),
    parser,
  });
  try {
    for await (const finding of walk(parser, source, signal)) {
      if (finding.kind === "xml" && finding.tag === 2) {
        const planned = byHeader.get(finding.at);
        if (planned === undefined) continue;
        const { info } = planned.stream;
        const index = streams.indexOf(planned);
        const number = parser.addStream({
          id: info.id,
          format: info.format,
          channels: info.channelCount,
          rateHz: info.nominalRateHz,
          batchRows: rows,
          mode: index < 0 ? "count" : mode,
        });
        if (index >= 0) numbers.set(number, index);
      } else if (finding.kind === "batch") {
        yield full(finding.stream, numbers.get(finding.stream)!);
        parser.clear(finding.stream);
      }
    }
    for (const [number, index] of numbers) {
      if (parser.rows(number) > 0) yield full(number, index);
      reportTally(parser, number, streams[index]!, path, report);
    }
  } finally {
    parser.dispose();
  }
}

function reportTally(
  parser: XdfParser,
  number: number,
  { schema }: PlannedStream,
  path: string,
  report: ReportIssue | undefined,
): void {
  const { badTimes, unknownTimes, lost, badTexts } = parser.tally(number);
  const where = { path, stream: schema.id };
  if (badTimes + unknownTimes > 0) {
    const params = { invalid: badTimes, unknown: unknownTimes };
    report?.(createIssue("XDF_TIME_MISSING", params, where));
  }
  if (lost > 0) report?.(createIssue("XDF_SAMPLES_LOST", { count: lost }, where));
  if (badTexts > 0) report?.(createIssue("XDF_TEXT_INVALID", { count: badTexts }, where));
}

/** Copies batches of one stream out of the kernel into arrays that are used again and again. */
export class BatchCopier {
  readonly #stream: PlannedStream;
  readonly #lagNs: bigint;
  #times = new BigInt64Array();
  #columns: ColumnData[] = [];
  #firstRow = 0;

  constructor(stream: PlannedStream) {
    this.#stream = stream;
    this.#lagNs = lagOf(stream);
  }

  /** The batch; valid until the next one is copied. */
  copy({ parser, number, rows }: FullBatch): ColumnBatch {
    this.#makeRoom(rows);
    const times = this.#times.subarray(0, rows);
    parser.copyTimes(number, times);
    subtractLag(times, this.#lagNs);
    const columns = this.#columns.map((column, index): ColumnData => {
      if (column instanceof Float64Array || column instanceof BigInt64Array) {
        const part = column.subarray(0, rows);
        parser.copyColumn(number, index, part);
        return part;
      }
      const texts = parser.texts(number, index, column as string[]);
      return this.#columns[index] = texts;
    });
    const firstRow = this.#firstRow;
    this.#firstRow += rows;
    return { firstRow, length: rows, times, columns };
  }

  #makeRoom(rows: number): void {
    if (this.#times.length >= rows) return;
    this.#times = new BigInt64Array(rows);
    this.#columns = this.#stream.schema.columns.map(({ kind }): ColumnData =>
      kind === "text" ? [] : kind === "i64" ? new BigInt64Array(rows) : new Float64Array(rows)
    );
  }
}

/** Lag in ns that the sender states for its samples. */
export function lagOf({ stream: { info: { offsetMean } } }: PlannedStream): bigint {
  return offsetMean === undefined || Math.abs(offsetMean) > 3600 ? 0n : nsFromSeconds(offsetMean);
}

/** Subtracts a lag from all times that are known. */
export function subtractLag(times: BigInt64Array, lagNs: bigint): void {
  if (lagNs === 0n) return;
  for (let row = 0; row < times.length; row++) {
    if (times[row] !== MISSING_NS) times[row]! -= lagNs;
  }
}
