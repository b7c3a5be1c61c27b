import { createIssue, type Issue, rootSumSquares } from "../../base/mod.ts";
import { cellNumber, median } from "./cells.ts";
import type { ColumnSet } from "./column_sets.ts";
import type { RecogniseOptions } from "./columns.ts";
import { nameParts } from "./names.ts";
import type { RecognisedColumn } from "./types.ts";

/** Columns whose units the values have confirmed, supplied or contradicted. */
export interface UnitsByValue {
  readonly columns: readonly RecognisedColumn[];
  readonly issues: readonly Issue[];
}

/** Rows that a judgement of values needs. */
const ROWS_NEEDED = 2;

/** Units of acceleration and the lengths of the gravity vector in them that are told apart. */
const GRAVITY_LENGTHS = [
  { unit: "m/s^2", low: 7, high: 13 },
  { unit: "g", low: 0.7, high: 1.3 },
  { unit: "mg", low: 700, high: 1300 },
] as const;

/**
 * Decides units by physics: at rest an accelerometer measures gravity, and resistance is the inverse of
 * conductance. Other columns are left as they are.
 */
export function unitsByValue(
  columns: readonly RecognisedColumn[],
  rows: readonly (readonly string[])[],
  columnSet: ColumnSet | undefined,
  { decimalComma, statedUnits = {} }: RecogniseOptions,
): UnitsByValue {
  if (rows.length < ROWS_NEEDED) return { columns, issues: [] };
  const values = (column: RecognisedColumn) =>
    rows.map((row) => cellNumber(row[column.index] ?? "", decimalComma));
  const units = new Map<number, JudgedUnit>([
    ...judgeAcceleration(columns, values),
    ...judgeResistance(columns, values),
  ]);
  const issues: Issue[] = [];
  const judged = columns.map((column) => {
    const found = units.get(column.index);
    if (found === undefined || found.unit === column.unit) return column;
    if (statedUnits[column.recordedAs] !== undefined) return column;
    issues.push(unitIssue(column, found, columnSet));
    return { ...column, unit: found.unit };
  });
  return { columns: judged, issues };
}

interface JudgedUnit {
  readonly unit: string;
  readonly reason: string;
}

type ValuesOf = (column: RecognisedColumn) => readonly number[];

function unitIssue(column: RecognisedColumn, found: JudgedUnit, set: ColumnSet | undefined): Issue {
  const { recordedAs, unit: named } = column;
  const { unit, reason } = found;
  if (named === undefined) return createIssue("UNIT_ASSUMED", { column: recordedAs, unit, reason });
  const stated = nameParts(recordedAs).unitWord === undefined && set !== undefined
    ? `${named} in the description of its writer`
    : named;
  return createIssue("UNIT_MISMATCH", { column: recordedAs, named: stated, found: unit, reason });
}

function judgeAcceleration(
  columns: readonly RecognisedColumn[],
  values: ValuesOf,
): [number, JudgedUnit][] {
  const families = new Set(
    columns.flatMap(({ name }) => /^(accel(?:_\w+)?)_x$/.exec(name)?.[1] ?? []),
  );
  return [...families].flatMap((family) => {
    const axes = ["x", "y", "z"].flatMap((axis) =>
      columns.filter(({ name, kind }) => name === `${family}_${axis}` && kind === "f64")
    );
    if (axes.length !== 3) return [];
    const judged = gravityUnit(axes.map(values));
    if (judged === undefined) return [];
    return axes.concat(columns.filter(({ name }) => name === `${family}_magnitude`))
      .map(({ index }): [number, JudgedUnit] => [index, judged]);
  });
}

function gravityUnit(axes: readonly (readonly number[])[]): JudgedUnit | undefined {
  const [x = [], y = [], z = []] = axes;
  const length = median(x.map((value, row) => rootSumSquares(value, y[row]!, z[row]!)));
  const found = GRAVITY_LENGTHS.find(({ low, high }) => length >= low && length <= high);
  if (found === undefined) return undefined;
  const rounded = Number(length.toPrecision(3));
  return {
    unit: found.unit,
    reason: `the acceleration vector is ${rounded} long, which is gravity`,
  };
}

function judgeResistance(
  columns: readonly RecognisedColumn[],
  values: ValuesOf,
): [number, JudgedUnit][] {
  const conductance = columns.find(({ name, unit }) => name === "gsr_conductance" && unit === "uS");
  const resistance = columns.find(({ name, kind }) => name === "gsr_resistance" && kind === "f64");
  if (conductance === undefined || resistance === undefined) return [];
  const ohms = values(resistance);
  const product = median(values(conductance).map((value, row) => value * ohms[row]!));
  const unit = near(product, 1e3) ? "kOhm" : near(product, 1e6) ? "Ohm" : undefined;
  if (unit === undefined) return [];
  return [[resistance.index, { unit, reason: "its product with the conductance is one" }]];
}

function near(value: number, target: number): boolean {
  return Math.abs(value / target - 1) < 0.05;
}
