import { createIssue, type Issue } from "../../base/mod.ts";
import { agreeing, cellNumber, isMissingCell, isNumberCell } from "./cells.ts";
import { type ColumnSet, findColumnSet } from "./column_sets.ts";
import { compactName, exportName, type NameParts, nameParts, unitOfWord } from "./names.ts";
import { parseDateTime } from "./time_text.ts";
import { findTimeUnit } from "./time_unit.ts";
import type { RecognisedColumn } from "./types.ts";
import { canonicalUnit, isKnownUnit } from "./units.ts";
import { unitsByValue } from "./units_by_value.ts";
import { type KnownColumn, knownColumn, knownName } from "./vocabulary.ts";

/** Unknown columns that are reported one by one; the rest are counted. */
const UNKNOWN_REPORTED = 16;

/** Integers beyond this are not held exactly by a float. */
const SAFE_INTEGER_DIGITS = 15;

/** Integers that even 64 bits do not hold: serial numbers, not quantities. */
const HUGE_INTEGER_REGEXP = /^[+-]?\d{19,}$/;

/** The columns of a table and what was noticed about them. */
export interface RecognisedColumns {
  readonly columns: readonly RecognisedColumn[];
  /** The known writer of the table. */
  readonly columnSet?: ColumnSet;
  /** Duplicate, unnamed and unknown columns, units that were assumed or contradict the values. */
  readonly issues: readonly Issue[];
}

/** Options of {@linkcode recogniseColumns}. */
export interface RecogniseOptions {
  /** Numbers have a decimal comma. @default {false} */
  readonly decimalComma?: boolean;
  /** Units that the user states, by header text; they win over everything else. */
  readonly statedUnits?: Readonly<Record<string, string>>;
  /** Header text of the column that the user says is the time. */
  readonly timeColumn?: string;
}

/**
 * Names and types the columns of a table from its header, its units row and its first rows.
 *
 * A column of unknown name is text when any of these rows holds text in it, one that is known to measure when
 * a tenth of them do; whether a later cell fits is checked when it is read. Units come from the units row, else from the name, else from what is known of the writer, else from
 * the values: the length of the acceleration vector, the product of conductance and resistance.
 *
 * @param header Column names as written.
 * @param units Cells of the units row; empty when there is none.
 * @param rows First rows, cell by cell.
 *
 * @example
 * ```ts
 * import { recogniseColumns } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const { columns } = recogniseColumns(["timestamp_ms", "GSR_uS"], [], [["1753842118000", "2.5"]]);
 * assert.deepEqual(columns.map(({ name, unit }) => [name, unit]), [
 *   ["timestamp", "ms"],
 *   ["gsr_conductance", "uS"],
 * ]);
 * ```
 */
export function recogniseColumns(
  header: readonly string[],
  units: readonly string[],
  rows: readonly (readonly string[])[],
  options: RecogniseOptions = {},
): RecognisedColumns {
  const columnSet = findColumnSet(header);
  const parts = header.map(nameParts);
  const drafts = header.map((name, index) => {
    const cells = rows.map((row) => row[index] ?? "").filter((cell) => !isMissingCell(cell));
    const set = columnSet ?? {};
    return draftColumn({
      index,
      name,
      parts: parts[index]!,
      unitCell: units[index],
      cells,
      set,
      options,
    });
  });
  const byValue = unitsByValue(drafts, rows, columnSet, options);
  const columns = uniqueNames(byValue.columns, parts);
  const issues = [
    ...nameIssues(header, columns),
    ...assumedUnits(drafts, units, columnSet),
    ...wrongUnits(columns, columnSet),
    ...byValue.issues,
  ];
  return { columns, issues, ...(columnSet === undefined ? {} : { columnSet }) };
}

interface DraftInput {
  readonly index: number;
  readonly name: string;
  readonly parts: NameParts;
  readonly unitCell: string | undefined;
  /** Cells of the first rows that hold a value. */
  readonly cells: readonly string[];
  readonly set: Partial<ColumnSet>;
  readonly options: RecogniseOptions;
}

function draftColumn(input: DraftInput): RecognisedColumn {
  const { index, name, parts, cells, options } = input;
  const known = lookUp(parts);
  const unit = unitOf(input, known);
  const dates = agreeing(cells, (cell) => parseDateTime(cell) !== undefined).length > 0;
  const isStated = name !== "" && name === options.timeColumn;
  const isTime = isStated || (parts.stem === "" && holdsDates(cells, options.decimalComma));
  const time = timeRole(name, parts, known, dates) ?? (isTime ? "sample" : undefined);
  const stem = known === undefined ? parts.full : namedByUnit(knownName(known, parts.stem), unit);
  return {
    index,
    recordedAs: name,
    name: exportName(stem === "" && time !== undefined ? "time" : stem, index),
    kind: kindOf(cells, known, options.decimalComma),
    ...(unit === undefined ? {} : { unit }),
    ...(known?.categorical === true ? { categorical: true } : {}),
    ...(time === undefined ? {} : { time }),
    known: known !== undefined || time !== undefined,
  };
}

/** Whether numbers without a name are dates in some unit. */
function holdsDates(cells: readonly string[], decimalComma: boolean | undefined): boolean {
  const numbers = agreeing(cells, (cell) => isNumberCell(cell, decimalComma));
  const values = numbers.map((cell) => cellNumber(cell, decimalComma));
  return values.length > 1 && findTimeUnit(values, {}).kind === "epoch";
}

