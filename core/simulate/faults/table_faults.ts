import type { IssueCode } from "../../base/mod.ts";
import type { Fault } from "./fault.ts";
import type { FaultFiles } from "./fault_files.ts";

const MOTION = "phone_1_motion_20250731_143022.csv";

/** Longest line that is read, in bytes. */
const LINE_LIMIT = 1 << 24;

/** Changes the cells of one row of the motion table. */
function inRow(
  row: number,
  change: (cells: string[]) => string[] | void,
): (files: FaultFiles) => void {
  return (files) => files.editRows(MOTION, (cells, at) => at === row ? change(cells) : undefined);
}

/** Changes one cell of every row. */
function inColumn(
  column: number,
  change: (cell: string, row: number) => string,
): (files: FaultFiles) => void {
  return (files) =>
    files.editRows(MOTION, (cells, row) => {
      cells[column] = change(cells[column]!, row);
    });
}

function inText(change: (text: string) => string): (files: FaultFiles) => void {
  return (files) => files.editText(MOTION, change);
}

/** Text as UTF-16 with its mark, low byte first. */
function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(2 + 2 * text.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, true);
  for (let index = 0; index < text.length; index++) {
    view.setUint16(2 + 2 * index, text.charCodeAt(index), true);
  }
  return bytes;
}

/** Trouble with the notation of tables. */
export const TABLE_FAULTS = {
  CSV_HEADER_MISSING: {
    base: "motion",
    edit: (files) => files.editLines(MOTION, (lines) => lines.slice(1)),
  },
  CSV_HEADER_ONLY: {
    base: "motion",
    edit: (files) => files.editLines(MOTION, (lines) => lines.slice(0, 1)),
  },
  CSV_HEADER_DUPLICATE: { base: "motion", edit: inText((text) => text.replace("mag_y", "mag_x")) },
  CSV_HEADER_REPEATED: {
    base: "motion",
    edit: (files) => files.editLines(MOTION, (lines) => lines.toSpliced(25, 0, lines[0]!)),
  },
  CSV_COLUMN_UNNAMED: { base: "motion", edit: inText((text) => text.replace("mag_y", "")) },
  CSV_DEFECTS_UNLISTED: {
    base: "motion",
    plan: (plan) => ({ ...plan, durationSeconds: 20 }),
    edit: (files) =>
      files.editRows(MOTION, (cells, row) => row % 2 === 1 ? cells.slice(0, -1) : undefined),
  },
  CSV_ROW_SHORT: { base: "motion", edit: inRow(20, (cells) => cells.slice(0, 6)) },
  CSV_ROW_LONG: { base: "motion", edit: inRow(20, (cells) => [...cells, "0.5"]) },
  CSV_ROWS_MISALIGNED: {
    base: "motion",
    edit: (files) => files.editRows(MOTION, (cells) => cells.slice(0, -1)),
  },
  CSV_QUOTE_UNCLOSED: {
    base: "motion",
    edit: inRow(30, (cells) => {
      cells[4] = `"${cells[4]}`;
    }),
  },
  CSV_VALUE_INVALID: {
    base: "motion",
    edit: inRow(20, (cells) => {
      cells[3] = "error";
    }),
  },
  CSV_ENCODING: {
    base: "motion",
    edit: (files) => files.edit(MOTION, (bytes) => utf16(new TextDecoder().decode(bytes))),
  },
  CSV_ENCODING_INVALID: {
    base: "sensor",
    edit: (files) =>
      files.edit("shimmer_1_gsr_20250731_143022.csv", (bytes) => {
        const marked = Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes);
        // The middle of the table, within a device id, where only letters stand.
        marked[marked.indexOf(0x68, marked.length >> 1)] = 0xff;
        return marked;
      }),
  },
  CSV_FIELD_GIANT: {
    base: "motion",
    memoryOnly: "it is larger than all other fixtures together",
    edit: inRow(20, (cells) => [...cells.slice(0, -1), "7".repeat(LINE_LIMIT)]),
  },
  CSV_DECIMAL_COMMA: {
    base: "motion",
    edit: inText((text) => text.replaceAll(",", ";").replaceAll(".", ",")),
  },
  CSV_TRAILING_SEPARATOR: { base: "motion", edit: inText((text) => text.replaceAll("\n", ",\n")) },
  CSV_LAST_LINE_CUT: { base: "motion", edit: inText((text) => text.slice(0, -30)) },
  CSV_NUL_BYTES: {
    base: "motion",
    edit: (files) => files.edit(MOTION, (bytes) => void bytes.fill(0, 1000, 1064)),
  },
} as const satisfies Partial<Record<IssueCode, Fault>>;

/** Trouble with what the columns of tables hold. */
export const VALUE_FAULTS = {
  COLUMN_EMPTY: { base: "motion", edit: inColumn(9, () => "") },
  COLUMN_CONSTANT: { base: "motion", edit: inColumn(4, () => "0.0") },
  COLUMN_UNKNOWN: { base: "motion", edit: inText((text) => text.replace("mag_z", "quux")) },
  UNIT_MISMATCH: {
    base: "motion",
    edit: inText((text) => text.replace(/accel_(.)/g, "accel_$1_g")),
  },
  UNIT_ASSUMED: {
    base: "motion",
    // A column set of no known recorder: only the values tell the unit.
    edit: inText((text) => text.replace(/accel_(.)/g, "acc_$1").replace("gyro_x", "light")),
  },
  VALUE_OUT_OF_RANGE: {
    base: "motion",
    edit: inColumn(4, (cell, row) => row % 15 === 7 ? "900.5" : cell),
  },
  SENSOR_CLIPPED: {
    base: "motion",
    edit: inColumn(1, (cell, row) => row % 10 > 5 ? "19.6" : cell),
  },
} as const satisfies Partial<Record<IssueCode, Fault>>;
