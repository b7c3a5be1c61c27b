import { NS_PER_SECOND } from "../../base/mod.ts";

/** The tick nearest to a time. */
export function tickOf(ns: bigint, timescale: number): bigint {
  const scaled = 2n * ns * BigInt(timescale) + NS_PER_SECOND;
  const quotient = scaled / (2n * NS_PER_SECOND);
  return scaled < 0n && quotient * 2n * NS_PER_SECOND !== scaled ? quotient - 1n : quotient;
}
