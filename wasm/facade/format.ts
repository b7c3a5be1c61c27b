import type { Kernel, KernelBuffer } from "./kernel.ts";

/**
 * One column of a table to be written.
 *
 * - `f64`: missing is NaN. Written with the fewest digits that read back as the same float.
 * - `i64`: missing is the smallest int64.
 * - `bool`: 0 or 1, missing is 255.
 * - `seconds`: times in ns, written as decimal seconds since `originNs`, exact to the nanosecond.
 * - `ns-as-seconds`: spans in ns, written in seconds.
 * - `text`: written as UTF-8, quoted where RFC 4180 asks for it.
 */
export type FormatColumn =
  | { readonly kind: "f64" | "ns-as-seconds"; readonly values: Float64Array }
  | { readonly kind: "i64"; readonly values: BigInt64Array }
  | { readonly kind: "bool"; readonly values: Uint8Array }
  | { readonly kind: "seconds"; readonly values: BigInt64Array; readonly originNs: bigint }
  | { readonly kind: "text"; readonly values: readonly string[] };

/** The numbers of the kinds, as the seam defines them. A column is described by five words. */
const KINDS = { f64: 0, i64: 1, bool: 2, seconds: 3, "ns-as-seconds": 4, text: 5 } as const;
/** Output is handed over in pieces of about this size. */
const PIECE_BYTES = 1 << 20;

/**
 * Turns columns into CSV rows.
 *
 * Fields are separated by commas, rows end with a line feed, a missing value is an empty field. Floats are
 * written as ECMAScript writes them (with `-0` for negative zero), so that they read back to the last bit.
 *
 * @example
 * ```ts
 * import { Kernel, RowFormatter } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const formatter = new RowFormatter(new Kernel());
 * const rows = formatter.format([
 *   { kind: "f64", values: Float64Array.of(0.1, NaN) },
 *   { kind: "text", values: ["a,b", ""] },
 * ], 2);
 * const text = Array.from(rows, (piece) => new TextDecoder().decode(piece)).join("");
 * assert.equal(text, '0.1,"a,b"\n,\n');
 * formatter.dispose();
 * ```
 */
