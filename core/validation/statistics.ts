import type { ColumnBatch, ColumnData, ColumnSpec, StreamSchema } from "../base/mod.ts";
import {
  GravityAccumulator,
  type Kernel,
  NumberStatisticsAccumulator,
  RepeatMarker,
  SequenceAccumulator,
} from "../../wasm/mod.ts";
import type { RangeSetting } from "./config.ts";
import { plausibleRange } from "./quantities.ts";
import type { AccelerationStatistics, ColumnStatistics, TableStatistics } from "./report.ts";

/** Gathers the facts of one column. */
interface ColumnGatherer {
  add(values: ColumnData): void;
  get(column: string): ColumnStatistics;
}

class NumberGatherer implements ColumnGatherer {
  readonly #numbers: NumberStatisticsAccumulator;

  constructor(kernel: Kernel, range: readonly [low: number, high: number] | undefined) {
    this.#numbers = new NumberStatisticsAccumulator(kernel, range?.[0], range?.[1]);
  }

  add(values: ColumnData): void {
    if (values instanceof Float64Array || values instanceof BigInt64Array) {
      this.#numbers.add(values);
    } else if (values instanceof Uint8Array) {
      this.#numbers.add(Float64Array.from(values, (value) => value === 255 ? NaN : value));
    }
  }

  get(column: string): ColumnStatistics {
    const { changes, clippedLow, clippedHigh, ...facts } = this.#numbers.get();
    const share = (samples: number) => facts.count === 0 ? 0 : samples / facts.count;
    return {
      column,
      ...facts,
      constant: facts.count > 0 && changes === 0,
      clippedLow: share(clippedLow),
      clippedHigh: share(clippedHigh),
    };
  }
}

class TextGatherer implements ColumnGatherer {
  #count = 0;
  #rows = 0;
  #first = "";
  #present = "";
  #changed = false;

