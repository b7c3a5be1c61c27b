import { type ColumnBatch, type StreamReader, throwIfCancelled } from "../base/mod.ts";
import { openStream, type OpenStreamOptions } from "./open_stream.ts";
import type { StreamScan } from "./scan.ts";

/**
 * Reads a stream once more for what the first pass did not keep, batch by batch.
 *
 * The first pass has reported what is wrong with the file: nothing is reported again, and of a file that can be read
 * no more, what could be read of it is enough or is not. Throws `CancelledError` when the signal is aborted.
 */
export async function* readAgain(
  scan: StreamScan,
  options: OpenStreamOptions,
): AsyncGenerator<ColumnBatch> {
  let readers: readonly StreamReader[] = [];
  try {
    readers = await openStream(scan.stream, { ...options, report: undefined });
    yield* readers[scan.index]?.batches({ signal: options.signal }) ?? [];
  } catch {
    throwIfCancelled(options.signal);
  } finally {
    for (const reader of readers) await reader.close();
  }
}
