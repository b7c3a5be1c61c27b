import {
  type ByteSource,
  type ColumnBatch,
  createIssue,
  type ReadOptions,
  type ReportIssue,
  type StreamReader,
} from "../../base/mod.ts";
import type { Kernel } from "../../../wasm/mod.ts";
import type { XdfStreamInfo } from "./info.ts";
import { BatchCopier, lagOf, type OpenedFile, readStreams } from "./read.ts";
import { type PlannedStream, planStreams } from "./schema.ts";
import { surveyFile, type XdfClockOffsets, type XdfSurvey } from "./survey.ts";
import { childText } from "./xml.ts";

/** Options of {@linkcode openXdf}. */
export interface XdfOptions {
  readonly kernel: Kernel;
  /** Path of the file, for issues. @default {"recording.xdf"} */
  readonly path?: string;
  /** Device of streams that do not name their computer. @default {"lsl"} */
  readonly device?: string;
  /**
   * Put behind the names of streams and computers, to tell several files of one session apart.
   *
   * @default {""}
   */
  readonly suffix?: string;
  /** Which streams to read. @default {all} */
  readonly select?: (info: XdfStreamInfo) => boolean;
  /** Receives what is wrong with the file. */
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A stream of an XDF file. */
export interface XdfReader extends StreamReader {
  readonly info: XdfStreamInfo;
  /** Number of samples, counted in the file and not taken from the footer. */
  readonly samples: number;
  /** Readings of the clock of the stream against the recorder's, in the order in which they were recorded. */
  readonly offsets: XdfClockOffsets;
  /** Its stamps are not of the clock that was compared with the recorder's: the offsets do not hold for them. */
  readonly isForeign: boolean;
  /** When the recording began, ISO 8601 as the recorder wrote it. */
  readonly recordedAt?: string;
}

/** A batch of one of several streams. */
export interface XdfBatch {
  /** Which of the readers. */
  readonly index: number;
  readonly batch: ColumnBatch;
}

/** Streams of a file that are read together. */
export interface XdfReaders extends ReadonlyArray<XdfReader> {
  /** Yields the batches of all streams in one walk through the file, those of each stream in their order. */
  together(options?: ReadOptions): AsyncIterable<XdfBatch>;
}

/** Samples of one batch unless told otherwise. */
const BATCH_ROWS = 16_384;

/**
 * Opens the streams of an XDF recording.
 *
 * The file is walked through once, skipping samples by the length of their chunks: nothing is taken from footers.
 * Times are the recorded stamps in ns, rounded to the nearest, on the clock `<host>/lsl` that all streams of one
 * computer share; a stamp that was left out is the last one plus periods of the nominal rate. A lag that the
 * stream states for itself (`offset_mean`) is subtracted. Numbers become doubles, `int64` stays, strings are text.
 * After damage reading goes on at the next chunk that can be told for one; what was lost is reported with its
 * place, and a file that is cut off is read to its last whole sample. Nothing is thrown for damaged files.
 * The source is closed with the last of the streams, or at once when there are none.
 *
 * @example
 * ```ts
 * import { bytesSource, Kernel, openXdf } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const header = "<info><name>A</name><channel_count>1</channel_count><nominal_srate>10</nominal_srate>" +
 *   "<channel_format>int8</channel_format></info>";
 * const file = Uint8Array.of(
 *   ...new TextEncoder().encode("XDF:"),
 *   ...[1, header.length + 6, 2, 0, 7, 0, 0, 0],
 *   ...new TextEncoder().encode(header),
 *   ...[1, 19, 3, 0, 7, 0, 0, 0, 1, 2, 8, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 5, 0, 6],
 * );
 * file[5] = header.length + 6;
 * const [stream] = await openXdf(bytesSource(file), { kernel: new Kernel() });
 * for await (const { times, columns } of stream!.batches()) {
 *   assert.deepEqual(times, BigInt64Array.of(1_000_000_000n, 1_100_000_000n));
 *   assert.deepEqual(columns, [Float64Array.of(5, 6)]);
 * }
 * ```
 */
export async function openXdf(source: ByteSource, options: XdfOptions): Promise<XdfReaders> {
  const { kernel, path = "recording.xdf", select, report, signal } = options;
  const survey = await surveyFile(source, { kernel, path, report, signal });
  const planned = planStreams(survey.streams, options);
  for (const stream of planned) reportStream(stream, path, report);
  const chosen = select === undefined
    ? planned
    : planned.filter(({ stream }) => select(stream.info));
  const file = { source, kernel, path, all: planned };
  if (chosen.length === 0) await source.close();
  const open = new Set(chosen);
  const readers = chosen.map((stream) =>
    createReader(file, stream, survey, async () => {
      if (open.delete(stream) && open.size === 0) await source.close();
    })
  );
  return Object.assign(readers, {
    together: (read: ReadOptions = {}) => readTogether(file, chosen, read),
  });
}

function createReader(
  file: OpenedFile,
  planned: PlannedStream,
  { fileHeader }: XdfSurvey,
  close: () => Promise<void>,
): XdfReader {
  const { stream, schema, stamps } = planned;
  const recordedAt = childText(fileHeader, "datetime");
  return {
    schema,
    info: stream.info,
    samples: stream.samples,
    offsets: stream.offsets,
    isForeign: stamps.isForeign,
    ...(recordedAt === undefined ? {} : { recordedAt }),
    async *batches(options = {}) {
      for await (const { batch } of readTogether(file, [planned], options)) yield batch;
    },
    close,
  };
}

async function* readTogether(
  file: OpenedFile,
  streams: readonly PlannedStream[],
  { report, signal, batchRows = BATCH_ROWS }: ReadOptions,
): AsyncGenerator<XdfBatch> {
  // Without streams the file is closed.
  if (streams.length === 0) return;
  const copiers = streams.map((stream) => new BatchCopier(stream));
  const read = { report, signal, batchRows, mode: "doubles" } as const;
  for await (const full of readStreams(file, streams, read)) {
    yield { index: full.index, batch: copiers[full.index]!.copy(full) };
  }
}

/** Says what is odd about a stream as a whole. */
function reportStream(
  planned: PlannedStream,
  path: string,
  report: ReportIssue | undefined,
): void {
  const { stream: { info, samples, offsets, footer }, schema, stamps } = planned;
  const where = { path, stream: schema.id };
  const stated = footer?.sampleCount;
  if (footer === undefined) report?.(createIssue("XDF_FOOTER_MISSING", {}, where));
  if (stated !== undefined && stated !== samples) {
    report?.(createIssue("XDF_FOOTER_MISMATCH", { stated, found: samples }, where));
  }
  if (stamps.isForeign) {
    report?.(createIssue("XDF_STAMPS_FOREIGN", { clock: stamps.clock.id }, where));
  } else if (offsets.times.length === 0) {
    report?.(createIssue("XDF_OFFSETS_MISSING", {}, where));
  }
  const lag = lagOf(planned);
  if (lag !== 0n) {
    report?.(createIssue("XDF_LAG_APPLIED", { lag: info.offsetMean! }, where));
  }
}
