import {
  type ClockRef,
  type ColumnData,
  type ColumnSpec,
  formatUtc,
  type Issue,
  issueMessage,
  MISSING_NS,
  type StreamSchema,
  type TimeNs,
} from "../../base/mod.ts";
import { type Kernel, secondsSinceOrigin } from "../../../wasm/mod.ts";
import { dataText, matData } from "./data.ts";
import { LabelCoder } from "./labels.ts";
import { MatTextSizer } from "./text.ts";
import type { MatColumn, MatFields, MatStruct, MatStructArray, MatTextColumn } from "./values.ts";

/** Names a part of an aligned stream: its times, or a column by its index in the schema. */
export type AlignedPart = "times" | "referenceTimes" | "sigmas" | number;

/** An aligned stream that can be read part by part, as often as wished, with bounded memory. */
export interface AlignedColumns {
  readonly schema: StreamSchema;
  /** Number of samples. */
  readonly rows: number;
  /** Yields one part from front to back, as its kind holds it. */
  part(name: AlignedPart): AsyncIterable<ColumnData>;
}

/** One stream of a session to be exported. */
export interface MatSessionStream {
  readonly columns: AlignedColumns;
  /** Recorded file; issues of this path count as issues of the stream. */
  readonly path?: string;
  /** How its clock was aligned: plain data, such as a clock model. */
  readonly clock?: unknown;
}

/** What {@linkcode matSession} makes a struct of. */
export interface MatSession {
  readonly sessionId: string;
  /** Start of the session in ns on the reference clock: zero of the times in seconds. */
  readonly startNs: TimeNs;
  readonly reference: ClockRef;
  readonly streams: readonly MatSessionStream[];
  /** Issues of the session and of its streams. */
  readonly issues: readonly Issue[];
  /** Plain data, such as the parsed metadata of the session. */
  readonly metadata?: unknown;
}

/**
 * Makes the struct `session` of a MAT-file, whose layout `docs/formats/exports.md` describes: streams are
 * found at `session.devices.<device>.<stream>`.
 *
 * Samples are read when the file is written; only text columns are read beforehand as well, to measure
 * them.
 *
 * @param kernel Converts times; used while the file is written.
 *
 * @example
 * ```ts
 * import { Kernel, matSession, MemoryFolderSink, writeMat } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const session = await matSession(new Kernel(), {
 *   sessionId: "session_20200728_105650",
 *   startNs: 1_595_933_810_034_000_000n,
 *   reference: { id: "pc/utc", kind: "utc" },
 *   streams: [],
 *   issues: [],
 * });
 * const sink = await new MemoryFolderSink().create("session.mat");
 * const { bytes } = await writeMat(sink, { session });
 * assert.ok(bytes > 128);
 * ```
 */
export async function matSession(kernel: Kernel, input: MatSession): Promise<MatStruct> {
  const { sessionId, startNs, reference, issues, metadata } = input;
  return struct([
    ["id", sessionId],
    ["start_ns", startNs],
    ...(reference.kind === "utc" ? [["start_utc", formatUtc(startNs)] as const] : []),
    ["reference_clock", reference.id],
    ["devices", await devicesStruct(kernel, input)],
    ["issues", issueStructs(issues)],
    ["metadata", matData(metadata ?? {})],
    ["metadata_json", dataText(metadata ?? {})],
  ]);
}

async function devicesStruct(kernel: Kernel, input: MatSession): Promise<MatStruct> {
  const devices = new Map<string, MatSessionStream[]>();
  for (const stream of input.streams) {
    const { device } = stream.columns.schema;
    devices.set(device, [...devices.get(device) ?? [], stream]);
  }
  const fields: [string, MatStruct][] = [];
  for (const [device, streams] of devices) {
    fields.push([device, await deviceStruct(kernel, device, streams, input)]);
  }
  return struct(fields);
}

async function deviceStruct(
  kernel: Kernel,
  device: string,
  streams: readonly MatSessionStream[],
  input: MatSession,
): Promise<MatStruct> {
  const fields: [string, MatStruct][] = [];
  for (const stream of streams) {
    fields.push([stream.columns.schema.name, await streamStruct(kernel, stream, input)]);
  }
  return struct([["id", device], ...fields]);
}

