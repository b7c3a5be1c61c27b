import type { FrameImage, PictureRegion } from "./image.ts";
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

const METHODS: readonly HandMaskMethod[] = ["adaptive", "capsule", "hull"];
const LANDMARK_FLOATS = 63;
/** Floats of what a mask covers. */
export const COVER_FLOATS = 5;

/** Masks hands whose landmarks are known. */
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
    const pointer = kernel.call("sp_masker_counts", this.#state) >>> 0;
    const counts = kernel.u32({ pointer, bytes: 4 * length }).slice();
    return coveredMask(
      { width: image.width, height: image.height, counts },
      kernel.f64(this.#cover),
    );
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

/** Run lengths as the text that COCO files hold (`counts` of a compressed RLE), as pycocotools writes it. */
export function encodeCoco(kernel: Kernel, counts: Uint32Array): string {
  return kernel.withBuffer(
    4 * counts.length,
    (input) =>
      kernel.withBuffer(7 * counts.length, (output) => {
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
