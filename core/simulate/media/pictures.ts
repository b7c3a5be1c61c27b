import type { PictureSize } from "./h264_syntax.ts";

/** Side of one bit of a frame number in pixels. */
const BIT_SIDE = 8;

/** Bits of a frame number. */
const NUMBER_BITS = 32;

/** Grey levels of a bit that is 0 and of one that is 1. */
const DARK = 32;
const BRIGHT = 224;

/** A picture of one grey level, 0 to 255. */
export function grayPicture({ width, height }: PictureSize, level: number): { luma: Uint8Array } {
  return { luma: new Uint8Array(width * height).fill(level) };
}

/**
 * Paints a frame number into a picture, as 32 squares of 8 pixels: lowest bit at the top left, then
 * row by row; bright is 1. Throws `RangeError` when the picture has no room for them.
 *
 * @example
 * ```ts
 * import { grayPicture, paintFrameNumber, readFrameNumber } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const { luma } = grayPicture({ width: 64, height: 48 }, 128);
 * paintFrameNumber(luma, 64, 1234);
 * assert.equal(readFrameNumber(luma, 64), 1234);
 * ```
 */
export function paintFrameNumber(luma: Uint8Array, width: number, frame: number): void {
  for (let bit = 0; bit < NUMBER_BITS; bit++) {
    const start = bitStart(bit, width);
    if (start + (BIT_SIDE - 1) * (width + 1) >= luma.length) {
      throw new RangeError(`Picture is too small for a frame number: ${luma.length} pixels`);
    }
    const level = (frame >>> bit) & 1 ? BRIGHT : DARK;
    for (let row = 0; row < BIT_SIDE; row++) {
      luma.fill(level, start + row * width, start + row * width + BIT_SIDE);
    }
  }
}

/** Reads back a number that {@linkcode paintFrameNumber} painted. */
export function readFrameNumber(luma: Uint8Array, width: number): number {
  let frame = 0;
  for (let bit = 0; bit < NUMBER_BITS; bit++) {
    const middle = bitStart(bit, width) + (BIT_SIDE / 2) * (width + 1);
    if (luma[middle]! > (DARK + BRIGHT) / 2) frame |= 1 << bit;
  }
  return frame >>> 0;
}

/** Index of the first pixel of a bit. */
function bitStart(bit: number, width: number): number {
  const perRow = Math.floor(width / BIT_SIDE);
  if (perRow === 0) {
    throw new RangeError(`Picture is too narrow for a frame number: ${width} pixels`);
  }
  return Math.floor(bit / perRow) * BIT_SIDE * width + (bit % perRow) * BIT_SIDE;
}
