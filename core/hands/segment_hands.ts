import type { VideoFrame, WorkOptions } from "../base/mod.ts";
import { type HandEngineOptions, openHandEngine } from "./engine.ts";
import { findHands, type FrameChoice } from "./find_hands.ts";
import type { HandRecord } from "./record.ts";

/** A picture in memory: red, green and blue, or with alpha behind them, row after row without gaps. */
export interface RgbFrame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
  /** When it was taken, in ns on whatever clock; kept as it is. */
  readonly timeNs?: bigint | undefined;
}

/** Options of {@linkcode segmentHands}. */
export type SegmentHandsOptions = HandEngineOptions & FrameChoice & Pick<WorkOptions, "signal">;

/**
 * Finds the hands in pictures that follow each other: where each is, its mask, and with networks its landmarks.
 *
 * Pictures are taken one at a time, and each may be overwritten when the next is asked for. They come as decoded by
 * `openVideo`, or as plain arrays of colours, such as the `data` of an `ImageData`.
 *
 * Rejects with `RangeError` when the data of a picture do not have the length of its size or `every` is no whole
 * number from 1 on, with `CancelledError` when the signal is aborted, and as {@linkcode openHandEngine} does.
 *
 * @example
 * ```ts
 * import { Kernel, segmentHands } from "session-process";
 * import assert from "node:assert/strict";
 *
 * // Two grey pictures without a hand.
 * const data = new Uint8Array(3 * 64 * 48).fill(90);
 * const frames = [{ width: 64, height: 48, data }, { width: 64, height: 48, data }];
 * for await (const { frame, hands } of segmentHands(frames, { kernel: new Kernel() })) {
 *   assert.ok(frame < 2);
 *   assert.equal(hands.length, 0);
 * }
 * ```
 */
export async function* segmentHands(
  frames: AsyncIterable<VideoFrame | RgbFrame> | Iterable<VideoFrame | RgbFrame>,
  options: SegmentHandsOptions,
): AsyncGenerator<HandRecord> {
  const engine = await openHandEngine(options);
  try {
    for await (const { record } of findHands(asVideo(frames), engine, options)) yield record;
  } finally {
    await engine.close();
  }
}

async function* asVideo(
  frames: AsyncIterable<VideoFrame | RgbFrame> | Iterable<VideoFrame | RgbFrame>,
): AsyncGenerator<VideoFrame> {
  let index = 0;
  for await (const frame of frames) {
    yield "format" in frame ? frame : videoFrame(frame, index);
    index++;
  }
}

function videoFrame({ width, height, data, timeNs }: RgbFrame, index: number): VideoFrame {
  if (![width, height].every((side) => Number.isInteger(side) && side > 0)) {
    throw new RangeError(`Picture ${index} must have whole sides: they are ${width} and ${height}`);
  }
  const channels = data.length / (width * height);
  if (channels !== 3 && channels !== 4) {
    const expected = `${3 * width * height} or ${4 * width * height}`;
    throw new RangeError(`Picture ${index} must have ${expected} bytes: it has ${data.length}`);
  }
  return {
    index,
    timeNs,
    format: channels === 3 ? "RGB" : "RGBA",
    width,
    height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
    planes: [{ offset: 0, stride: channels * width }],
    matrix: "bt709",
    fullRange: true,
    rotation: 0,
  };
}
