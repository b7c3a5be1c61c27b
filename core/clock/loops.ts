import {
  type ClockRef,
  createIssue,
  type Issue,
  median,
  rootSumSquares,
  square,
  type TimeNs,
} from "../base/mod.ts";
import { adjustSegments } from "./adjust.ts";
import { type Difference, levelNetwork } from "./least_squares.ts";
import type { LoopClosure } from "./model.ts";
import { CONFLICT_SIGMAS, rejected, sourceOf } from "./pair.ts";
import { invert, offsetAt, type Relation, segmentAt, widen } from "./relation.ts";
import type { Path } from "./tree.ts";

/** Places on the common time axis at which loops are closed. */
const PLACES = 65;

/** A relation that the tree does without, seen from its clock `from`. */
interface Loop {
  readonly relation: Relation;
  /** Ids of the clocks from `from` through the tree to `to`. */
  readonly clocks: readonly string[];
  /** Tree hops between them. */
  readonly hops: readonly Relation[];
}

/**
 * Brings the relations that the tree of clocks does without together with it.
 *
 * Each closes a loop. How far a loop fails to close is recorded with its clocks, as the measured accuracy. Loops that
 * close within what their uncertainties allow are adjusted by least squares, all at once at each of many places on
 * the reference clock; one that does not is reported, left out, and widens the uncertainty of its clock.
 */
export function closeLoops(
  reference: ClockRef,
  tree: ReadonlyMap<string, Path>,
  relations: readonly Relation[],
  issues: Issue[],
): ReadonlyMap<string, Path> {
  const loops = findLoops(reference, tree, relations);
  if (loops.length === 0) return tree;
  const paths = new Map(tree);
  const clocks = readBack(tree);
  const agreeing: Loop[] = [];
  for (const loop of loops) {
    const closure = closureOf(loop, clocks);
    for (const id of loop.clocks.filter((id) => id !== reference.id)) note(paths, id, closure);
    const contradicts = Math.abs(closure.residualNs) > CONFLICT_SIGMAS * closure.sigmaNs;
    if (contradicts) issues.push(contradict(paths, loop, closure));
    // What closed the constant of a link has been used there.
    else if (![loop.relation, ...loop.hops].some(({ closed }) => closed)) agreeing.push(loop);
  }
  return agreeing.length === 0 ? paths : adjust(reference, paths, agreeing);
}

/** Relations between placed clocks that are no hop of the tree, other than anchors. */
function findLoops(
  reference: ClockRef,
  tree: ReadonlyMap<string, Path>,
  relations: readonly Relation[],
): Loop[] {
  const isPlaced = ({ id }: ClockRef) => id === reference.id || tree.has(id);
  const edges = new Set([...tree.values()].map(({ edge }) => edge));
  return relations.flatMap((relation): Loop[] => {
    const { from, to, method } = relation;
    if (method === "anchor" || !isPlaced(from) || !isPlaced(to)) return [];
    if (edges.has(relation)) return [];
    const up = climb(tree, from.id);
    const down = climb(tree, to.id);
    const meeting = up.find((id) => down.includes(id));
    if (meeting === undefined) return [];
    const there = up.slice(0, up.indexOf(meeting));
    const back = down.slice(0, down.indexOf(meeting));
    const hops = [...there, ...back].map((id) => tree.get(id)!.hop);
    return hops.some(({ method }) => method === "anchor")
      ? []
      : [{ relation, clocks: [...there, meeting, ...back.toReversed()], hops }];
  });
}

/** Ids of a clock and all on its way to the reference. */
function climb(tree: ReadonlyMap<string, Path>, id: string): string[] {
  const way = [id];
  for (let path = tree.get(id); path !== undefined; path = tree.get(way.at(-1)!)) {
    way.push(path.hop.to.id);
  }
  return way;
}

/** The clocks of a tree, and the way back to each from the reference. */
type ReadBack = ReadonlyMap<string, { readonly there: Relation; readonly back: Relation }>;

function readBack(tree: ReadonlyMap<string, Path>): ReadBack {
  return new Map(
    [...tree].map(([id, { relation }]) => [id, { there: relation, back: invert(relation) }]),
  );
}

function closureOf({ relation, clocks: ids, hops }: Loop, clocks: ReadBack): LoopClosure {
  const places = placesAlong(relation, clocks);
  const readings = places.map((time) => {
    const { value, variance } = misclosure(relation, clocks, time);
    const along = hops.reduce((sum, hop) => sum + varianceOf(hop, clocks, time), variance);
    return { value, sigma: Math.sqrt(along) };
  });
  return {
    clocks: [...ids, ids[0]!],
    residualNs: median(readings.map(({ value }) => value)),
    sigmaNs: median(readings.map(({ sigma }) => sigma)),
  };
}

/** Reference times spread over the stretches of a relation. */
function placesAlong(relation: Relation, clocks: ReadBack): TimeNs[] {
  const there = clocks.get(relation.from.id)?.there;
  const onReference = (time: TimeNs) =>
    there === undefined ? time : time + offsetAt(segmentAt(there.segments, time), time).offsetNs;
  const startNs = onReference(relation.segments[0]!.fromNs);
  const endNs = onReference(relation.segments.at(-1)!.toNs);
  return spread(startNs, endNs);
}

