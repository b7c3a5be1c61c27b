import type { PixelBox, RotatedBox, RunLengthMask } from "../model.ts";

/** How pixels become numbers of a network: value = (v / 255 - mean) / std. */
export interface TensorOptions {
  readonly width: number;
  readonly height: number;
  readonly layout: "nhwc" | "nchw";
  readonly mean?: readonly [number, number, number];
  readonly std?: readonly [number, number, number];
}

/** What networks need of a picture. */
export interface NetworkPicture {
  readonly width: number;
  readonly height: number;
  cropTensor(box: RotatedBox, options: TensorOptions): Float32Array;
  letterboxTensor(
    region: PixelBox,
    options: TensorOptions,
  ): { data: Float32Array; scale: number; padX: number; padY: number };
}

/** How the mask of a hand is made of its landmarks. */
export type MaskMethod = "adaptive" | "capsule" | "hull";

/** Makes masks of landmarks. */
export interface LandmarkMasker<Picture> {
  mask(
    image: Picture,
    landmarks: Float32Array,
    method: MaskMethod,
  ): { readonly mask: RunLengthMask; readonly area: number; readonly box: PixelBox };
}
