import {
  type Decoded,
  type FrameReadOptions,
  type PictureDecoding,
  pictureLayout,
  type ReportIssue,
  throwIfCancelled,
  type VideoFrame,
} from "../../base/mod.ts";
import { codedUnits, type TimedUnit } from "./coded_units.ts";
import { colorOf } from "./color.ts";
import { FramePairing, type PlacedPicture } from "./frame_pairing.ts";
import type { SurveyedTrack } from "./inspect.ts";
import { editShift, TickConverter } from "./media_time.ts";
import { shownRows, startBefore } from "./shown_rows.ts";
import type { Track } from "./track.ts";
import type { TrackOfFile } from "./track_samples.ts";

/** A video track that is to be decoded. */
export interface TrackToDecode {
  readonly file: TrackOfFile;
  readonly video: SurveyedTrack;
  readonly path: string;
  readonly report: ReportIssue;
}

/**
 * Decodes a track and yields its frames in the order shown, with the rows and times of `openMp4`.
 *
 * @param open Starts the decoder; called once it is known where decoding begins.
 */
export async function* pictureFrames(
  target: TrackToDecode,
  open: () => PictureDecoding,
  { from = 0, to = Infinity, signal }: FrameReadOptions = {},
): AsyncGenerator<VideoFrame> {
  const { file, video, path, report } = target;
  const start = await startBefore(file, video, from, signal);
  const rows = shownRows(file, video, signal);
  const pairing = new FramePairing(rows, { path, start, from, report });
  const run = new DecodingRun(open(), pairing);
  const maker = new FrameMaker(file);
  try {
    for await (const unit of codedUnits(file, start.number, signal)) {
      throwIfCancelled(signal);
      for await (const placed of run.take(unit)) {
        if (placed.row.row >= to) return placed.picture.close();
        if (placed.row.row < from) placed.picture.close();
        else yield maker.make(placed);
      }
    }
    for await (const placed of run.end()) {
      if (placed.row.row < from || placed.row.row >= to) placed.picture.close();
      else yield maker.make(placed);
    }
    await pairing.finish(to, run.reason);
  } finally {
    run.close();
    await rows.return(undefined);
  }
}

/** Hands units to a decoder, and finds its way again after damage. */
class DecodingRun {
  readonly #decoding: PictureDecoding;
  readonly #pairing: FramePairing;
  /** Pictures that were given and not taken, to be closed at the end. */
  #waiting: Decoded["pictures"] = [];
  /** After damage nothing makes sense up to the next place where decoding can start. */
  #lost = false;
  /** Why frames were lost last. */
  reason = "";

  constructor(decoding: PictureDecoding, pairing: FramePairing) {
    this.#decoding = decoding;
    this.#pairing = pairing;
  }

  async *take(unit: TimedUnit): AsyncGenerator<PlacedPicture> {
    if (this.#lost && !unit.key) return;
    if (this.#lost || (this.#pairing.doubted && unit.key)) {
      if (!this.#lost) yield* this.#empty();
      this.#pairing.startAt(unit, this.reason);
      this.#lost = false;
    }
    if (!this.#pairing.accepts(unit)) return;
    const { pictures, error } = await this.#decoding.decode(unit);
    this.#pairing.fed(error);
    yield* this.#place(pictures);
    if (error === undefined) return;
    this.reason = error;
    this.#lost = true;
    yield* this.#empty();
  }

  async *end(): AsyncGenerator<PlacedPicture> {
    if (!this.#lost) yield* this.#empty();
  }

  close(): void {
    for (const picture of this.#waiting) picture.close();
    this.#decoding.close();
  }

  async *#empty(): AsyncGenerator<PlacedPicture> {
    const { pictures, error } = await this.#decoding.flush();
    this.reason = error ?? this.reason;
    let first: number | undefined;
    for await (const placed of this.#place(pictures)) {
      first ??= placed.row.row;
      yield placed;
    }
    this.#pairing.emptied(first);
  }

  async *#place(pictures: Decoded["pictures"]): AsyncGenerator<PlacedPicture> {
    this.#waiting = pictures;
    for (const picture of pictures) {
      const placed = await this.#pairing.place(picture);
      if (placed !== undefined) yield placed;
    }
    this.#waiting = [];
  }
}

/** Makes frames out of placed pictures; the data of all lie in the same place. */
class FrameMaker {
  readonly #converter: TickConverter;
  readonly #facts: Pick<VideoFrame, "matrix" | "fullRange" | "rotation">;
  #data = new Uint8Array();

  constructor({ movie, track }: TrackOfFile) {
    this.#converter = new TickConverter(track.timescale, editShift(track.edits, movie.timescale));
    this.#facts = { ...colorOf(track), rotation: quarterTurns(track) };
  }

  make({ picture, row }: PlacedPicture): VideoFrame {
    const { format, width, height, byteLength } = picture;
    if (this.#data.length < byteLength) this.#data = new Uint8Array(byteLength);
    const data = this.#data.subarray(0, byteLength);
    picture.copyTo(data);
    picture.close();
    return {
      index: row.row,
      timeNs: this.#converter.toNs(row.pts),
      format,
      width,
      height,
      data,
      planes: pictureLayout(format, width, height).planes,
      ...this.#facts,
    };
  }
}

/** The turn of a track to the nearest quarter. */
export function quarterTurns({ rotation }: Track): 0 | 90 | 180 | 270 {
  return ([0, 90, 180, 270] as const)[Math.round(rotation / 90) % 4]!;
}
