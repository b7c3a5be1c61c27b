import { createIssue, type Issue } from "../../base/mod.ts";
import {
  arrayHead,
  bytesOf,
  element,
  fieldNameElements,
  joinBytes,
  MI,
  MX,
  padded,
  STORAGE,
  type Storage,
  tag,
  TAG_BYTES,
} from "./layout.ts";
import { matFieldNames } from "./names.ts";
import { charMatrix } from "./text.ts";
import type { MatChunk, MatColumn, MatColumnClass, MatTextColumn, MatValue } from "./values.ts";

/** Data that are asked for while the file is written. */
export interface MatStream {
  /** Size of the data, which must be met exactly. */
  readonly bytes: number;
  chunks(): AsyncIterable<Uint8Array>;
}

/** A part of the file whose size is known before it is written. */
export type MatPart = Uint8Array | MatStream;

/** A whole array element, ready to be written. */
export interface MatPlan {
  /** Size with the tag. May be beyond what the format can say. */
  readonly bytes: number;
  /** In order; streams are followed by their padding. */
  readonly parts: readonly MatPart[];
}

/** Size of the part in the file. */
export function partBytes(part: MatPart): number {
  return part instanceof Uint8Array ? part.length : part.bytes;
}

/** Plans the arrays of one file, which are named variables. Changed names are reported. */
export function planVariables(
  variables: Readonly<Record<string, MatValue>>,
  report: (issue: Issue) => void,
): MatPlan[] {
  const once = reportOnce(report);
  const names = acceptableNames(Object.keys(variables), once);
  return Object.values(variables).map((value, index) => planValue(names[index]!, value, once));
}

/** The same name often stands in many structs; it is reported at the first. */
function reportOnce(report: (issue: Issue) => void): (issue: Issue) => void {
  const seen = new Set<string>();
  return (issue) => {
    const key = JSON.stringify(issue.params);
    if (!seen.has(key)) report(issue);
    seen.add(key);
  };
}

function acceptableNames(names: readonly string[], report: (issue: Issue) => void): string[] {
  const fields = matFieldNames(names);
  for (const [index, field] of fields.entries()) {
    const name = names[index]!;
    if (name !== field) report(createIssue("MAT_NAME_CHANGED", { name, field }));
  }
  return fields;
}

function planValue(name: string, value: MatValue, report: (issue: Issue) => void): MatPlan {
  if (typeof value === "string") return fixed(charMatrix(name, value));
  if (typeof value !== "object") return planScalar(name, value);
  if (isStringList(value)) return planCells(name, value, report);
  if (ArrayBuffer.isView(value)) return planArray(name, classOf(value), [value.length, 1], value);
  switch (value.kind) {
    case "logical":
      return planArray(name, "logical", [value.values.length, 1], value.values);
    case "matrix":
      return planArray(name, "double", [value.rows, value.columns], value.values);
    case "cell":
      return planCells(name, value.values, report);
    case "struct": {
      const names = value.fields.map(([field]) => field);
      return planStructs(name, names, [value.fields.map(([, one]) => one)], report);
    }
    case "struct-array":
      return planStructs(name, value.names, value.elements, report);
    case "column":
      return planColumn(name, value);
    case "text-column":
      return planTextColumn(name, value);
  }
}

function isStringList(value: MatValue): value is readonly string[] {
  return Array.isArray(value);
}

function planScalar(name: string, value: number | bigint | boolean): MatPlan {
  if (typeof value === "number") return planArray(name, "double", [1, 1], Float64Array.of(value));
  if (typeof value === "boolean") {
    return planArray(name, "logical", [1, 1], Uint8Array.of(value ? 1 : 0));
  }
  if (BigInt.asIntN(64, value) !== value) {
    throw new RangeError(`Cannot write ${name} as int64: current value is ${value}`);
  }
  return planArray(name, "int64", [1, 1], BigInt64Array.of(value));
}

function classOf(values: MatChunk): MatColumnClass {
  if (values instanceof Float64Array) return "double";
  if (values instanceof Float32Array) return "single";
  if (values instanceof Int32Array) return "int32";
  return values instanceof BigInt64Array ? "int64" : "uint8";
}

