import type { AlignedBatch, ClockRef, StreamSchema, TimeNs, WorkOptions } from "../../base/mod.ts";
import { CsvStreamExporter, describeCsvColumns } from "../../exporters/mod.ts";
import {
  HAND_COLUMNS,
  type HandRecord,
  handRows,
  signalColumns,
  SignalTable,
} from "../../hands/mod.ts";
import type { FolderSink } from "../../base/mod.ts";
import type { Kernel } from "../../../wasm/mod.ts";
import { writeText, type WrittenFile } from "../journal.ts";
import { type FramePlacer, type FrameTimes, OWN_TIMES } from "./frame_times.ts";
import type { RecordStore } from "./record_store.ts";

/** The recording whose hands are written, and the clocks of its times. */
export interface TableFacts {
  readonly device: string;
  /** Name of the stream of the recording. */
  readonly name: string;
  readonly clock: ClockRef;
  readonly referenceClock: ClockRef;
  /** Zero of `time_s` on the reference clock. */
  readonly originNs: TimeNs;
  /** Places for hands that are seen at the same time. */
  readonly maxHands: number;
}

/** What {@linkcode writeTables} needs. */
export interface TableOptions extends WorkOptions {
  readonly output: FolderSink;
  readonly kernel: Kernel;
  /** Folder of the results of the recording. */
  readonly folder: string;
  readonly store: RecordStore;
  readonly placer: FramePlacer;
  readonly facts: TableFacts;
  /** Takes the rows, too, as they are written. */
  readonly onTables?: OnHandTables | undefined;
}

/** Takes rows of hands, for files of another format; the next ones come when its promise resolves. */
export type OnHandTables = (tables: HandTables) => Promise<void>;

/** The stream of the hands of a recording: one row for each hand of each picture. */
function handSchema(facts: TableFacts): StreamSchema {
  return schemaOf(facts, `${facts.name}_hands`, HAND_COLUMNS);
}

/** The stream of the signals of the hands of a recording: one row for each picture. */
export function signalSchema(facts: TableFacts): StreamSchema {
  return schemaOf(facts, `${facts.name}_hand_signals`, signalColumns(facts.maxHands));
}

function schemaOf(
  { device, clock }: TableFacts,
  name: string,
  columns: StreamSchema["columns"],
): StreamSchema {
  return { id: `${device}/${name}`, device, name, columns, clock, resolutionNs: 1 };
}

/**
 * Writes `hands.csv`, one row for each hand, and `frames.csv`, one row for each picture, with a description of their
 * columns beside each.
 */
export async function writeTables(options: TableOptions): Promise<readonly WrittenFile[]> {
  const { store, placer, facts, signal, onTables } = options;
  const hands = await HandsCsv.create(options, "hands", handSchema(facts));
  const frames = await HandsCsv.create(options, "frames", signalSchema(facts)).catch(
    (error) => hands.abort().then(() => Promise.reject(error)),
  );
  try {
    for await (const tables of handTables(store.read(signal), facts, placer)) {
      await hands.write(tables.hands);
      await frames.write(tables.frames);
      await onTables?.(tables);
    }
    return [...await hands.finish(), ...await frames.finish()];
  } finally {
    await hands.abort();
    await frames.abort();
  }
}

/** Rows of both tables, made of the same pictures, and what their columns are. */
export interface HandTables {
  /** One row for each hand of each picture. */
  readonly hands: AlignedBatch;
  readonly handSchema: StreamSchema;
  /** One row for each picture: hands side by side. */
  readonly frames: AlignedBatch;
  readonly frameSchema: StreamSchema;
}

