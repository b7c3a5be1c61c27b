/**
 * Writers of the media files that recorders leave: MP4 with H.264, and thermal frames.
 *
 * @module
 */
export type { Picture } from "./h264_encoder.ts";
export type { PictureSize } from "./h264_syntax.ts";
export type { MovieRotation as Rotation } from "../../exporters/mod.ts";
export { Mp4Writer, type Mp4WriterOptions } from "./mp4_writer.ts";
export { grayPicture, paintFrameNumber, readFrameNumber } from "./pictures.ts";
export { rawFromCelsius, ThermalWriter, type ThermalWriterOptions } from "./thermal_writer.ts";
