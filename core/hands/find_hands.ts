import { responsive, throwIfCancelled, type VideoFrame, type WorkOptions } from "../base/mod.ts";
import type { HandEngine } from "./engine.ts";
import { type HandRecord, meanTemperature, type MeasuredHand } from "./record.ts";

/** Which pictures of a recording are searched. */
export interface FrameChoice {
  /** Search one picture of so many. @default {1} */
  readonly every?: number | undefined;
  /** Seconds from the first picture of the recording on. @default {0} */
  readonly fromSeconds?: number | undefined;
  /** Seconds at which the search ends. @default {at the end} */
  readonly toSeconds?: number | undefined;
}

/** What {@linkcode findHands} needs. */
export interface FindHandsOptions extends FrameChoice, WorkOptions {
  /** Time of the first picture of the recording, when the pictures given begin later. */
  readonly firstTimeNs?: bigint | undefined;
}

/** A picture and what was found in it. The picture is still held by the engine. */
export interface SearchedFrame {
  readonly frame: VideoFrame;
  readonly record: HandRecord;
}

/**
 * Finds the hands in the chosen pictures, one after the other.
 *
 * Pictures without a time are chosen by their number alone. Throws `CancelledError` when the signal is aborted, and
 * `RangeError` when `every` is no whole number from 1 on or the seconds are no numbers.
 */
export async function* findHands(
  frames: AsyncIterable<VideoFrame> | Iterable<VideoFrame>,
  engine: Pick<HandEngine, "image" | "method">,
  options: FindHandsOptions = {},
): AsyncGenerator<SearchedFrame> {
  const { every = 1, fromSeconds = 0, toSeconds = Infinity } = options;
  requireChoice(every, fromSeconds, toSeconds);
  let firstNs = options.firstTimeNs;
  for await (const frame of responsive(frames)) {
    throwIfCancelled(options.signal);
    firstNs ??= frame.timeNs;
    const seconds = secondsAfter(firstNs, frame.timeNs);
    if (seconds >= toSeconds) return;
    if (seconds < fromSeconds || frame.index % every !== 0) continue;
    engine.image.load(frame);
    const found = await engine.method.process({ index: frame.index, timeNs: frame.timeNs });
    yield { frame, record: { ...found, hands: found.hands.map((hand) => measure(hand, frame)) } };
  }
}

function requireChoice(every: number, fromSeconds: number, toSeconds: number): void {
  if (!(Number.isInteger(every) && every > 0)) {
    throw new RangeError(`every must be a whole number from 1 on: it is ${every}`);
  }
  if (Number.isNaN(fromSeconds) || Number.isNaN(toSeconds)) {
    throw new RangeError(`Seconds must be numbers: they are ${fromSeconds} and ${toSeconds}`);
  }
}

/** Unknown times lie within any choice. */
function secondsAfter(firstNs: bigint | undefined, timeNs: bigint | undefined): number {
  return firstNs === undefined || timeNs === undefined ? NaN : Number(timeNs - firstNs) / 1e9;
}

function measure(hand: MeasuredHand, { thermal }: VideoFrame): MeasuredHand {
  if (thermal === undefined || hand.mask === undefined || hand.area === 0) return hand;
  return { ...hand, meanTemperature: meanTemperature(hand.mask, thermal) };
}
