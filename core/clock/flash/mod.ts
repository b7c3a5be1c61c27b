/**
 * Flashes and screen changes seen in pictures, as events of the clock that stamped the frames.
 *
 * @module
 */
export { detectFlashes, type FlashOptions, type FlashTrain } from "./detect_flashes.ts";
