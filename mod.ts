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
export {
  type ByteTransform,
  type CsvColumnDescription,
  type CsvResult,
  CsvStreamExporter,
  type CsvStreamOptions,
  describeCsvColumns,
  type GridBatch,
  type GridColumn,
  gridColumnName,
  GridCsvExporter,
  type GridCsvOptions,
  MAT_LIMIT_BYTES,
  type MatCell,
  type MatChunk,
  type MatColumn,
  type MatColumnClass,
  matFieldName,
  type MatFields,
  type MatLogical,
  type MatMatrix,
  type MatStruct,
  type MatStructArray,
  type MatTextColumn,
  MatTextSizer,
  type MatValue,
  writeMat,
  type WriteMatOptions,
  type WriteMatResult,
} from "./core/exporters/mod.ts";
export { type FormatColumn, Kernel, RowFormatter } from "./wasm/mod.ts";
