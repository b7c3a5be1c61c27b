import type { ByteSink, ColumnData, ColumnKind, StreamSchema, TimeNs } from "../../base/mod.ts";
import type { Kernel } from "../../../wasm/mod.ts";
import { type CsvResult, CsvTableWriter, formatColumn, uniqueNames } from "./table_writer.ts";

/** A column of a combined table. */
export interface GridColumn {
  /** Name in the header, such as {@linkcode gridColumnName} makes it. */
  readonly name: string;
  readonly kind: ColumnKind;
}

/** Some consecutive rows of a combined table. */
export interface GridBatch {
  /** Times of the rows in ns on the reference clock. */
  readonly times: BigInt64Array;
  /** Parallel to the columns of the table. */
  readonly columns: readonly ColumnData[];
}

/** Options of {@linkcode GridCsvExporter}. */
export interface GridCsvOptions {
  /** Start of the session in ns on the reference clock: zero of `time_s`. */
  readonly originNs: TimeNs;
}

/**
 * Name of a column in a combined table: `<device>.<stream>.<column>`.
 *
 * @example
 * ```ts
 * import { gridColumnName } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const stream = { device: "phone_1", name: "gsr" };
 * assert.equal(gridColumnName(stream, "ppg"), "phone_1.gsr.ppg");
 * ```
 */
export function gridColumnName(
  { device, name }: Pick<StreamSchema, "device" | "name">,
  column: string,
): string {
  return `${device}.${name}.${column}`;
}

/**
 * Writes several streams on one time axis as CSV: `time_s`, `time_ns`, then the given columns. Where a
 * stream has no value the field is empty.
 *
 * @example
 * ```ts
 * import { type ByteSink, GridCsvExporter, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * let text = "";
 * const sink: ByteSink = {
 *   position: 0,
 *   write: (bytes) => Promise.resolve(void (text += new TextDecoder().decode(bytes))),
 *   writeAt: () => Promise.resolve(),
 *   commit: () => Promise.resolve(),
 *   abort: () => Promise.resolve(),
 * };
 * const columns = [{ name: "phone_1.gsr.gsr_conductance", kind: "f64" }] as const;
 * const exporter = new GridCsvExporter(new Kernel(), sink, columns, { originNs: 0n });
 * await exporter.write({
 *   times: BigInt64Array.of(0n, 10_000_000n),
 *   columns: [Float64Array.of(2.5, NaN)],
 * });
 * assert.deepEqual((await exporter.finish()).rows, 2);
 * assert.equal(text, "time_s,time_ns,phone_1.gsr.gsr_conductance\n0,0,2.5\n0.01,10000000,\n");
 * ```
 */
export class GridCsvExporter {
  readonly #writer: CsvTableWriter;
  readonly #columns: readonly GridColumn[];
  readonly #originNs: TimeNs;

  constructor(
    kernel: Kernel,
    sink: ByteSink,
    columns: readonly GridColumn[],
    { originNs }: GridCsvOptions,
  ) {
    this.#columns = columns;
    this.#originNs = originNs;
    const names = columns.map(({ name }) => name);
    this.#writer = new CsvTableWriter(kernel, sink, uniqueNames(["time_s", "time_ns", ...names]));
  }

  /** Appends rows. Throws `TypeError` when a column is not of the kind that was given. */
  async write({ times, columns }: GridBatch): Promise<void> {
    const { length } = times;
    await this.#writer.write([
      { kind: "seconds", values: times, originNs: this.#originNs },
      { kind: "i64", values: times },
      ...this.#columns.map((column, index) => formatColumn(column, columns[index], length)),
    ], length);
  }

  /** Commits the file; without any batch it holds the header alone. */
  async finish(): Promise<CsvResult> {
    return await this.#writer.finish();
  }

  /** Deletes what was written. */
  async abort(): Promise<void> {
    await this.#writer.abort();
  }
}
