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
import type { FramePlacer, FrameTimes } from "./frame_times.ts";
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
}

/** The stream of the hands of a recording: one row for each hand of each picture. */
export function handSchema(facts: TableFacts): StreamSchema {
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
  const hands = await HandsCsv.create(options, "hands", handSchema(options.facts));
  const frames = await HandsCsv.create(options, "frames", signalSchema(options.facts)).catch(
    (error) => hands.abort().then(() => Promise.reject(error)),
  );
  try {
    for await (const { perHand, perFrame } of tableBatches(options)) {
      await hands.write(perHand);
      await frames.write(perFrame);
    }
    return [...await hands.finish(), ...await frames.finish()];
  } finally {
    await hands.abort();
    await frames.abort();
  }
}

/** Rows of both tables, made from the same records. */
export interface TableBatches {
  readonly perHand: AlignedBatch;
  readonly perFrame: AlignedBatch;
}

/** Yields the hands of a recording as batches with aligned times, as any exporter takes them. */
export async function* tableBatches(
  { store, placer, facts, signal }: Pick<TableOptions, "store" | "placer" | "facts" | "signal">,
): AsyncGenerator<TableBatches> {
  const signals = new SignalTable(facts.maxHands);
  let [handRow, frameRow] = [0, 0];
  for await (const records of store.read(signal)) {
    const times = await placer.place(records);
    const frames = { firstRow: frameRow, length: records.length, columns: signals.rows(records) };
    const perHand = handBatch(records, times, handRow);
    yield { perHand, perFrame: { ...frames, ...times } };
    handRow += perHand.length;
    frameRow += records.length;
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
