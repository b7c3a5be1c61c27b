import { rootSumSquares } from "../base/mod.ts";
import { type ClockModel, largestModelSigma, type LatticeSummary } from "../clock/mod.ts";
import type { StreamScan } from "./scan.ts";

/**
 * Spread of the times of a stream about its true sampling times, in ns; 0 when nothing is known. On a lattice only the delay
 * of its link is left of it.
 */
export function stampSigma({ schema, sampling }: StreamScan, lattice?: LatticeSummary): number {
  if (lattice !== undefined && lattice.skipped === undefined) return schema.arrivalSigmaNs ?? 0;
  const spread = schema.stampSigmaNs ?? sampling.stampSigmaNs;
  return rootSumSquares(Number.isFinite(spread) ? spread : 0, schema.arrivalSigmaNs ?? 0);
}

/**
 * Largest standard uncertainty of a sample of a stream in ns; NaN when its clock could not be placed.
 *
 * @param lattice Given where the samples were put on it.
 */
export function largestSigma(
  scan: StreamScan,
  model: ClockModel | undefined,
  lattice?: LatticeSummary,
): number {
  if (model === undefined) return NaN;
  const resolution = scan.schema.resolutionNs / Math.sqrt(3);
  return rootSumSquares(largestModelSigma(model), stampSigma(scan, lattice), resolution);
}
