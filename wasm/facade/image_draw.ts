import type { FrameImage, PictureRegion } from "./image.ts";
import type { KernelMask } from "./image_mask.ts";
import type { Kernel } from "./kernel.ts";

/** A colour, and how much it covers what is below. */
export interface Paint {
  /** Red, green and blue, 0 to 255. */
  readonly color: readonly [number, number, number];
  /** From 0, not at all, to 1. @default {1} */
  readonly alpha?: number;
}

/** What can be drawn of a hand. */
export interface DrawnHand {
  readonly box: PictureRegion;
  readonly mask?: KernelMask;
  /** x, y and depth of 21 points, in pixels. */
  readonly landmarks?: Float32Array;
}

/** Paints the pixels of a mask on a picture of its size. */
export function drawMask(kernel: Kernel, image: FrameImage, mask: KernelMask, paint: Paint): void {
  if (mask.width !== image.width || mask.height !== image.height) {
    const sizes = `${mask.width}x${mask.height} and ${image.width}x${image.height}`;
    throw new RangeError(`Mask and picture must have one size: they have ${sizes}`);
  }
  kernel.withBuffer(4 * mask.counts.length, (buffer) => {
    kernel.u32(buffer).set(mask.counts);
    const parts = [image.handle, buffer.pointer, mask.counts.length, ...paintOf(paint)];
    kernel.call("sp_draw_mask", ...parts);
  });
}

/**
 * Paints the 21 landmarks of a hand and the bones between them.
 *
 * @param landmarks x, y and depth of each, in pixels.
 * @param radius Of the landmarks, in pixels.
 */
export function drawLandmarks(
  kernel: Kernel,
  image: FrameImage,
  landmarks: Float32Array,
  radius: number,
  paint: Paint,
): void {
  kernel.withBuffer(4 * landmarks.length, (buffer) => {
    kernel.f32(buffer).set(landmarks);
    const parts = [image.handle, buffer.pointer, landmarks.length, radius, ...paintOf(paint)];
    kernel.call("sp_draw_hand", ...parts);
  });
}

/**
 * Paints the edges of an upright box.
 *
 * @param thickness Of the edges, in pixels.
 */
export function drawBox(
  kernel: Kernel,
  image: FrameImage,
  box: PictureRegion,
  thickness: number,
  paint: Paint,
): void {
  const fields = [box.x, box.y, box.width, box.height, thickness / 2, ...paintOf(paint)];
  kernel.call("sp_draw_box", image.handle, ...fields);
}

function paintOf({ color: [red, green, blue], alpha = 1 }: Paint): [number, number] {
  return [red | (green << 8) | (blue << 16), alpha];
}
