import {
  type ClockRef,
  createIssue,
  type Issue,
  rootSumSquares,
  type TimeNs,
  type TimeSpan,
} from "../base/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";
import { anchorRelations } from "./anchors.ts";
import type { OneWayEvidence, PointEvidence, SeriesEvidence } from "./model.ts";
import { fitOneWay, type OneWayFit } from "./one_way.ts";
import { fitPoints } from "./points.ts";
import { invert, offsetAt, type Relation, segmentAt, typicalSigma, widen } from "./relation.ts";
import { isSeries } from "./series.ts";
import { seriesRelations } from "./series_relations.ts";

/** Evidence for two clocks as it stands after hosts that were set have been replaced. */
export type SteadyEvidence = OneWayEvidence | PointEvidence | SeriesEvidence;

/** Two readings that differ by more than this many sigmas contradict each other. */
export const CONFLICT_SIGMAS = 3;

/** How two clocks relate by each kind of evidence, the most certain first; contradictions are dropped. */
export type PairRelations = readonly [Relation, ...Relation[]];

/** What {@linkcode relatePair} works with. */
export interface PairContext {
  readonly kernel: Kernel;
  readonly spans: ReadonlyMap<string, TimeSpan>;
  readonly issues: Issue[];
}

/**
 * Fits each kind of evidence for two clocks by itself, and compares them. Undefined where readings are too garbled to
 * tell anything.
 */
export function relatePair(
  group: readonly SteadyEvidence[],
  context: PairContext,
): PairRelations | undefined {
  const candidates = [
    ...oneWayRelations(group, context),
    ...seriesRelations(group.filter(isSeries), context),
    ...pointRelations(group, context),
  ].sort((a, b) => typicalSigma(a) - typicalSigma(b));
  let best = candidates[0];
  if (best === undefined) return undefined;
  const agreeing: Relation[] = [];
  for (const other of candidates.slice(1)) {
    const difference = contradiction(best, other);
    const isAnchor = other.method === "anchor" && best.method !== "anchor";
    if (difference === undefined && !isAnchor && best.method !== "anchor") agreeing.push(other);
    else best = reconcile(best, other, difference, context.issues);
  }
  return [best, ...agreeing];
}

function oneWayRelations(
  group: readonly SteadyEvidence[],
  { kernel, spans, issues }: PairContext,
): Relation[] {
  const sets = group.filter((item): item is OneWayEvidence => item.kind === "one-way");
  sets.sort((a, b) => b.fromNs.length - a.fromNs.length);
  const fits = sets.flatMap((set) => {
    const fit = fitOneWay(kernel, set, spans.get(set.from.id));
    return fit === undefined ? [] : [fit];
  });
  const [main, ...others] = fits;
  if (main === undefined) return [];
  issues.push(...stepIssues(main), ...sets.flatMap(garbageIssues));
  return [shareRows(main, others).relation];
}

/** Streams on one clock share its model: each is told at which of its samples the stretches begin. */
function shareRows(main: OneWayFit, others: readonly OneWayFit[]): OneWayFit {
  const segments = main.relation.segments.map((segment, index) => {
    const same = others.filter(({ relation }) =>
      relation.from.id === main.relation.from.id &&
      relation.segments.length === main.relation.segments.length
    );
    const rows = same.map(({ relation }) => relation.segments[index]!.firstRows);
    return { ...segment, firstRows: Object.assign({}, ...rows, segment.firstRows) };
  });
  const evidence = [main, ...others].flatMap(({ relation }) => relation.evidence);
  return { ...main, relation: { ...main.relation, segments, evidence } };
}

function stepIssues({ relation }: OneWayFit): Issue[] {
  const { from, to, steps = [] } = relation;
  return steps.map(({ atNs, changeNs, inHost }) => {
    const [clock, change] = inHost ? [to, changeNs] : [from, -changeNs];
    const params = { clock: clock.id, step: (change / 1e9).toFixed(3) };
    return createIssue("TIME_STEP", params, { stream: sourceOf(relation), timeNs: atNs });
  });
}

