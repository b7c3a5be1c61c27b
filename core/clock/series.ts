import { rootSumSquares } from "../base/mod.ts";
import type { ClockEvidence, PointEvidence, SeriesEvidence } from "./model.ts";

/** What a reading of unknown uncertainty is taken to be worth, one sigma. */
const UNKNOWN_SIGMA_NS = 1e6;

/** Whether evidence has many readings with one uncertainty each. */
export function isSeries(item: ClockEvidence): item is SeriesEvidence {
  return typeof item.fromNs !== "bigint" && item.kind !== "one-way";
}

/** The readings of a series one by one. */
export function seriesPoints(series: SeriesEvidence): PointEvidence[] {
  const { kind, from, to, fromNs, toNs, sigmasNs, commonSigmaNs = 0, source } = series;
  // Points are weighed as independent of each other: together they are then no better than what they have in common.
  const common = commonSigmaNs * Math.sqrt(fromNs.length);
  return Array.from(fromNs, (time, index) => {
    const stated = sigmasNs?.[index] ?? NaN;
    return {
      kind: kind === "events" ? "event" : kind,
      from,
      to,
      fromNs: time,
      toNs: toNs[index]!,
      sigmaNs: rootSumSquares(Number.isNaN(stated) ? UNKNOWN_SIGMA_NS : stated, common),
      source,
    };
  });
}

/** Series with fewer readings are fitted as points. */
export const FEWEST_READINGS = 8;
