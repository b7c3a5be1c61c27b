import type { TimeNs, TimeSpan } from "../base/mod.ts";
import type { PointEvidence } from "./model.ts";
import { CRYSTAL_SKEW_SIGMA, fitPoints } from "./points.ts";
import { offsetAt, type Relation, segmentAt } from "./relation.ts";

/** An anchor further from a line, or a line further from no drift, in sigmas, contradicts it. */
const FARTHEST = 3;

/**
 * Relations from each anchor by itself, or where a recording has anchors at both ends, which tell its pace as well,
 * from the best of either end. Where those contradict each other, any of them may be hours off.
 */
export function anchorRelations(
  anchors: readonly PointEvidence[],
  span: TimeSpan | undefined,
): Relation[] {
  const best = new Map<TimeNs, PointEvidence>();
  for (const anchor of anchors) {
    const known = best.get(anchor.fromNs);
    if (known === undefined || anchor.sigmaNs < known.sigmaNs) best.set(anchor.fromNs, anchor);
  }
  const [first, ...rest] = best.values();
  const alone = (some: readonly PointEvidence[]) => some.map((anchor) => fitPoints([anchor], span));
  if (first === undefined || rest.length === 0) return alone(anchors);
  const joint = fitPoints([first, ...rest], span);
  const agree = [first, ...rest].every((anchor) => agrees(joint, anchor));
  if (!agree) return alone(anchors);
  return [joint, ...alone(anchors.filter((anchor) => best.get(anchor.fromNs) !== anchor))];
}

/** An anchor lies near the line, and the line is no steeper than what is known of the clock allows. */
function agrees(
  { segments, driftPpm }: Relation,
  { fromNs, toNs, sigmaNs, skewSigma = CRYSTAL_SKEW_SIGMA }: PointEvidence,
): boolean {
  const fitted = offsetAt(segmentAt(segments, fromNs), fromNs);
  const difference = Math.abs(Number(fitted.offsetNs - (toNs - fromNs)));
  return difference <= FARTHEST * sigmaNs && Math.abs(driftPpm) <= FARTHEST * skewSigma * 1e6;
}
