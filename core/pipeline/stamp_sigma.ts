import type { ClockModel } from "../clock/mod.ts";
import type { StreamScan } from "./scan.ts";

/**
 * Spread of the recorded stamps of a regular stream about its true sampling times. Independent errors of two
 * stamps add up in the interval between them, and the median absolute deviation of a normal distribution is
 * 0.6745 of its standard deviation.
 */
export function stampSigma({ schema, sampling: { jitterNs, rateHz } }: StreamScan): number {
  if (schema.stampSigmaNs !== undefined) return schema.stampSigmaNs;
  const regular = rateHz > 0 && Number.isFinite(jitterNs) && schema.columns[0]?.name !== "event";
  return regular ? jitterNs / 0.6745 / Math.SQRT2 : 0;
}

/** Largest standard uncertainty of a sample of a stream in ns; NaN when its clock could not be placed. */
export function largestSigma(scan: StreamScan, model: ClockModel | undefined): number {
  const sigmas = model?.segments.flatMap(({ knots }) => knots.map(({ sigmaNs }) => sigmaNs)) ?? [];
  if (sigmas.length === 0) return NaN;
  const resolution = scan.schema.resolutionNs / Math.sqrt(3);
  return Math.hypot(Math.max(...sigmas), stampSigma(scan), resolution);
}
