import {
  type Kernel,
  matchTrains,
  type TrainContest,
  type TrainStretch,
} from "../../../wasm/mod.ts";
import { type ClockRef, MISSING_NS, type TimeNs } from "../../base/mod.ts";
import type { SeriesEvidence } from "../model.ts";

/** Events as one clock stamped them, in file order. */
export interface EventTrain {
  /** Stamps in ns; `MISSING_NS` where there is none. They may go back where the clock was set. */
  readonly timesNs: BigInt64Array;
  /** What each event is, such as its marker or code word: only events of one label are the same. */
  readonly labels?: readonly string[];
  /** Width of each pulse in ns, NaN where it is not known. */
  readonly widthsNs?: Float64Array;
}

/** What is known of two trains beforehand. */
export interface EventMatchOptions {
  /**
   * Standard deviation of the difference of both stamps of one event in ns.
   *
   * @default {found from the events, between 30 us and 30 ms}
   */
  readonly jitterNs?: number;
  /** Largest drift of one clock against the other. @default {500} */
  readonly maxDriftPpm?: number;
  /** Where the second clock minus the first must lie, which lets periodic trains be matched. @default {anywhere} */
  readonly offset?: { readonly aboutNs: TimeNs; readonly withinNs: number };
  /** Pulses whose widths differ by more are not the same. @default {1e6} */
  readonly widthToleranceNs?: number;
  /** Coarseness of both stamps together in ns, below which no scatter is believed. @default {0} */
  readonly resolutionNs?: number;
}

/** A stretch, between steps of the clocks, in which two trains agree. */
export type EventStretch = TrainStretch;

/** Which events of two trains are the same. */
export interface EventMatch {
  /**
   * - `matched`: at one offset they agree as chance does not let them, and at no other nearly as well.
   * - `ambiguous`: several offsets explain them about equally well, as of periodic events. Nothing is paired.
   * - `unrelated`: no offset explains more than chance would.
   * - `too-few`: fewer than three events on one side.
   */
  readonly verdict: "matched" | "ambiguous" | "unrelated" | "too-few";
  /** Index of each pair's event in the first train. */
  readonly first: Uint32Array;
  /** Index of each pair's event in the second train. */
  readonly second: Uint32Array;
  /** How far each pair lies off the smooth course of the clocks, ns. */
  readonly residualsNs: Float64Array;
  /** One sigma of the difference of each pair in ns, from the scatter of its stretch. */
  readonly sigmasNs: Float64Array;
  /** In the order of the first train. */
  readonly stretches: readonly EventStretch[];
  /** Events of the first train without a partner. */
  readonly unmatchedFirst: Uint32Array;
  /** Events of the second train without a partner. */
  readonly unmatchedSecond: Uint32Array;
  /** How the best offset and its rival compare, where the verdict is `ambiguous`. */
  readonly rival?: TrainContest;
}

/**
 * Finds which events of two trains are the same, though nothing is known of the offset of their clocks.
 *
 * Either side may miss events and have some of its own, labels and widths narrow the choice, and steps of a clock
 * part the trains into stretches. Differences of a window of one train to all of the other have a peak where they
 * agree; from there a filter of offset and drift follows the events both ways, and an order-preserving assignment
 * pairs them. Pairs are given only if chance is ruled out (one in a million) and no other offset comes near.
 *
 * @example
 * ```ts
 * import { eventSeries, Kernel, matchEvents } from "session-process";
 * import assert from "node:assert/strict";
 *
 * // Button presses as a phone and as a computer 100 s ahead logged them; each missed one.
 * const presses = [0, 3.1, 7.4, 9, 16.2, 21.7, 24.8, 33.3, 41, 44.6].map((s) => BigInt(s * 1e3) * 1_000_000n);
 * const phone = { timesNs: BigInt64Array.from(presses.toSpliced(2, 1)) };
 * const computer = {
 *   timesNs: BigInt64Array.from(presses.toSpliced(5, 1), (time) => time + 100_000_000_000n),
 * };
 * const match = matchEvents(new Kernel(), phone, computer, { jitterNs: 1e6 });
 * assert.equal(match.verdict, "matched");
 * assert.equal(match.first.length, 8);
 * assert.deepEqual([...match.unmatchedFirst], [4]);
 * const series = eventSeries(match, phone, computer, {
 *   from: { id: "phone/utc", kind: "utc" },
 *   to: { id: "pc/utc", kind: "utc" },
 *   source: "button presses",
 * });
 * assert.equal(series!.toNs[0]! - series!.fromNs[0]!, 100_000_000_000n);
 * ```
 */
