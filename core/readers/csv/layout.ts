import { createIssue, type Issue } from "../../base/mod.ts";
import { cellNumber, splitCells } from "./cells.ts";
import { findColumnSet } from "./column_sets.ts";
import { type CsvDialect, dialectOfLines, headerCells } from "./dialect.ts";
import { encodingName } from "./encoding.ts";
import type { HeadLine, TableHead } from "./head.ts";
import { compactName } from "./names.ts";

/** First rows by which columns and times are judged. */
const ROWS_JUDGED = 2000;

/** Longest value of an issue parameter. */
const NAMES_SHOWN = 12;

/** Where the parts of a table are. */
export interface TableLayout {
  readonly dialect: CsvDialect;
  /** Column names, one for each cell of a row; empty names included. */
  readonly header: readonly string[];
  /** Cells of the units row; empty when there is none. */
  readonly units: readonly string[];
  /** First rows. */
  readonly rows: readonly (readonly string[])[];
  /** First byte of the values, in the encoding of the file. */
  readonly dataByte: number;
  /** 1-based line of that byte. */
  readonly dataLine: number;
  readonly issues: readonly Issue[];
}

/**
 * The sample that the phone recorder makes up in order to print its header, by compact column name. It is
 * the first row of all its files.
 */
const FABRICATED_SAMPLE: readonly (readonly [string, number])[] = [
  ["sequencenumber", 0],
  ["gsrconductanceus", 2],
  ["ppga13", 512],
  ["accelxg", 9.8],
  ["batterypercentage", 80],
];

/** Finds header, units and rows in the head of a table, and repairs headers that do not fit their rows. */
export function layOutTable(head: TableHead): TableLayout {
  const lines = head.lines.map(({ text }) => text);
  const dialect = dialectOfLines(lines);
  const cells = (line: number | undefined) =>
    line === undefined ? [] : headerCells(lines[line - 1] ?? "", dialect.separator);
  const issues = dialectIssues(head, dialect);
  const rows = readRows(head, dialect);
  const fitted = fitHeader(
    withoutTrailing(cells(dialect.headerLine), dialect),
    rows,
    head.complete,
  );
  issues.push(...fitted.issues);
  const fabricated = isFabricated(fitted.header, rows[0]?.cells ?? []);
  const data = fabricated ? rows[0]! : undefined;
  if (data !== undefined) {
    issues.push(createIssue("SAMPLE_FABRICATED", {}, { line: data.line.number }));
  }
  const start = data === undefined
    ? placeOfLine(head, dialect.dataLine)
    : placeOfLine(head, data.line.number + 1);
  return {
    dialect,
    header: fitted.header,
    units: withoutTrailing(cells(dialect.unitsLine), dialect),
    rows: rows.slice(fabricated ? 1 : 0).map((row) => row.cells),
    ...start,
    issues,
  };
}

interface HeadRow {
  readonly line: HeadLine;
  readonly cells: readonly string[];
}

