import {
  type AlignedBatch,
  type ByteSink,
  type ByteSource,
  type ColumnData,
  type ColumnKind,
  type StreamSchema,
  throwIfCancelled,
} from "../base/mod.ts";
import { decodeState, encodeState } from "./codec.ts";

/**
 * A stream with its aligned times as column chunks in one file, from which every exporter reads. It can be
 * read row-wise (batches) and column-wise (one column from front to back), both with bounded memory.
 *
 * Layout: chunks of rows; in each, the parts of {@linkcode chunkParts} follow each other as little-endian
 * arrays, each filled up to a multiple of eight bytes; then the index as JSON; then the index's length as a
 * 32-bit integer. Texts are JSON: a list of them, or of texts each followed by how often it repeats.
 */
interface StoreIndex {
  readonly rows: number;
  /** Rows of each chunk. */
  readonly chunkRows: readonly number[];
  /** For each chunk, the offset of each part and the end of the last one. */
  readonly offsets: readonly (readonly number[])[];
}

/** Times, reference times and sigmas stand before the columns of the schema. */
const LEADING_PARTS = 3;

/** Spaces, which are none to numbers and flags behind their last, and which JSON ignores. */
const PADDING = new Uint8Array(7).fill(0x20);

/** Writes an aligned stream. */
export class AlignedStoreWriter {
  readonly #sink: ByteSink;
  readonly #chunkRows: number[] = [];
  readonly #offsets: number[][] = [];
  #rows = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Appends a batch. */
  async write(batch: AlignedBatch): Promise<void> {
    if (batch.length === 0) return;
    const offsets: number[] = [];
    for (const part of [batch.times, batch.referenceTimes, batch.sigmas, ...batch.columns]) {
      offsets.push(this.#sink.position);
      const bytes = partBytes(part);
      await this.#sink.write(bytes);
      await this.#sink.write(PADDING.subarray(0, -bytes.length & 7));
    }
    offsets.push(this.#sink.position);
    this.#offsets.push(offsets);
    this.#chunkRows.push(batch.length);
    this.#rows += batch.length;
  }

  /** Writes the index and gives the file its name. */
  async finish(): Promise<void> {
    const index: StoreIndex = {
      rows: this.#rows,
      chunkRows: this.#chunkRows,
      offsets: this.#offsets,
    };
    const bytes = new TextEncoder().encode(encodeState(index));
    await this.#sink.write(bytes);
    await this.#sink.write(new Uint8Array(new Uint32Array([bytes.length]).buffer));
    await this.#sink.commit();
  }
}

/** Reads an aligned stream. */
export class AlignedStore {
  readonly schema: StreamSchema;
  readonly #source: ByteSource;
  readonly #index: StoreIndex;

  private constructor(source: ByteSource, schema: StreamSchema, index: StoreIndex) {
    this.schema = schema;
    this.#source = source;
    this.#index = index;
  }

  /** Opens a store that was finished. Throws `Error` when it was not. */
  static async open(source: ByteSource, schema: StreamSchema): Promise<AlignedStore> {
    const tail = await source.read(source.size - 4, 4);
    const length = new DataView(tail.buffer, tail.byteOffset, 4).getUint32(0, true);
    const text = new TextDecoder().decode(await source.read(source.size - 4 - length, length));
    return new AlignedStore(source, schema, decodeState(text) as StoreIndex);
  }

  /** Number of samples. */
  get rows(): number {
    return this.#index.rows;
  }

  /**
   * All samples from front to back, with the columns of the given indices. Each batch is valid until the next is
   * asked for.
   */
  async *batches(
    columnIndices: readonly number[],
    signal?: AbortSignal,
  ): AsyncGenerator<AlignedBatch> {
    let firstRow = 0;
    for (const [chunk, length] of this.#index.chunkRows.entries()) {
      throwIfCancelled(signal);
      const offsets = this.#index.offsets[chunk]!;
      const bytes = await this.#read(offsets[0]!, offsets.at(-1)!);
      const part = (index: number, kind: ColumnKind) => {
        const from = offsets[index]! - offsets[0]!;
        return viewOf(bytes.subarray(from, offsets[index + 1]! - offsets[0]!), kind, length);
      };
      const times = part(0, "i64") as BigInt64Array;
      const referenceTimes = part(1, "i64") as BigInt64Array;
      const sigmas = part(2, "f64") as Float64Array;
      const columns = columnIndices.map((index) =>
        part(LEADING_PARTS + index, this.schema.columns[index]!.kind)
      );
      yield { firstRow, length, times, referenceTimes, sigmas, columns };
      firstRow += length;
    }
  }

  /**
   * One part from front to back: `times`, `referenceTimes`, `sigmas`, or a column by its index. Each piece is valid
   * until the next is asked for.
   */
  async *part(
    name: "times" | "referenceTimes" | "sigmas" | number,
    signal?: AbortSignal,
  ): AsyncGenerator<ColumnData> {
    const part = typeof name === "number"
      ? LEADING_PARTS + name
      : ["times", "referenceTimes", "sigmas"].indexOf(name);
    const kind = typeof name === "number"
      ? this.schema.columns[name]!.kind
      : name === "sigmas"
      ? "f64"
      : "i64";
    for (const [chunk, length] of this.#index.chunkRows.entries()) {
      throwIfCancelled(signal);
      const offsets = this.#index.offsets[chunk]!;
      yield viewOf(await this.#read(offsets[part]!, offsets[part + 1]!), kind, length);
    }
  }

  /** Releases the file. */
  async close(): Promise<void> {
    await this.#source.close();
  }

  /** Bytes that are valid until the next are read, at an address on which numbers may lie. */
  async #read(from: number, to: number): Promise<Uint8Array> {
    const bytes = await this.#source.read(from, to - from);
    if (bytes.length !== to - from) {
      throw new Error(`Cannot read aligned samples: ${to - from - bytes.length} bytes are missing`);
    }
    return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array, kind: ColumnKind, rows: number) {
  switch (kind) {
    case "f64":
      return new Float64Array(buffer, byteOffset, rows);
    case "i64":
      return new BigInt64Array(buffer, byteOffset, rows);
    case "bool":
      return new Uint8Array(buffer, byteOffset, rows);
    case "text":
      return textsOf(new Uint8Array(buffer, byteOffset, byteLength), rows);
  }
}

function partBytes(part: ColumnData): Uint8Array {
  if (part instanceof Uint8Array) return part;
  if (part instanceof Float64Array || part instanceof BigInt64Array) {
    return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  }
  return new TextEncoder().encode(JSON.stringify(runsOf(part) ?? part));
}

/** Texts that repeat as each text and its number in turn; undefined when that saves nothing. */
function runsOf(texts: readonly string[]): readonly (string | number)[] | undefined {
  const runs: (string | number)[] = [];
  for (let from = 0, to = 1; from < texts.length; from = to++) {
    while (to < texts.length && texts[to] === texts[from]) to++;
    runs.push(texts[from]!, to - from);
    if (runs.length > texts.length) return undefined;
  }
  return runs;
}

function textsOf(bytes: Uint8Array, rows: number): readonly string[] {
  const stored = JSON.parse(new TextDecoder().decode(bytes)) as readonly (string | number)[];
  if (typeof stored[1] !== "number") return stored as readonly string[];
  const texts = new Array<string>(rows);
  for (let run = 0, row = 0; run < stored.length; run += 2) {
    const end = row + (stored[run + 1] as number);
    texts.fill(stored[run] as string, row, end);
    row = end;
  }
  return texts;
}
