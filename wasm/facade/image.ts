import type { ColorMatrix, Picture, PixelFormat } from "../../core/base/mod.ts";
import { drawBox, drawLandmarks, drawMask, type DrawnHand, type Paint } from "./image_draw.ts";
import { type KernelMask, requirePixels } from "./image_mask.ts";
import type { Kernel, KernelBuffer } from "./kernel.ts";

const FORMATS: readonly PixelFormat[] = [
  "I420",
  "I422",
  "I444",
  "I420P10",
  "I422P10",
  "I444P10",
  "NV12",
  "RGB",
  "RGBA",
  "GRAY8",
];
const MATRICES: readonly ColorMatrix[] = ["bt601", "bt709", "bt2020"];
/** 32-bit numbers of the layout that the kernel reads. */
const LAYOUT_WORDS = 12;
/** Floats of a box and of a region, and of the form of a tensor, which are half as long. */
const BOX_FLOATS = 5;
const REGION_FLOATS = 4;
const FORM_FLOATS = 6;

/** Longest sides of tensors and of parts. */
const MAX_TENSOR = 4096;
const MAX_CUT = 16384;

/** A box in pixels of the upright picture; the angle in radians turns it clockwise as seen. */
export interface CropBox {
  readonly centerX: number;
  readonly centerY: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

/** An upright part of a picture in pixels. */
export interface PictureRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Shape and numbers of a tensor: values are `(byte / 255 - mean) / std` of red, green and blue. */
export interface TensorOptions {
  readonly width: number;
  readonly height: number;
  /** Rows of pixels of three numbers, or one plane a colour. */
  readonly layout: "nhwc" | "nchw";
  /** @default {[0, 0, 0]} */
  readonly mean?: readonly [number, number, number];
  /** @default {[1, 1, 1]} */
  readonly std?: readonly [number, number, number];
}

/** A tensor that keeps the shape of what it shows: `picture = (tensor - pad) / scale + origin of the region`. */
export interface Letterbox {
  readonly data: Float32Array;
  /** Pixels of the tensor per pixel of the picture. */
  readonly scale: number;
  /** Columns left of the region, and rows above it. */
  readonly padX: number;
  readonly padY: number;
}

/**
 * One picture in the memory of the kernel: upright, as red, green and blue.
 *
 * Luma and chroma become colours by ITU-T H.273 for the stated matrix and range; chroma of a halved extent is
 * repeated, as OpenCV does it. Colours differ from exact ones by at most 1. A gray picture counts as luma: one
 * whose numbers are to stay as they are has `fullRange: true`. Alpha is ignored.
 *
 * @example
 * ```ts
 * import { FrameImage, Kernel, rgbToI420 } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const kernel = new Kernel();
 * const image = new FrameImage(kernel);
 * // Four pixels of luma that share their chroma: mid-gray of limited range.
 * image.load({
 *   format: "I420",
 *   width: 2,
 *   height: 2,
 *   data: Uint8Array.of(126, 126, 126, 235, 128, 128),
 *   planes: [{ offset: 0, stride: 2 }, { offset: 4, stride: 1 }, { offset: 5, stride: 1 }],
 *   matrix: "bt709",
 *   fullRange: false,
 *   rotation: 90,
 * });
 * assert.deepEqual([...image.rgb()], [128, 128, 128, 128, 128, 128, 255, 255, 255, 128, 128, 128]);
 * const box = { centerX: 1, centerY: 1, width: 2, height: 2, angle: 0 };
 * const tensor = image.cropTensor(box, { width: 1, height: 1, layout: "nchw" });
 * assert.ok(Math.abs(tensor[0]! - (3 * 128 + 255) / 4 / 255) < 1e-6);
 * const planes = rgbToI420(kernel, image.rgb(), 2, 2);
 * assert.deepEqual([...planes], [126, 126, 235, 126, 128, 128]);
 * image.dispose();
 * ```
 */
export class FrameImage {
  readonly #kernel: Kernel;
  readonly #state: number;
  readonly #small: KernelBuffer;
  #width = 0;
  #height = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#state = kernel.call("sp_image_new");
    this.#small = kernel.alloc((BOX_FLOATS + REGION_FLOATS) * 8 + FORM_FLOATS * 4);
  }

  /** Columns of the upright picture; 0 before the first. */
  get width(): number {
    return this.#width;
  }

  /** Rows of the upright picture; 0 before the first. */
  get height(): number {
    return this.#height;
  }

  /** Handle of the picture, for the other parts of the facade that read it. */
  get handle(): number {
    return this.#state;
  }

