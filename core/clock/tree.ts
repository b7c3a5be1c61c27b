import type { ClockRef } from "../base/mod.ts";
import type { LoopClosure } from "./model.ts";
import { chain, invert, type Relation, typicalSigma } from "./relation.ts";

/** A way from a clock to the reference. */
export interface Path {
  /** The clock against the reference. */
  readonly relation: Relation;
  /** The clock against the next one on the way. */
  readonly hop: Relation;
  /** The relation that the hop is, whichever way round. */
  readonly edge: Relation;
  /** The next clock on the way; undefined where that is the reference. */
  readonly via?: string;
  /** How far ways round through other clocks end from where they began. */
  readonly loops?: readonly LoopClosure[];
}

/**
 * The most certain way to the reference from every clock that has one.
 *
 * Clocks that precise relations tie stay together: an absolute anchor, which may be seconds off, only ever places such
 * a group as a whole, and only one of its clocks is anchored.
 */
export function placeClocks(
  reference: ClockRef,
  relations: readonly Relation[],
): ReadonlyMap<string, Path> {
  const anchors = relations.filter(({ method }) => method === "anchor");
  const precise = relations.filter(({ method }) => method !== "anchor");
  const placed = new Map<string, Path>();
  grow(reference, placed, precise);
  for (;;) {
    const bridge = mostCertain(reference, placed, anchors);
    if (bridge === undefined) return placed;
    placed.set(bridge.hop.from.id, bridge);
    grow(reference, placed, precise);
  }
}

/** Places whatever relations reach, the most certain first (Dijkstra 1959 over variances). */
function grow(
  reference: ClockRef,
  placed: Map<string, Path>,
  relations: readonly Relation[],
): void {
  for (;;) {
    const next = mostCertain(reference, placed, relations);
    if (next === undefined) return;
    placed.set(next.hop.from.id, next);
  }
}

/** Of all relations from a clock that is not placed to one that is, the one with the most certain way. */
function mostCertain(
  reference: ClockRef,
  placed: ReadonlyMap<string, Path>,
  relations: readonly Relation[],
): Path | undefined {
  const isPlaced = (id: string) => id === reference.id || placed.has(id);
  let best: Path | undefined;
  for (const relation of relations) {
    if (isPlaced(relation.from.id) === isPlaced(relation.to.id)) continue;
    const hop = isPlaced(relation.to.id) ? relation : invert(relation);
    const path = extend(relation, hop, placed.get(hop.to.id));
    if (best === undefined || typicalSigma(path.relation) < typicalSigma(best.relation)) {
      best = path;
    }
  }
  return best;
}

function extend(edge: Relation, hop: Relation, onward: Path | undefined): Path {
  if (onward === undefined) return { relation: hop, hop, edge };
  return { relation: chain(hop, onward.relation), hop, edge, via: hop.to.id };
}
