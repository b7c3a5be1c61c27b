import { rootSumSquares, type TimeNs } from "../../base/mod.ts";
import type { ClockModel, ClockSegment, SamplingStatistics } from "../../clock/mod.ts";
import { readAlong, spreadTimes } from "./along.ts";
import type { ClockStream } from "./facts.ts";

/** Half the width of a 95 % interval of a normal distribution, in sigmas. */
export const SIGMAS_95 = 1.959963984540054;

/** Places at which a model is read, shared by its stretches, and how many one gets at most and at least. */
const PLACES = 2048;
const MOST_PLACES = 256;
const FEWEST_PLACES = 4;

interface WeightedSigma {
  readonly sigmaNs: number;
  readonly weight: number;
}

/**
 * Half width of the 95 % interval that 95 of 100 samples of a clock do not exceed, in ns; of the clock itself when
 * it stamps no samples, NaN when it is not placed.
 *
 * Samples are taken to lie evenly over the span of their stream. Each is uncertain by the model at its time and by
 * its own stamp.
 */
export function halfWidth95(model: ClockModel, streams: readonly ClockStream[]): number {
  if (model.segments.length === 0) return NaN;
  const sampled = streams.flatMap((stream) => streamSigmas(model, stream));
  const sigmas = sampled.length > 0 ? sampled : model.segments.flatMap((segment) => {
    const { fromNs, toNs } = segment;
    const weight = Math.max(1, Number(toNs - fromNs));
    return spanSigmas(segment, { fromNs, toNs, weight, places: placesOf(model) });
  });
  return SIGMAS_95 * weightedQuantile(sigmas, 0.95);
}

function placesOf({ segments }: ClockModel): number {
  const share = Math.floor(PLACES / segments.length);
  return Math.max(FEWEST_PLACES, Math.min(MOST_PLACES, share));
}

function streamSigmas(
  model: ClockModel,
  { sampling, stampSigmaNs }: ClockStream,
): WeightedSigma[] {
  const places = placesOf(model);
  const parts = partsOf(model.segments, sampling);
  const { count } = sampling;
  const whole = parts.reduce((sum, { fromNs, toNs }) => sum + Number(toNs - fromNs) + 1, 0);
  return parts.flatMap(({ segment, fromNs, toNs }) => {
    const weight = count * (Number(toNs - fromNs) + 1) / whole;
    return spanSigmas(segment, { fromNs, toNs, weight, places }).map(({ sigmaNs, weight }) => ({
      sigmaNs: rootSumSquares(sigmaNs, stampSigmaNs),
      weight,
    }));
  });
}

interface Part {
  readonly segment: ClockSegment;
  readonly fromNs: TimeNs;
  readonly toNs: TimeNs;
}

/** The stretches of a clock as far as a stream reaches; the earliest and the latest hold beyond their ends too. */
function partsOf(segments: readonly ClockSegment[], sampling: SamplingStatistics): Part[] {
  const { count, minNs, maxNs } = sampling;
  if (count === 0 || minNs === undefined || maxNs === undefined) return [];
  const known = segments.flatMap((segment) => {
    const [first, last] = [segment.knots[0], segment.knots.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [{
      segment,
      fromNs: lesser(first.deviceNs, maxNs),
      toNs: greater(last.deviceNs, minNs),
    }];
  });
  const beyond = beyondNs(known, sampling, maxNs - minNs);
  // Of a clock that was set back, the last stretch can hold the earliest times.
  const earliest = least(segments.map(({ fromNs }) => fromNs));
  const latest = -least(segments.map(({ toNs }) => -toNs));
  return known.map(({ segment, fromNs, toNs }) => {
    const low = segment.fromNs === earliest ? minNs : greater(minNs, segment.fromNs);
    const high = segment.toNs === latest ? maxNs : lesser(maxNs, segment.toNs);
    return {
      segment,
      fromNs: greater(low, fromNs - beyond),
      toNs: lesser(high, toNs + beyond),
    };
  }).filter(({ fromNs, toNs }) => fromNs <= toNs);
}

/**
 * How far a stream can reach beyond the knots of its clock, in ns: its samples fill no more time than they take,
 * wherever a damaged stamp may lie.
 */
function beyondNs(
  known: readonly Part[],
  sampling: SamplingStatistics,
  spanNs: TimeNs,
): TimeNs {
  const filled = filledNs(sampling);
  if (!Number.isFinite(filled)) return spanNs;
  const knownNs = known.reduce(
    (sum, { fromNs, toNs }) => sum + Math.max(0, Number(toNs - fromNs)),
    0,
  );
  return BigInt(Math.ceil(Math.max(0, filled - knownNs)));
}

/** The time that the samples of a stream take, in ns; not finite when it has no rate. */
export function filledNs({ count, missingSamples, rateHz }: SamplingStatistics): number {
  return (count + missingSamples) / rateHz * 1e9;
}

function spanSigmas(
  segment: ClockSegment,
  { fromNs, toNs, weight, places }: {
    readonly fromNs: TimeNs;
    readonly toNs: TimeNs;
    readonly weight: number;
    readonly places: number;
  },
): WeightedSigma[] {
  const readings = readAlong(segment, spreadTimes(fromNs, toNs, places));
  return readings.map(({ sigmaNs }) => ({ sigmaNs, weight: weight / places }));
}

/** The value below which a share of the weight lies. */
function weightedQuantile(values: readonly WeightedSigma[], share: number): number {
  const sorted = values.toSorted((a, b) => a.sigmaNs - b.sigmaNs);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let below = 0;
  for (const { sigmaNs, weight } of sorted) {
    below += weight;
    // Sums of equal shares miss the exact one by their rounding.
    if (below >= share * total * (1 - 1e-12)) return sigmaNs;
  }
  return sorted.at(-1)?.sigmaNs ?? NaN;
}

function least(times: readonly TimeNs[]): TimeNs {
  return times.reduce((low, time) => lesser(low, time));
}

/** The later of two times. */
export function greater(a: TimeNs, b: TimeNs): TimeNs {
  return a > b ? a : b;
}

/** The earlier of two times. */
export function lesser(a: TimeNs, b: TimeNs): TimeNs {
  return a < b ? a : b;
}
