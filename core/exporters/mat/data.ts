import type { MatValue } from "./values.ts";

/** Depth below which data are kept as JSON text: MATLAB is not made for deeper structs. */
const MAX_DEPTH = 16;

/**
 * Plain data, such as parsed JSON or a clock model, as MATLAB holds them.
 *
 * Objects become structs; a list of numbers a column, of equally long lists of numbers a matrix with one row
 * each, of strings a cell array of text, of objects with equal keys a struct array, of anything else a cell
 * array. Null and empty lists become an empty array. What lies deeper than 16 levels becomes JSON text.
 * Throws `TypeError` for what is not plain data, such as functions and maps.
 *
 * @example
 * ```ts
 * import { matData } from "session-process";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(matData({ rate: 51.2, name: "gsr" }), {
 *   kind: "struct",
 *   fields: [["rate", 51.2], ["name", "gsr"]],
 * });
 * assert.throws(() => matData(new Map()), TypeError);
 * ```
 */
export function matData(value: unknown): MatValue {
  return convert(value, 0);
}

function convert(value: unknown, depth: number): MatValue {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "bigint":
      return BigInt.asIntN(64, value) === value ? value : String(value);
    case "undefined":
      return new Float64Array();
    case "object":
      return value === null ? new Float64Array() : convertObject(value, depth);
    default:
      throw new TypeError(`Cannot write data to a MAT-file: current type is ${typeof value}`);
  }
}

function convertObject(value: object, depth: number): MatValue {
  if (ArrayBuffer.isView(value)) return convertArray(value);
  if (depth >= MAX_DEPTH) return dataText(value);
  if (Array.isArray(value)) return convertList(value, depth);
  if (Symbol.iterator in value || value instanceof Date) {
    throw new TypeError(
      `Cannot write data to a MAT-file: current type is ${value.constructor.name}`,
    );
  }
  const fields = entriesOf(value).map(([key, one]) => [key, convert(one, depth + 1)] as const);
  return { kind: "struct", fields };
}

/** Typed arrays that MATLAB has no class for here become doubles, which hold all their values. */
function convertArray(view: ArrayBufferView): MatValue {
  if (
    view instanceof Float64Array || view instanceof Float32Array || view instanceof Int32Array ||
    view instanceof BigInt64Array || view instanceof Uint8Array
  ) return view;
  if (
    view instanceof Uint32Array || view instanceof Uint16Array || view instanceof Int16Array ||
    view instanceof Int8Array
  ) return Float64Array.from(view);
  throw new TypeError(`Cannot write data to a MAT-file: current type is ${view.constructor.name}`);
}

function convertList(values: readonly unknown[], depth: number): MatValue {
  if (values.every((value) => typeof value === "number")) return Float64Array.from(values);
  if (values.every((value) => typeof value === "string")) return values;
  return matrixOf(values) ?? structsOf(values, depth) ?? {
    kind: "cell",
    values: values.map((value) => convert(value, depth + 1)),
  };
}

/** Equally long lists of numbers as the rows of a matrix. */
function matrixOf(rows: readonly unknown[]): MatValue | undefined {
  const columns = Array.isArray(rows[0]) ? rows[0].length : 0;
  const isRow = (row: unknown): row is number[] =>
    Array.isArray(row) && row.length === columns && row.every((one) => typeof one === "number");
  if (columns === 0 || !rows.every(isRow)) return undefined;
  const values = new Float64Array(rows.length * columns);
  for (const [r, row] of rows.entries()) {
    for (const [c, value] of row.entries()) values[c * rows.length + r] = value;
  }
  return { kind: "matrix", rows: rows.length, columns, values };
}

/** Objects with the same keys as a struct array. */
function structsOf(values: readonly unknown[], depth: number): MatValue | undefined {
  if (!values.every(isPlainObject)) return undefined;
  const elements = values.map((value) => new Map(entriesOf(value)));
  const names = [...elements[0]?.keys() ?? []];
  const isAlike = elements.every((one) =>
    one.size === names.length && names.every((name) => one.has(name))
  );
  if (!isAlike || names.length === 0) return undefined;
  const cells = elements.map((one) => names.map((name) => convert(one.get(name), depth + 1)));
  return { kind: "struct-array", names, elements: cells };
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !ArrayBuffer.isView(value) && !(Symbol.iterator in value);
}

/** Entries that have a value. */
function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, one]) => one !== undefined);
}

/** Data as JSON text, integers beyond 2^53 as strings; empty when they nest too deeply for the platform. */
export function dataText(value: unknown): string {
  try {
    return JSON.stringify(value, (_, one) => typeof one === "bigint" ? String(one) : one) ?? "";
  } catch (thrown) {
    // The call stack ends after some thousand levels.
    if (thrown instanceof RangeError) return "";
    throw thrown;
  }
}
