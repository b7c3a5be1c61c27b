import { type AppliedTimes, type Kernel, SegmentApplier } from "../../wasm/mod.ts";
import { square, type StreamSchema } from "../base/mod.ts";
import type { ClockModel } from "./model.ts";

/** What {@linkcode ClockApplier} needs to know of a stream. */
export type AppliedStream = Pick<StreamSchema, "id" | "resolutionNs" | "stampSigmaNs">;

/**
 * Places the times of one stream on the reference clock.
 *
 * The uncertainty of each time is the root of `model^2 + stamp^2 + resolution^2 / 3`: whether a
 * recorder rounds its stamps or cuts them is not known, and cutting is off by up to a whole step. Stretches of a clock
 * that steps are told apart by the index of the sample, for streams whose pairs showed the step, and by time
 * for others. Within a stretch the order of times is kept. A clock that is not placed gives `MISSING_NS` and NaN.
 *
 * @example
 * ```ts
 * import { ClockApplier, fitGraph, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const [from, to] = [{ id: "phone/utc", kind: "utc" }, { id: "pc/utc", kind: "utc" }] as const;
 * const { models } = fitGraph(new Kernel(), {
 *   clocks: [from],
 *   reference: to,
 *   evidence: [{ kind: "event", from, to, fromNs: 0n, toNs: 5n, sigmaNs: 10, source: "tap" }],
 * });
 * const applier = new ClockApplier(new Kernel(), models[0]!, { id: "phone/gsr", resolutionNs: 1 });
 * assert.deepEqual(applier.apply(BigInt64Array.of(100n), 0).referenceTimes, BigInt64Array.of(105n));
 * ```
 */
export class ClockApplier {
  readonly #applier: SegmentApplier;
  /** First row of each segment, when it is known for this stream. */
  readonly #firstRows: readonly number[];

  constructor(kernel: Kernel, model: ClockModel, stream: AppliedStream) {
    const { id, resolutionNs, stampSigmaNs = 0 } = stream;
    const variance = square(stampSigmaNs) + square(resolutionNs) / 3;
    this.#applier = new SegmentApplier(kernel, model.segments, variance);
    const rows = model.segments.map(({ firstRows }) => firstRows[id]);
    const known = rows.filter((row) => row !== undefined);
    if (model.segments.length === 1) this.#firstRows = [0];
    else this.#firstRows = known.length === rows.length ? known : [];
  }

  /**
   * Converts the times of consecutive samples.
   *
   * @param times In ns on the clock of the model; `MISSING_NS` stays missing.
   * @param firstRow Index of the first of them in the stream.
   * @param into Where to write, from the start; new arrays are made otherwise. Who converts batch after batch and
   * is done with one before the next saves half of the time with it.
   */
  apply(times: BigInt64Array, firstRow: number, into?: AppliedTimes): AppliedTimes {
    const { length } = times;
    const found = into ??
      { referenceTimes: new BigInt64Array(length), sigmas: new Float64Array(length) };
    if (found.referenceTimes.length < length || found.sigmas.length < length) {
      throw new RangeError(
        `Cannot write ${length} times: current room is ${found.referenceTimes.length}`,
      );
    }
    if (this.#firstRows.length === 0) this.#applier.apply(-1, times, found);
    for (const [segment, start] of this.#firstRows.entries()) {
      const end = this.#firstRows[segment + 1] ?? Infinity;
      const from = Math.max(segment === 0 ? 0 : start - firstRow, 0);
      const to = Math.min(end - firstRow, length);
      if (from < to) this.#applier.apply(segment, times.subarray(from, to), found, from);
    }
    return found;
  }

  /** Converts times of single samples, whose index in the stream each has in `rows`. */
  applyAt(times: BigInt64Array, rows: Float64Array): BigInt64Array {
    const found = {
      referenceTimes: new BigInt64Array(times.length),
      sigmas: new Float64Array(times.length),
    };
    const segmentOf = (row: number) => this.#firstRows.findLastIndex((start) => row >= start);
    let start = 0;
    while (start < times.length) {
      const segment = segmentOf(rows[start]!);
      let end = start + 1;
      while (end < times.length && segmentOf(rows[end]!) === segment) end++;
      // Rows ahead of the first segment lie in it; without any rows, stretches are told by time.
      const known = this.#firstRows.length === 0 ? -1 : Math.max(segment, 0);
      this.#applier.apply(known, times.subarray(start, end), found, start);
      start = end;
    }
    return found.referenceTimes;
  }

  /** Gives the memory back; the applier must not be used afterwards. */
  dispose(): void {
    this.#applier.dispose();
  }
}
