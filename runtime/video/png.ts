import { encode } from "fast-png";

/** Pixels to be written as PNG. */
export interface PngPicture {
  readonly format: "RGB" | "RGBA" | "GRAY8";
  readonly width: number;
  readonly height: number;
  /** Rows one behind the other without gaps. */
  readonly data: Uint8Array;
}

const CHANNELS = { RGB: 3, RGBA: 4, GRAY8: 1 } as const;

/**
 * Writes pixels as a PNG file. The bytes are the same on every machine.
 *
 * @example
 * ```ts
 * import { encodePng } from "session-process/video";
 * import assert from "node:assert/strict";
 *
 * const png = encodePng({ format: "GRAY8", width: 2, height: 1, data: Uint8Array.of(0, 255) });
 * assert.deepEqual([...png.subarray(1, 4)], [0x50, 0x4e, 0x47]);
 * ```
 */
export function encodePng({ format, width, height, data }: PngPicture): Uint8Array {
  const channels = CHANNELS[format];
  if (data.length !== width * height * channels) {
    const wanted = `${width} x ${height} pixels need ${width * height * channels} bytes`;
    throw new RangeError(`Cannot write a PNG file: ${wanted} and there are ${data.length}`);
  }
  return encode({ width, height, data, channels, depth: 8 });
}
