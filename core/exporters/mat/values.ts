/** Numbers of a streamed column: typed values, or their little-endian bytes. */
export type MatChunk = Float64Array | Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** Classes that a streamed column can have in MATLAB. */
export type MatColumnClass = "double" | "single" | "int32" | "int64" | "uint8" | "logical";

/** An N x 1 numeric array that is streamed into the file and never held. */
export interface MatColumn {
  readonly kind: "column";
  readonly class: MatColumnClass;
  /** Number of values. */
  readonly length: number;
  /** Yields exactly `length` values in order. Called once; a chunk is valid until the next is asked for. */
  chunks(): AsyncIterable<MatChunk>;
}

/** An N x 1 cell array of text that is streamed into the file and never held. */
export interface MatTextColumn {
  readonly kind: "text-column";
  /** Number of strings. */
  readonly length: number;
  /** Size of all cells in the file, as `MatTextSizer` counts it over the same strings. */
  readonly bytes: number;
  /** Yields exactly `length` strings in order. Called once. */
  chunks(): AsyncIterable<readonly string[]>;
}

/** An N x 1 logical array: 0 is false, everything else is true. */
export interface MatLogical {
  readonly kind: "logical";
  readonly values: Uint8Array;
}

/** A matrix of doubles, column by column as MATLAB stores it. */
export interface MatMatrix {
  readonly kind: "matrix";
  readonly rows: number;
  readonly columns: number;
  /** `rows * columns` values, the first column first. */
  readonly values: Float64Array;
}

/** An N x 1 cell array. */
export interface MatCell {
  readonly kind: "cell";
  readonly values: readonly MatValue[];
}

/** Fields of a struct, in order. */
export type MatFields = readonly (readonly [name: string, value: MatValue])[];

/** A 1 x 1 struct. Names that MATLAB does not accept are changed and reported. */
export interface MatStruct {
  readonly kind: "struct";
  readonly fields: MatFields;
}

/** A 1 x N array of structs with the same fields. */
export interface MatStructArray {
  readonly kind: "struct-array";
  readonly names: readonly string[];
  /** For each struct, its values in the order of `names`. */
  readonly elements: readonly (readonly MatValue[])[];
}

/**
 * Anything that a MAT-file can hold here.
 *
 * A number becomes a double, a bigint an int64, a boolean a logical, a string a char row; a typed array an
 * N x 1 column of its class, a list of strings an N x 1 cell array.
 */
export type MatValue =
  | number
  | bigint
  | boolean
  | string
  | readonly string[]
  | MatChunk
  | MatLogical
  | MatMatrix
  | MatCell
  | MatStruct
  | MatStructArray
  | MatColumn
  | MatTextColumn;
