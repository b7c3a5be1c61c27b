import type { Kernel } from "./kernel.ts";

/** A place where samples are missing. */
export interface SampleGap {
  /** Index of the first sample after it. */
  readonly row: number;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** How many samples are missing. */
  readonly missing: number;
}

/** How a stream was sampled, from its own time stamps. Durations in ns are floats; NaN when not known. */
export interface SamplingStatistics {
  /** Samples with a time. */
  readonly count: number;
  readonly missingTimes: number;
  /** Stamps of the first and last sample in file order; absent without samples. */
  readonly firstNs?: bigint;
  readonly lastNs?: bigint;
  readonly minNs?: bigint;
  readonly maxNs?: bigint;
  /** Sample period of a regular stream without its gaps, median interval of any other. */
  readonly medianIntervalNs: number;
  /** Samples per second, not counting gaps of a regular stream. */
  readonly rateHz: number;
  /** The stamps keep a common period, whatever their jitter or packets. Otherwise there are no gaps. */
  readonly regular: boolean;
  /** Median distance of the intervals from the median interval. */
  readonly jitterNs: number;
  /**
   * Spread of the stamps of a regular stream about the sampling times: 95 % lie within 1.96 times it. Where
   * packets make stamps late it counts from the quickest arrival on. NaN when samples are not regular.
   */
  readonly stampSigmaNs: number;
  /**
   * Spread of a stamp about the time that its neighbours tell, whatever the timer does over longer times: 95 % of the
   * intervals are off by no more than two such stamps explain. NaN when samples are not regular.
   */
  readonly neighbourSigmaNs: number;
  /** Samples with the stamp of the sample ahead of them. */
  readonly duplicates: number;
  /** Samples that lie before the sample ahead of them. */
  readonly backwards: number;
  readonly worstBackwardsNs: number;
  readonly gaps: number;
  readonly missingSamples: number;
  readonly longestGapNs: number;
  /** At most 1000 gaps. */
  readonly firstGaps: readonly SampleGap[];
  /** Step of which all stamps are multiples. */
  readonly quantumNs: number;
}

/** Options of {@linkcode SamplingAccumulator}. */
export interface SamplingOptions {
  /** Rate that the recorder meant to take, for streams too short to show their own. */
  readonly nominalRateHz?: number | undefined;
}

const FIGURES = 15;
const KEPT_GAPS = 1000;

/**
 * Gathers {@linkcode SamplingStatistics} batch by batch in bounded memory.
 *
 * Packets and stalls are not gaps: a gap is where every later sample lies a whole period too late.
 *
 * @example
 * ```ts
 * import { Kernel, SamplingAccumulator } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const sampling = new SamplingAccumulator(new Kernel());
 * sampling.add(BigInt64Array.from([0n, 10n, 20n, 50n, 60n], (ms) => ms * 1_000_000n));
 * const { rateHz, missingSamples } = sampling.get();
 * assert.deepEqual([rateHz, missingSamples], [100, 2]);
 * ```
 */
export class SamplingAccumulator {
  readonly #kernel: Kernel;
  readonly #state: number;

  constructor(kernel: Kernel, { nominalRateHz = 0 }: SamplingOptions = {}) {
    this.#kernel = kernel;
    this.#state = kernel.call("sp_sampling_new", nominalRateHz > 0 ? 1e9 / nominalRateHz : 0);
  }

  /** Adds the stamps of the next samples in file order, in ns; `MISSING_NS` where there is none. */
  add(times: BigInt64Array): void {
    this.#kernel.withBuffer(times.byteLength, (buffer) => {
      this.#kernel.i64(buffer).set(times);
      this.#kernel.call("sp_sampling_add", this.#state, buffer.pointer, times.length);
    });
  }

  /** The statistics so far. More may be added afterwards. */
  get(): SamplingStatistics {
    const kernel = this.#kernel;
    return kernel.withBuffer(
      FIGURES * 8,
      (figures) =>
        kernel.withBuffer(
          4 * 8,
          (extent) =>
            kernel.withBuffer(2 * KEPT_GAPS * 8, (gapFigures) =>
              kernel.withBuffer(2 * KEPT_GAPS * 8, (gapTimes) => {
                const pointers = [figures, extent, gapFigures, gapTimes].map(({ pointer }) =>
                  pointer
                );
                const kept = kernel.call("sp_sampling_get", this.#state, ...pointers);
                const gaps = gapList(kernel.f64(gapFigures), kernel.i64(gapTimes), kept);
                return statistics(kernel.f64(figures), kernel.i64(extent), gaps);
              })),
        ),
    );
  }

  /** Gives the memory back; the accumulator must not be used afterwards. */
  dispose(): void {
    this.#kernel.call("sp_sampling_free", this.#state);
  }
}

function gapList(figures: Float64Array, times: BigInt64Array, kept: number): SampleGap[] {
  return Array.from({ length: kept }, (_, index) => ({
    row: figures[2 * index]!,
    missing: figures[2 * index + 1]!,
    fromNs: times[2 * index]!,
    toNs: times[2 * index + 1]!,
  }));
}

function statistics(
  figures: Float64Array,
  extent: BigInt64Array,
  firstGaps: readonly SampleGap[],
): SamplingStatistics {
  const at = (index: number): number => figures[index]!;
  const [firstNs, lastNs, minNs, maxNs] = extent as unknown as [bigint, bigint, bigint, bigint];
  return {
    count: at(1),
    missingTimes: at(0) - at(1),
    ...(at(1) > 0 ? { firstNs, lastNs, minNs, maxNs } : {}),
    medianIntervalNs: at(2),
    rateHz: at(3),
    regular: at(9) === 1,
    jitterNs: at(4),
    stampSigmaNs: at(10),
    duplicates: at(5),
    backwards: at(6),
    worstBackwardsNs: at(7),
    neighbourSigmaNs: at(11),
    gaps: at(12),
    missingSamples: at(13),
    longestGapNs: at(14),
    firstGaps,
    quantumNs: at(8),
  };
}