export class RowFormatter {
  readonly #kernel: Kernel;
  readonly #out: number;
  #piece = new Uint8Array(0);
  #disposed = false;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#out = kernel.call("sp_format_new") >>> 0;
  }

  /**
   * Yields the rows of some columns in pieces of about 1 MiB, each valid until the next is asked for.
   *
   * Throws `RangeError` when a column has not `length` values. The columns are copied before the first
   * piece is yielded.
   */
  *format(columns: readonly FormatColumn[], length: number): Generator<Uint8Array> {
    if (this.#disposed) throw new TypeError("Cannot format rows: the formatter was disposed");
    checkLengths(columns, length);
    const arena = new Arena(this.#kernel);
    try {
      const words = columns.flatMap((column) => describeColumn(arena, column));
      const descriptors = arena.add(Uint32Array.from(words));
      for (let row = 0; row < length;) {
        row = this.#rows(descriptors, columns.length, length, row);
        yield this.#output();
      }
    } finally {
      arena.free();
    }
  }

  /** Gives the memory of the formatter back to the kernel. */
  dispose(): void {
    if (!this.#disposed) this.#kernel.call("sp_format_free", this.#out);
    this.#disposed = true;
  }

  #rows(descriptors: number, count: number, length: number, from: number): number {
    const call = this.#kernel.call.bind(this.#kernel);
    return call("sp_format_rows", this.#out, descriptors, count, length, from, PIECE_BYTES) >>> 0;
  }

  #output(): Uint8Array {
    const pointer = this.#kernel.call("sp_format_pointer", this.#out) >>> 0;
    const bytes = this.#kernel.call("sp_format_bytes", this.#out) >>> 0;
    if (this.#piece.length < bytes) this.#piece = new Uint8Array(bytes);
    this.#piece.set(this.#kernel.u8({ pointer, bytes }));
    return this.#piece.subarray(0, bytes);
  }
}

/** The buffers of one call, freed together. */
class Arena {
  readonly #buffers: KernelBuffer[] = [];

  constructor(readonly kernel: Kernel) {}

  reserve(bytes: number): KernelBuffer {
    const buffer = this.kernel.alloc(bytes);
    this.#buffers.push(buffer);
    return buffer;
  }

  /** Copies the bytes of an array and returns where they lie. */
  add(values: ArrayBufferView): number {
    const buffer = this.reserve(values.byteLength);
    const { buffer: source, byteOffset, byteLength } = values;
    this.kernel.u8(buffer).set(new Uint8Array(source, byteOffset, byteLength));
    return buffer.pointer;
  }

  free(): void {
    for (const buffer of this.#buffers.splice(0)) this.kernel.free(buffer);
  }
}

function checkLengths(columns: readonly FormatColumn[], length: number): void {
  for (const [index, { values }] of columns.entries()) {
    if (values.length !== length) {
      throw new RangeError(
        `Cannot format ${length} rows: column ${index} has ${values.length} values`,
      );
    }
  }
}

function describeColumn(arena: Arena, column: FormatColumn): number[] {
  const kind = KINDS[column.kind];
  if (column.kind === "text") return [kind, ...addText(arena, column.values)];
  const words = [kind, arena.add(column.values), 0, 0, 0];
  if (column.kind === "seconds") words.splice(2, 2, ...splitInt64(column.originNs));
  return words;
}

/** Low and high half of an int64, since the seam takes 32-bit words. */
function splitInt64(value: bigint): [low: number, high: number] {
  const unsigned = BigInt.asUintN(64, value);
  return [Number(unsigned & 0xffff_ffffn), Number(unsigned >> 32n)];
}

/** Stores each distinct string once, and for each row which one it is. */
function addText(arena: Arena, values: readonly string[]): number[] {
  const entries = new Map<string, number>();
  const codes = new Uint32Array(values.length);
  let units = 0;
  let last: string | undefined;
  let code = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value !== last) {
      code = entries.get(value) ?? entries.size;
      if (code === entries.size) units += value.length;
      entries.set(value, code);
      last = value;
    }
    codes[row] = code;
  }
  const offsets = new Uint32Array(entries.size + 1);
  const bytes = encodeEntries(arena, entries.keys(), units, offsets);
  return [arena.add(codes), arena.add(offsets), entries.size, bytes];
}

/** Writes strings end to end as UTF-8 into the kernel and fills in where each one starts. */
function encodeEntries(
  arena: Arena,
  entries: Iterable<string>,
  units: number,
  offsets: Uint32Array,
): number {
  // UTF-8 needs at most three bytes for each UTF-16 unit.
  const buffer = arena.reserve(units * 3);
  const target = arena.kernel.u8(buffer);
  const encoder = new TextEncoder();
  let end = 0;
  let index = 0;
  for (const entry of entries) {
    end += encoder.encodeInto(entry, target.subarray(end)).written;
    offsets[++index] = end;
  }
  return buffer.pointer;
}

/**
 * Times in ns as seconds since an origin; NaN where a time is missing. Each is the nearest float to the
 * exact quotient for spans below 2^53 ns, which is 104 days.
 *
 * @example
 * ```ts
 * import { Kernel, secondsSinceOrigin } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const times = BigInt64Array.of(1_000_000_000n, 1_123_456_789n);
 * assert.deepEqual([...secondsSinceOrigin(new Kernel(), times, 1_000_000_000n)], [0, 0.123456789]);
 * ```
 */
export function secondsSinceOrigin(
  kernel: Kernel,
  times: BigInt64Array,
  originNs: bigint,
): Float64Array {
  const arena = new Arena(kernel);
  try {
    const pointer = arena.add(times);
    const seconds = arena.reserve(times.length * 8);
    const origin = splitInt64(originNs);
    kernel.call("sp_seconds_since", pointer, times.length, ...origin, seconds.pointer);
    return kernel.f64(seconds).slice();
  } finally {
    arena.free();
  }
}
