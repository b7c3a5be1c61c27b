import type { ReportBox } from "./boxes.ts";
import { presentationOrder } from "./presentation_order.ts";
import type { SampleBlock } from "./sample_block.ts";
import { decodingOrder, type TrackOfFile } from "./track_samples.ts";

/** Intervals at the start of a track whose median is taken as its nominal interval. */
const MEDIAN_OF = 4096;

/** What one pass over the samples of a track finds. Times in ticks. */
export interface TrackSurvey {
  readonly frames: number;
  /** Frames whose data lie behind the end of the file. */
  readonly missing: number;
  /** Least offset from decoding to presentation. */
  readonly minOffset: number;
  /** Frames are shown in another order than they are decoded. */
  readonly reordered: boolean;
  /** Presentation time of the first frame and behind the last one. */
  readonly first: number;
  readonly end: number;
  readonly minInterval: number;
  readonly maxInterval: number;
  /** Mean distance of neighbouring frames. */
  readonly meanInterval: number;
  /** Median of the first intervals. */
  readonly medianInterval: number;
  /** Frames that share the time of the one before. */
  readonly duplicates: number;
}

/** Passes over all samples of a track, twice: the order of presentation depends on all offsets. */
export async function surveyTrack(
  file: TrackOfFile,
  report: ReportBox,
  signal?: AbortSignal,
): Promise<TrackSurvey> {
  const decoding = await surveyDecoding(decodingOrder(file, report, signal));
  const reordered = decoding.minOffset !== decoding.maxOffset;
  const blocks = decodingOrder(file, () => {}, signal);
  const ordered = reordered ? presentationOrder(blocks, decoding.minOffset) : blocks;
  const { last, ...intervals } = await surveyIntervals(ordered);
  return { ...decoding, ...intervals, reordered, end: last + decoding.lastDuration };
}

interface DecodingSurvey {
  frames: number;
  missing: number;
  minOffset: number;
  maxOffset: number;
  lastDuration: number;
}

async function surveyDecoding(blocks: AsyncIterable<SampleBlock>): Promise<DecodingSurvey> {
  const found = {
    frames: 0,
    missing: 0,
    minOffset: Infinity,
    maxOffset: -Infinity,
    lastDuration: 0,
  };
  for await (const { length, pts, dts, durations, available } of blocks) {
    found.frames += length;
    for (let at = 0; at < length; at++) {
      const offset = pts[at]! - dts[at]!;
      if (offset < found.minOffset) found.minOffset = offset;
      if (offset > found.maxOffset) found.maxOffset = offset;
      found.missing += 1 - available[at]!;
    }
    found.lastDuration = durations[length - 1]!;
  }
  return found.frames > 0 ? found : { ...found, minOffset: 0, maxOffset: 0 };
}

/** What the distances of neighbouring frames are like. */
type IntervalSurvey =
  & Pick<
    TrackSurvey,
    "first" | "minInterval" | "maxInterval" | "meanInterval" | "medianInterval" | "duplicates"
  >
  & { readonly last: number };

async function surveyIntervals(blocks: AsyncIterable<SampleBlock>): Promise<IntervalSurvey> {
  let first = 0, last = 0, count = 0, duplicates = 0, min = Infinity, max = 0;
  const head: number[] = [];
  for await (const { length, pts } of blocks) {
    for (let at = 0; at < length; at++) {
      const interval = pts[at]! - last;
      last = pts[at]!;
      if (count++ === 0) {
        first = last;
        continue;
      }
      if (interval === 0) duplicates++;
      if (interval < min) min = interval;
      if (interval > max) max = interval;
      if (head.length < MEDIAN_OF) head.push(interval);
    }
  }
  const medianInterval = median(head);
  const meanInterval = count > 1 ? (last - first) / (count - 1) : NaN;
  return {
    first,
    last,
    minInterval: min,
    maxInterval: max,
    meanInterval,
    medianInterval,
    duplicates,
  };
}

function median(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(sorted.length / 2)]!;
}
