import { rootSumSquares } from "../base/mod.ts";

/**
 * By how much all times of a log may be off together, one sigma: a command is logged when it is given and not when its
 * light shines, and one host tells another over a network.
 */
const LOG_DELAY_SIGMA_NS = 20e6;

/**
 * Widens the uncertainty of readings that rest on a log so that any number of them together is no better than a delay
 * that all have in common.
 */
export function withLogDelay(sigmasNs: Float64Array): Float64Array {
  const shared = LOG_DELAY_SIGMA_NS * Math.sqrt(sigmasNs.length);
  return sigmasNs.map((sigma) => rootSumSquares(sigma, shared));
}
