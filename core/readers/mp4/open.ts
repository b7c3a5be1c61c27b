import type {
  ByteSource,
  ColumnBatch,
  ColumnSpec,
  ReadOptions,
  ReportIssue,
  StreamReader,
  StreamSchema,
} from "../../base/mod.ts";
import { nominalFps } from "./info.ts";
import { inspectFile, type SurveyedTrack } from "./inspect.ts";
import { editShift, TickConverter } from "./media_time.ts";
import { presentationOrder } from "./presentation_order.ts";
import type { SampleBlock } from "./sample_block.ts";
import type { Movie } from "./track.ts";
import { decodingOrder } from "./track_samples.ts";

/** Options of {@linkcode openMp4}. */
export interface Mp4Options {
  /** Path of the file, for issues. */
  readonly path: string;
  /** Device that recorded it. */
  readonly device: string;
  /** Name of the stream; a second video track gets `_2` behind it, and so on. */
  readonly name: string;
  /** Receives what is wrong with the file. */
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
}

const COLUMNS: readonly ColumnSpec[] = [
  { name: "frame", kind: "f64", categorical: true },
  { name: "decode_index", kind: "f64", categorical: true },
  { name: "key_frame", kind: "bool" },
  { name: "size", kind: "f64", unit: "By" },
  { name: "available", kind: "bool" },
];

/** Samples of one batch unless told otherwise; smaller batches come where blocks end. */
const BATCH_ROWS = 16384;

/**
 * Opens the video tracks of an MP4 file as streams of frames in the order in which they are shown.
 *
 * Times are presentation times in ns from the start of the file, with the edit list applied, on the
 * clock `<device>/<name>/media`. Columns: `frame` counts frames as shown and `decode_index` as stored,
 * from 0; `key_frame`; `size` in bytes; `available` is 0 where the data lie behind the end of the file.
 * The source is closed with the last of the streams, or at once when there are none.
 * Pictures are not decoded and media data are not read. Nothing is thrown for damaged files.
 *
 * @example
 * ```ts
 * import { bytesSource, openMp4 } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const nothing = bytesSource(new Uint8Array());
 * const streams = await openMp4(nothing, { path: "a.mp4", device: "pc", name: "webcam" });
 * assert.equal(streams.length, 0);
 * ```
 */
export async function openMp4(source: ByteSource, options: Mp4Options): Promise<StreamReader[]> {
  const { movie, videos } = await inspectFile(source, options);
  if (videos.length === 0) await source.close();
  const open = new Set(videos);
  return videos.map((video, index) => {
    const name = index === 0 ? options.name : `${options.name}_${index + 1}`;
    const close = async () => {
      if (open.delete(video) && open.size === 0) await source.close();
    };
    return createReader(source, movie, video, { device: options.device, name, close });
  });
}

interface ReaderFacts {
  readonly device: string;
  readonly name: string;
  close(): Promise<void>;
}

function createReader(
  source: ByteSource,
  movie: Movie,
  { track, survey }: SurveyedTrack,
  { device, name, close }: ReaderFacts,
): StreamReader {
  const converter = new TickConverter(track.timescale, editShift(track.edits, movie.timescale));
  const fps = nominalFps(survey, track.timescale);
  const id = `${device}/${name}`;
  const schema: StreamSchema = {
    id,
    device,
    name,
    columns: COLUMNS,
    clock: { id: `${id}/media`, kind: "media" },
    resolutionNs: 1e9 / track.timescale,
    ...(Number.isNaN(fps) ? {} : { nominalRateHz: fps }),
  };
  async function* batches(read: ReadOptions = {}): AsyncGenerator<ColumnBatch> {
    // What is wrong with the tables was reported when the file was opened.
    const decoding = decodingOrder({ source, movie, track }, () => {}, read.signal);
    const blocks = survey.reordered ? presentationOrder(decoding, survey.minOffset) : decoding;
    let row = 0;
    for await (const block of blocks) {
      const step = Math.min(read.batchRows ?? BATCH_ROWS, block.length);
      for (let from = 0; from < block.length; from += step) {
        const batch = toBatch(block, from, Math.min(from + step, block.length), row, converter);
        yield batch;
        row += batch.length;
      }
    }
  }
  return { schema, batches, close };
}

function toBatch(
  block: SampleBlock,
  from: number,
  to: number,
  firstRow: number,
  converter: TickConverter,
): ColumnBatch {
  const length = to - from;
  const times = new BigInt64Array(length);
  const frames = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    times[index] = converter.toNs(block.pts[from + index]!);
    frames[index] = firstRow + index;
  }
  const columns = [
    frames,
    block.indices.slice(from, to),
    block.syncs.slice(from, to),
    block.sizes.slice(from, to),
    block.available.slice(from, to),
  ];
  return { firstRow, length, times, columns };
}
