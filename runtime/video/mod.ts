/**
 * Decoders of video: one that is installed with the package, and the user's own ffmpeg.
 *
 * @module
 */
export { videoDecoders, type VideoDecodersOptions } from "./decoders.ts";
export { embeddedDecoder } from "./embedded.ts";
export { embeddedEncoder } from "./encoder.ts";
export { ffmpegEncoder } from "./ffmpeg_encoder.ts";
export { ffmpegVideo } from "./ffmpeg_frames.ts";
export { decodeImage } from "./image.ts";
export { encodePng, type PngPicture } from "./png.ts";
