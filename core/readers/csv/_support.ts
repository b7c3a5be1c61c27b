import {
  type ByteSource,
  bytesSource,
  type ColumnData,
  type Issue,
  type StreamReader,
} from "../../base/mod.ts";
import { Kernel } from "../../../wasm/mod.ts";
import { openCsv, type OpenCsvOptions } from "./open_csv.ts";

/** A whole table read into memory, for tests. */
export interface ReadTable {
  readonly reader: StreamReader;
  readonly times: readonly bigint[];
  readonly hostTimes: readonly bigint[];
  /** Values by column name. */
  readonly values: Readonly<Record<string, readonly (number | bigint | string)[]>>;
  /** Unit by column name. */
  readonly units: Readonly<Record<string, string | undefined>>;
  readonly issues: readonly Issue[];
  /** Codes of the issues, each once, sorted. */
  readonly codes: readonly string[];
}

/** Options of a table, all with defaults for tests. */
export type TableOptions = Partial<Omit<OpenCsvOptions, "report">> & {
  readonly batchRows?: number;
};

/** Opens a table of a test; the issues grow while it is read. */
export async function openTable(
  contents: string | Uint8Array | ByteSource,
  options: TableOptions = {},
): Promise<{ readonly reader: StreamReader | undefined; readonly issues: Issue[] }> {
  const issues: Issue[] = [];
  const [reader] = await openCsv(sourceOf(contents), {
    kernel: new Kernel(),
    path: "table.csv",
    device: "shimmer_1",
    name: "gsr",
    ...options,
    report: (issue) => issues.push(issue),
  });
  return { reader, issues };
}

/** Reads all of a table of a test. */
export async function readTable(
  contents: string | Uint8Array | ByteSource,
  options: TableOptions = {},
): Promise<ReadTable> {
  const { reader, issues } = await openTable(contents, options);
  if (reader === undefined) throw new Error(`No table: ${issues.map(({ code }) => code)}`);
  const times: bigint[] = [];
  const hostTimes: bigint[] = [];
  const columns: (number | bigint | string)[][] = reader.schema.columns.map(() => []);
  const { batchRows } = options;
  const report = (issue: Issue) => issues.push(issue);
  for await (const batch of reader.batches({ report, ...(batchRows ? { batchRows } : {}) })) {
    if (batch.firstRow !== times.length) throw new Error(`Row ${batch.firstRow} is out of order`);
    times.push(...batch.times);
    hostTimes.push(...batch.hostTimes ?? []);
    batch.columns.forEach((data: ColumnData, index) => columns[index]!.push(...data));
  }
  const specs = reader.schema.columns;
  return {
    reader,
    times,
    hostTimes,
    values: Object.fromEntries(specs.map(({ name }, index) => [name, columns[index]!])),
    units: Object.fromEntries(specs.map(({ name, unit }) => [name, unit])),
    issues,
    codes: [...new Set(issues.map(({ code }) => code))].sort(),
  };
}

function sourceOf(contents: string | Uint8Array | ByteSource): ByteSource {
  if (typeof contents === "string") return bytesSource(new TextEncoder().encode(contents));
  return contents instanceof Uint8Array ? bytesSource(contents) : contents;
}