  /**
   * Takes a picture over and turns it upright. Throws `RangeError` when its planes do not lie within its data or
   * it is wider or higher than 65536 or has more than 134 million pixels; the picture before is kept then.
   */
  load(picture: Picture): void {
    const kernel = this.#kernel;
    const input = kernel.call("sp_image_input", this.#state, picture.data.length) >>> 0;
    if (input === 0) {
      throw new RangeError(`Cannot reserve kernel memory: ${picture.data.length} bytes`);
    }
    kernel.u8({ pointer: input, bytes: picture.data.length }).set(picture.data);
    const status = kernel.withBuffer(LAYOUT_WORDS * 4, (buffer) => {
      kernel.u32(buffer).set(layoutOf(picture));
      return kernel.call("sp_image_load", this.#state, buffer.pointer);
    });
    if (status !== 0) throw new RangeError(loadFailure(status, picture));
    const sideways = picture.rotation % 180 !== 0;
    this.#width = sideways ? picture.height : picture.width;
    this.#height = sideways ? picture.width : picture.height;
  }

  /** A copy of the pixels: red, green and blue, row after row. */
  rgb(): Uint8Array {
    const bytes = 3 * this.#width * this.#height;
    const pointer = this.#kernel.call("sp_image_pixels", this.#state) >>> 0;
    return bytes === 0 ? new Uint8Array(0) : this.#kernel.u8({ pointer, bytes }).slice();
  }

  /**
   * Cuts a box out, turned upright and scaled to the tensor, bilinear. What lies outside the picture is black.
   * A box of another shape than the tensor is stretched.
   */
  cropTensor(box: CropBox, options: TensorOptions): Float32Array {
    return this.#tensor(box, undefined, options);
  }

  /** Scales a region to fit into the tensor, centred, with black around it; of what is beyond it nothing is shown. */
  letterboxTensor(region: PictureRegion, options: TensorOptions): Letterbox {
    const scale = Math.min(options.width / region.width, options.height / region.height);
    const box = {
      centerX: region.x + region.width / 2,
      centerY: region.y + region.height / 2,
      width: options.width / scale,
      height: options.height / scale,
      angle: 0,
    };
    return {
      data: this.#tensor(box, region, options),
      scale,
      padX: (options.width - region.width * scale) / 2,
      padY: (options.height - region.height * scale) / 2,
    };
  }

  /** A copy of an upright part, rounded to whole pixels: red, green and blue; black beyond the picture. */
  cut(region: PictureRegion): Uint8Array {
    const [left, top] = [Math.round(region.x), Math.round(region.y)];
    const [width, height] = [Math.round(region.width), Math.round(region.height)];
    requireExtents(width, height, MAX_CUT);
    const kernel = this.#kernel;
    return kernel.withBuffer(3 * width * height, (buffer) => {
      kernel.call("sp_image_cut", this.#state, left, top, width, height, buffer.pointer);
      return kernel.u8(buffer).slice();
    });
  }

  /**
   * Takes over a picture smaller by a whole factor: means of squares of pixels. Pixels at the right and lower edge
   * that fill no square are left out.
   */
  shrink(from: FrameImage, factor: number): void {
    if (!(Number.isInteger(factor) && factor > 0) || from === this) {
      throw new RangeError(`Factor must be whole and another picture be given: it is ${factor}`);
    }
    this.#kernel.call("sp_image_shrink", from.handle, this.#state, factor);
    this.#width = this.#kernel.call("sp_image_width", this.#state);
    this.#height = this.#kernel.call("sp_image_height", this.#state);
  }

  /** A copy of a region scaled to a size; smaller pictures are means over the pixels that each stands for. */
  scaled(region: PictureRegion, width: number, height: number): Uint8Array {
    requireExtents(width, height, MAX_TENSOR);
    const kernel = this.#kernel;
    kernel.f64(this.#small).set([region.x, region.y, region.width, region.height]);
    return kernel.withBuffer(3 * width * height, (buffer) => {
      const { pointer } = this.#small;
      kernel.call("sp_image_scale", this.#state, pointer, width, height, buffer.pointer);
      return kernel.u8(buffer).slice();
    });
  }

  /** A copy of the whole picture scaled to a size. */
  thumbnail(width: number, height: number): Uint8Array {
    const region = { x: 0, y: 0, width: this.#width, height: this.#height };
    return this.scaled(region, width, height);
  }

  /** Paints a mask of the size of the picture. */
  drawMask(mask: KernelMask, paint: Paint): void {
    drawMask(this.#kernel, this, mask, paint);
  }

  /** Paints the 21 landmarks of a hand, of a radius in pixels, and the bones between them. */
  drawLandmarks(landmarks: Float32Array, radius: number, paint: Paint): void {
    drawLandmarks(this.#kernel, this, landmarks, radius, paint);
  }

  /** Paints the edges of an upright box. */
  drawBox(box: PictureRegion, thickness: number, paint: Paint): void {
    drawBox(this.#kernel, this, box, thickness, paint);
  }

  /** Paints a hand: mask, box and landmarks, as far as there are any, in widths that suit the picture. */
  drawHand(hand: DrawnHand, color: Paint["color"]): void {
    const width = Math.max(1, Math.max(this.#width, this.#height) / 320);
    if (hand.mask !== undefined) this.drawMask(hand.mask, { color, alpha: 0.4 });
    this.drawBox(hand.box, width, { color });
    if (hand.landmarks !== undefined) this.drawLandmarks(hand.landmarks, 1.5 * width, { color });
  }

  /** Gives the memory back; the picture must not be used afterwards. */
  dispose(): void {
    this.#kernel.call("sp_image_free", this.#state);
    this.#kernel.free(this.#small);
  }

  #tensor(box: CropBox, region: PictureRegion | undefined, options: TensorOptions): Float32Array {
    const { width, height, layout } = options;
    requireExtents(width, height, MAX_TENSOR);
    const kernel = this.#kernel;
    const { pointer } = this.#small;
    const [regionAt, formAt] = [
      pointer + BOX_FLOATS * 8,
      pointer + 8 * (BOX_FLOATS + REGION_FLOATS),
    ];
    return kernel.withBuffer(12 * width * height, (tensor) => {
      const floats = kernel.f64(this.#small);
      floats.set([box.centerX, box.centerY, box.width, box.height, box.angle]);
      if (region !== undefined) {
        floats.set([region.x, region.y, region.width, region.height], BOX_FLOATS);
      }
      kernel.f32({ pointer: formAt, bytes: FORM_FLOATS * 4 }).set(formOf(options));
      kernel.call(
        "sp_image_tensor",
        this.#state,
        pointer,
        region === undefined ? 0 : regionAt,
        formAt,
        layout === "nchw" ? 1 : 0,
        width,
        height,
        tensor.pointer,
      );
      return kernel.f32(tensor).slice();
    });
  }
}

function layoutOf(
  { format, width, height, matrix, fullRange, rotation, planes }: Picture,
): number[] {
  const fields = [
    FORMATS.indexOf(format),
    width,
    height,
    MATRICES.indexOf(matrix),
    fullRange ? 1 : 0,
    rotation / 90,
  ];
  const places = [0, 1, 2].flatMap((at) => [planes[at]?.offset ?? 0, planes[at]?.stride ?? 0]);
  return [...fields, ...places];
}

function loadFailure(status: number, { format, width, height, data }: Picture): string {
  const given = `${format} of ${width}x${height} in ${data.length} bytes`;
  return status === 1
    ? `Planes must lie within the data of a picture of at most 65536 rows and columns: it is ${given}`
    : `Cannot hold a picture of this size: it is ${given}`;
}

function requireExtents(width: number, height: number, most: number): void {
  const isExtent = (value: number) => Number.isInteger(value) && value > 0 && value <= most;
  if (isExtent(width) && isExtent(height)) return;
  throw new RangeError(`Extents must be whole, 1 to ${most}: they are ${width}x${height}`);
}

/** Scale and shift of each colour, so that values are `byte * scale + shift`. */
function formOf({ mean = [0, 0, 0], std = [1, 1, 1] }: TensorOptions): number[] {
  return [...std.map((one) => 1 / (255 * one)), ...mean.map((one, at) => -one / (std[at] ?? 1))];
}

/**
 * Red, green and blue as encoders take them: luma, then both chroma of half the columns and rows (rounded up),
 * limited range. Chroma is the mean over the pixels that share it.
 */
export function rgbToI420(
  kernel: Kernel,
  rgb: Uint8Array,
  width: number,
  height: number,
  matrix: ColorMatrix = "bt709",
): Uint8Array {
  requirePixels(rgb.length / 3, width, height);
  const bytes = width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
  return kernel.withBuffer(rgb.length, (from) =>
    kernel.withBuffer(bytes, (to) => {
      kernel.u8(from).set(rgb);
      const code = MATRICES.indexOf(matrix);
      kernel.call("sp_rgb_i420", from.pointer, width, height, code, to.pointer);
      return kernel.u8(to).slice();
    }));
}
