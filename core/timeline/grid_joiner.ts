import type { ColumnData } from "../base/mod.ts";
import type { GridSamples } from "./grid_sampler.ts";

/** Ticks of several streams side by side. */
export interface JoinedTicks {
  readonly firstTick: number;
  readonly length: number;
  /** Time of each tick in ns on the reference clock. */
  readonly times: BigInt64Array;
  /** Columns of all streams, one stream after another. */
  readonly columns: readonly ColumnData[];
  /** Uncertainty of the times of each stream, in ns. */
  readonly sigmas: readonly Float64Array[];
}

/** What is left of the last batch of a stream. */
interface Rest {
  readonly batches: AsyncIterator<GridSamples> | Iterator<GridSamples>;
  samples: GridSamples;
  used: number;
}

/**
 * Puts streams side by side that were sampled on the same grid. Holds one batch of each stream.
 *
 * Ends with the shortest; samplers of one grid all give every tick.
 *
 * @example
 * ```ts
 * import { type GridSamples, joinGrids } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const ticks = (value: number): GridSamples => ({
 *   firstTick: 0,
 *   length: 2,
 *   times: BigInt64Array.of(0n, 1n),
 *   columns: [Float64Array.of(value, value)],
 *   sigmas: new Float64Array(2),
 * });
 * const joined = await Array.fromAsync(joinGrids([[ticks(1)], [ticks(2)]]));
 * assert.deepEqual(joined[0]?.columns, [Float64Array.of(1, 1), Float64Array.of(2, 2)]);
 * ```
 */
export async function* joinGrids(
  streams: readonly (AsyncIterable<GridSamples> | Iterable<GridSamples>)[],
): AsyncGenerator<JoinedTicks> {
  const rests: Rest[] = [];
  try {
    for (const stream of streams) {
      const batches = Symbol.asyncIterator in stream
        ? stream[Symbol.asyncIterator]()
        : stream[Symbol.iterator]();
      rests.push({ batches, samples: EMPTY, used: 0 });
    }
    while (rests.length > 0 && await refill(rests)) yield take(rests);
  } finally {
    for (const { batches } of rests) await batches.return?.();
  }
}

const EMPTY: GridSamples = {
  firstTick: 0,
  length: 0,
  times: new BigInt64Array(0),
  columns: [],
  sigmas: new Float64Array(0),
};

/** Makes sure that every stream has ticks; false when one has ended. */
async function refill(rests: readonly Rest[]): Promise<boolean> {
  for (const rest of rests) {
    while (rest.used === rest.samples.length) {
      const next = await rest.batches.next();
      if (next.done) return false;
      rest.samples = next.value;
      rest.used = 0;
    }
  }
  return true;
}

function take(rests: readonly Rest[]): JoinedTicks {
  const length = Math.min(...rests.map(({ samples, used }) => samples.length - used));
  const parts = rests.map(({ samples, used }) => ({
    firstTick: samples.firstTick + used,
    times: samples.times.subarray(used, used + length),
    columns: samples.columns.map((column) => part(column, used, used + length)),
    sigmas: samples.sigmas.subarray(used, used + length),
  }));
  for (const rest of rests) rest.used += length;
  const { firstTick, times } = parts[0]!;
  return {
    firstTick,
    length,
    times,
    columns: parts.flatMap(({ columns }) => columns),
    sigmas: parts.map(({ sigmas }) => sigmas),
  };
}

function part(column: ColumnData, from: number, to: number): ColumnData {
  return "subarray" in column ? column.subarray(from, to) : column.slice(from, to);
}
