import type { TimeNs } from "../base/mod.ts";
import type { OneWayEvidence } from "./model.ts";

/** Evidence in seconds and ns relative to its first point, in file order. */
export interface Points {
  readonly base: TimeNs;
  readonly baseOffset: TimeNs;
  readonly x: number[];
  readonly y: number[];
}

/** The points of evidence; undefined when there is none. */
export function pointsOf({ fromNs, toNs }: OneWayEvidence): Points | undefined {
  const [base, host] = [fromNs[0], toNs[0]];
  if (base === undefined || host === undefined) return undefined;
  const baseOffset = host - base;
  return {
    base,
    baseOffset,
    x: Array.from(fromNs, (time) => Number(time - base) / 1e9),
    y: Array.from(fromNs, (time, index) => Number(toNs[index]! - time - baseOffset)),
  };
}
