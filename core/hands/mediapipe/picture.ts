import type { FrameImage, HandMaskMethod } from "../../../wasm/mod.ts";
import type { PixelBox, RunLengthMask } from "../model.ts";

/** What networks need of a picture. */
export type NetworkPicture = Pick<
  FrameImage,
  "width" | "height" | "cropTensor" | "letterboxTensor"
>;

/** Makes masks of landmarks. */
export interface LandmarkMasker<Picture> {
  mask(
    image: Picture,
    landmarks: Float32Array,
    method: HandMaskMethod,
  ): { readonly mask: RunLengthMask; readonly area: number; readonly box: PixelBox };
}
