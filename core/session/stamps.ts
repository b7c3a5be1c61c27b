import { type ClockRef, rootSumSquares, type TimeNs } from "../base/mod.ts";
import type { ReadTime } from "./date_times.ts";
import type { StampedTime } from "./model.ts";
import type { NamedTime } from "./names.ts";

/** Host whose clock stamps what the PC writes. */
export const PC = "pc";

/** The clock of a kind that a host has: `pc/local`, `phone_1/utc`. */
export function hostClock(host: string, kind: "utc" | "local" | "monotonic"): ClockRef {
  return { id: `${host}/${kind}`, kind };
}

/** Options of {@linkcode stampTime}. */
export interface StampOptions {
  /** Where it was found. */
  readonly source: string;
  /** One sigma in ns on top of the step in which the time was written. @default {1e6} */
  readonly sigmaNs?: number;
}

/** Puts a time that was read on the clock of the host that wrote it. */
export function stampTime(
  { ns, kind, resolutionNs }: ReadTime | NamedTime,
  host: string,
  { source, sigmaNs = 1e6 }: StampOptions,
): StampedTime {
  // The written step spreads the true time evenly, which has a standard deviation of step / sqrt(12).
  const sigma = Math.round(rootSumSquares(sigmaNs, resolutionNs / Math.sqrt(12)));
  return { ns, clock: hostClock(host, kind), sigmaNs: sigma, source };
}

/** A named time with the delay between naming a file and its first sample, which nobody recorded. */
export function stampNamedTime(time: NamedTime, host: string): StampedTime {
  // Names are cut down to their step: on average the true time lies half a step later.
  const sigmaNs = rootSumSquares(START_LATENCY_SIGMA_NS, time.resolutionNs / 2);
  return stampTime(time, host, { source: "file name", sigmaNs });
}

/** Encoders and sensors start some hundred milliseconds after their file is named. */
const START_LATENCY_SIGMA_NS = 0.4e9;

/** Difference of two times in seconds. */
export function secondsBetween(from: TimeNs, to: TimeNs): number {
  return Number((to - from) / 1_000_000n) / 1000;
}
