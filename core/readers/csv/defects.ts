import { createIssue, type Issue, type IssueWhere } from "../../base/mod.ts";
import type { CsvDefect } from "../../../wasm/mod.ts";

/** What the messages about defects of a table need. */
export interface DefectContext {
  /** Column names as recorded, by cell. */
  readonly header: readonly string[];
  /** Cells of the units row. */
  readonly units: readonly string[];
  readonly maxLineBytes: number;
  readonly encoding: string;
  readonly where: IssueWhere;
}

/** Bytes of a cell that a defect quotes. */
const QUOTED_TEXT = 80;

/** Makes the issue of a defect. */
export function defectIssue(defect: CsvDefect, context: DefectContext): Issue {
  const where = { ...context.where, line: defect.line };
  const expected = context.header.length;
  const found = defect.found ?? 0;
  switch (defect.kind) {
    case "short":
      return createIssue("CSV_ROW_SHORT", { found, expected }, where);
    case "long":
      return createIssue("CSV_ROW_LONG", { found, expected }, where);
    case "invalid":
      return createIssue("CSV_VALUE_INVALID", {
        column: columnLabel(defect, context),
        value: defect.text ?? "",
      }, where);
    case "quote-unclosed":
      return createIssue("CSV_QUOTE_UNCLOSED", {}, where);
    case "line-too-long":
      return createIssue("CSV_FIELD_GIANT", { limit: context.maxLineBytes }, where);
    case "nul":
      return createIssue("CSV_NUL_BYTES", { count: found }, where);
    case "last-line-cut":
      return createIssue("CSV_LAST_LINE_CUT", { found, expected }, where);
    case "encoding":
      return createIssue("CSV_ENCODING_INVALID", { encoding: context.encoding }, where);
  }
}

function columnLabel({ column = 0 }: CsvDefect, { header }: DefectContext): string {
  return header[column] || `column ${column + 1}`;
}

/** Rows of a batch that are the header, the units or the `sep=` line again. */
export interface RepeatedHeaders {
  /** Their numbers within the file. */
  readonly rows: ReadonlySet<number>;
  /** One issue for each header. */
  readonly issues: readonly Issue[];
}

/** Finds the rows in which a recorder wrote its header again, from the cells that could not be read. */
export function findRepeatedHeaders(
  defects: readonly CsvDefect[],
  context: DefectContext,
): RepeatedHeaders {
  const rows = new Set<number>();
  const issues: Issue[] = [];
  for (const [row, invalid] of invalidByRow(defects)) {
    const isHeader = invalid.every((defect) => repeats(defect, context.header));
    const isUnits = invalid.every((defect) => repeats(defect, context.units));
    const isSeparator = invalid.every(({ text }) => /^"?sep=/i.test(text ?? ""));
    if (isHeader || isUnits || isSeparator) rows.add(row);
    if (isHeader) {
      issues.push(
        createIssue("CSV_HEADER_REPEATED", {}, { ...context.where, line: invalid[0]!.line }),
      );
    }
  }
  return { rows, issues };
}

function invalidByRow(defects: readonly CsvDefect[]): Map<number, CsvDefect[]> {
  const byRow = new Map<number, CsvDefect[]>();
  for (const defect of defects) {
    if (defect.kind !== "invalid") continue;
    const row = byRow.get(defect.row) ?? [];
    row.push(defect);
    byRow.set(defect.row, row);
  }
  return byRow;
}

function repeats({ column, text }: CsvDefect, cells: readonly string[]): boolean {
  const expected = cells[column ?? -1];
  return expected !== undefined && expected !== "" &&
    text?.trim() === expected.slice(0, QUOTED_TEXT);
}
