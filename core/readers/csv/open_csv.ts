import {
  type ByteSource,
  type ColumnSpec,
  createIssue,
  type Issue,
  type IssueWhere,
  type ReportIssue,
  type StreamReader,
  type StreamSchema,
  throwIfCancelled,
  type TimeSpan,
} from "../../base/mod.ts";
import type { CsvColumnType, Kernel } from "../../../wasm/mod.ts";
import { isMissingCell } from "./cells.ts";
import { recogniseColumns, type RecognisedColumns } from "./columns.ts";
import { CsvStreamReader, type TablePlan } from "./csv_stream.ts";
import { encodingName } from "./encoding.ts";
import { readTableHead, type TableHead } from "./head.ts";
import { inferTime, type TimePlan } from "./infer_time.ts";
import type { StatedTime, TimeContext } from "./time_columns.ts";
import { layOutTable, type TableLayout } from "./layout.ts";
import type { RecognisedColumn, TimeReading } from "./types.ts";
import { nsExponent } from "./units.ts";

/** Longest line that is read; a row with two images in base64 is below half a megabyte. */
const MAX_LINE_BYTES = 1 << 24;

/** Share of control characters from which a file is no text. */
const CONTROL_LIMIT = 0.3;

/** Rows from which empty cells say that a column has its own rate. */
const ROWS_FOR_RATES = 10;

/**
 * A host stamps the samples of a wireless sensor when they arrive, mostly within 40 ms: the width of a uniform
 * delay that is not corrected for.
 */
const WIRELESS_SIGMA_NS = 40e6 / Math.sqrt(3);

/** Options of {@linkcode openCsv}. */
export interface OpenCsvOptions {
  readonly kernel: Kernel;
  /** Path of the file in the session, for issues. */
  readonly path: string;
  /** Device that the table belongs to. */
  readonly device: string;
  /** Name of the stream within its device. */
  readonly name: string;
  /** Receives what is noticed about the table as a whole. Defects of rows go to the reader's own `report`. */
  readonly report?: ReportIssue | undefined;
  /** Span of the session, in UTC or wall time; helps to tell units apart. */
  readonly sessionWindow?: TimeSpan;
  readonly signal?: AbortSignal | undefined;
  /** Phone or computer that received and stamped the samples, when it is not the device. @default {device} */
  readonly hostDevice?: string;
  /**
   * Name of the sensor whose counter stamps the samples; its clock is `<sensor>/device`. Two sensors that one
   * phone records need different ones. By default it is the device where a table has a column for the time of
   * the sensor, and `<device>/<name>` for other counts, which no other stream shares.
   */
  readonly sensor?: string;
  /** What the user states about the time column. */
  readonly timeColumn?: StatedTime;
  /** Units of columns that the user states, by header text. */
  readonly columnUnits?: Readonly<Record<string, string>>;
}

/**
 * Opens a table of samples: finds out its encoding, dialect, columns, units and clocks from its first lines.
 *
 * The reader yields all columns of the file. Those that hold times are int64 ns (unit `ns`); one of them is
 * also the time of the sample, another, when the table pairs two clocks, its host time. A table whose times
 * cannot be read has a reader all the same, with missing times.
 *
 * Reads at most 8 MiB here, and bounded chunks later. Closes the source when there is nothing to read in it.
 *
 * @returns One reader, or none when the file holds no table.
 *
 * @example
 * ```ts
 * import { bytesSource, Kernel, openCsv } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const text = "timestamp_ms,GSR_uS\n1753842118000,2.5\n1753842118008,2.6\n";
 * const [reader] = await openCsv(bytesSource(new TextEncoder().encode(text)), {
 *   kernel: new Kernel(),
 *   path: "gsr.csv",
 *   device: "phone_1",
 *   name: "gsr",
 * });
 * assert.equal(reader?.schema.clock.id, "phone_1/utc");
 * for await (const batch of reader!.batches()) {
 *   assert.deepEqual(batch.columns[1], Float64Array.of(2.5, 2.6));
 * }
 * ```
 */
export async function openCsv(
  source: ByteSource,
  options: OpenCsvOptions,
): Promise<StreamReader[]> {
  throwIfCancelled(options.signal);
  const where = whereOf(options);
  const report = (issue: Issue) =>
    options.report?.({ ...issue, where: { ...where, ...issue.where } });
  const head = await readTableHead(source);
  const nothing = whyNothing(source, head);
  const layout = layOutTable(head);
  if (nothing !== undefined || layout.header.length === 0) {
    report(nothing ?? createIssue("CSV_HEADER_ONLY", { columns: 0 }));
    await source.close();
    return [];
  }
  const recognised = recognise(layout, options);
  const time = inferTime(
    recognised.columns,
    layout.rows,
    timeContext(source, head, layout, recognised, options),
  );
  for (const issue of [...layout.issues, ...recognised.issues, ...time.issues]) report(issue);
  if (layout.rows.length === 0) {
    report(createIssue("CSV_HEADER_ONLY", { columns: layout.header.length }));
  }
  return [
    new CsvStreamReader(source, options.kernel, planTable(head, layout, recognised, time, options)),
  ];
}

function recognise(
  { header, units, rows, dialect }: TableLayout,
  { timeColumn, columnUnits }: OpenCsvOptions,
): RecognisedColumns {
  return recogniseColumns(header, units, rows, {
    decimalComma: dialect.decimalComma,
    ...(timeColumn === undefined ? {} : { timeColumn: timeColumn.column }),
    ...(columnUnits === undefined ? {} : { statedUnits: columnUnits }),
  });
}

