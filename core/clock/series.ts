import type { ClockEvidence, PointEvidence, SeriesEvidence } from "./model.ts";

/** What a reading of unknown uncertainty is taken to be worth, one sigma. */
const UNKNOWN_SIGMA_NS = 1e6;

/** Evidence with each series taken apart into its readings. */
export function withoutSeries(
  evidence: readonly ClockEvidence[],
): Exclude<ClockEvidence, SeriesEvidence>[] {
  return evidence.flatMap((item) => isSeries(item) ? points(item) : [item]);
}

/** Whether evidence has many readings with one uncertainty each. */
export function isSeries(item: ClockEvidence): item is SeriesEvidence {
  return typeof item.fromNs !== "bigint" && item.kind !== "one-way";
}

function points({ from, to, fromNs, toNs, sigmasNs, source }: SeriesEvidence): PointEvidence[] {
  return Array.from(fromNs, (time, index) => {
    const stated = sigmasNs?.[index] ?? NaN;
    return {
      kind: "event",
      from,
      to,
      fromNs: time,
      toNs: toNs[index]!,
      sigmaNs: Number.isNaN(stated) ? UNKNOWN_SIGMA_NS : stated,
      source,
    };
  });
}