function planArray(
  name: string,
  arrayClass: MatColumnClass,
  [rows, columns]: readonly [number, number],
  values: MatChunk,
): MatPlan {
  if (rows * columns !== values.length) {
    throw new RangeError(
      `Cannot write ${name} as ${rows} x ${columns}: it has ${values.length} values`,
    );
  }
  const storage: Storage = STORAGE[arrayClass];
  const dimensions: [number, number] = values.length === 0 ? [0, 0] : [rows, columns];
  return matrix([arrayHead(storage, dimensions, name), element(storage.type, bytesOf(values))]);
}

function planColumn(name: string, column: MatColumn): MatPlan {
  const storage: Storage = STORAGE[column.class];
  const bytes = checkedLength(name, column.length) * storage.bytesPerValue;
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of column.chunks()) yield bytesOf(chunk);
  };
  return matrix([
    arrayHead(storage, [column.length, 1], name),
    tag(storage.type, bytes),
    exactly(name, { bytes, chunks }),
    new Uint8Array(padded(bytes) - bytes),
  ]);
}

function planTextColumn(name: string, column: MatTextColumn): MatPlan {
  const head = arrayHead(
    { class: MX.cell, flags: 0 },
    [checkedLength(name, column.length), 1],
    name,
  );
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for await (const values of column.chunks()) {
      yield joinBytes(cellsOf(values));
    }
  };
  return matrix([head, exactly(name, { bytes: column.bytes, chunks })]);
}

/** The cells of some strings; equal ones are made once. */
function cellsOf(values: readonly string[]): Uint8Array[] {
  const known = new Map<string, Uint8Array>();
  return values.map((value) => {
    const cell = known.get(value) ?? charMatrix("", value);
    known.set(value, cell);
    return cell;
  });
}

function checkedLength(name: string, length: number): number {
  if (Number.isSafeInteger(length) && length >= 0) return length;
  throw new RangeError(`Cannot write column ${name}: current length is ${length}`);
}

/** A stream that fails rather than write more or less than it said: everything after would be unreadable. */
function exactly(name: string, { bytes, chunks }: MatStream): MatStream {
  const fail = (found: string): never => {
    throw new RangeError(
      `Cannot write column ${name}: ${bytes} bytes were declared, ${found} came`,
    );
  };
  return {
    bytes,
    async *chunks() {
      let found = 0;
      for await (const chunk of chunks()) {
        found += chunk.length;
        if (found > bytes) fail(`at least ${found}`);
        yield chunk;
      }
      if (found < bytes) fail(`only ${found}`);
    },
  };
}

function planCells(
  name: string,
  values: readonly MatValue[],
  report: (issue: Issue) => void,
): MatPlan {
  const dimensions: [number, number] = values.length === 0 ? [0, 0] : [values.length, 1];
  const head = arrayHead({ class: MX.cell, flags: 0 }, dimensions, name);
  return matrix([head, ...values.flatMap((value) => planValue("", value, report).parts)]);
}

function planStructs(
  name: string,
  names: readonly string[],
  elements: readonly (readonly MatValue[])[],
  report: (issue: Issue) => void,
): MatPlan {
  const odd = elements.find((values) => values.length !== names.length);
  if (odd !== undefined) {
    throw new RangeError(`Cannot write ${name}: ${names.length} names for ${odd.length} values`);
  }
  return matrix([
    arrayHead(
      { class: MX.struct, flags: 0 },
      [elements.length === 0 ? 0 : 1, elements.length],
      name,
    ),
    fieldNameElements(acceptableNames(names, report)),
    ...elements.flat().flatMap((value) => planValue("", value, report).parts),
  ]);
}

/** Puts the tag of an array in front of its contents. */
function matrix(contents: readonly MatPart[]): MatPlan {
  const bytes = contents.reduce((sum, part) => sum + partBytes(part), 0);
  // A size beyond 2^32 is refused before anything is written.
  return { bytes: TAG_BYTES + bytes, parts: [tag(MI.matrix, bytes), ...contents] };
}

function fixed(whole: Uint8Array): MatPlan {
  return { bytes: whole.length, parts: [whole] };
}