/**
 * Makes tables of hands, as batches of columns with their times: what a writer of Parquet or Arrow files takes.
 *
 * Times are ns on the clock of the recording and on the reference clock, `MISSING_NS` where not known; sigmas are ns.
 * `handsSession` gives the same tables with aligned times to its `onTables`.
 *
 * @param records Some pictures at a time, in their order; as many rows are in memory.
 * @param placer Says when pictures were taken. Absent: at their own times, on the clock of the recording.
 *
 * @example
 * ```ts
 * import { handTables, Kernel, segmentHands, type TableFacts } from "session-process";
 * import assert from "node:assert/strict";
 *
 * async function* records() {
 *   const data = new Uint8Array(3 * 64 * 48).fill(90);
 *   const frames = [{ width: 64, height: 48, data, timeNs: 5n }];
 *   for await (const record of segmentHands(frames, { kernel: new Kernel() })) yield [record];
 * }
 * const clock = { id: "webcam/media", kind: "media" } as const;
 * const facts: TableFacts = {
 *   device: "webcam",
 *   name: "video",
 *   clock,
 *   referenceClock: clock,
 *   originNs: 0n,
 *   maxHands: 2,
 * };
 * for await (const { hands, frames, frameSchema } of handTables(records(), facts)) {
 *   assert.deepEqual([hands.length, frames.length, frames.times[0]], [0, 1, 5n]);
 *   const column = frameSchema.columns.findIndex(({ name }) => name === "hands");
 *   assert.deepEqual(frames.columns[column], Float64Array.of(0));
 * }
 * ```
 */
export async function* handTables(
  records: AsyncIterable<readonly HandRecord[]>,
  facts: TableFacts,
  placer: FramePlacer = OWN_TIMES,
): AsyncGenerator<HandTables> {
  const schemas = { handSchema: handSchema(facts), frameSchema: signalSchema(facts) };
  const signals = new SignalTable(facts.maxHands);
  let [handRow, frameRow] = [0, 0];
  for await (const some of records) {
    const times = await placer.place(some);
    const columns = signals.rows(some);
    const hands = handBatch(some, times, handRow);
    const frames = { firstRow: frameRow, length: some.length, columns, ...times };
    yield { hands, frames, ...schemas };
    handRow += hands.length;
    frameRow += frames.length;
  }
}

function handBatch(
  records: readonly HandRecord[],
  { times, referenceTimes, sigmas }: FrameTimes,
  firstRow: number,
): AlignedBatch {
  const places = records.flatMap(({ hands }, place) => hands.map(() => place));
  return {
    firstRow,
    length: places.length,
    times: BigInt64Array.from(places, (place) => times[place]!),
    referenceTimes: BigInt64Array.from(places, (place) => referenceTimes[place]!),
    sigmas: Float64Array.from(places, (place) => sigmas[place]!),
    columns: handRows(records),
  };
}

/** A table as CSV, with what its columns mean beside it. */
class HandsCsv {
  readonly #exporter: CsvStreamExporter;

  private constructor(
    private readonly options: TableOptions,
    private readonly path: string,
    private readonly schema: StreamSchema,
    private readonly sink: Awaited<ReturnType<FolderSink["create"]>>,
  ) {
    const { originNs } = options.facts;
    this.#exporter = new CsvStreamExporter(options.kernel, sink, schema, { originNs });
  }

  static async create(options: TableOptions, name: string, schema: StreamSchema) {
    const path = `${options.folder}/${name}`;
    return new HandsCsv(options, path, schema, await options.output.create(`${path}.csv`));
  }

  write(batch: AlignedBatch): Promise<void> {
    return this.#exporter.write(batch);
  }

  async finish(): Promise<WrittenFile[]> {
    await this.#exporter.finish();
    const { referenceClock, originNs, clock } = this.options.facts;
    const description = {
      reference_clock: referenceClock.id,
      session_start_ns: String(originNs),
      clock: clock.id,
      columns: describeCsvColumns(this.schema, referenceClock.id),
    };
    const text = `${JSON.stringify(description, null, 2)}\n`;
    return [
      { path: `${this.path}.csv`, size: this.sink.position },
      await writeText(this.options.output, `${this.path}.json`, text),
    ];
  }

  abort(): Promise<void> {
    return this.#exporter.abort();
  }
}
