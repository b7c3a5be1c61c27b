import { rootSumSquares } from "../base/mod.ts";
import { type ClockModel, largestModelSigma } from "../clock/mod.ts";
import type { StreamScan } from "./scan.ts";

/** Spread of the recorded stamps of a stream about its true sampling times, in ns; 0 when nothing is known. */
export function stampSigma({ schema, sampling }: StreamScan): number {
  const spread = schema.stampSigmaNs ?? sampling.stampSigmaNs;
  return rootSumSquares(Number.isFinite(spread) ? spread : 0, schema.arrivalSigmaNs ?? 0);
}

/** Largest standard uncertainty of a sample of a stream in ns; NaN when its clock could not be placed. */
export function largestSigma(scan: StreamScan, model: ClockModel | undefined): number {
  if (model === undefined) return NaN;
  const resolution = scan.schema.resolutionNs / Math.sqrt(3);
  return rootSumSquares(largestModelSigma(model), stampSigma(scan), resolution);
}
