/**
 * The method `mediapipe`: palm detection, landmarks and tracking by MediaPipe's networks.
 *
 * @module
 */
export { type TileChoice } from "./method.ts";
export { type MediapipeOptions, openMediapipe } from "./open.ts";
export { type LandmarkMasker, type NetworkPicture } from "./picture.ts";
export { type SmoothingOptions } from "./smoothing.ts";