export function matchEvents(
  kernel: Kernel,
  first: EventTrain,
  second: EventTrain,
  options: EventMatchOptions = {},
): EventMatch {
  const { jitterNs = NaN, maxDriftPpm = 500, widthToleranceNs = 1e6, resolutionNs = 0 } = options;
  requireOptions(options);
  const labels = new Map<string, number>();
  const [a, b] = [placed(first, labels), placed(second, labels)];
  const { aboutNs, withinNs } = options.offset ?? { aboutNs: 0n, withinNs: Infinity };
  const about = Number(aboutNs - (b.originNs - a.originNs));
  const found = matchTrains(kernel, a, b, {
    jitter: jitterNs,
    maxDrift: maxDriftPpm * 1e-6,
    low: about - withinNs,
    high: about + withinNs,
    widthTolerance: widthToleranceNs,
  });
  const pairs = found.pairs.length / 2;
  const firsts = Uint32Array.from(
    { length: pairs },
    (_, pair) => a.indexes[found.pairs[2 * pair]!]!,
  );
  const seconds = Uint32Array.from(
    { length: pairs },
    (_, pair) => b.indexes[found.pairs[2 * pair + 1]!]!,
  );
  return {
    verdict: found.verdict,
    first: firsts,
    second: seconds,
    residualsNs: found.residualsNs,
    sigmasNs: sigmasOf(found.stretches, pairs, resolutionNs),
    stretches: found.stretches,
    unmatchedFirst: others(first.timesNs.length, firsts),
    unmatchedSecond: others(second.timesNs.length, seconds),
    ...(found.lost === undefined || found.verdict === "matched" ? {} : { rival: found.lost }),
  };
}

function requireOptions({ jitterNs, maxDriftPpm = 500, offset }: EventMatchOptions): void {
  if (jitterNs !== undefined && !(jitterNs > 0)) {
    throw new RangeError(`Jitter must be positive: current value is ${jitterNs}`);
  }
  if (!(maxDriftPpm >= 0 && maxDriftPpm <= 1e5)) {
    throw new RangeError(
      `Drift must lie between 0 and 100000 ppm: current value is ${maxDriftPpm}`,
    );
  }
  if (offset !== undefined && !(offset.withinNs > 0)) {
    throw new RangeError(
      `Width of the search must be positive: current value is ${offset.withinNs}`,
    );
  }
}

/** A train relative to its first event, without the events that have no time. */
function placed({ timesNs, labels, widthsNs }: EventTrain, numbers: Map<string, number>) {
  for (const list of [labels, widthsNs]) {
    if (list !== undefined && list.length !== timesNs.length) {
      throw new RangeError(
        `Train must have ${timesNs.length} labels and widths: it has ${list.length}`,
      );
    }
  }
  const indexes = Uint32Array.from(
    Array.from(timesNs.keys()).filter((index) => timesNs[index] !== MISSING_NS),
  );
  const originNs = timesNs[indexes[0] ?? -1] ?? 0n;
  const numberOf = (label: string): number => {
    const known = numbers.get(label) ?? numbers.size;
    numbers.set(label, known);
    return known;
  };
  return {
    indexes,
    originNs,
    times: Float64Array.from(indexes, (index) => Number(timesNs[index]! - originNs)),
    labels: labels && Uint32Array.from(indexes, (index) => numberOf(labels[index]!)),
    widths: widthsNs && Float64Array.from(indexes, (index) => widthsNs[index]!),
  };
}

function sigmasOf(
  stretches: readonly TrainStretch[],
  pairs: number,
  resolutionNs: number,
): Float64Array {
  const sigmas = new Float64Array(pairs);
  let at = 0;
  for (const { pairs, sigmaNs } of stretches) {
    sigmas.fill(Math.max(sigmaNs, resolutionNs / Math.sqrt(12)), at, at + pairs);
    at += pairs;
  }
  return sigmas;
}

/** Indexes below a length that are not among some. */
function others(length: number, some: Uint32Array): Uint32Array {
  const known = new Set(some);
  return Uint32Array.from([...Array(length).keys()].filter((index) => !known.has(index)));
}

/** What the evidence of {@linkcode eventSeries} is about. */
export interface EventSeriesOptions {
  /** Clock of the first train. */
  readonly from: ClockRef;
  /** Clock of the second train. */
  readonly to: ClockRef;
  /** What the evidence is called in reports. */
  readonly source: string;
  /** @default {"events"} */
  readonly kind?: SeriesEvidence["kind"];
}

/** The pairs of a match as clock evidence; undefined unless it is `matched`. */
export function eventSeries(
  match: EventMatch,
  first: EventTrain,
  second: EventTrain,
  { from, to, source, kind = "events" }: EventSeriesOptions,
): SeriesEvidence | undefined {
  if (match.verdict !== "matched") return undefined;
  return {
    kind,
    from,
    to,
    fromNs: BigInt64Array.from(match.first, (index) => first.timesNs[index]!),
    toNs: BigInt64Array.from(match.second, (index) => second.timesNs[index]!),
    sigmasNs: match.sigmasNs,
    source,
  };
}
