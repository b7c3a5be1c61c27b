/**
 * session-process turns recorded multi-sensor sessions into validated, time-aligned data.
 *
 * @module
 */
export * from "./core/base/mod.ts";
export {
  grayPicture,
  Mp4Writer,
  type Mp4WriterOptions,
  paintFrameNumber,
  type Picture,
  type PictureSize,
  rawFromCelsius,
  readFrameNumber,
  type Rotation,
  ThermalWriter,
  type ThermalWriterOptions,
} from "./core/simulate/media/mod.ts";
