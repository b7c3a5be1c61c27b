import type { TimeNs } from "../../base/mod.ts";
import type { ClockModel, ClockSegment, SamplingStatistics } from "../../clock/mod.ts";
import type { ReportedClock } from "./facts.ts";
import { type ClockSummary, summariseClock } from "./summary.ts";

export const PC = { id: "pc/utc", kind: "utc" } as const;
export const SENSOR = { id: "sensor/device", kind: "device" } as const;

/** What a made-up clock differs in from one that is exact for ten seconds. */
export type ClockChanges = Partial<ClockModel> & Partial<Omit<ReportedClock, "model">>;

/** A stretch with a knot at either end. */
export function segment(
  fromNs: TimeNs,
  toNs: TimeNs,
  { offsets = [0n, 0n], sigmas = [1e6, 1e6], skewSigma = 0, firstRows = {} }: {
    readonly offsets?: readonly [TimeNs, TimeNs];
    readonly sigmas?: readonly [number, number];
    readonly skewSigma?: number;
    readonly firstRows?: Readonly<Record<string, number>>;
  } = {},
): ClockSegment {
  const skew = Number(offsets[1] - offsets[0]) / Number(toNs - fromNs);
  const knots = [fromNs, toNs].map((deviceNs, index) => ({
    deviceNs,
    offsetNs: offsets[index]!,
    skew,
    sigmaNs: sigmas[index]!,
    skewSigma,
  }));
  return { fromNs, toNs, firstRows, knots };
}

/** How a stream without trouble was sampled. */
export function statistics(
  minNs: TimeNs,
  maxNs: TimeNs,
  changes: Partial<SamplingStatistics> = {},
): SamplingStatistics {
  const count = changes.count ?? 1000;
  const intervalNs = Number(maxNs - minNs) / count;
  return {
    count,
    missingTimes: 0,
    firstNs: minNs,
    lastNs: maxNs,
    minNs,
    maxNs,
    medianIntervalNs: intervalNs,
    rateHz: 1e9 / intervalNs,
    regular: true,
    jitterNs: 0,
    stampSigmaNs: 0,
    neighbourSigmaNs: 0,
    duplicates: 0,
    backwards: 0,
    worstBackwardsNs: 0,
    gaps: 0,
    missingSamples: 0,
    longestGapNs: 0,
    firstGaps: [],
    quantumNs: 1,
    ...changes,
  };
}

/** A clock that events tie to the reference, but for what is changed. */
export function clockOf(changes: ClockChanges = {}): ReportedClock {
  const { streams = [], ties = [], excluded = [], issues = [], ...model } = changes;
  return {
    model: {
      clock: SENSOR,
      reference: PC,
      method: "events",
      segments: [segment(0n, 10_000_000_000n)],
      driftPpm: 0,
      driftSigmaPpm: 1,
      residualRmsNs: 1e5,
      evidence: [{ kind: "events", source: "marks", used: 20, rejected: 0 }],
      ...model,
    },
    streams,
    ties,
    excluded,
    issues,
  };
}

/** The summary of {@linkcode clockOf}. */
export function summaryOf(changes: ClockChanges): ClockSummary {
  return summariseClock(clockOf(changes));
}
