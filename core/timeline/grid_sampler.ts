import { type GridMethod, type Kernel, TickSampler } from "../../wasm/mod.ts";
import type { AlignedBatch, ColumnData, ColumnSpec, StreamSchema } from "../base/mod.ts";
import { type Grid, readTicks } from "./grid.ts";
import { Labels } from "./labels.ts";

/** Options of {@linkcode GridSampler}. */
export interface GridSamplerOptions {
  readonly grid: Grid;
  readonly schema: Pick<StreamSchema, "columns" | "nominalRateHz">;
  /** Samples per second as measured, which chooses the methods. @default {the nominal rate} */
  readonly rateHz?: number | undefined;
  /** Methods by column name, for those that should not be as {@linkcode methodOf} chooses. */
  readonly methods?: Readonly<Record<string, GridMethod>>;
  /** Longest stretch without a value that is bridged or held, ns. @default {1 s, or 3 sample periods} */
  readonly maxGapNs?: bigint;
  /** How late a sample may come behind one with a later time, ns. @default {1 s} */
  readonly disorderNs?: bigint;
}

/** Values of a stream at consecutive ticks of a grid. */
export interface GridSamples {
  /** Index of the first tick. */
  readonly firstTick: number;
  readonly length: number;
  /** Time of each tick in ns on the reference clock. */
  readonly times: BigInt64Array;
  /** Parallel to the columns of the stream; missing where there is nothing near. */
  readonly columns: readonly ColumnData[];
  /** Standard uncertainty of the time to which each value belongs, in ns; NaN where there is none. */
  readonly sigmas: Float64Array;
}

/**
 * How a column comes onto a grid: labels and flags hold, numbers are interpolated when the grid is about as
 * fast as the stream, and averaged over the time between ticks when it is slower.
 *
 * @example
 * ```ts
 * import { methodOf } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const column = { name: "ppg", kind: "f64" } as const;
 * assert.equal(methodOf(column, 128, 10), "mean");
 * assert.equal(methodOf(column, 10, 10), "linear");
 * assert.equal(methodOf({ ...column, categorical: true }, 128, 10), "previous");
 * ```
 */
export function methodOf(
  { kind, categorical = false }: ColumnSpec,
  streamRateHz: number | undefined,
  gridRateHz: number,
): GridMethod {
  if (kind !== "f64" || categorical) return "previous";
  return streamRateHz !== undefined && streamRateHz > 1.5 * gridRateHz ? "mean" : "linear";
}

/**
 * Gives one stream at the ticks of a grid, batch by batch, in memory that depends on the largest gap and the
 * disorder but not on the length of the stream.
 *
 * Gaps are not bridged, values that are missing count as absent column by column, and every tick of the grid is
 * given once, in order.
 *
 * @example
 * ```ts
 * import { createGrid, GridSampler, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const grid = createGrid({ startNs: 0n, endNs: 20n, rateHz: 1e8 });
 * const schema = { columns: [{ name: "ppg", kind: "f64" }] } as const;
 * const sampler = new GridSampler(new Kernel(), { grid, schema });
 * const times = BigInt64Array.of(0n, 20n);
 * const columns = [Float64Array.of(1, 3)];
 * const sigmas = new Float64Array(2);
 * const batch = { firstRow: 0, length: 2, times, referenceTimes: times, columns, sigmas };
 * const samples = [...sampler.push(batch), ...sampler.end()];
 * assert.deepEqual(samples.flatMap(({ columns }) => [...columns[0] as Float64Array]), [1, 2, 3]);
 * ```
 */
export class GridSampler {
  readonly #kernel: Kernel;
  readonly #grid: Grid;
  readonly #sampler: TickSampler;
  readonly #labels: readonly Labels[];
  #tick = 0;

  constructor(kernel: Kernel, options: GridSamplerOptions) {
    const { grid, schema, methods = {}, disorderNs = 1_000_000_000n } = options;
    const { rateHz = schema.nominalRateHz, maxGapNs = defaultGap(rateHz) } = options;
    const gridRate = Number(grid.numerator) / Number(grid.denominator);
    const chosen = schema.columns.map((column) => {
      const own = methodOf(column, rateHz, gridRate);
      return own === "previous" ? own : methods[column.name] ?? own;
    });
    this.#kernel = kernel;
    this.#grid = grid;
    this.#labels = schema.columns.map(({ kind }) => new Labels(kind));
    // The uncertainty of the times travels as a last column.
    const all: GridMethod[] = [...chosen, chosen.includes("mean") ? "mean" : "linear"];
    this.#sampler = new TickSampler(kernel, { grid, methods: all, maxGapNs, disorderNs });
  }

  /** Adds a batch and yields the ticks that are certain by then; read all of them before the next push. */
  *push(batch: AlignedBatch): Generator<GridSamples> {
    const { referenceTimes, columns, sigmas, length } = batch;
    const encoded = columns.map((data, index) => this.#labels[index]!.encode(data, length));
    this.#sampler.push(referenceTimes, [...encoded, sigmas]);
    yield* this.#read();
    for (const [index, labels] of this.#labels.entries()) {
      labels.forgetBelow(this.#sampler.lowest(index));
    }
  }

  /** Yields the rest of the grid. */
  *end(): Generator<GridSamples> {
    this.#sampler.end();
    yield* this.#read();
  }

  *#read(): Generator<GridSamples> {
    for (;;) {
      const { length, columns } = this.#sampler.read();
      if (length === 0) return;
      const firstTick = this.#tick;
      this.#tick += length;
      yield {
        firstTick,
        length,
        times: readTicks(this.#kernel, this.#grid, firstTick, length),
        columns: this.#labels.map((labels, index) => labels.decode(columns[index]!)),
        sigmas: columns.at(-1)!,
      };
    }
  }

  /** Number of samples that were left out: too late, or without a time. */
  get dropped(): number {
    return this.#sampler.dropped;
  }

  /** Gives the memory back; the sampler must not be used afterwards. */
  dispose(): void {
    this.#sampler.dispose();
  }
}

function defaultGap(rateHz: number | undefined): bigint {
  const second = 1_000_000_000n;
  if (rateHz === undefined || !(rateHz > 0)) return second;
  const periods = BigInt(Math.ceil(3e9 / rateHz));
  return periods > second ? periods : second;
}
