import type { ClockModel } from "./model.ts";

/** Largest standard uncertainty that a model states at its knots, in ns; NaN when the clock is not placed. */
export function largestModelSigma(model: ClockModel): number {
  const sigmas = model.segments.flatMap(({ knots }) => knots.map(({ sigmaNs }) => sigmaNs));
  return sigmas.length === 0 ? NaN : Math.max(...sigmas);
}
