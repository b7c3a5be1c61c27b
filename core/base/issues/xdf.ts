import type { IssueDefinition } from "../issue.ts";

/** Issues of XDF recordings. */
export const XDF_ISSUES = {
  XDF_BAD_MAGIC: {
    severity: "error",
    title: "An XDF file does not start as it should",
    message: 'File does not start with "XDF:"',
    remedy: "The file was damaged or is of another kind. What could be recognised was read.",
  },
  XDF_DAMAGED: {
    severity: "error",
    title: "Part of an XDF file is damaged",
    message: "{bytes} bytes from {from} to {to} are no valid chunk",
    remedy: "Copy the file again. What was recorded before and after was read.",
  },
  XDF_HEADER_INVALID: {
    severity: "error",
    title: "A stream of an XDF file cannot be read",
    message: "Header of stream {id} cannot be used: {reason}",
    remedy: "Its samples cannot be told apart without it. Correct the program that sent it.",
  },
  XDF_STREAM_WITHOUT_HEADER: {
    severity: "error",
    title: "Data in an XDF file belong to no stream",
    message: "A chunk, said to hold {samples} samples, is of a stream that has no header",
    remedy: "Copy the file again; the header of the stream may be damaged.",
  },
  XDF_STREAM_REPEATED: {
    severity: "warning",
    title: "A stream of an XDF file begins twice",
    message: 'Stream {id} ("{name}") has a second header',
    remedy: "Samples behind it were read as it says; if it says the same, as one stream.",
  },
  XDF_FOOTER_MISSING: {
    severity: "warning",
    title: "A stream of an XDF file has no end",
    message: "Stream has no footer",
    remedy: "The recorder was stopped before it finished the file. What it had written was read.",
  },
  XDF_FOOTER_MISMATCH: {
    severity: "warning",
    title: "A stream of an XDF file holds more or fewer samples than its footer says",
    message: "Footer says {stated} samples, file holds {found}",
    remedy: "If samples are missing, copy the file again. Footers are not used for anything else.",
  },
  XDF_OFFSETS_MISSING: {
    severity: "warning",
    title: "A stream of an XDF file was never compared with the clock of the recorder",
    message: "Stream has no clock offsets",
    remedy:
      "If it came from another computer, its times are uncertain. Check the network of the recording.",
  },
  XDF_STAMPS_FOREIGN: {
    severity: "warning",
    title: "A stream of an XDF file is stamped by another clock than the one that was measured",
    message: "Stamps are far from all readings of the clock; they were put on {clock}",
    remedy: "Let the sending program stamp with the clock of the streaming layer.",
  },
  XDF_LAG_APPLIED: {
    severity: "info",
    title: "A stream of an XDF file states a lag of its samples",
    message: "Lag of {lag} s was subtracted from the stamps",
    remedy: "Nothing to do.",
  },
  XDF_TIME_MISSING: {
    severity: "warning",
    title: "Samples of an XDF file have no time",
    message: "{invalid} stamps are no times, {unknown} that were left out cannot be deduced",
    remedy: "These samples are exported without a time.",
  },
  XDF_SAMPLES_LOST: {
    severity: "error",
    title: "Samples of an XDF file are damaged",
    message: "{count} samples are announced by chunks that do not hold them",
    remedy: "Copy the file again. They are exported without time and values.",
  },
  XDF_ROWS_LEFT_OUT: {
    severity: "warning",
    title: "Rows without a time are missing from the XDF file",
    message: "{count} rows have no time on the reference clock",
    remedy: "They are in the CSV files. XDF knows no sample without a time.",
  },
  XDF_TEXT_INVALID: {
    severity: "warning",
    title: "Texts of an XDF file are not UTF-8",
    message: "{count} texts hold bytes that are not UTF-8",
    remedy: "U+FFFD stands for these bytes. Correct the program that sent them.",
  },
} as const satisfies Record<string, IssueDefinition>;
