import { convertIndexedToRgb, decode as decodePng, type DecodedPng } from "fast-png";
import { decode as decodeJpeg } from "jpeg-js";
import { type DecodedImage, reasonOf } from "../../core/base/mod.ts";
import { exifRotation } from "./exif.ts";

/** Most pixels of a picture that are decoded, in millions. */
const MAX_MEGAPIXELS = 64;

/** Memory that one picture may take while it is decoded, in MB. */
const MAX_MEGABYTES = 512;

/**
 * Decodes a PNG or JPEG file, told by its first bytes; a sentence why not, when it cannot.
 *
 * PNG with 16 bits keeps the upper 8. Written in JavaScript, so that the pixels are the same on every machine.
 *
 * @example
 * ```ts
 * import { decodeImage, encodePng } from "session-process/video";
 * import assert from "node:assert/strict";
 *
 * const pixels = Uint8Array.of(255, 0, 0, 0, 0, 255);
 * const image = decodeImage(encodePng({ format: "RGB", width: 2, height: 1, data: pixels }));
 * assert.ok(typeof image !== "string");
 * assert.deepEqual(image.data, pixels);
 * assert.equal(decodeImage(Uint8Array.of(1, 2, 3)), "it is neither PNG nor JPEG");
 * ```
 */
export function decodeImage(bytes: Uint8Array): DecodedImage | string {
  try {
    if (bytes[0] === 0x89 && bytes[1] === 0x50) return fromPng(bytes);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return fromJpeg(bytes);
    return "it is neither PNG nor JPEG";
  } catch (error) {
    return `it is damaged: ${reasonOf(error)}`;
  }
}

function fromJpeg(bytes: Uint8Array): DecodedImage {
  const { width, height, data } = decodeJpeg(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: MAX_MEGAPIXELS,
    maxMemoryUsageInMB: MAX_MEGABYTES,
  });
  return { format: "RGB", width, height, data, rotation: exifRotation(bytes) };
}

function fromPng(bytes: Uint8Array): DecodedImage | string {
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [width, height] = [head.getUint32(16), head.getUint32(20)];
  if (width * height > MAX_MEGAPIXELS * 1e6) return `it claims ${width} x ${height} pixels`;
  const png = decodePng(bytes, { checkCrc: true });
  const { channels, data } = samplesOf(png);
  const facts = { width, height, rotation: 0 } as const;
  if (channels === 3 || channels === 4) {
    return { ...facts, format: channels === 3 ? "RGB" : "RGBA", data };
  }
  return { ...facts, format: "GRAY8", data: channels === 1 ? data : everyOther(data) };
}

/** Samples with 8 bits each. */
function samplesOf(png: DecodedPng): { readonly channels: number; readonly data: Uint8Array } {
  const { palette, depth, data, channels } = png;
  if (palette !== undefined) {
    return { channels: palette[0]?.length ?? 3, data: Uint8Array.from(convertIndexedToRgb(png)) };
  }
  if (depth === 16) return { channels, data: Uint8Array.from(data, (value) => value >> 8) };
  if (depth === 8) return { channels, data: Uint8Array.from(data) };
  return { channels, data: unpack(png) };
}

/** Grey samples of 1, 2 or 4 bits, rows of which begin at whole bytes, spread over 0 to 255. */
function unpack({ width, height, depth, data }: DecodedPng): Uint8Array {
  const perByte = 8 / depth;
  const stride = Math.ceil(width / perByte);
  const largest = (1 << depth) - 1;
  const out = new Uint8Array(width * height);
  for (let at = 0; at < out.length; at++) {
    const column = at % width;
    const byte = data[Math.floor(at / width) * stride + Math.floor(column / perByte)]!;
    const value = (byte >> (8 - depth * (1 + column % perByte))) & largest;
    out[at] = Math.round((value * 255) / largest);
  }
  return out;
}

/** Grey without its transparency. */
function everyOther(data: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: data.length / 2 }, (_, at) => data[2 * at]!);
}