/** The first rows, without comments and lines in which the recorder wrote header, units or `sep=` again. */
function readRows(head: TableHead, dialect: CsvDialect): HeadRow[] {
  const { dataLine, separator } = dialect;
  const above = new Set(head.lines.slice(0, dataLine - 1).map(({ text }) => text.trim()));
  return head.lines.slice(dataLine - 1, dataLine - 1 + ROWS_JUDGED)
    .filter(({ text }) => !/^\s*(?:#|$)/.test(text) && !above.has(text.trim()))
    .map((line) => ({
      line,
      cells: withoutTrailingCell(splitCells(line.text, separator), dialect),
    }));
}

function withoutTrailingCell(cells: string[], { trailingSeparator }: CsvDialect): string[] {
  const rows = trailingSeparator === "rows" || trailingSeparator === "header-and-rows";
  return rows && cells.at(-1) === "" ? cells.slice(0, -1) : cells;
}

function withoutTrailing(cells: string[], { trailingSeparator }: CsvDialect): string[] {
  const trailing = trailingSeparator === "header" || trailingSeparator === "header-and-rows";
  return trailing && cells.at(-1) === "" ? cells.slice(0, -1) : cells;
}

function placeOfLine(head: TableHead, line: number): { dataByte: number; dataLine: number } {
  return { dataByte: head.lines[line - 1]?.byte ?? head.bytes, dataLine: line };
}

function dialectIssues(head: TableHead, dialect: CsvDialect): Issue[] {
  const issues: Issue[] = [];
  if (head.encoding.encoding !== "utf-8" || head.encoding.bomBytes > 0) {
    issues.push(createIssue("CSV_ENCODING", { encoding: encodingName(head.encoding) }));
  }
  const separator = dialect.separator === "\t" ? "tab" : dialect.separator;
  if (dialect.decimalComma) issues.push(createIssue("CSV_DECIMAL_COMMA", { separator }));
  if (dialect.trailingSeparator.endsWith("rows")) {
    issues.push(createIssue("CSV_TRAILING_SEPARATOR", { separator }));
  }
  return issues;
}

interface FittedHeader {
  readonly header: readonly string[];
  readonly issues: readonly Issue[];
}

/** Gives every cell of a row its column: by meaning where that is evident, else from the front. */
function fitHeader(
  header: readonly string[],
  rows: readonly HeadRow[],
  complete: boolean,
): FittedHeader {
  const width = commonWidth(rows, complete);
  if (header.length === 0) {
    return madeUpHeader(rows[0]?.cells.length ?? 0, rows[0]?.line.number ?? 1);
  }
  if (width === undefined || width === header.length) return { header, issues: [] };
  const { fitted, missing } = fittedNames(header, rows, width);
  const params = { found: width, expected: header.length, missing };
  const where = { line: rows[0]!.line.number };
  return { header: fitted, issues: [createIssue("CSV_ROWS_MISALIGNED", params, where)] };
}

/** Number of cells when all rows have the same; the last line of a file may be cut. */
function commonWidth(rows: readonly HeadRow[], complete: boolean): number | undefined {
  const whole = complete && rows.length > 1 ? rows.slice(0, -1) : rows;
  const width = whole[0]?.cells.length;
  return whole.every(({ cells }) => cells.length === width) ? width : undefined;
}

function fittedNames(
  header: readonly string[],
  rows: readonly HeadRow[],
  width: number,
): { readonly fitted: readonly string[]; readonly missing: string } {
  if (findColumnSet(header)?.id === "G4" && width === header.length - 1) {
    // This recorder writes the receipt of the phone as text and no device time at all.
    const missing = header.find((name) => compactName(name) === "devicetimems")!;
    return { fitted: header.filter((name) => name !== missing), missing };
  }
  if (width < header.length) {
    return {
      fitted: header.slice(0, width),
      missing: header.slice(width, width + NAMES_SHOWN).join(", "),
    };
  }
  const extra = Array.from({ length: width - header.length }, () => "");
  if (extra.length === 1 && countsRows(rows)) {
    return { fitted: [...extra, ...header], missing: "name of the first column" };
  }
  return { fitted: [...header, ...extra], missing: `names of the last ${extra.length}` };
}

/** Whether the first cells are consecutive integers, as a row number that has no name. */
function countsRows(rows: readonly HeadRow[]): boolean {
  const numbers = rows.map(({ cells }) => cellNumber(cells[0] ?? ""));
  return numbers.length > 1 &&
    numbers.every((value, index) => index === 0 || value === numbers[index - 1]! + 1);
}

function madeUpHeader(width: number, line: number): FittedHeader {
  const header = Array.from({ length: width }, () => "");
  const names = width === 1 ? "column_1" : `column_1 to column_${width}`;
  return { header, issues: [createIssue("CSV_HEADER_MISSING", { names }, { line })] };
}

function isFabricated(header: readonly string[], row: readonly string[]): boolean {
  return FABRICATED_SAMPLE.every(([name, value]) => {
    const column = header.findIndex((text) => compactName(text) === name);
    return column >= 0 && cellNumber(row[column] ?? "") === value;
  });
}
