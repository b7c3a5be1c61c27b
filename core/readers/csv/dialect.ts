import { isCommaNumber, isMissingCell, isNumberCell, splitCells } from "./cells.ts";
import { nameParts } from "./names.ts";
import { parseDateTime } from "./time_text.ts";
import { isKnownUnit } from "./units.ts";
import { knownColumn } from "./vocabulary.ts";

/** How the lines of a table are to be read. Line numbers are 1-based. */
export interface CsvDialect {
  readonly separator: string;
  /** The file begins with a `sep=` line, which named the separator. */
  readonly separatorLine: boolean;
  readonly decimalComma: boolean;
  /** Header and rows end with a separator, behind which there is no column. */
  readonly trailingSeparator: "header-and-rows" | "rows" | "header" | "none";
  /** Line of the column names; undefined when the table has none. */
  readonly headerLine?: number;
  /** Line of the units, below the header. */
  readonly unitsLine?: number;
  /** First line of values; one past the last line when there is none. */
  readonly dataLine: number;
}

const SEPARATORS = [",", ";", "\t", "|"] as const;

/** The line by which spreadsheets are told the separator. */
const SEPARATOR_LINE_REGEXP = /^\s*"?sep=([\t ,;:|^~/&])"?[\t ,;]*$/i;

/** Lines that are looked at to tell separators apart. */
const LINES_COMPARED = 40;

/** Lines of free text that may stand above the header. */
const PREAMBLE_LINES = 20;

/** Rows that the decimal sign and trailing separators are judged by. */
const ROWS_JUDGED = 200;

/**
 * Finds out how a table is written from its first lines: separator, decimal sign, where header, units and
 * values begin.
 *
 * @param head First lines of the table, without a byte-order mark. A cut last line does no harm.
 *
 * @example
 * ```ts
 * import { detectDialect } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const dialect = detectDialect('"sep=;"\r\ntime;ecg\r\nms;mV\r\n1,5;0,25\r\n');
 * assert.equal(dialect.separator, ";");
 * assert.equal(dialect.decimalComma, true);
 * assert.equal(dialect.unitsLine, 3);
 * ```
 */
export function detectDialect(head: string): CsvDialect {
  const lines = head.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return dialectOfLines(lines);
}

/** {@linkcode detectDialect} of lines that were split before. */
export function dialectOfLines(lines: readonly string[]): CsvDialect {
  const start = firstContentLine(lines, 0);
  const named = SEPARATOR_LINE_REGEXP.exec(lines[start] ?? "")?.[1];
  const first = named === undefined ? start : firstContentLine(lines, start + 1);
  const separator = named ?? guessSeparator(lines.slice(first, first + LINES_COMPARED));
  const header = findHeader(lines, first, separator);
  const units = header.found ? findUnits(lines, header.line, separator) : undefined;
  const data = firstContentLine(lines, header.found ? (units ?? header.line) + 1 : header.line);
  const rows = lines.slice(data, data + ROWS_JUDGED).filter((line) => line.trim() !== "");
  const cells = rows.map((row) => splitCells(row, separator));
  const names = header.found ? headerCells(lines[header.line]!, separator) : undefined;
  return {
    separator,
    separatorLine: named !== undefined,
    decimalComma: usesDecimalComma(cells),
    trailingSeparator: trailing(names, cells),
    ...(header.found ? { headerLine: header.line + 1 } : {}),
    ...(units === undefined ? {} : { unitsLine: units + 1 }),
    dataLine: data + 1,
  };
}