function whereOf({ path, device, name }: OpenCsvOptions): IssueWhere {
  return { path, device, stream: `${device}/${name}` };
}

/** The reason why a file holds no table. */
function whyNothing(source: ByteSource, head: TableHead): Issue | undefined {
  if (source.size === 0) return createIssue("FILE_EMPTY", {});
  if (head.nulShare === 1) return createIssue("CSV_NUL_BYTES", { count: head.bytes });
  // A table whose end was lost is full of NUL bytes too, but has lines.
  const isPadded = head.nulShare <= CONTROL_LIMIT || head.lines.length > 2;
  if (head.controlShare > CONTROL_LIMIT || !isPadded) {
    return createIssue("FILE_TYPE_MISMATCH", { named: "a table", found: "binary data" });
  }
  if (head.lines.length === 0) return createIssue("CSV_FIELD_GIANT", { limit: MAX_LINE_BYTES });
  const blank = head.lines.every(({ text }) => text.trim() === "");
  return blank ? createIssue("CSV_HEADER_ONLY", { columns: 0 }) : undefined;
}

function timeContext(
  source: ByteSource,
  head: TableHead,
  layout: TableLayout,
  { columnSet }: RecognisedColumns,
  options: OpenCsvOptions,
): TimeContext {
  const { device, name, hostDevice = device, sessionWindow, timeColumn } = options;
  const relay = columnSet?.relayedBy === undefined
    ? undefined
    : options.hostDevice ?? onlyValue(layout, columnSet.relayedBy);
  return {
    sensor: options.sensor ?? device,
    counter: options.sensor ?? `${device}/${name}`,
    stamps: columnSet?.stamps ?? "unknown",
    host: columnSet?.host === "pc" ? "pc" : hostDevice,
    decimalComma: layout.dialect.decimalComma,
    estimatedRows: source.size / (head.bytes / head.lines.length),
    ...(relay === undefined ? {} : { relay }),
    ...(sessionWindow === undefined ? {} : { sessionWindow }),
    ...(timeColumn === undefined ? {} : { stated: timeColumn }),
  };
}

/** The value of a column when it is the same in all first rows. */
function onlyValue({ header, rows }: TableLayout, name: string): string | undefined {
  const column = header.indexOf(name);
  const value = rows[0]?.[column] ?? "";
  return value !== "" && rows.every((row) => row[column] === value) ? value : undefined;
}

function planTable(
  head: TableHead,
  layout: TableLayout,
  recognised: RecognisedColumns,
  time: TimePlan,
  options: OpenCsvOptions,
): TablePlan {
  const { separator, decimalComma } = layout.dialect;
  const { dataByte, dataLine, header, units, rows } = layout;
  const { primary, host, readings } = time;
  const encoding = encodingName(head.encoding);
  return {
    schema: schemaOf(recognised, time, options),
    types: recognised.columns.map((column) => scannerType(column, readings)),
    separator,
    decimalComma,
    encoding: head.encoding.encoding,
    dataByte,
    dataLine,
    ...(primary === undefined ? {} : { timeColumn: primary.column }),
    ...(host === undefined ? {} : { hostColumn: host.column }),
    repeatsHost: time.repeatsHost,
    sparseColumns: sparseColumns(recognised.columns, rows),
    defects: { header, units, maxLineBytes: MAX_LINE_BYTES, encoding, where: whereOf(options) },
  };
}

function scannerType(column: RecognisedColumn, readings: readonly TimeReading[]): CsvColumnType {
  const reading = readings.find((candidate) => candidate.column === column.index);
  if (reading === undefined) return column.kind;
  return reading.unit === "iso" ? "iso" : { timeExponent: nsExponent(reading.unit) };
}

function schemaOf(
  { columns, columnSet }: RecognisedColumns,
  { primary, host, readings }: TimePlan,
  { device, name, sensor = `${device}/${name}` }: OpenCsvOptions,
): StreamSchema {
  const rate = columnSet?.nominalRateHz;
  const isHost = primary?.clock.kind === "utc" || primary?.clock.kind === "local";
  const onArrival = isHost && columnSet?.id.startsWith("G") === true;
  return {
    id: `${device}/${name}`,
    device,
    name,
    columns: columns.map((column) => columnSpec(column, readings)),
    clock: primary?.clock ?? { id: `${sensor}/device`, kind: "device" },
    ...(host === undefined ? {} : { hostClock: host.clock }),
    ...(rate === undefined ? {} : { nominalRateHz: rate }),
    resolutionNs: primary?.resolutionNs ?? 1,
    ...(onArrival ? { arrivalSigmaNs: WIRELESS_SIGMA_NS } : {}),
  };
}

function columnSpec(column: RecognisedColumn, readings: readonly TimeReading[]): ColumnSpec {
  const { name, recordedAs, unit, kind, categorical } = column;
  const base = { name, ...(recordedAs === "" ? {} : { recordedAs }) };
  if (readings.some((reading) => reading.column === column.index)) {
    return { ...base, kind: "i64", unit: "ns" };
  }
  return {
    ...base,
    kind,
    ...(unit === undefined ? {} : { unit }),
    ...(categorical === true ? { categorical } : {}),
  };
}

/** Number columns of which a good part of the first rows is empty while others are filled. */
function sparseColumns(
  columns: readonly RecognisedColumn[],
  rows: readonly (readonly string[])[],
): number[] {
  if (rows.length < ROWS_FOR_RATES) return [];
  return columns.filter(({ index, kind }) => {
    const filled = rows.filter((row) => !isMissingCell(row[index] ?? "")).length;
    return kind === "f64" && filled > rows.length * 0.02 && filled < rows.length * 0.95;
  }).map(({ index }) => index);
}
