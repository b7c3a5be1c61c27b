import type { CropBox, FrameImage, PictureRegion } from "./image.ts";
import type { Kernel, KernelBuffer } from "./kernel.ts";

/**
 * How the mask of a hand is made of its landmarks: `adaptive` takes a thin skeleton and, near it, the colours of
 * this very hand; `capsule` a skeleton of fixed width; `hull` the convex hull.
 */
export type HandMaskMethod = "adaptive" | "capsule" | "hull";

/** Run lengths: column after column, beginning with pixels that do not belong. They sum to width times height. */
export interface KernelMask {
  readonly width: number;
  readonly height: number;
  readonly counts: Uint32Array;
}

/** A mask and what it covers. */
export interface MaskResult {
  readonly mask: KernelMask;
  /** Pixels. */
  readonly area: number;
  /** The least box about them; all 0 where there are none. */
  readonly box: PictureRegion;
}

/** What numbers of a network show, and which of them make a mask. */
export interface ProbabilityOptions {
  /** Numbers in a row, and rows. */
  readonly columns: number;
  readonly rows: number;
  /** Size of the picture. */
  readonly width: number;
  readonly height: number;
  /** The part of the picture that they show, as it was cut. Absent: all of it. */
  readonly box?: CropBox;
  /** @default {0.5} */
  readonly threshold?: number;
}

const METHODS: readonly HandMaskMethod[] = ["adaptive", "capsule", "hull"];
const LANDMARK_FLOATS = 63;
/** Floats of what a mask covers. */
const COVER_FLOATS = 5;

/**
 * Makes masks: of hands whose landmarks are known, of bitmaps, and of what networks say.
 *
 * @example
 * ```ts
 * import { decodeCoco, encodeCoco, HandMasker, Kernel, labelBitmap, maskBitmap } from "session-process";
 * import { meanInside, morphBitmap } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const kernel = new Kernel();
 * const masker = new HandMasker(kernel);
 * const bitmap = Uint8Array.of(1, 0, 0, 1, 1, 0);
 * const { mask, area, box } = masker.ofBitmap(bitmap, 3, 2);
 * assert.deepEqual([area, box.width, [...mask.counts]], [3, 2, [0, 2, 1, 1, 2]]);
 * assert.deepEqual(maskBitmap(kernel, mask), bitmap);
 * // As COCO files hold it.
 * const text = encodeCoco(kernel, mask.counts);
 * assert.deepEqual(decodeCoco(kernel, text), mask.counts);
 * // Temperatures within, parts that hang together, and the mask grown by a pixel.
 * assert.equal(meanInside(mask, Uint16Array.of(30, 9, 9, 31, 32, 9)), 31);
 * assert.equal(labelBitmap(kernel, bitmap, 3).components.length, 1);
 * assert.deepEqual([...morphBitmap(kernel, bitmap, 3, "dilate", 1)], [255, 255, 0, 255, 255, 255]);
 * masker.dispose();
 * ```
 */
export class HandMasker {
  readonly #kernel: Kernel;
  readonly #state: number;
  readonly #landmarks: KernelBuffer;
  readonly #cover: KernelBuffer;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#state = kernel.call("sp_masker_new");
    this.#landmarks = kernel.alloc(LANDMARK_FLOATS * 4);
    this.#cover = kernel.alloc(COVER_FLOATS * 8);
  }

  /**
   * Masks a hand. The mask is empty where landmarks are no numbers, lie in one place or outside the picture.
   *
   * @param landmarks x, y and depth of 21 points, in pixels.
   */
  mask(image: FrameImage, landmarks: Float32Array, method: HandMaskMethod): MaskResult {
    if (landmarks.length !== LANDMARK_FLOATS) {
      throw new RangeError(
        `Landmarks must be ${LANDMARK_FLOATS} numbers: they are ${landmarks.length}`,
      );
    }
    const kernel = this.#kernel;
    kernel.f32(this.#landmarks).set(landmarks);
    const length = kernel.call(
      "sp_masker_mask",
      this.#state,
      image.handle,
      this.#landmarks.pointer,
      LANDMARK_FLOATS,
      METHODS.indexOf(method),
      this.#cover.pointer,
    );
    return this.#taken(image.width, image.height, length);
  }

  /** The mask of the pixels of a bitmap, one byte each and row after row, that are not 0. */
  ofBitmap(bytes: Uint8Array, width: number, height: number): MaskResult {
    requirePixels(bytes.length, width, height);
    const kernel = this.#kernel;
    return kernel.withBuffer(bytes.length, (buffer) => {
      kernel.u8(buffer).set(bytes);
      return this.#ofBytes(buffer, width, height);
    });
  }

  /**
   * The mask of what a network says of each pixel: blended linearly back into the picture, and taken where it
   * reaches the threshold.
   */
  maskProbabilities(values: Float32Array, options: ProbabilityOptions): MaskResult {
    const { columns, rows, width, height, threshold = 0.5 } = options;
    requirePixels(values.length, columns, rows);
    const kernel = this.#kernel;
    const box = options.box ?? { centerX: width / 2, centerY: height / 2, width, height, angle: 0 };
    return kernel.withBuffer(
      40,
      (cut) =>
        kernel.withBuffer(
          4 * values.length,
          (input) =>
            kernel.withBuffer(width * height, (bytes) => {
              kernel.f64(cut).set([box.centerX, box.centerY, box.width, box.height, box.angle]);
              kernel.f32(input).set(values);
              const pointers = [
                input.pointer,
                columns,
                rows,
                cut.pointer,
                threshold,
                bytes.pointer,
              ];
              kernel.call("sp_mask_paste", ...pointers, width, height);
              return this.#ofBytes(bytes, width, height);
            }),
        ),
    );
  }

  #ofBytes(bytes: KernelBuffer, width: number, height: number): MaskResult {
    const { pointer } = this.#cover;
    const parts = [this.#state, bytes.pointer, width, height, pointer] as const;
    return this.#taken(width, height, this.#kernel.call("sp_mask_encode", ...parts));
  }

  #taken(width: number, height: number, length: number): MaskResult {
    const kernel = this.#kernel;
    const pointer = kernel.call("sp_masker_counts", this.#state) >>> 0;
    const counts = kernel.u32({ pointer, bytes: 4 * length }).slice();
    return coveredMask({ width, height, counts }, kernel.f64(this.#cover));
  }

  /** Gives the memory back; the masker must not be used afterwards. */
  dispose(): void {
    this.#kernel.call("sp_masker_free", this.#state);
    this.#kernel.free(this.#landmarks);
    this.#kernel.free(this.#cover);
  }
}

/** Puts a mask and what the kernel says it covers together. */
export function coveredMask(mask: KernelMask, cover: Float64Array): MaskResult {
  const [area = 0, x = 0, y = 0, width = 0, height = 0] = cover;
  return { mask, area, box: { x, y, width, height } };
}

/** Throws `RangeError` when values are not those of a picture of this size. */
export function requirePixels(values: number, width: number, height: number): void {
  const isExtent = (value: number) => Number.isInteger(value) && value >= 0;
  if (isExtent(width) && isExtent(height) && values === width * height) return;
  throw new RangeError(`Values must be those of ${width}x${height} pixels: they are ${values}`);
}