async function streamStruct(
  kernel: Kernel,
  { columns, clock, path }: MatSessionStream,
  { startNs, issues }: MatSession,
): Promise<MatStruct> {
  const { schema } = columns;
  const values: [string, MatColumn | MatTextColumn | MatStruct][] = [];
  for (const [index, spec] of schema.columns.entries()) {
    values.push([spec.name, await valueColumn(columns, index, spec)]);
  }
  const own = issues.filter(({ where }) =>
    where.stream === schema.id || (path !== undefined && where.path === path)
  );
  const texts = (of: (spec: ColumnSpec) => string | undefined) =>
    struct(schema.columns.map((spec) => [spec.name, of(spec) ?? ""]));
  return struct([
    ["id", schema.id],
    ["name", schema.name],
    ["time", secondsColumn(kernel, columns, startNs)],
    ["time_ns", numbers(columns, "referenceTimes", "int64")],
    ["sigma", numbers(columns, "sigmas", "double", (data) => scaled(data, 1e9))],
    ["device_ns", numbers(columns, "times", "int64")],
    ["device_clock", schema.clock.id],
    ["rate_hz", schema.nominalRateHz ?? NaN],
    ["values", struct(values)],
    ["units", texts(({ unit }) => unit)],
    ["names", schema.columns.map(({ name }) => name)],
    ["recorded_as", texts(({ recordedAs }) => recordedAs)],
    ["clock", matData(clock ?? {})],
    ["issues", issueStructs(own)],
  ]);
}

function struct(fields: MatFields): MatStruct {
  return { kind: "struct", fields };
}

function secondsColumn(kernel: Kernel, columns: AlignedColumns, startNs: TimeNs): MatColumn {
  return numbers(columns, "referenceTimes", "double", (data) => {
    if (data instanceof BigInt64Array) return secondsSinceOrigin(kernel, data, startNs);
    throw wrongData("reference times", data);
  });
}

async function valueColumn(
  columns: AlignedColumns,
  index: number,
  { kind, name }: ColumnSpec,
): Promise<MatColumn | MatTextColumn | MatStruct> {
  switch (kind) {
    case "f64":
      return numbers(columns, index, "double");
    case "i64":
      return numbers(columns, index, "int64");
    case "bool":
      return numbers(columns, index, "double", floatsOfBooleans);
    case "text":
      return await texts(columns, index, name);
  }
}

function numbers(
  columns: AlignedColumns,
  part: AlignedPart,
  columnClass: "double" | "int64",
  convert: (data: ColumnData) => ColumnData = (data) => data,
): MatColumn {
  const wanted = columnClass === "double" ? Float64Array : BigInt64Array;
  return {
    kind: "column",
    class: columnClass,
    length: columns.rows,
    async *chunks() {
      for await (const data of columns.part(part)) {
        const values = convert(data);
        if (!(values instanceof wanted)) throw wrongData(`part ${part}`, data);
        yield values;
      }
    },
  };
}

async function texts(
  columns: AlignedColumns,
  index: number,
  name: string,
): Promise<MatTextColumn | MatStruct> {
  const chunks = async function* (): AsyncGenerator<readonly string[]> {
    for await (const data of columns.part(index)) {
      if (ArrayBuffer.isView(data)) throw wrongData(name, data);
      yield data;
    }
  };
  const sizer = new MatTextSizer();
  const labels = new LabelCoder();
  for await (const values of chunks()) {
    sizer.add(values);
    labels.add(values);
  }
  if (labels.isWorthwhile(columns.rows)) return labels.struct(columns.rows, chunks);
  return { kind: "text-column", length: sizer.length, bytes: sizer.bytes, chunks };
}

function wrongData(what: string, data: ColumnData): TypeError {
  return new TypeError(`Cannot write ${what}: current data is ${data.constructor.name}`);
}

function scaled(data: ColumnData, divisor: number): ColumnData {
  return data instanceof Float64Array ? data.map((value) => value / divisor) : data;
}

/** Truth values as 0 and 1, so that a missing one can be NaN, which a logical cannot. */
function floatsOfBooleans(data: ColumnData): ColumnData {
  if (!(data instanceof Uint8Array)) return data;
  return Float64Array.from(data, (value) => value === 255 ? NaN : value);
}

const ISSUE_FIELDS = [
  "code",
  "severity",
  "message",
  "path",
  "device",
  "stream",
  "line",
  "byte",
  "time_ns",
];

/** Issues as a struct array; what an issue does not say is NaN, empty, or the smallest int64. */
function issueStructs(issues: readonly Issue[]): MatStructArray {
  const elements = issues.map((issue) => {
    const { path = "", device = "", stream = "", line = NaN, byte = NaN, timeNs = MISSING_NS } =
      issue.where;
    const { code, severity } = issue;
    // A damaged file can hold a time that no clock of 64 bits shows.
    const time = BigInt.asIntN(64, timeNs) === timeNs ? timeNs : MISSING_NS;
    return [code, severity, issueMessage(issue), path, device, stream, line, byte, time];
  });
  return { kind: "struct-array", names: ISSUE_FIELDS, elements };
}
