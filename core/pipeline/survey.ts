import type { ColumnBatch, StreamSchema } from "../base/mod.ts";
import {
  DejitterSurvey,
  OneWayAccumulator,
  type OneWayEvidence,
  SamplingAccumulator,
  type SamplingStatistics,
} from "../clock/mod.ts";
import { ColumnAccumulator, type ProjectConfig, type TableStatistics } from "../validation/mod.ts";
import { EventSurvey, type RecordedEvents } from "./event_lines.ts";
import type { Kernel } from "../../wasm/mod.ts";

/** What {@linkcode StreamSurvey} has found. */
export interface SurveyResult {
  readonly sampling: SamplingStatistics;
  readonly table: TableStatistics;
  readonly evidence?: OneWayEvidence;
  /** State of the survey of its lattice. */
  readonly lattice?: Uint8Array;
  /** Markers and pulses that its columns show. */
  readonly events?: readonly RecordedEvents[];
}

/** Gathers everything that the first pass keeps of a stream: times, values, pairs of clocks. */
export class StreamSurvey {
  readonly #sampling: SamplingAccumulator;
  readonly #columns: ColumnAccumulator;
  readonly #pairs: OneWayAccumulator | undefined;
  readonly #lattice: DejitterSurvey | undefined;
  readonly #events: EventSurvey;

  constructor(
    schema: StreamSchema,
    { kernel, config }: { readonly kernel: Kernel; readonly config: ProjectConfig },
  ) {
    const { nominalRateHz, hostClock } = schema;
    this.#events = new EventSurvey(schema);
    this.#sampling = new SamplingAccumulator(kernel, { nominalRateHz });
    this.#columns = new ColumnAccumulator(kernel, schema, { ranges: config.ranges });
    this.#lattice = isSampled(schema) ? new DejitterSurvey(kernel, { nominalRateHz }) : undefined;
    this.#pairs = hostClock === undefined ? undefined : new OneWayAccumulator(kernel, {
      from: schema.clock,
      to: hostClock,
      streamId: schema.id,
      resolutionNs: schema.resolutionNs,
    });
  }

  /** Adds the next batch. */
  add(batch: ColumnBatch): void {
    this.#sampling.add(batch.times);
    this.#lattice?.add(batch.times);
    this.#columns.add(batch);
    this.#events.add(batch);
    if (batch.hostTimes !== undefined) this.#pairs?.add(batch.times, batch.hostTimes);
  }

  /** What was found so far. */
  get(): SurveyResult {
    const evidence = this.#pairs?.get();
    const lattice = this.#lattice?.state();
    const events = this.#events.get();
    return {
      sampling: this.#sampling.get(),
      table: this.#columns.get(),
      ...(evidence === undefined ? {} : { evidence }),
      ...(lattice === undefined ? {} : { lattice }),
      ...(events.length === 0 ? {} : { events }),
    };
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#sampling.dispose();
    this.#pairs?.dispose();
    this.#lattice?.dispose();
  }
}

/** Whether a stream has samples whose stamps scatter: frames of a file have their exact times, events no rate. */
function isSampled({ columns, stampSigmaNs }: StreamSchema): boolean {
  return stampSigmaNs === undefined && columns.some(({ kind }) => kind !== "text");
}
