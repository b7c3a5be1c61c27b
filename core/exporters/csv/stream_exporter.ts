import type { AlignedBatch, ByteSink, ColumnSpec, StreamSchema, TimeNs } from "../../base/mod.ts";
import type { FormatColumn, Kernel } from "../../../wasm/mod.ts";
import { type CsvResult, CsvTableWriter, formatColumn, head, uniqueNames } from "./table_writer.ts";

/** Options of {@linkcode CsvStreamExporter}. */
export interface CsvStreamOptions {
  /** Start of the session in ns on the reference clock: zero of `time_s`. */
  readonly originNs: TimeNs;
}

/** One column of a CSV file of a stream, as the description beside it lists it. */
export interface CsvColumnDescription {
  /** Name in the header. */
  readonly name: string;
  readonly description: string;
  readonly unit?: string;
  /** Clock of a column of times. */
  readonly clock?: string;
  /** Name in the recorded file. */
  readonly recordedAs?: string;
}

/**
 * Writes the samples of one stream as CSV: `time_s`, `time_ns`, `sigma_s`, `device_ns`, then the
 * columns of the schema. The layout is described in `docs/formats/exports.md`.
 *
 * Times are exact to the nanosecond, floats read back to the last bit, missing values are empty. A column
 * whose name is one of the above is numbered. Each batch is formatted by one call of the kernel.
 *
 * @example
 * ```ts
 * import { type ByteSink, CsvStreamExporter, Kernel, type StreamSchema } from "session-process";
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
 * const schema: StreamSchema = {
 *   id: "shimmer_1/gsr",
 *   device: "shimmer_1",
 *   name: "gsr",
 *   columns: [{ name: "gsr_conductance", kind: "f64", unit: "uS" }],
 *   clock: { id: "shimmer_1/device", kind: "device" },
 *   resolutionNs: 1,
 * };
 * const exporter = new CsvStreamExporter(new Kernel(), sink, schema, { originNs: 1_000_000_000n });
 * await exporter.write({
 *   firstRow: 0,
 *   length: 1,
 *   times: BigInt64Array.of(42n),
 *   referenceTimes: BigInt64Array.of(1_500_000_000n),
 *   sigmas: Float64Array.of(2e6),
 *   columns: [Float64Array.of(0.1)],
 * });
 * await exporter.finish();
 * assert.equal(
 *   text,
 *   "time_s,time_ns,sigma_s,device_ns,gsr_conductance\n0.5,1500000000,0.002,42,0.1\n",
 * );
 * ```
 */
export class CsvStreamExporter {
  readonly #writer: CsvTableWriter;
  readonly #schema: StreamSchema;
  readonly #originNs: TimeNs;

  constructor(kernel: Kernel, sink: ByteSink, schema: StreamSchema, options: CsvStreamOptions) {
    this.#schema = schema;
    this.#originNs = options.originNs;
    this.#writer = new CsvTableWriter(kernel, sink, headerOf(schema));
  }

  /** Appends the samples of a batch. Throws `TypeError` when a column is not of the kind of its schema. */
  async write(batch: AlignedBatch): Promise<void> {
    await this.#writer.write(this.#columns(batch), batch.length);
  }

  /** Commits the file; without any batch it holds the header alone. */
  async finish(): Promise<CsvResult> {
    return await this.#writer.finish();
  }

  /** Deletes what was written. */
  async abort(): Promise<void> {
    await this.#writer.abort();
  }

  #columns(batch: AlignedBatch): FormatColumn[] {
    const { length } = batch;
    const times = head(batch.referenceTimes, length);
    const columns: FormatColumn[] = [
      { kind: "seconds", values: times, originNs: this.#originNs },
      { kind: "i64", values: times },
      { kind: "ns-as-seconds", values: head(batch.sigmas, length) },
      { kind: "i64", values: head(batch.times, length) },
    ];
    const values = this.#schema.columns.map((spec, index) =>
      formatColumn(spec, batch.columns[index], length)
    );
    return [...columns, ...values];
  }
}

function timeColumns(schema: StreamSchema, reference: string): CsvColumnDescription[] {
  return [
    { name: "time_s", unit: "s", clock: reference, description: "Time since the session started" },
    { name: "time_ns", unit: "ns", clock: reference, description: "Time on the reference clock" },
    { name: "sigma_s", unit: "s", description: "Standard uncertainty of time_s" },
    { name: "device_ns", unit: "ns", clock: schema.clock.id, description: "Time as recorded" },
  ];
}

function valueColumn({ kind, unit, recordedAs, categorical }: ColumnSpec, name: string) {
  const labels = categorical || kind === "text" ? ", a label rather than a quantity" : "";
  return {
    name,
    description: `Recorded value (${kind})${labels}`,
    ...(unit === undefined ? {} : { unit }),
    ...(recordedAs === undefined ? {} : { recordedAs }),
  };
}

/**
 * Describes the columns of the CSV file of a stream, for the JSON file beside it.
 *
 * @param reference Name of the reference clock.
 *
 * @example
 * ```ts
 * import { describeCsvColumns } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const clock = { id: "phone_1/utc", kind: "utc" } as const;
 * const described = describeCsvColumns({
 *   id: "phone_1/gsr",
 *   device: "phone_1",
 *   name: "gsr",
 *   columns: [{ name: "gsr_conductance", kind: "f64", unit: "uS" }],
 *   clock,
 *   resolutionNs: 1,
 * }, "pc/utc");
 * assert.deepEqual(described.map(({ unit }) => unit), ["s", "ns", "s", "ns", "uS"]);
 * ```
 */
export function describeCsvColumns(
  schema: StreamSchema,
  reference: string,
): CsvColumnDescription[] {
  const times = timeColumns(schema, reference);
  const names = headerOf(schema).slice(times.length);
  return [...times, ...schema.columns.map((spec, index) => valueColumn(spec, names[index]!))];
}

function headerOf(schema: StreamSchema): string[] {
  const times = timeColumns(schema, "").map(({ name }) => name);
  return uniqueNames([...times, ...schema.columns.map(({ name }) => name)]);
}
