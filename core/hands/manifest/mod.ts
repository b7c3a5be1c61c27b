/**
 * Descriptions of networks: which file, from where, under which licence, what goes in and what comes out.
 *
 * @module
 */
export { KNOWN_MODELS } from "./known_models.ts";
export {
  type AnchorGrid,
  type DetectorManifest,
  type LandmarksManifest,
  type LoadedModel,
  type MaskOutput,
  type MediapipeModels,
  MODEL_KINDS,
  type ModelFile,
  type ModelInput,
  type ModelKind,
  type ModelManifest,
  type ModelOutput,
  type SegmentationManifest,
} from "./model_manifest.ts";
export { DescriptionError } from "./check.ts";
export {
  findModels,
  type FindModelsOptions,
  type FoundModel,
  type FoundModels,
  MANIFEST_SUFFIX,
  readModel,
} from "./find_models.ts";
export {
  loadMediapipeModels,
  type LoadModelsOptions,
  loadSegmentationModel,
  type ModelsForMethod,
} from "./load_models.ts";
export { parseManifest } from "./parse_manifest.ts";
export { describeModel, type ModelFacts } from "./describe_model.ts";
