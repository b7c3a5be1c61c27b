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
export { centroid, type HandRecord, meanTemperature, type MeasuredHand } from "./record.ts";
export {
  HAND_COLUMNS,
  handRows,
  LANDMARK_NAMES,
  signalColumns,
  SignalTable,
} from "./tables/mod.ts";
export type { HandEngine, PictureHolder, UsedModel } from "./engine.ts";
export {
  findHands,
  type FindHandsOptions,
  type FrameChoice,
  type SearchedFrame,
} from "./find_hands.ts";
