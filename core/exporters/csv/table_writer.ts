import type { ByteSink, ColumnData, ColumnKind } from "../../base/mod.ts";
import { type FormatColumn, type Kernel, RowFormatter } from "../../../wasm/mod.ts";

/** What was written to a CSV file. */
export interface CsvResult {
  /** Rows without the header. */
  readonly rows: number;
  readonly bytes: number;
}

/** Writes a header and then rows, batch by batch. */
export class CsvTableWriter {
  readonly #sink: ByteSink;
  readonly #formatter: RowFormatter;
  readonly #header: readonly string[];
  #rows = 0;
  #started = false;

  constructor(kernel: Kernel, sink: ByteSink, header: readonly string[]) {
    this.#sink = sink;
    this.#header = header;
    this.#formatter = new RowFormatter(kernel);
  }

  /** Appends rows. The columns may be overwritten once the promise has settled. */
  async write(columns: readonly FormatColumn[], length: number): Promise<void> {
    await this.#start();
    await this.#append(columns, length);
    this.#rows += length;
  }

  /** Writes the header if nothing was written, commits the file and frees the formatter. */
  async finish(): Promise<CsvResult> {
    await this.#start();
    await this.#sink.commit();
    this.#formatter.dispose();
    return { rows: this.#rows, bytes: this.#sink.position };
  }

  /** Deletes what was written and frees the formatter. */
  async abort(): Promise<void> {
    this.#formatter.dispose();
    await this.#sink.abort();
  }

  async #start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    await this.#append(this.#header.map((name) => ({ kind: "text", values: [name] })), 1);
  }

  async #append(columns: readonly FormatColumn[], length: number): Promise<void> {
    for (const piece of this.#formatter.format(columns, length)) await this.#sink.write(piece);
  }
}

/** The first `length` values of a column in the form that the formatter takes. */
export function formatColumn(
  { name, kind }: { readonly name: string; readonly kind: ColumnKind },
  data: ColumnData | undefined,
  length: number,
): FormatColumn {
  if (kind === "f64" && data instanceof Float64Array) return { kind, values: head(data, length) };
  if (kind === "i64" && data instanceof BigInt64Array) return { kind, values: head(data, length) };
  if (kind === "bool" && data instanceof Uint8Array) return { kind, values: head(data, length) };
  if (kind === "text" && Array.isArray(data)) {
    return { kind, values: data.length === length ? data : data.slice(0, length) };
  }
  const found = data === undefined ? "missing" : data.constructor.name;
  throw new TypeError(`Cannot write column ${name} as ${kind}: current data is ${found}`);
}

/** A view of the first values; the array itself when it has no more. */
export function head<Values extends Float64Array | BigInt64Array | Uint8Array>(
  values: Values,
  length: number,
): Values {
  return values.length === length ? values : values.subarray(0, length) as Values;
}

/** Names made unique by numbering the later ones. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let number = 2; taken.has(unique); number++) unique = `${name}_${number}`;
    taken.add(unique);
    return unique;
  });
}
