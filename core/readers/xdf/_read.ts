import { type ByteSource, bytesSource, type ColumnData, type Issue } from "../../base/mod.ts";
import { Kernel } from "../../../wasm/mod.ts";
import { openXdf, type XdfOptions, type XdfReader } from "./mod.ts";

/** A stream that was read to its end. */
export interface ReadStream {
  readonly reader: XdfReader;
  readonly times: bigint[];
  readonly columns: unknown[][];
}

/** Everything in a file, and what was reported. */
export interface ReadFile {
  readonly streams: readonly ReadStream[];
  readonly issues: readonly Issue[];
}

/** Reads all streams of a file, one after the other. */
export async function readFile(
  file: Uint8Array | ByteSource,
  options: Partial<XdfOptions> & { readonly batchRows?: number } = {},
): Promise<ReadFile> {
  const issues: Issue[] = [];
  const report = (issue: Issue) => void issues.push(issue);
  const source = file instanceof Uint8Array ? bytesSource(file) : file;
  const readers = await openXdf(source, { kernel: new Kernel(), report, ...options });
  const streams: ReadStream[] = [];
  for (const reader of readers) {
    const times: bigint[] = [];
    const columns: unknown[][] = reader.schema.columns.map(() => []);
    const read = {
      report,
      ...(options.batchRows === undefined ? {} : { batchRows: options.batchRows }),
    };
    for await (const batch of reader.batches(read)) {
      times.push(...batch.times);
      batch.columns.forEach((values: ColumnData, index) => columns[index]!.push(...values));
    }
    await reader.close();
    streams.push({ reader, times, columns });
  }
  return { streams, issues };
}
