/**
 * The method `model`: masks by a segmentation network of the user.
 *
 * @module
 */
export { type ProbabilityMasker, type ProbabilityPlace } from "./method.ts";
export { openSegmentationNet, type SegmentationNetOptions } from "./open.ts";
