/**
 * Hands in recorded pictures: frames in; hands, landmarks and masks out. Knows no runtime and no codec.
 *
 * @module
 */
export {
  type FrameFacts,
  type FrameHands,
  type Hand,
  type Handedness,
  type HandMethod,
  type HandMethodName,
  LANDMARK_COUNT,
  type PixelBox,
  type PixelPoint,
  type RotatedBox,
  type RunLengthMask,
} from "./model.ts";