function spread(startNs: TimeNs, endNs: TimeNs): TimeNs[] {
  const steps = BigInt(PLACES - 1);
  return Array.from(
    { length: PLACES },
    (_, index) => startNs + (endNs - startNs) * BigInt(index) / steps,
  );
}

/** What a clock showed at a reference time. */
function shownAt(clocks: ReadBack, id: string, time: TimeNs): TimeNs {
  const back = clocks.get(id)?.back;
  if (back === undefined) return time;
  return time + offsetAt(segmentAt(back.segments, time), time).offsetNs;
}

/** By how much a relation places its clock earlier than the tree does, at a reference time. */
function misclosure(
  { from, to, segments }: Relation,
  clocks: ReadBack,
  time: TimeNs,
): { value: number; variance: number } {
  const [own, other] = [shownAt(clocks, from.id, time), shownAt(clocks, to.id, time)];
  // Where a clock was set back, its time lies in two stretches: the right one is that which nearly closes.
  const readings = segments.filter((segment) => own >= segment.fromNs && own <= segment.toNs);
  const candidates = readings.length > 0 ? readings : [segmentAt(segments, own)];
  const closings = candidates.map((segment) => {
    const { offsetNs, sigmaNs } = offsetAt(segment, own);
    return { value: Number(own + offsetNs - other), variance: square(Math.max(sigmaNs, 1)) };
  });
  return closings.reduce((best, next) => Math.abs(next.value) < Math.abs(best.value) ? next : best);
}

function varianceOf(hop: Relation, clocks: ReadBack, time: TimeNs): number {
  const shown = shownAt(clocks, hop.from.id, time);
  return square(Math.max(offsetAt(segmentAt(hop.segments, shown), shown).sigmaNs, 1));
}

function note(paths: Map<string, Path>, id: string, closure: LoopClosure): void {
  const path = paths.get(id);
  if (path !== undefined) paths.set(id, { ...path, loops: [...path.loops ?? [], closure] });
}

/** Reports a loop that does not close, and widens the clock from which it was seen. */
function contradict(
  paths: Map<string, Path>,
  { relation, clocks, hops }: Loop,
  { residualNs, sigmaNs }: LoopClosure,
): Issue {
  const id = clocks.find((id) => paths.has(id))!;
  const path = paths.get(id)!;
  const ours = path.relation.segments[0]!.knots[0]!.sigmaNs;
  const evidence = [...path.relation.evidence, ...rejected(relation.evidence)];
  const pull = Math.abs(residualNs) * Math.min(1, ours / rootSumSquares(ours, sigmaNs));
  paths.set(id, { ...path, relation: widen({ ...path.relation, evidence }, pull) });
  return createIssue("CLOCK_EVIDENCE_CONFLICT", {
    clock: id,
    first: hops.map(sourceOf).join(", "),
    second: sourceOf(relation),
    difference: (Math.abs(residualNs) / 1e9).toFixed(3),
  });
}

/** Adjusts all clocks of the tree to the loops that agree. */
function adjust(
  reference: ClockRef,
  paths: ReadonlyMap<string, Path>,
  loops: readonly Loop[],
): ReadonlyMap<string, Path> {
  const ids = [...paths.keys()];
  const clocks = readBack(paths);
  const indexOf = (id: string) => id === reference.id ? -1 : ids.indexOf(id);
  const ends = loops.flatMap(({ relation }) => {
    const places = placesAlong(relation, clocks);
    return [places[0]!, places.at(-1)!];
  });
  const times = spread(least(ends), -least(ends.map((time) => -time)));
  const networks = times.map((time) => {
    const hops = ids.map((id): Difference => {
      const { hop } = paths.get(id)!;
      const variance = varianceOf(hop, clocks, time);
      return { from: indexOf(id), to: indexOf(hop.to.id), value: 0, variance };
    });
    const closing = loops.map(({ relation }): Difference => {
      const { value, variance } = misclosure(relation, clocks, time);
      return { from: indexOf(relation.from.id), to: indexOf(relation.to.id), value, variance };
    });
    return {
      before: levelNetwork(ids.length, hops).variances,
      after: levelNetwork(ids.length, [...hops, ...closing]),
    };
  });
  return new Map(ids.map((id, index) => {
    const changes = networks.map(({ before, after }, place) => ({
      timeNs: times[place]!,
      shiftNs: after.values[index]!,
      variance: before[index]! - after.variances[index]!,
    }));
    const path = paths.get(id)!;
    const segments = adjustSegments(path.relation.segments, changes);
    const used = loops.filter(({ relation }) => relation.from.id === id || relation.to.id === id);
    const evidence = [
      ...path.relation.evidence,
      ...used.flatMap(({ relation }) => relation.evidence),
    ];
    return [id, { ...path, relation: { ...path.relation, segments, evidence } }] as const;
  }));
}

function least(times: readonly TimeNs[]): TimeNs {
  return times.reduce((low, time) => time < low ? time : low);
}
