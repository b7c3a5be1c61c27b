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
export { type CocoOptions, writeCocoMasks } from "./coco.ts";
export {
  type HandEngine,
  type HandEngineOptions,
  type HandNetworks,
  type HandOptions,
  openHandEngine,
  type UsedModel,
} from "./engine.ts";
export { type RgbFrame, segmentHands, type SegmentHandsOptions } from "./segment_hands.ts";
export {
  findHands,
  type FindHandsOptions,
  type FrameChoice,
  type SearchedFrame,
} from "./find_hands.ts";
export {
  type AnchorGrid,
  describeModel,
  DescriptionError,
  type DetectorManifest,
  findModels,
  type FindModelsOptions,
  type FoundModel,
  type FoundModels,
  KNOWN_MODELS,
  type LandmarksManifest,
  type LoadedModel,
  loadMediapipeModels,
  type LoadModelsOptions,
  loadSegmentationModel,
  MANIFEST_SUFFIX,
  type MaskOutput,
  type MediapipeModels,
  MODEL_KINDS,
  type ModelFacts,
  type ModelFile,
  type ModelInput,
  type ModelKind,
  type ModelManifest,
  type ModelOutput,
  type ModelsForMethod,
  parseManifest,
  readModel,
  type SegmentationManifest,
} from "./manifest/mod.ts";
export {
  type LandmarkMasker,
  type MediapipeOptions,
  type NetworkPicture,
  openMediapipe,
  type SmoothingOptions,
  type TileChoice,
} from "./mediapipe/mod.ts";
export {
  openSegmentationNet,
  type ProbabilityMasker,
  type ProbabilityPlace,
  type SegmentationNetOptions,
} from "./segmentation_net/mod.ts";
export { type ClassicalOptions, colorMethod, contourMethod } from "./classical/mod.ts";
