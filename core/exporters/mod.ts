/**
 * Writers of the file formats that other tools read: MATLAB, CSV, XDF and MP4.
 *
 * @module
 */
export {
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
} from "./csv/mod.ts";
export {
  type AlignedColumns,
  type AlignedPart,
  type ByteTransform,
  MAT_LIMIT_BYTES,
  type MatCell,
  type MatChunk,
  type MatColumn,
  type MatColumnClass,
  matData,
  matFieldName,
  type MatFields,
  type MatLogical,
  type MatMatrix,
  type MatSession,
  matSession,
  type MatSessionStream,
  type MatStruct,
  type MatStructArray,
  type MatTextColumn,
  MatTextSizer,
  type MatValue,
  writeMat,
  type WriteMatOptions,
  type WriteMatResult,
} from "./mat/mod.ts";
export { type XdfStreamOptions, XdfWriter, type XdfWriterOptions } from "./xdf/mod.ts";
export {
  type AvcConfiguration,
  avcEntry,
  ClipWriter,
  createClip,
  type CreateClipOptions,
  type EncodedPicture,
  FragmentedLayout,
  type MovieFacts,
  type MovieLayout,
  type MovieRotation,
  type MovieSize,
  SinkBuffer,
  tickOf,
  WholeLayout,
} from "./mp4/mod.ts";
