import {
  type Kernel,
  type LatticeInstants,
  LatticePlacer,
  type LatticeSkip,
  type LatticeSummary,
  LatticeSurvey,
  type PlacedRows,
} from "../../wasm/mod.ts";

import { UsageError } from "../base/mod.ts";

/** Options of {@linkcode dejitter} and {@linkcode DejitterSurvey}. */
export interface DejitterOptions {
  /**
   * Rate that the recorder meant to take. It is tried beside the one that the stamps show, which decides where
   * the two do not agree.
   */
  readonly nominalRateHz?: number | undefined;
  /** The samples are strings, which have no rate: they are left alone. @default {false} */
  readonly text?: boolean | undefined;
}

/** Options of {@linkcode DejitterSurvey.solve}. */
export interface SolveDejitterOptions {
  /**
   * Takes stamps at given rows of the stream to the clock on which the times are wanted. A step of the clock
   * then is no gap. Without it the times are on the clock of the stamps.
   */
  readonly toReference?: ((instants: LatticeInstants) => BigInt64Array) | undefined;
}

/** A stream on its lattice, and what is known of the lattice. */
export type DejitteredTimes = PlacedRows & LatticeSummary;

function nothingKnown(skipped: LatticeSkip): LatticeSummary {
  return {
    rateHz: NaN,
    stampSigmaNs: NaN,
    dropped: 0,
    duplicates: 0,
    reordered: 0,
    gaps: [],
    segments: [],
    skipped,
  };
}

/**
 * Writes the times of the rows of a stream: the second pass after a {@linkcode DejitterSurvey}.
 *
 * Batches may have any size; the results are the same.
 *
 * @example
 * ```ts
 * import { Dejitterer, DejitterSurvey, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const survey = new DejitterSurvey(new Kernel());
 * survey.add(BigInt64Array.of(5n));
 * const dejitterer: Dejitterer = survey.solve();
 * assert.equal(dejitterer.summary.skipped, "too-few");
 * assert.deepEqual([...dejitterer.apply(BigInt64Array.of(5n), 0).times], [5n]);
 * ```
 */
export class Dejitterer {
  readonly #placer: LatticePlacer | undefined;
  /** What is known of the lattice. */
  readonly summary: LatticeSummary;

  /** @param found What the survey solved, or why there is nothing to solve. */
  constructor(found: LatticePlacer | LatticeSkip) {
    this.#placer = found instanceof LatticePlacer ? found : undefined;
    this.summary = found instanceof LatticePlacer ? found.summary : nothingKnown(found);
  }

  /**
   * Places consecutive rows.
   *
   * @param times Stamps in ns; those of a stream without a lattice are returned as they are. `MISSING_NS` stays
   *   missing.
   * @param firstRow Index of the first of them in the stream.
   */
  apply(times: BigInt64Array, firstRow: number): PlacedRows {
    if (this.#placer !== undefined) return this.#placer.apply(times, firstRow);
    return {
      times: times.slice(),
      sigmas: new Float64Array(times.length).fill(NaN),
      indexes: BigInt64Array.from(times, (_, index) => BigInt(firstRow + index)),
    };
  }

  /**
   * Does the same in place: overwrites the times, and adds the uncertainties of the new ones to those that are given,
   * as the root of the sum of their squares. A stream without a lattice is left as it is.
   */
  refine(times: BigInt64Array, sigmas: Float64Array, firstRow: number): void {
    this.#placer?.refine(times, sigmas, firstRow);
  }

  /** Gives the memory back; it must not be used afterwards. */
  dispose(): void {
    this.#placer?.dispose();
  }
}

/**
 * Finds the lattice on which the samples of a stream lie, batch by batch in bounded memory: the first of two passes.
 *
 * Device stamps may be given: steps of the clock look like gaps in them, and are told apart when
 * {@linkcode DejitterSurvey.solve} learns how the clock ran.
 *
 * @example
 * ```ts
 * import { DejitterSurvey, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * // 100 Hz with 1 ms of jitter; one sample in the middle was lost.
 * const places = Array.from({ length: 1000 }, (_, row) => row < 500 ? row : row + 1);
 * const stamps = BigInt64Array.from(places, (place) => BigInt(place * 10_000_000 + place % 3 * 500_000));
 *
 * const survey = new DejitterSurvey(new Kernel(), { nominalRateHz: 100 });
 * survey.add(stamps.subarray(0, 300));
 * survey.add(stamps.subarray(300));
 * const dejitterer = survey.solve();
 * assert.equal(dejitterer.summary.dropped, 1);
 * const { indexes } = dejitterer.apply(stamps.subarray(499, 501), 499);
 * assert.deepEqual([...indexes], [499n, 501n]);
 * ```
 */
export class DejitterSurvey {
  readonly #survey: LatticeSurvey;
  readonly #text: boolean;
  readonly #ended: boolean;

