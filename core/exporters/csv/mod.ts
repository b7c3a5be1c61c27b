/**
 * Samples as CSV, written as a stream.
 *
 * @module
 */
export {
  type GridBatch,
  type GridColumn,
  gridColumnName,
  GridCsvExporter,
  type GridCsvOptions,
} from "./grid_exporter.ts";
export {
  type CsvColumnDescription,
  CsvStreamExporter,
  type CsvStreamOptions,
  describeCsvColumns,
} from "./stream_exporter.ts";
export type { CsvResult } from "./table_writer.ts";