/** By the stem without its unit, else by the whole name, whose last word only looked like a unit. */
function lookUp(parts: NameParts): KnownColumn | undefined {
  return knownColumn(parts.stem) ?? knownColumn(parts.full);
}

function timeRole(
  name: string,
  { stem }: NameParts,
  known: KnownColumn | undefined,
  dates: boolean,
): RecognisedColumn["time"] {
  if (/_(?:CAL|UNCAL)$/i.test(name) && stem.replace(/_raw$/, "") === "timestamp") return "device";
  return known?.time ?? (dates ? "sample" : undefined);
}

function unitOf(
  { name, parts, unitCell, set, options }: DraftInput,
  known: KnownColumn | undefined,
): string | undefined {
  const stated = options.statedUnits?.[name];
  if (stated !== undefined) return stated;
  if (unitCell !== undefined && unitCell !== "") return canonicalUnit(unitCell);
  const wrong = set.wrongUnits?.[compactName(name)];
  if (wrong !== undefined) return wrong.found;
  if (known !== undefined && parts.unitWord !== undefined && isKnownUnit(parts.unitWord)) {
    return unitOfWord(parts.unitWord, known.time !== undefined);
  }
  return set.units?.[compactName(name)] ?? known?.unit;
}

/** A plain `gsr` column is named by the quantity that its unit tells. */
function namedByUnit(name: string, unit: string | undefined): string {
  if (name !== "gsr") return name;
  return unit === "uS" ? "gsr_conductance" : unit === "kOhm" ? "gsr_resistance" : name;
}

/** A known measurement stays one as long as half of its cells are numbers: the others are damage. */
function kindOf(
  cells: readonly string[],
  known: KnownColumn | undefined,
  decimalComma: boolean = false,
): RecognisedColumn["kind"] {
  if (known?.text === true) return "text";
  const isNumber = (cell: string) => isNumberCell(cell, decimalComma);
  const numeric = known === undefined
    ? cells.every(isNumber)
    : 2 * cells.filter(isNumber).length >= cells.length;
  if (!numeric && cells.length > 0) return "text";
  if (cells.some((cell) => HUGE_INTEGER_REGEXP.test(cell))) return "text";
  const integers = cells.length > 0 && cells.every((cell) => /^[+-]?\d+$/.test(cell));
  return integers && cells.some((cell) => cell.length > SAFE_INTEGER_DIGITS) ? "i64" : "f64";
}

function uniqueNames(
  columns: readonly RecognisedColumn[],
  parts: readonly NameParts[],
): RecognisedColumn[] {
  const taken = new Set<string>();
  return columns.map((column, index) => {
    const own = exportName(parts[index]!.full, column.index);
    let name = taken.has(column.name) ? own : column.name;
    for (let number = 2; taken.has(name); number++) name = `${column.name}_${number}`;
    taken.add(name);
    return { ...column, name };
  });
}

function nameIssues(header: readonly string[], columns: readonly RecognisedColumn[]): Issue[] {
  const issues: Issue[] = [];
  const counts = new Map<string, number>();
  for (const name of header) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const [column, count] of counts) {
    if (column !== "" && count > 1) {
      issues.push(createIssue("CSV_HEADER_DUPLICATE", { column, count }));
    }
  }
  const headless = columns.every(({ recordedAs }) => recordedAs === "");
  for (const { recordedAs, index, name } of columns) {
    if (recordedAs === "" && !headless) {
      issues.push(createIssue("CSV_COLUMN_UNNAMED", { index: index + 1, name }));
    }
  }
  const unknown = columns.filter(({ known, recordedAs }) => !known && recordedAs !== "");
  return [...issues, ...unknownIssues(unknown.map(({ recordedAs }) => recordedAs))];
}

function unknownIssues(names: readonly string[]): Issue[] {
  const issues = names.slice(0, UNKNOWN_REPORTED).map((column) =>
    createIssue("COLUMN_UNKNOWN", { column })
  );
  const rest = names.length - issues.length;
  if (rest === 0) return issues;
  const column = `${names[UNKNOWN_REPORTED]} to ${names.at(-1)} (${rest} columns)`;
  return [...issues, createIssue("COLUMN_UNKNOWN", { column })];
}

/** Units that neither the file nor its writer states. */
function assumedUnits(
  columns: readonly RecognisedColumn[],
  units: readonly string[],
  set: ColumnSet | undefined,
): Issue[] {
  return columns.flatMap(({ recordedAs, index, unit, kind }) => {
    const parts = nameParts(recordedAs);
    const isStated = (units[index] ?? "") !== "" || parts.unitWord !== undefined ||
      set?.units?.[compactName(recordedAs)] !== undefined;
    if (isStated || unit === undefined || kind === "text") return [];
    if (lookUp(parts)?.unit !== unit) return [];
    const reason = "columns of this name usually are";
    return [createIssue("UNIT_ASSUMED", { column: recordedAs, unit, reason })];
  });
}

function wrongUnits(columns: readonly RecognisedColumn[], set: ColumnSet | undefined): Issue[] {
  return columns.flatMap(({ recordedAs }) => {
    const wrong = set?.wrongUnits?.[compactName(recordedAs)];
    const word = nameParts(recordedAs).unitWord;
    if (wrong === undefined || word === undefined) return [];
    const { found, reason } = wrong;
    return [createIssue("UNIT_MISMATCH", { column: recordedAs, named: word, found, reason })];
  });
}
