/**
 * Readers of recorded files: each turns the bytes of one format into streams of samples.
 *
 * @module
 */
export {
  COLUMN_SETS,
  type ColumnSet,
  type CsvDialect,
  type CsvEncoding,
  detectDialect,
  type DetectedEncoding,
  detectEncoding,
  findColumnSet,
  inferTime,
  openCsv,
  type OpenCsvOptions,
  recogniseColumns,
  type RecognisedColumn,
  type RecognisedColumns,
  type RecogniseOptions,
  type StatedTime,
  type TimeContext,
  type TimePlan,
  type TimeReading,
  type TimeRole,
  type TimeUnit,
} from "./csv/mod.ts";
export {
  openThermal,
  openThermalFrames,
  type ThermalFrame,
  type ThermalFramesOptions,
  type ThermalFrameSource,
  type ThermalOptions,
  type ThermalReader,
} from "./thermal/mod.ts";
export { openImages, openVideo, type OpenVideoOptions } from "./video/mod.ts";
export {
  creationAnchor,
  type CreationAnchorOptions,
  type Mp4InfoOptions,
  type Mp4Options,
  openMp4,
  readMp4Info,
  type TrackInfo,
  type TrackKind,
  type VideoInfo,
} from "./mp4/mod.ts";
export {
  type LoadedXdfStream,
  loadXdf,
  openXdf,
  parseXml,
  type XdfBatch,
  type XdfChannel,
  type XdfClockOffsets,
  type XdfOptions,
  type XdfReader,
  type XdfReaders,
  type XdfStreamInfo,
  type XdfValues,
  type XmlElement,
} from "./xdf/mod.ts";
export { openWav, type WavInfo, type WavOptions, type WavReader } from "./wav/mod.ts";