/** Says how many pairs disagreed with their neighbours by more than any delay explains. */
function garbageIssues({ from, counts, rejected: count = 0, source }: OneWayEvidence): Issue[] {
  if (count === 0) return [];
  const total = counts.reduce((sum, pairs) => sum + pairs, count);
  const params = { count, total, kind: "one-way", clock: from.id };
  return [createIssue("CLOCK_EVIDENCE_REJECTED", params, { stream: source })];
}

/** Says how many shared events and stored pairs disagreed with the others. */
function outlierIssues({ from, evidence }: Relation): Issue[] {
  const count = evidence.reduce((sum, entry) => sum + entry.rejected, 0);
  if (count === 0) return [];
  const total = evidence.reduce((sum, entry) => sum + entry.used, count);
  return [createIssue("CLOCK_EVIDENCE_REJECTED", { count, total, kind: "point", clock: from.id })];
}

/** Relations from shared events and stored pairs, and from absolute anchors. */
function pointRelations(
  group: readonly SteadyEvidence[],
  { spans, issues }: PairContext,
): Relation[] {
  const points = group.filter((item): item is PointEvidence =>
    item.kind !== "one-way" && !isSeries(item)
  );
  const forward = points.map((point) => turned(point, points[0]!.from));
  const [first, ...rest] = forward.filter(({ kind }) => kind !== "anchor");
  const span = points[0] && spans.get(points[0].from.id);
  const anchors = forward.filter(({ kind }) => kind === "anchor");
  const precise = first === undefined ? [] : [fitPoints([first, ...rest], span)];
  issues.push(...precise.flatMap(outlierIssues));
  return [...precise, ...anchorRelations(anchors, span)];
}

/** The same point with a given clock as the first. */
function turned(point: PointEvidence, from: ClockRef): PointEvidence {
  if (point.from.id === from.id) return point;
  return { ...point, from, to: point.from, fromNs: point.toNs, toNs: point.fromNs };
}

/** How far two relations of the same clocks are apart, when that is more than they allow. */
function contradiction(kept: Relation, other: Relation): number | undefined {
  const { theirs, ours } = compared(kept, other);
  const difference = Math.abs(Number(theirs.offsetNs - ours.offsetNs));
  const allowed = CONFLICT_SIGMAS * rootSumSquares(theirs.sigmaNs, ours.sigmaNs);
  return difference > allowed ? difference : undefined;
}

function compared(kept: Relation, other: Relation) {
  const same = other.from.id === kept.from.id ? other : invert(other);
  const segment = same.segments[0]!;
  const time: TimeNs = segment.fromNs + (segment.toNs - segment.fromNs) / 2n;
  return {
    theirs: offsetAt(segment, time),
    ours: offsetAt(segmentAt(kept.segments, time), time),
  };
}

/** Leaves out a relation beside a more certain one; a contradiction is reported and widens the first. */
function reconcile(
  kept: Relation,
  other: Relation,
  difference: number | undefined,
  issues: Issue[],
): Relation {
  const evidence = [...kept.evidence, ...rejected(other.evidence)];
  if (difference === undefined) return { ...kept, evidence };
  issues.push(createIssue("CLOCK_EVIDENCE_CONFLICT", {
    clock: kept.from.id,
    first: sourceOf(kept),
    second: sourceOf(other),
    difference: (difference / 1e9).toFixed(3),
  }));
  const { theirs, ours } = compared(kept, other);
  // As far as the other one would have pulled a weighted mean, were both as good as they say.
  const pull = ours.sigmaNs / rootSumSquares(ours.sigmaNs, theirs.sigmaNs);
  return widen({ ...kept, evidence }, difference * pull);
}

/** Evidence of which nothing was used. */
export function rejected(evidence: Relation["evidence"]): Relation["evidence"] {
  return evidence.map((entry) => ({ ...entry, used: 0, rejected: entry.used + entry.rejected }));
}

/** What the evidence of a relation is called. */
export function sourceOf({ evidence }: Relation): string {
  return evidence[0]?.source ?? "";
}