  add(values: ColumnData): void {
    if (!Array.isArray(values)) return;
    const texts = values as readonly string[];
    if (this.#rows === 0) this.#first = texts[0] ?? "";
    this.#rows += texts.length;
    // By index: an iterator makes an object for each text.
    for (let row = 0; row < texts.length; row++) {
      const text = texts[row]!;
      if (text === "") continue;
      if (text !== this.#present) this.#changed ||= this.#count > 0;
      this.#present = text;
      this.#count++;
    }
  }

  get(column: string): ColumnStatistics {
    return {
      column,
      count: this.#count,
      missing: this.#rows - this.#count,
      min: NaN,
      max: NaN,
      mean: NaN,
      std: NaN,
      first: this.#first,
      constant: this.#count > 0 && !this.#changed,
      outside: 0,
      clippedLow: 0,
      clippedHigh: 0,
    };
  }
}

/** Options of {@linkcode ColumnAccumulator}. */
export interface ColumnAccumulatorOptions {
  /** Ranges that the project states in its configuration. @default {[]} */
  readonly ranges?: readonly RangeSetting[] | undefined;
}

/** Three columns that make a vector, by their place in the schema. */
interface VectorGatherer {
  readonly indices: readonly [number, number, number];
  readonly names: readonly [string, string, string];
  readonly gravity: GravityAccumulator;
}

/**
 * Gathers what validation needs to know of the values of a stream, batch by batch, in memory that does not
 * grow with the stream.
 *
 * @example
 * ```ts
 * import { ColumnAccumulator, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const schema = {
 *   id: "s1/gsr",
 *   device: "s1",
 *   name: "gsr",
 *   columns: [{ name: "gsr_conductance", kind: "f64", unit: "uS" }],
 *   clock: { id: "s1/utc", kind: "utc" },
 *   resolutionNs: 1e6,
 * } as const;
 * const accumulator = new ColumnAccumulator(new Kernel(), schema);
 * accumulator.add({
 *   firstRow: 0,
 *   length: 3,
 *   times: BigInt64Array.of(0n, 20_000_000n, 40_000_000n),
 *   columns: [Float64Array.of(2, NaN, 4)],
 * });
 * const [conductance] = accumulator.get().columns;
 * assert.equal(conductance?.mean, 3);
 * assert.equal(conductance?.missing, 1);
 * ```
 */
export class ColumnAccumulator {
  readonly #schema: StreamSchema;
  readonly #columns: readonly ColumnGatherer[];
  readonly #vectors: readonly VectorGatherer[];
  readonly #sequence: { readonly index: number; readonly numbers: SequenceAccumulator } | undefined;
  readonly #repeats: RepeatMarker;
  #lastTexts: readonly string[] = [];
  #rows = 0;
  #repeatedRows = 0;

  constructor(kernel: Kernel, schema: StreamSchema, { ranges }: ColumnAccumulatorOptions = {}) {
    this.#schema = schema;
    this.#columns = schema.columns.map((spec) =>
      spec.kind === "text"
        ? new TextGatherer()
        : new NumberGatherer(kernel, plausibleRange(schema.id, spec, ranges))
    );
    this.#vectors = accelerationVectors(schema.columns).map((vector) => ({
      ...vector,
      gravity: new GravityAccumulator(kernel),
    }));
    const index = sequenceColumn(schema.columns);
    this.#sequence = index < 0 ? undefined : { index, numbers: new SequenceAccumulator(kernel) };
    this.#repeats = new RepeatMarker(kernel);
  }

  /** Adds the next batch of the stream. */
  add(batch: ColumnBatch): void {
    this.#rows += batch.length;
    for (const [index, values] of batch.columns.entries()) this.#columns[index]?.add(values);
    for (const { indices, gravity } of this.#vectors) {
      const [x, y, z] = indices.map((index) => batch.columns[index]);
      if (x instanceof Float64Array && y instanceof Float64Array && z instanceof Float64Array) {
        gravity.add(x, y, z);
      }
    }
    this.#addSequence(batch);
    this.#addRepeats(batch);
  }

  /** The facts so far. */
  get(): TableStatistics {
    const accelerations: AccelerationStatistics[] = this.#vectors.map(({ names, gravity }) => ({
      columns: names,
      ...gravity.get(),
    }));
    return {
      rows: this.#rows,
      columns: this.#schema.columns.map(({ name }, index) => this.#columns[index]!.get(name)),
      accelerations,
      ...(this.#sequence === undefined ? {} : { sequence: this.#sequence.numbers.get() }),
      repeatedRows: this.#repeatedRows,
    };
  }

  #addSequence(batch: ColumnBatch): void {
    if (this.#sequence === undefined) return;
    const numbers = batch.columns[this.#sequence.index];
    if (numbers instanceof Float64Array || numbers instanceof BigInt64Array) {
      this.#sequence.numbers.add(numbers);
    }
  }

  #addRepeats(batch: ColumnBatch): void {
    const numbers = batch.columns.filter((values) => values instanceof Float64Array);
    const others = batch.columns.filter((values) => !(values instanceof Float64Array));
    const marks = this.#repeats.mark(batch.times, numbers);
    for (let row = marks.indexOf(1); row >= 0; row = marks.indexOf(1, row + 1)) {
      const before = row === 0
        ? this.#lastTexts
        : others.map((values) => String(values[row - 1] ?? ""));
      if (others.every((values, index) => String(values[row] ?? "") === before[index])) {
        this.#repeatedRows++;
      }
    }
    if (batch.length > 0) {
      this.#lastTexts = others.map((values) => String(values[batch.length - 1] ?? ""));
    }
  }
}

function sequenceColumn(columns: readonly ColumnSpec[]): number {
  return columns.findIndex(({ name, kind }) =>
    (kind === "f64" || kind === "i64") &&
    /^(sequence|packet_sequence|sample_number)(_number)?$/.test(name)
  );
}

/** Finds columns that differ only in a last letter x, y, z and whose name begins with `acc`. */
function accelerationVectors(
  columns: readonly ColumnSpec[],
): Pick<VectorGatherer, "indices" | "names">[] {
  const at = (name: string) => columns.findIndex((spec) => spec.name === name);
  return columns.flatMap(({ name, kind }, x) => {
    if (kind !== "f64" || !/^acc(el)?(_[a-z0-9]+)*_x$/.test(name)) return [];
    const names = ["x", "y", "z"].map((axis) => name.slice(0, -1) + axis);
    const [y, z] = [at(names[1]!), at(names[2]!)];
    if (y < 0 || z < 0) return [];
    return [{ indices: [x, y, z], names: [name, names[1]!, names[2]!] }];
  });
}