/** Index of the first line from `from` that is neither blank nor a comment. */
function firstContentLine(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && /^\s*(?:#.*)?$/.test(lines[at]!)) at++;
  return at;
}

/** The separator that cuts most lines into the same number of cells, and into more than one. */
function guessSeparator(lines: readonly string[]): string {
  let best: { separator: string; score: number } = { separator: ",", score: 0 };
  for (const separator of SEPARATORS) {
    const counts = lines.filter((line) => line.trim() !== "")
      .map((line) => splitCells(line, separator).length);
    const common = mostCommon(counts.filter((count) => count > 1));
    const agreeing = counts.filter((count) => count === common).length;
    const leads = counts[0] !== undefined && counts[0] > 1 ? 1 : 0;
    const score = agreeing / Math.max(1, counts.length) + leads + Math.min(common, 50) / 1000;
    if (agreeing > 0 && score > best.score) best = { separator, score };
  }
  return best.separator;
}

function mostCommon(counts: readonly number[]): number {
  const frequency = new Map<number, number>();
  for (const count of counts) frequency.set(count, (frequency.get(count) ?? 0) + 1);
  return [...frequency].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** A header is the first line whose cells are names; free text above it has fewer cells. */
function findHeader(
  lines: readonly string[],
  first: number,
  separator: string,
): { readonly line: number; readonly found: boolean } {
  const limit = Math.min(lines.length, first + PREAMBLE_LINES);
  const width = mostCommon(
    lines.slice(first, first + LINES_COMPARED).map((line) => splitCells(line, separator).length),
  );
  for (let line = first; line < limit; line++) {
    const cells = splitCells(lines[line]!, separator);
    if (isHeader(cells) && (cells.length * 2 > width || knowsName(cells))) {
      return { line, found: true };
    }
    if (!isRow(cells) || cells.length * 2 <= width) continue;
    const commented = commentedHeader(lines, line, separator);
    return { line: commented ? line - 1 : line, found: commented };
  }
  return { line: first, found: false };
}

/** The comment right above the first row, when it names as many columns as the row has. */
function commentedHeader(lines: readonly string[], row: number, separator: string): boolean {
  const above = lines[row - 1] ?? "";
  if (!above.trimStart().startsWith("#")) return false;
  const cells = headerCells(above, separator);
  return isHeader(cells) && cells.length === splitCells(lines[row] ?? "", separator).length;
}

/** The cells of a header line, which may be written as a comment. */
export function headerCells(line: string, separator: string): string[] {
  return splitCells(line.replace(/^\s*#\s*/, ""), separator);
}

/** Names: no numbers or dates, unless the first names a time. Columns may be called 1, 2, 3. */
function isHeader(cells: readonly string[]): boolean {
  if (knownColumn(nameParts(cells[0] ?? "").stem)?.time !== undefined) return true;
  const filled = cells.filter((cell) => cell !== "");
  return filled.length > 0 && filled.length * 2 >= cells.length &&
    !filled.some((cell) => isNumberCell(cell, true) || parseDateTime(cell) !== undefined);
}

function knowsName(cells: readonly string[]): boolean {
  return cells.some((cell) => knownColumn(nameParts(cell).stem) !== undefined);
}

function isRow(cells: readonly string[]): boolean {
  return cells.some((cell) => isNumberCell(cell, true) || parseDateTime(cell) !== undefined);
}

/** The line below the header when all its cells are units. */
function findUnits(
  lines: readonly string[],
  header: number,
  separator: string,
): number | undefined {
  const at = firstContentLine(lines, header + 1);
  const cells = splitCells(lines[at] ?? "", separator).filter((cell) => cell !== "");
  const known = cells.filter(isKnownUnit).length;
  const units = cells.length > 0 && known * 2 > cells.length && !isRow(cells) &&
    !cells.every(isMissingCell);
  return units ? at : undefined;
}

function usesDecimalComma(rows: readonly (readonly string[])[]): boolean {
  const cells = rows.flat();
  return cells.some(isCommaNumber) && !cells.some((cell) => /^[+-]?\d*\.\d+$/.test(cell));
}

function trailing(
  header: readonly string[] | undefined,
  rows: readonly (readonly string[])[],
): CsvDialect["trailingSeparator"] {
  const ends = (cells: readonly string[]) => cells.length > 1 && cells.at(-1) === "";
  const inHeader = header !== undefined && ends(header);
  const width = header?.length ?? mostCommon(rows.map((row) => row.length));
  const wider = rows.filter((row) => row.length > width && ends(row)).length;
  if (!inHeader) return rows.length > 0 && wider * 2 > rows.length ? "rows" : "none";
  const full = rows.filter((row) => row.length >= width);
  if (rows.length > 0 && full.length === 0) return "header";
  return full.every((row) => row[width - 1] === "") ? "header-and-rows" : "none";
}
