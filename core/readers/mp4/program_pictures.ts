import {
  type ByteSource,
  type FilePicture,
  type FileVideo,
  type FrameReadOptions,
  type FrameSource,
  pictureLayout,
  reasonOf,
  type ReportIssue,
  throwIfCancelled,
  type VideoFrame,
} from "../../base/mod.ts";
import { colorOf } from "./color.ts";
import { inspectFile, type SurveyedTrack } from "./inspect.ts";
import { LossLog } from "./loss_log.ts";
import { editShift, TickConverter } from "./media_time.ts";
import { DistinctIssues, factsOf } from "./open_pictures.ts";
import { quarterTurns } from "./picture_frames.ts";
import { type ShownRow, shownRows, startBefore } from "./shown_rows.ts";
import type { TrackOfFile } from "./track_samples.ts";

/** Options of {@linkcode joinMp4Pictures}. */
export interface JoinMp4Options {
  readonly path: string;
  /** The file as a program decodes it, without its edit list. */
  readonly video: FileVideo;
  /** Name of the program. */
  readonly decoder: string;
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Joins the pictures that a program decodes to the frames of the index, by their presentation times.
 *
 * Undefined when the index lists no video; why was reported. The source is closed with the frames, or at once when
 * there are none.
 */
export async function joinMp4Pictures(
  source: ByteSource,
  { path, video, decoder, report = () => {}, signal }: JoinMp4Options,
): Promise<FrameSource | undefined> {
  const log = new DistinctIssues(report);
  const inspected = await inspectFile(source, { path, report: log.add, signal });
  const surveyed = inspected.videos[0];
  if (surveyed === undefined) return void await source.close();
  const file = { source, movie: inspected.movie, track: surveyed.track };
  return {
    decoder,
    ...factsOf(surveyed),
    issues: log.issues,
    frames: (options) => joined({ file, surveyed, video, path, report: log.add }, options),
    close: () => source.close(),
  };
}

/** What is joined. */
interface Join {
  readonly file: TrackOfFile;
  readonly surveyed: SurveyedTrack;
  readonly video: FileVideo;
  readonly path: string;
  readonly report: ReportIssue;
}

/** Programs find a time by that of decoding, which may be later than that of showing. */
const SEEK_MARGIN_SECONDS = 1;

async function* joined(
  { file, surveyed, video, path, report }: Join,
  { from = 0, to = Infinity, signal }: FrameReadOptions = {},
): AsyncGenerator<VideoFrame> {
  const rows = new RowsByTick(shownRows(file, surveyed, signal), file.track.timescale);
  const losses = new LossLog({ path, from, report });
  const make = frameMaker(file);
  const { pts } = await startBefore(file, surveyed, from, signal);
  const fromSeconds = Math.max(0, pts / file.track.timescale - SEEK_MARGIN_SECONDS);
  try {
    for await (const picture of video.pictures({ fromSeconds, signal })) {
      throwIfCancelled(signal);
      const row = await rows.find(picture, losses);
      if (row === undefined) continue;
      // Losses before a frame that was found are told at once: reading may end with it.
      losses.end();
      if (row.row >= to) return;
      if (row.row >= from) yield make(picture, row);
    }
  } catch (error) {
    throwIfCancelled(signal);
    losses.reason = reasonOf(error);
  }
  await rows.finish(to, losses);
}

/** Goes through the frames of the index by their times. */
class RowsByTick {
  readonly #rows: AsyncIterator<ShownRow>;
  readonly #timescale: number;
  #next: ShownRow | undefined;
  /** Time of the last picture that was found, as the program told it. */
  #last = -Infinity;

  constructor(rows: AsyncIterator<ShownRow>, timescale: number) {
    this.#rows = rows;
    this.#timescale = timescale;
  }

  /** The first frame not yet passed that has the time of a picture; undefined when none has. */
  async find({ ticks, tick: [numerator, denominator] }: FilePicture, losses: LossLog): Promise<
    ShownRow | undefined
  > {
    if (ticks === undefined) return undefined;
    const pts = Math.round(ticks * numerator * this.#timescale / denominator);
    for (let row = await this.#peek(); row !== undefined; row = await this.#peek()) {
      // Programs let times rise: a frame at the time of the one before comes a tick later.
      const told = Math.max(row.pts, this.#last + 1);
      if (told > pts) return undefined;
      this.#next = undefined;
      if (told === pts) this.#last = pts;
      // Of data that are cut off, programs make pictures that were never recorded.
      if (told === pts && row.usable) return row;
      this.#lose(row, losses);
    }
    return undefined;
  }

  async finish(to: number, losses: LossLog): Promise<void> {
    for (
      let row = await this.#peek();
      row !== undefined && row.row < to;
      row = await this.#peek()
    ) {
      this.#lose(row, losses);
      this.#next = undefined;
    }
    losses.end();
  }

  #lose({ row, usable }: ShownRow, losses: LossLog): void {
    losses.add(row, usable ? undefined : "their data are not in the file");
  }

  async #peek(): Promise<ShownRow | undefined> {
    if (this.#next === undefined) {
      const { done, value } = await this.#rows.next();
      this.#next = done ? undefined : value;
    }
    return this.#next;
  }
}

function frameMaker({ movie, track }: TrackOfFile): (p: FilePicture, row: ShownRow) => VideoFrame {
  const converter = new TickConverter(track.timescale, editShift(track.edits, movie.timescale));
  const facts = { ...colorOf(track), rotation: quarterTurns(track) };
  return ({ format, width, height, data }, { row, pts }) => ({
    index: row,
    timeNs: converter.toNs(pts),
    format,
    width,
    height,
    data,
    planes: pictureLayout(format, width, height).planes,
    ...facts,
  });
}
