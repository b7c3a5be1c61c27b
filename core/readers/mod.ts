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
  type TimeContext,
  type TimePlan,
  type TimeReading,
  type TimeRole,
  type TimeUnit,
} from "./csv/mod.ts";
