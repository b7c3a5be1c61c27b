import { presentationOrder } from "./presentation_order.ts";
import { isUsable } from "./coded_units.ts";
import type { SurveyedTrack } from "./inspect.ts";
import { decodingOrder, type TrackOfFile } from "./track_samples.ts";

/** A frame of the index, as shown. */
export interface ShownRow {
  /** Position in the order shown, from 0: the row of the stream that `openMp4` gives. */
  readonly row: number;
  /** Position in decoding order. */
  readonly number: number;
  /** Presentation time in ticks. */
  readonly pts: number;
  /** Decoding can start here. */
  readonly key: boolean;
  /** Its data are in the file. */
  readonly usable: boolean;
}

/** Yields the frames of a track in the order shown, the same as `openMp4` gives. */
export async function* shownRows(
  file: TrackOfFile,
  { survey }: SurveyedTrack,
  signal?: AbortSignal,
): AsyncGenerator<ShownRow> {
  const decoding = decodingOrder(file, () => {}, signal);
  const blocks = survey.reordered ? presentationOrder(decoding, survey.minOffset) : decoding;
  let row = 0;
  for await (const block of blocks) {
    for (let at = 0; at < block.length; at++) {
      yield {
        row: row++,
        number: block.indices[at]!,
        pts: block.pts[at]!,
        key: block.syncs[at] === 1,
        usable: isUsable(block.sizes[at]!, block.available[at]!),
      };
    }
  }
}

/** Where decoding starts so that everything shown from there on can be decoded. */
export interface DecodingStart {
  readonly row: number;
  readonly number: number;
  readonly pts: number;
}

/** The start of the track. */
export const TRACK_START: DecodingStart = { row: 0, number: 0, pts: -Infinity };

/** The last place at or before a row where decoding can start. */
export async function startBefore(
  file: TrackOfFile,
  video: SurveyedTrack,
  row: number,
  signal?: AbortSignal,
): Promise<DecodingStart> {
  let start = TRACK_START;
  if (row <= 0) return start;
  for await (const shown of shownRows(file, video, signal)) {
    if (shown.row > row) break;
    if (shown.key && shown.usable && shown.row > 0) start = shown;
  }
  return start;
}
