import type { IssueDefinition } from "../issue.ts";

/** Issues of tables: CSV dialects, rows, columns, units, values. */
export const TABLE_ISSUES = {
  CSV_HEADER_MISSING: {
    severity: "error",
    title: "A table has no header",
    message: "First line holds values, not column names; columns were named {names}",
    remedy: "Add the header line that the recorder should have written.",
  },
  CSV_HEADER_ONLY: {
    severity: "warning",
    title: "A table has a header and no rows",
    message: "Header with {columns} columns and no row",
    remedy: "The recorder wrote no sample to this file. Look for the data on the device.",
  },
  CSV_HEADER_DUPLICATE: {
    severity: "warning",
    title: "Two columns have the same name",
    message: 'Column "{column}" occurs {count} times; later ones were numbered',
    remedy: "Give the columns different names.",
  },
  CSV_HEADER_REPEATED: {
    severity: "warning",
    title: "A table holds its header again",
    message: "Header is repeated inside the table; that row was left out",
    remedy: "The recorder was restarted, or files were joined. Look for a step of the clock here.",
  },
  CSV_COLUMN_UNNAMED: {
    severity: "info",
    title: "A column has no name",
    message: 'Column {index} has no name; it was read as "{name}"',
    remedy: "Nothing to do.",
  },
  CSV_ROW_SHORT: {
    severity: "warning",
    title: "A row has too few values",
    message: "Row has {found} values, header has {expected}; missing ones were left empty",
    remedy: "Values were not shifted. Check which column the recorder left out.",
  },
  CSV_ROW_LONG: {
    severity: "warning",
    title: "A row has too many values",
    message:
      "Row has {found} values, header has {expected}; the extra ones were dropped from the table",
    remedy: "Often a decimal comma or an unquoted separator. Correct the file.",
  },
  CSV_ROWS_MISALIGNED: {
    severity: "error",
    title: "All rows have another number of values than the header",
    message: "All rows have {found} values for {expected} columns; missing column: {missing}",
    remedy: "The recorder's header and rows disagree. Correct the header if the guess is wrong.",
  },
  CSV_DEFECTS_UNLISTED: {
    severity: "warning",
    title: "A table has more defects than are listed",
    message: "{count} more defects of rows and values are not listed one by one",
    remedy: "They are of the kinds that are listed; their values were treated in the same way.",
  },
  CSV_QUOTE_UNCLOSED: {
    severity: "error",
    title: "A quoted value is never closed",
    message: "Quote opened here is never closed",
    remedy: "Close the quote; the rest of the file was read as one value.",
  },
  CSV_VALUE_INVALID: {
    severity: "warning",
    title: "A value is not a number",
    message: 'Column "{column}" holds "{value}", which is not a number; it was read as missing',
    remedy: "Correct the value.",
  },
  CSV_ENCODING: {
    severity: "info",
    title: "A table is not plain UTF-8",
    message: "Encoding is {encoding}",
    remedy: "Nothing to do.",
  },
  CSV_ENCODING_INVALID: {
    severity: "warning",
    title: "A table holds bytes that are no text",
    message: "Byte sequence is not valid {encoding}; it was replaced",
    remedy: "The file was damaged or written in another encoding.",
  },
  CSV_FIELD_GIANT: {
    severity: "error",
    title: "A value is unreasonably long",
    message: "A line is longer than {limit} bytes; it was skipped",
    remedy: "The file was damaged. Copy it again from the device.",
  },
  CSV_DECIMAL_COMMA: {
    severity: "info",
    title: "Numbers are written with a decimal comma",
    message: 'Decimal commas were read with separator "{separator}"',
    remedy: "Nothing to do.",
  },
  CSV_TRAILING_SEPARATOR: {
    severity: "info",
    title: "Rows end with a separator",
    message: 'Every row ends with "{separator}"; no column was made of it',
    remedy: "Nothing to do.",
  },
  CSV_LAST_LINE_CUT: {
    severity: "warning",
    title: "The last line is cut off",
    message:
      "Last line has {found} of {expected} values and no line end; it was read as far as it goes",
    remedy: "The recorder was stopped while writing. The last sample is incomplete.",
  },
  CSV_NUL_BYTES: {
    severity: "error",
    title: "A table holds NUL bytes",
    message: "{count} NUL bytes were skipped",
    remedy: "The file system lost a block, often at a power failure. Copy the file again.",
  },
  ROW_DUPLICATE: {
    severity: "warning",
    title: "Rows are repeated",
    message: "{count} rows equal the row before them in time and every value",
    remedy:
      "Two writers shared the file, or a packet was stored twice. They were exported unchanged.",
  },
  COLUMN_EMPTY: {
    severity: "info",
    title: "A column holds no value",
    message: 'Column "{column}" holds no value',
    remedy: "Nothing to do.",
  },
  COLUMN_CONSTANT: {
    severity: "warning",
    title: "A measured column never changes",
    message: 'Column "{column}" is {value} in all {rows} rows',
    remedy: "The sensor was off, saturated or not connected; absent channels are written as 0.",
  },
  COLUMN_UNKNOWN: {
    severity: "info",
    title: "A column is not known",
    message: 'Column "{column}" is not known; it was kept without a unit',
    remedy: "Nothing to do.",
  },
  UNIT_MISMATCH: {
    severity: "warning",
    title: "Values are in another unit than the name says",
    message: 'Column "{column}" says {named} but the values are in {found}: {reason}',
    remedy: "Values were not changed; the exports name the unit that they are in.",
  },
  UNIT_ASSUMED: {
    severity: "info",
    title: "A unit was assumed",
    message: 'Column "{column}" was taken as {unit}: {reason}',
    remedy: "Nothing to do if that is right.",
  },
  VALUE_OUT_OF_RANGE: {
    severity: "warning",
    title: "Values lie outside what the sensor can measure",
    message: 'Column "{column}" has {count} values outside {low} to {high} {unit}',
    remedy: "Treat them as artefacts; they were exported unchanged.",
  },
  SAMPLE_FABRICATED: {
    severity: "warning",
    title: "The first row is not a measurement",
    message:
      "First row equals the sample that the recorder makes up for its header; it was marked as dropped",
    remedy: "Nothing to do: it is left out of the exports.",
  },
  SENSOR_CLIPPED: {
    severity: "warning",
    title: "A signal is clipped",
    message: 'Column "{column}" stays at its limit {value} for {percent} % of the rows',
    remedy: "The range of the sensor was too small; these parts cannot be used.",
  },
} as const satisfies Record<string, IssueDefinition>;
