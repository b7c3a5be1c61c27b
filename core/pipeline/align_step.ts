import {
  type AlignedBatch,
  type ColumnBatch,
  createIssue,
  reasonOf,
  type StreamReader,
  throwIfCancelled,
} from "../base/mod.ts";
import { CsvStreamExporter, describeCsvColumns } from "../exporters/mod.ts";
import { AlignedStoreWriter } from "./aligned_store.ts";
import { writeText, type WrittenFile } from "./journal.ts";
import { openStream } from "./open_stream.ts";
import { rowPlacer } from "./row_placer.ts";
import { type FittedSession, type Run, storePath, streamFileName } from "./run.ts";
import type { StreamScan } from "./scan.ts";

/** Samples that are held at once: fewer than readers give, since the combined table holds a batch of every stream. */
const BATCH_ROWS = 8192;

/** Takes aligned batches until it is finished. */
interface AlignedTarget {
  write(batch: AlignedBatch): Promise<void>;
  finish(): Promise<readonly WrittenFile[]>;
  abort(): Promise<void>;
}

/** A stream whose samples were all handed over; `finish` gives its files their names. */
export interface AlignedStream {
  finish(): Promise<void>;
}

/**
 * The second pass over one stream: places every sample on the reference clock and hands it to the CSV file,
 * to the store that later exports read from, or to both. Returns undefined when the stream cannot be read.
 */
export async function alignStream(
  run: Run,
  fitted: FittedSession,
  scan: StreamScan,
  needsStore: boolean,
): Promise<AlignedStream | undefined> {
  const csvStep = `csv ${scan.schema.id}`;
  const storeStep = `store ${scan.schema.id}`;
  const wantsCsv = run.settings.formats.includes("csv") && !(await run.journal.isDone(csvStep));
  const wantsStore = needsStore && !(await run.journal.isDone(storeStep));
  if (!wantsCsv && !wantsStore) return { finish: () => Promise.resolve() };
  const targets = new Map<string, AlignedTarget>();
  let complete = false;
  try {
    if (wantsCsv) targets.set(csvStep, await csvTarget(run, fitted, scan));
    if (wantsStore) targets.set(storeStep, await storeTarget(run, scan));
    complete = await pump(run, fitted, scan, [...targets.values()]);
  } finally {
    if (!complete) await abortAll(targets);
  }
  return complete ? { finish: () => finishAll(run, targets) } : undefined;
}

async function finishAll(run: Run, targets: ReadonlyMap<string, AlignedTarget>): Promise<void> {
  try {
    for (const [step, target] of targets) await run.journal.finish(step, await target.finish());
  } finally {
    await abortAll(targets);
  }
}

/** Does nothing to those that are finished. */
async function abortAll(targets: ReadonlyMap<string, AlignedTarget>): Promise<void> {
  for (const target of targets.values()) await target.abort();
}

/** Returns false when the stream cannot be read to its end, which is reported. */
async function pump(
  run: Run,
  fitted: FittedSession,
  scan: StreamScan,
  targets: readonly AlignedTarget[],
): Promise<boolean> {
  const placer = rowPlacer(run, fitted.models, scan);
  let readers: readonly StreamReader[] = [];
  const total = scan.table.rows;
  let rows = 0;
  try {
    readers = await openAgain(run, scan);
    for await (const batch of guardReading(run, scan, readers[scan.index])) {
      throwIfCancelled(run.signal);
      const done = batch.firstRow;
      run.progress?.({ task: `Align ${scan.schema.id}`, done, total, unit: "rows" });
      const aligned = { ...batch, ...await placer.place(batch) };
      for (const target of targets) await target.write(aligned);
      rows += batch.length;
    }
    if (rows !== total) reportChange(run, scan, rows);
    return rows === total;
  } catch (error) {
    if (!(error instanceof StreamUnreadable)) throw error;
    const params = { stream: scan.schema.id, reason: error.message };
    run.issues.report(createIssue("STREAM_SKIPPED", params, { path: scan.stream.path }));
    return false;
  } finally {
    await placer.close();
    for (const reader of readers) await reader.close();
  }
}

/** The clocks were fitted to what the first pass read: other rows cannot be placed by them. */
function reportChange(run: Run, { stream, table }: StreamScan, rows: number): void {
  const params = { before: `${table.rows} rows`, after: `${rows} rows` };
  run.issues.report(createIssue("FILE_CHANGED", params, { path: stream.path, stream: stream.id }));
}

/** A stream that could be read before can be read no more. */
class StreamUnreadable extends Error {}

async function openAgain(run: Run, scan: StreamScan): Promise<readonly StreamReader[]> {
  try {
    return await openStream(scan.stream, run);
  } catch (error) {
    throwIfCancelled(run.signal);
    throw new StreamUnreadable(reasonOf(error));
  }
}

/** Tells failures of reading, which cost one stream, from failures of writing, which stop the run. */
async function* guardReading(
  run: Run,
  scan: StreamScan,
  reader: StreamReader | undefined,
): AsyncGenerator<ColumnBatch> {
  if (reader === undefined) throw new StreamUnreadable("Stream is gone since it was scanned");
  const batches = reader.batches({ signal: run.signal, batchRows: BATCH_ROWS })
    [Symbol.asyncIterator]();
  for (;;) {
    const next = await batches.next().catch((error: unknown) => {
      throwIfCancelled(run.signal);
      throw new StreamUnreadable(`${scan.stream.path}: ${reasonOf(error)}`);
    });
    if (next.done) return;
    yield next.value;
  }
}

async function csvTarget(
  run: Run,
  fitted: FittedSession,
  scan: StreamScan,
): Promise<AlignedTarget> {
  const path = `exports/csv/${streamFileName(scan)}.csv`;
  const sink = await run.output.create(path);
  const exporter = new CsvStreamExporter(run.kernel, sink, scan.schema, {
    originNs: fitted.originNs,
  });
  return {
    write: (batch) => exporter.write(batch),
    async finish() {
      await exporter.finish();
      return [{ path, size: sink.position }, await describeStream(run, fitted, scan)];
    },
    abort: () => exporter.abort(),
  };
}

async function storeTarget(run: Run, scan: StreamScan): Promise<AlignedTarget> {
  const path = storePath(scan);
  const sink = await run.output.create(path);
  const writer = new AlignedStoreWriter(sink);
  return {
    write: (batch) => writer.write(batch),
    async finish() {
      await writer.finish();
      return [{ path, size: sink.position }];
    },
    abort: () => sink.abort(),
  };
}

/** Writes what the columns of a CSV file mean beside it. */
async function describeStream(
  run: Run,
  { referenceClock, originNs, models }: FittedSession,
  scan: StreamScan,
): Promise<WrittenFile> {
  const { schema, stream } = scan;
  const model = models.get(schema.clock.id);
  const description = {
    stream: schema.id,
    source: stream.path,
    reference_clock: referenceClock.id,
    session_start_ns: String(originNs),
    clock: schema.clock.id,
    clock_method: model?.method ?? "none",
    drift_ppm: model?.driftPpm ?? null,
    rate_hz: Number.isFinite(scan.sampling.rateHz) ? scan.sampling.rateHz : null,
    columns: describeCsvColumns(schema, referenceClock.id),
  };
  const path = `exports/csv/${streamFileName(scan)}.json`;
  return await writeText(run.output, path, `${JSON.stringify(description, null, 2)}\n`);
}
