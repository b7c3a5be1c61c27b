import { median } from "../../base/mod.ts";
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

/** Passes over all samples of a track: twice when frames are shown in another order than decoded. */
export async function surveyTrack(
  file: TrackOfFile,
  report: ReportBox,
  signal?: AbortSignal,
): Promise<TrackSurvey> {
  const decoding = new DecodingSurvey();
  const asDecoded = new IntervalSurvey();
  for await (const block of decodingOrder(file, report, signal)) {
    decoding.add(block);
    asDecoded.add(block);
  }
  const shown = decoding.reordered
    ? await surveyShown(file, decoding.minOffset, signal)
    : asDecoded;
  return {
    frames: decoding.frames,
    missing: decoding.missing,
    minOffset: decoding.minOffset,
    reordered: decoding.reordered,
    end: shown.last + decoding.lastDuration,
    ...shown.get(),
  };
}

async function surveyShown(
  file: TrackOfFile,
  minOffset: number,
  signal: AbortSignal | undefined,
): Promise<IntervalSurvey> {
  const shown = new IntervalSurvey();
  const decoded = decodingOrder(file, () => {}, signal);
  for await (const block of presentationOrder(decoded, minOffset)) shown.add(block);
  return shown;
}

/** What does not depend on the order of presentation. */
class DecodingSurvey {
  frames = 0;
  missing = 0;
  minOffset = 0;
  maxOffset = 0;
  lastDuration = 0;

  get reordered(): boolean {
    return this.minOffset !== this.maxOffset;
  }

  add({ length, pts, dts, durations, available }: SampleBlock): void {
    if (this.frames === 0) this.minOffset = this.maxOffset = pts[0]! - dts[0]!;
    this.frames += length;
    for (let at = 0; at < length; at++) {
      const offset = pts[at]! - dts[at]!;
      if (offset < this.minOffset) this.minOffset = offset;
      if (offset > this.maxOffset) this.maxOffset = offset;
      this.missing += 1 - available[at]!;
    }
    this.lastDuration = durations[length - 1]!;
  }
}

/** What the distances of neighbouring frames are like. */
class IntervalSurvey {
  first = 0;
  last = 0;
  #count = 0;
  #duplicates = 0;
  #min = Infinity;
  #max = 0;
  readonly #head: number[] = [];

  add({ length, pts }: SampleBlock): void {
    let from = 0;
    if (this.#count === 0) {
      this.first = this.last = pts[0]!;
      from = 1;
    }
    this.#count += length;
    for (let at = from; at < length; at++) this.#addInterval(pts[at]!);
  }

  #addInterval(pts: number): void {
    const interval = pts - this.last;
    this.last = pts;
    if (interval === 0) this.#duplicates++;
    if (interval < this.#min) this.#min = interval;
    if (interval > this.#max) this.#max = interval;
    if (this.#head.length < MEDIAN_OF) this.#head.push(interval);
  }

  get(): Pick<
    TrackSurvey,
    "first" | "minInterval" | "maxInterval" | "meanInterval" | "medianInterval" | "duplicates"
  > {
    return {
      first: this.first,
      minInterval: this.#min,
      maxInterval: this.#max,
      meanInterval: this.#count > 1 ? (this.last - this.first) / (this.#count - 1) : NaN,
      medianInterval: median(this.#head),
      duplicates: this.#duplicates,
    };
  }
}
