import { MISSING_NS, type TimeNs, type TimeSpan } from "../base/mod.ts";
import { ClockApplier, type ClockModel, type SamplingStatistics } from "../clock/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";

/** One time on the reference clock, or undefined when the clock could not be placed. */
export function modelTime(kernel: Kernel, model: ClockModel, timeNs: TimeNs): TimeNs | undefined {
  // No stream has an empty id, so that stretches are told apart by time.
  const applier = new ClockApplier(kernel, model, { id: "", resolutionNs: 0 });
  const [placed] = applier.apply(BigInt64Array.of(timeNs), 0).referenceTimes;
  applier.dispose();
  return placed === MISSING_NS ? undefined : placed;
}

/**
 * From the first to the last sample on the reference clock, or undefined when there is none or the clock could not
 * be placed. Of a clock that was set back, the first sample need not have the earliest stamp.
 */
export function placedSpan(
  kernel: Kernel,
  model: ClockModel,
  { firstNs, lastNs, minNs, maxNs }: SamplingStatistics,
): TimeSpan | undefined {
  const placed = [firstNs, lastNs, minNs, maxNs]
    .flatMap((time) => time ?? [])
    .flatMap((time) => modelTime(kernel, model, time) ?? []);
  const [one, ...others] = placed;
  if (one === undefined) return undefined;
  return {
    startNs: others.reduce((low, time) => time < low ? time : low, one),
    endNs: others.reduce((high, time) => time > high ? time : high, one),
  };
}
