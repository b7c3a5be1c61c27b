/**
 * Sound in WAV files: RIFF, RF64 and Broadcast Wave.
 *
 * @module
 */
export { openWav, type WavInfo, type WavOptions, type WavReader } from "./open.ts";
