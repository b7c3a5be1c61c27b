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
 * arrays; then the index as JSON; then the index's length as a 32-bit integer.
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
      await this.#sink.write(partBytes(part));
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
    const tail = await copy(source, source.size - 4, 4);
    const length = new DataView(tail.buffer).getUint32(0, true);
    const text = new TextDecoder().decode(await copy(source, source.size - 4 - length, length));
    return new AlignedStore(source, schema, decodeState(text) as StoreIndex);
  }

  /** Number of samples. */
  get rows(): number {
    return this.#index.rows;
  }

  /** All samples from front to back. */
  async *batches(signal?: AbortSignal): AsyncGenerator<AlignedBatch> {
    let firstRow = 0;
    for (const [chunk, length] of this.#index.chunkRows.entries()) {
      throwIfCancelled(signal);
      const [times, referenceTimes, sigmas] = [
        await this.#part(chunk, 0, "i64") as BigInt64Array,
        await this.#part(chunk, 1, "i64") as BigInt64Array,
        await this.#part(chunk, 2, "f64") as Float64Array,
      ];
      const columns: ColumnData[] = [];
      for (const [index, { kind }] of this.schema.columns.entries()) {
        columns.push(await this.#part(chunk, LEADING_PARTS + index, kind));
      }
      yield { firstRow, length, times, referenceTimes, sigmas, columns };
      firstRow += length;
    }
  }

  /** One part from front to back: `times`, `referenceTimes`, `sigmas`, or a column by its index. */
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
    for (const chunk of this.#index.chunkRows.keys()) {
      throwIfCancelled(signal);
      yield await this.#part(chunk, part, kind);
    }
  }

  /** Releases the file. */
  async close(): Promise<void> {
    await this.#source.close();
  }

  async #part(chunk: number, part: number, kind: ColumnKind): Promise<ColumnData> {
    const offsets = this.#index.offsets[chunk]!;
    const bytes = await copy(this.#source, offsets[part]!, offsets[part + 1]! - offsets[part]!);
    if (kind === "f64") return new Float64Array(bytes.buffer);
    if (kind === "i64") return new BigInt64Array(bytes.buffer);
    return kind === "bool" ? bytes : textOf(bytes);
  }
}

function partBytes(part: ColumnData): Uint8Array {
  if (part instanceof Uint8Array) return part;
  if (part instanceof Float64Array || part instanceof BigInt64Array) {
    return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  }
  return new TextEncoder().encode(JSON.stringify(part));
}

function textOf(bytes: Uint8Array): readonly string[] {
  return JSON.parse(new TextDecoder().decode(bytes)) as string[];
}

/** Reads into memory of its own: a source may reuse its buffer, and arrays need aligned bytes. */
async function copy(
  source: ByteSource,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  const read = await source.read(offset, length);
  if (read.length !== length) {
    throw new Error(`Cannot read aligned samples: ${length - read.length} bytes are missing`);
  }
  bytes.set(read);
  return bytes;
}
