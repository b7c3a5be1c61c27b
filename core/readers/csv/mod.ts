/**
 * Tables of samples: finds out how a CSV file is written, what its columns mean, and on which clocks its
 * times are, then reads it in bounded memory.
 *
 * @module
 */
export { recogniseColumns, type RecognisedColumns, type RecogniseOptions } from "./columns.ts";
export { COLUMN_SETS, type ColumnSet, findColumnSet } from "./column_sets.ts";
export { type CsvDialect, detectDialect } from "./dialect.ts";
export { type CsvEncoding, type DetectedEncoding, detectEncoding } from "./encoding.ts";
export { inferTime, type TimePlan } from "./infer_time.ts";
export { openCsv, type OpenCsvOptions } from "./open_csv.ts";
export type { StatedTime, TimeContext } from "./time_columns.ts";
export type { RecognisedColumn, TimeReading, TimeRole } from "./types.ts";
export type { TimeUnit } from "./units.ts";
export { exportName, nameParts } from "./names.ts";
export { canonicalUnit } from "./units.ts";
