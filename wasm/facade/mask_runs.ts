import { type KernelMask, requirePixels } from "./image_mask.ts";
import type { PictureRegion } from "./image.ts";
import type { Kernel, KernelBuffer } from "./kernel.ts";

/** Floats of one part of a mask. */
const PART_FLOATS = 7;
/** Most characters of one run length. */
const COCO_BYTES = 7;
const OPERATIONS = ["dilate", "erode", "open", "close"] as const;

/** A part of a mask that hangs together. */
export interface MaskComponent {
  /** Pixels. */
  readonly area: number;
  readonly box: PictureRegion;
  /** Mean of its pixels' middles. */
  readonly centerX: number;
  readonly centerY: number;
}

/** Parts of a bitmap, and the number of the part of each pixel, from 1; 0 for those of none. */
export interface LabelledBitmap {
  readonly components: readonly MaskComponent[];
  readonly labels: Uint32Array;
}

/** Run lengths as the text that COCO files hold (`counts` of a compressed RLE), as pycocotools writes it. */
export function encodeCoco(kernel: Kernel, counts: Uint32Array): string {
  return kernel.withBuffer(
    4 * counts.length,
    (input) =>
      kernel.withBuffer(COCO_BYTES * counts.length, (output) => {
        kernel.u32(input).set(counts);
        const length = kernel.call("sp_coco_encode", input.pointer, counts.length, output.pointer);
        return new TextDecoder().decode(kernel.u8(output).subarray(0, length));
      }),
  );
}

/** Run lengths of the text that COCO files hold; undefined where it is broken. */
export function decodeCoco(kernel: Kernel, text: string): Uint32Array | undefined {
  const bytes = Uint8Array.from(text, (character) => Math.min(255, character.charCodeAt(0)));
  return kernel.withBuffer(
    bytes.length,
    (input) =>
      kernel.withBuffer(4 * bytes.length, (output) => {
        kernel.u8(input).set(bytes);
        const length = kernel.call("sp_coco_decode", input.pointer, bytes.length, output.pointer);
        return length < 0 ? undefined : kernel.u32(output).slice(0, length);
      }),
  );
}

/** A mask as a bitmap: one byte a pixel, 1 or 0, row after row. */
export function maskBitmap(kernel: Kernel, { width, height, counts }: KernelMask): Uint8Array {
  return kernel.withBuffer(
    4 * counts.length,
    (input) =>
      kernel.withBuffer(width * height, (bytes) => {
        kernel.u32(input).set(counts);
        const { pointer } = bytes;
        kernel.call("sp_mask_decode", input.pointer, counts.length, width, height, pointer);
        return kernel.u8(bytes).slice();
      }),
  );
}

/**
 * Grows or shrinks a bitmap by a disc of a radius in pixels: a pixel is within reach where the middles are at most
 * the radius apart. Beyond the edges there is nothing that grows or shrinks it. Returns bytes of 255 or 0.
 */
export function morphBitmap(
  kernel: Kernel,
  bitmap: Uint8Array,
  width: number,
  operation: typeof OPERATIONS[number],
  radius: number,
): Uint8Array {
  requirePixels(bitmap.length, width, width === 0 ? 0 : bitmap.length / width);
  return withBytes(kernel, bitmap, (buffer) => {
    const code = OPERATIONS.indexOf(operation);
    kernel.call("sp_mask_morph", buffer.pointer, bitmap.length, width, code, radius);
    return kernel.u8(buffer).slice();
  });
}

/**
 * Finds the parts of a bitmap, in the order of their first pixels.
 *
 * @param corners Whether pixels that share a corner hang together.
 */
export function labelBitmap(
  kernel: Kernel,
  bitmap: Uint8Array,
  width: number,
  corners = true,
): LabelledBitmap {
  requirePixels(bitmap.length, width, width === 0 ? 0 : bitmap.length / width);
  const finder = withBytes(kernel, bitmap, ({ pointer }) => {
    return kernel.call("sp_components_find", pointer, bitmap.length, width, corners ? 1 : 0);
  });
  try {
    const count = kernel.call("sp_components_count", finder);
    const pointer = kernel.call("sp_components_parts", finder) >>> 0;
    const parts = kernel.f64({ pointer, bytes: 8 * PART_FLOATS * count }).slice();
    const labels = kernel.withBuffer(4 * bitmap.length, (buffer) => {
      kernel.call("sp_components_labels", finder, buffer.pointer, bitmap.length, width);
      return kernel.u32(buffer).slice();
    });
    return { components: Array.from({ length: count }, (_, at) => componentOf(parts, at)), labels };
  } finally {
    kernel.call("sp_components_free", finder);
  }
}

function componentOf(parts: Float64Array, index: number): MaskComponent {
  const fields = parts.subarray(PART_FLOATS * index);
  const [area = 0, x = 0, y = 0, width = 0, height = 0, meanX = 0, meanY = 0] = fields;
  return { area, box: { x, y, width, height }, centerX: meanX + 0.5, centerY: meanY + 0.5 };
}

function withBytes<Result>(
  kernel: Kernel,
  bytes: Uint8Array,
  use: (buffer: KernelBuffer) => Result,
): Result {
  return kernel.withBuffer(bytes.length, (buffer) => {
    kernel.u8(buffer).set(bytes);
    return use(buffer);
  });
}

/**
 * Mean of the values within a mask, such as temperatures; NaN where there is none. Values that are no numbers do
 * not count.
 *
 * @param values Of the pixels of the picture of the mask, row after row.
 */
export function meanInside(
  { width, height, counts }: KernelMask,
  values: Uint16Array | Float32Array | Float64Array,
): number {
  requirePixels(values.length, width, height);
  let [sum, count, position] = [0, 0, 0];
  for (const [index, run] of counts.entries()) {
    const end = Math.min(position + run, values.length);
    for (; index % 2 === 1 && position < end; position++) {
      const value = values[(position % height) * width + Math.floor(position / height)] ?? NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    position = end;
  }
  return sum / count;
}