  /** @param state What {@linkcode DejitterSurvey.state} returned; {@linkcode DejitterSurvey.restore} gives it. */
  constructor(
    kernel: Kernel,
    { nominalRateHz = 0, text = false }: DejitterOptions = {},
    state?: Uint8Array,
  ) {
    const periodNs = nominalRateHz > 0 ? 1e9 / nominalRateHz : 0;
    this.#survey = new LatticeSurvey(kernel, state ?? periodNs);
    this.#text = text;
    this.#ended = state !== undefined;
  }

  /**
   * A survey that can be solved as the one that gave the state, with the same results to the bit. Nothing can be
   * added to it. Throws `RangeError` when the bytes are no state.
   */
  static restore(kernel: Kernel, options: DejitterOptions, state: Uint8Array): DejitterSurvey {
    return new DejitterSurvey(kernel, options, state);
  }

  /** What was found so far as bytes, as many as there are blocks and jumps. */
  state(): Uint8Array<ArrayBuffer> {
    return this.#survey.state();
  }

  /**
   * Adds the stamps of the next samples in file order, in ns; `MISSING_NS` where there is none. Throws
   * `UsageError` when the survey was restored.
   */
  add(times: BigInt64Array): void {
    if (this.#ended) {
      throw new UsageError("Cannot add samples to a survey: current survey was restored");
    }
    if (!this.#text) this.#survey.add(times);
  }

  /** Solves what was added so far. More may be added afterwards. */
  solve({ toReference }: SolveDejitterOptions = {}): Dejitterer {
    return new Dejitterer(this.#text ? "text" : this.#survey.solve(toReference));
  }

  /** Gives the memory back; the survey must not be used afterwards. */
  dispose(): void {
    this.#survey.dispose();
  }
}

/**
 * Takes the jitter out of the stamps of a regular stream and counts what was lost.
 *
 * Each row gets an integer place on the lattice of the sampling clock: rows after a gap lie as many places on as
 * samples are missing, and a row that was recorded twice has the place of its twin. The time of a place follows
 * the slow drift of the sampling rate. Streams without a common period are returned as they are, with the reason.
 *
 * @param times Stamps on one clock in ns, in file order; `MISSING_NS` stays missing.
 * @returns For each row its time in ns on the same clock, one standard deviation of that time in ns and its place.
 *
 * @example
 * ```ts
 * import { dejitter, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * // Two of 2000 frames are missing, and stamps are rounded to ms.
 * const places = Array.from({ length: 2000 }, (_, row) => row < 700 ? row : row + 2);
 * const stamps = BigInt64Array.from(places, (place) => BigInt(Math.round(place / 0.02997)) * 1_000_000n);
 *
 * const { times, dropped, gaps, rateHz } = dejitter(new Kernel(), stamps, { nominalRateHz: 30 });
 * assert.equal(dropped, 2);
 * assert.equal(gaps[0]?.row, 700);
 * assert.equal(rateHz.toFixed(3), "29.970");
 * assert.ok(Math.abs(Number(times[1999]) - 2001 / 29.97 * 1e9) < 50_000);
 * ```
 */
export function dejitter(
  kernel: Kernel,
  times: BigInt64Array,
  options: DejitterOptions = {},
): DejitteredTimes {
  const survey = new DejitterSurvey(kernel, options);
  try {
    survey.add(times);
    const dejitterer = survey.solve();
    try {
      return { ...dejitterer.apply(times, 0), ...dejitterer.summary };
    } finally {
      dejitterer.dispose();
    }
  } finally {
    survey.dispose();
  }
}
