import { Envelope, type EnvelopeBlocks, type Kernel } from "../../wasm/mod.ts";
import type { ClockRef } from "../base/mod.ts";
import type { ClockJumps, DelayBounds, OneWayEvidence } from "./model.ts";

/** What the pairs given to {@linkcode OneWayAccumulator} are. */
export interface OneWayOptions {
  readonly from: ClockRef;
  readonly to: ClockRef;
  /** The stream whose samples are paired. */
  readonly streamId: string;
  /** Coarseness of both stamps together in ns. @default {0} */
  readonly resolutionNs?: number;
  /** What the evidence is called in reports. @default {streamId} */
  readonly source?: string;
  /** Bounds of the smallest delay between the two stamps. @default {0 to 20 ms} */
  readonly minimumDelay?: DelayBounds;
}

/**
 * Thins the pairs of device stamp and host stamp of one stream to the quickest arrivals.
 *
 * Blocks last 0.6 s in short streams and 10 s in long ones, so that memory stays bounded. Single pairs that
 * disagree with their neighbours by more than a second are left out and counted.
 *
 * @example
 * ```ts
 * import { Kernel, OneWayAccumulator } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const pairs = new OneWayAccumulator(new Kernel(), {
 *   from: { id: "shimmer/device", kind: "device" },
 *   to: { id: "phone/utc", kind: "utc" },
 *   streamId: "shimmer/gsr",
 * });
 * pairs.add(BigInt64Array.of(0n, 10n, 20n), BigInt64Array.of(1007n, 1013n, 1040n));
 * const { fromNs, toNs } = pairs.get();
 * assert.deepEqual([fromNs[0], toNs[0]], [10n, 1013n]);
 * ```
 */
export class OneWayAccumulator {
  readonly #options: OneWayOptions;
  readonly #envelope: Envelope;

  constructor(kernel: Kernel, options: OneWayOptions) {
    this.#options = options;
    this.#envelope = new Envelope(kernel);
  }

  /** Adds the next samples in file order; rows with a missing stamp are counted but not used. */
  add(times: BigInt64Array, hostTimes: BigInt64Array): void {
    this.#envelope.add(times, hostTimes);
  }

  /** The evidence so far. More may be added afterwards. */
  get(): OneWayEvidence {
    const { from, to, streamId, resolutionNs = 0, source = streamId, minimumDelay } = this.#options;
    const blocks = this.#envelope.get();
    return {
      kind: "one-way",
      from,
      to,
      streamId,
      resolutionNs,
      source,
      fromNs: blocks.deviceNs,
      toNs: blocks.hostNs,
      counts: blocks.counts,
      rows: blocks.rows,
      jumps: allJumps(blocks),
      rejected: blocks.rejected,
      ...(minimumDelay ? { minimumDelay } : {}),
    };
  }

  /** Gives the memory back; the accumulator must not be used afterwards. */
  dispose(): void {
    this.#envelope.dispose();
  }
}

/** Jumps of both directions in file order. */
function allJumps({ up, down }: EnvelopeBlocks): ClockJumps {
  const jumps = [up, down].flatMap(({ rows, deviceNs, sizesNs, passedNs }) =>
    Array.from(rows, (row, index) => ({
      row,
      from: deviceNs[index]!,
      size: sizesNs[index]!,
      passed: passedNs[index]!,
    }))
  ).filter(({ size }) => size !== 0n).sort((a, b) => a.row - b.row);
  return {
    rows: Float64Array.from(jumps, ({ row }) => row),
    fromNs: BigInt64Array.from(jumps, ({ from }) => from),
    sizesNs: BigInt64Array.from(jumps, ({ size }) => size),
    passedNs: BigInt64Array.from(jumps, ({ passed }) => passed),
  };
}
