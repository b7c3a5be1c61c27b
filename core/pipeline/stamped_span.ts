import { NS_PER_SECOND, type TimeSpan } from "../base/mod.ts";
import type { SamplingStatistics } from "../clock/mod.ts";

/** What tells over which times a stream was stamped. */
export type StampedTimes = Pick<
  SamplingStatistics,
  "firstNs" | "lastNs" | "minNs" | "maxNs" | "count" | "missingSamples" | "medianIntervalNs"
>;

/** Stamps that reach further than this many times what the samples take, and than this beyond it, are garbled. */
const FACTOR = 2;
const SLACK_NS = 3_600n * NS_PER_SECOND;

/**
 * From the least to the largest stamp of a stream, unless one garbled stamp makes that many times as long as the
 * samples take: then from the first to the last, if those are not garbled.
 */
export function stampedSpan(sampling: StampedTimes): TimeSpan | undefined {
  const { firstNs, lastNs, minNs, maxNs, count, missingSamples, medianIntervalNs } = sampling;
  if (minNs === undefined || maxNs === undefined) return undefined;
  const whole = { startNs: minNs, endNs: maxNs };
  if (firstNs === undefined || lastNs === undefined || !(medianIntervalNs > 0)) return whole;
  const taken = (count + missingSamples) * medianIntervalNs;
  const isLong = ({ startNs, endNs }: TimeSpan) =>
    Number(endNs - startNs - SLACK_NS) > FACTOR * taken;
  const ordered = firstNs <= lastNs
    ? { startNs: firstNs, endNs: lastNs }
    : { startNs: lastNs, endNs: firstNs };
  return isLong(whole) && !isLong(ordered) ? ordered : whole;
}
