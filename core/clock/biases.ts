import { rootSumSquares, square, type TimeNs } from "../base/mod.ts";
import type { ClockSegment } from "./model.ts";
import { CONFLICT_SIGMAS, type PairRelations } from "./pair.ts";
import { offsetAt, type Relation, rounded, segmentAt } from "./relation.ts";
import { type Path, placeClocks } from "./tree.ts";

/** Places at which a relation is compared with another way between its clocks. */
const PLACES = 33;

/**
 * Takes the unknown constants out of relations that have one, wherever other evidence ties the same two clocks,
 * directly or through other clocks. The pairs of a one-way link show how its clocks drift, but not its smallest
 * delay; a single shared event shows that delay.
 */
export function closeBiases(pairs: readonly PairRelations[]): Relation[] {
  let relations = pairs.flat();
  const open = relations.filter(({ biasSigmaNs = 0 }) => biasSigmaNs > 0)
    .sort((a, b) => b.biasSigmaNs! - a.biasSigmaNs!);
  for (const biased of open) {
    const way = otherWay(biased, relations);
    const closed = way && close(biased, way.relation);
    if (way !== undefined && closed !== undefined) {
      relations = replace(relations, biased, closed, way);
    }
  }
  return relations;
}

/**
 * Puts a closed relation in place of the biased one. Another relation of the same two clocks whose constant is now part
 * of it is left out, unless it is the more certain one throughout.
 */
function replace(
  relations: readonly Relation[],
  biased: Relation,
  closed: Relation,
  { via, edge, relation: way }: Path,
): Relation[] {
  const only = via === undefined ? edge : undefined;
  const merges = only !== undefined && meanSigma(closed, closed) < meanSigma(way, closed);
  const evidence = merges ? [...closed.evidence, ...only.evidence] : closed.evidence;
  const audit = [...closed.audit ?? [], ...(merges ? way.audit ?? [] : [])];
  const entry = { ...closed, evidence, ...(audit.length > 0 ? { audit } : {}) };
  return relations.map((relation) => relation === biased ? entry : relation)
    .filter((relation) => relation !== only || !merges);
}

/** Mean uncertainty of a relation at places of another. */
function meanSigma({ segments }: Relation, at: Relation): number {
  const places = placesOf(at);
  const sum = places.reduce(
    (total, time) => total + offsetAt(segmentAt(segments, time), time).sigmaNs,
    0,
  );
  return sum / places.length;
}

/** The most certain way between the clocks of a relation that does without it and without anchors. */
function otherWay(biased: Relation, relations: readonly Relation[]): Path | undefined {
  const others = relations.filter((relation) =>
    relation !== biased && relation.method !== "anchor"
  );
  return placeClocks(biased.to, others).get(biased.from.id);
}

/**
 * A relation with its constant as another way shows it, when that way knows it better: at the one place where the other
 * way is most certain, since its places are not independent of each other.
 */
function close(biased: Relation, way: Relation): Relation | undefined {
  const { biasSigmaNs = 0 } = biased;
  const times = [...placesOf(biased), ...way.segments.flatMap(knotTimes)];
  const differences = times.map((time) => {
    const ours = offsetAt(segmentAt(biased.segments, time), time);
    const theirs = offsetAt(segmentAt(way.segments, time), time);
    const random = Math.sqrt(Math.max(0, square(ours.sigmaNs) - square(biasSigmaNs)));
    return {
      shift: Number(theirs.offsetNs - ours.offsetNs),
      sigma: rootSumSquares(theirs.sigmaNs, random),
    };
  });
  const best = differences.reduce((best, next) => next.sigma < best.sigma ? next : best);
  if (!(best.sigma < biasSigmaNs)) return undefined;
  const allowed = CONFLICT_SIGMAS * rootSumSquares(biasSigmaNs, best.sigma);
  return Math.abs(best.shift) > allowed ? undefined : shifted(biased, best.shift, best.sigma);
}

function knotTimes({ knots }: ClockSegment): TimeNs[] {
  return knots.map(({ deviceNs }) => deviceNs);
}

/** Times spread evenly over the stretches of a relation. */
export function placesOf({ segments }: Relation): TimeNs[] {
  const each = Math.max(2, Math.ceil(PLACES / segments.length));
  return segments.flatMap(({ fromNs, toNs }) =>
    Array.from(
      { length: each },
      (_, index) => fromNs + (toNs - fromNs) * BigInt(index) / BigInt(each - 1),
    )
  );
}

function shifted(relation: Relation, shift: number, biasSigmaNs: number): Relation {
  const { biasSigmaNs: before = 0, segments } = relation;
  const shiftNs = rounded(shift);
  return {
    ...relation,
    biasSigmaNs,
    closed: true,
    segments: segments.map((segment) => ({
      ...segment,
      knots: segment.knots.map((knot) => {
        const random = Math.max(0, square(knot.sigmaNs) - square(before));
        return {
          ...knot,
          offsetNs: knot.offsetNs + shiftNs,
          sigmaNs: rootSumSquares(Math.sqrt(random), biasSigmaNs),
        };
      }),
    })),
  };
}
