import {
  type ClockRef,
  createIssue,
  type Issue,
  MISSING_NS,
  rootSumSquares,
  type TimeNs,
  type TimeSpan,
} from "../base/mod.ts";
import type { ClockEvidence, ClockModel, OneWayEvidence, PointEvidence } from "./model.ts";
import { moveToSteadyClocks } from "./host_steps.ts";
import { fitOneWay, type OneWayFit } from "./one_way.ts";
import { CRYSTAL_SKEW_SIGMA, fitPoints } from "./points.ts";
import { withoutSeries } from "./series.ts";
import {
  chain,
  invert,
  offsetAt,
  type Relation,
  segmentAt,
  typicalSigma,
  widen,
} from "./relation.ts";

/** What {@linkcode fitClocks} works from. */
export interface FitClocksOptions {
  /** The clocks to place. */
  readonly clocks: readonly ClockRef[];
  readonly evidence: readonly ClockEvidence[];
  /** The clock on which everything is placed. */
  readonly reference: ClockRef;
  /** Span of device times on each clock, by clock id, which the models should cover. */
  readonly spans?: ReadonlyMap<string, TimeSpan>;
}

/** Models in the order of the clocks, and what is wrong with them. */
export interface FittedClocks {
  readonly models: readonly ClockModel[];
  readonly issues: readonly Issue[];
}

type SimpleEvidence = OneWayEvidence | PointEvidence;

/** Drift that no crystal has. */
const IMPLAUSIBLE_PPM = 500;
/** Two readings that differ by more than this many sigmas contradict each other. */
const CONFLICT_SIGMAS = 3;

/**
 * Places each clock on the reference clock: directly where evidence ties the two, otherwise through the
 * clocks between them that leave the least uncertainty.
 *
 * One sign convention holds: `t_ref = t_dev + offset(t_dev)`. Where several kinds of evidence tie the same two
 * clocks, the most precise one is used, the others are compared with it, and contradictions are reported and
 * widen the uncertainty.
 *
 * @example
 * ```ts
 * import { fitClocks } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const phone = { id: "phone/utc", kind: "utc" } as const;
 * const pc = { id: "pc/utc", kind: "utc" } as const;
 * const { models } = fitClocks({
 *   clocks: [phone],
 *   reference: pc,
 *   evidence: [{
 *     kind: "event", from: phone, to: pc, fromNs: 1_000n, toNs: 1_250n, sigmaNs: 10, source: "flash",
 *   }],
 * });
 * assert.equal(models[0]?.segments[0]?.knots[0]?.offsetNs, 250n);
 * ```
 */
export function fitClocks(
  { clocks, evidence, reference, spans = new Map() }: FitClocksOptions,
): FittedClocks {
  const issues: Issue[] = [];
  const steady = moveToSteadyClocks(withoutSeries(evidence), spans);
  const relations = pairs(steady).map((group) => relate(group, spans, issues));
  const paths = shortestPaths(reference, relations);
  const models = clocks.map((clock) => modelOf(clock, reference, paths.get(clock.id), spans));
  for (const model of models) issues.push(...modelIssues(model));
  return { models, issues };
}

/** Groups evidence by the two clocks it ties, whichever way round. */
function pairs(evidence: readonly SimpleEvidence[]): SimpleEvidence[][] {
  const groups = new Map<string, SimpleEvidence[]>();
  for (const item of evidence) {
    if (item.from.id === item.to.id || !isUsable(item)) continue;
    const key = [item.from.id, item.to.id].sort().join("\n");
    const group = groups.get(key) ?? [];
    group.push(item);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Points need both times and an uncertainty that is a number. */
function isUsable(item: SimpleEvidence): boolean {
  if (item.kind === "one-way") return item.fromNs.length > 0;
  return item.fromNs !== MISSING_NS && item.toNs !== MISSING_NS && item.sigmaNs >= 0 &&
    Number.isFinite(item.sigmaNs);
}

/** The best relation of two clocks that the evidence gives, checked against the rest of it. */
function relate(
  group: readonly SimpleEvidence[],
  spans: ReadonlyMap<string, TimeSpan>,
  issues: Issue[],
): Relation {
  const candidates = [
    ...oneWayRelations(group, spans, issues),
    ...pointRelations(group, spans, issues),
  ].sort((a, b) => typicalSigma(a) - typicalSigma(b));
  const [best, ...others] = candidates;
  return others.reduce((kept, other) => reconcile(kept, other, issues), best!);
}

function oneWayRelations(
  group: readonly SimpleEvidence[],
  spans: ReadonlyMap<string, TimeSpan>,
  issues: Issue[],
): Relation[] {
  const sets = group.filter((item): item is OneWayEvidence => item.kind === "one-way");
  sets.sort((a, b) => b.fromNs.length - a.fromNs.length);
  const fits = sets.flatMap((set) => {
    const fit = fitOneWay(set, spans.get(set.from.id));
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

function stepIssues({ relation, steps }: OneWayFit): Issue[] {
  return steps.map(({ atNs, changeNs, inHost }) => {
    const [clock, change] = inHost ? [relation.to, changeNs] : [relation.from, -changeNs];
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
  group: readonly SimpleEvidence[],
  spans: ReadonlyMap<string, TimeSpan>,
  issues: Issue[],
): Relation[] {
  const points = group.filter((item): item is PointEvidence => item.kind !== "one-way");
  const forward = points.map((point) => turned(point, points[0]!.from));
  const [first, ...rest] = forward.filter(({ kind }) => kind !== "anchor");
  const span = points[0] && spans.get(points[0].from.id);
  const anchors = forward.filter(({ kind }) => kind === "anchor");
  const precise = first === undefined ? [] : [fitPoints([first, ...rest], span)];
  issues.push(...precise.flatMap(outlierIssues));
  return [...precise, ...anchorRelations(anchors, span)];
}

/**
 * Relations from each anchor by itself, or where a recording has anchors at both ends, which tell its pace as well,
 * from the best of either end. Where those contradict each other, any of them may be hours off.
 */
function anchorRelations(
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
  return difference <= CONFLICT_SIGMAS * sigmaNs &&
    Math.abs(driftPpm) <= CONFLICT_SIGMAS * skewSigma * 1e6;
}

/** The same point with a given clock as the first. */
function turned(point: PointEvidence, from: ClockRef): PointEvidence {
  if (point.from.id === from.id) return point;
  return { ...point, from, to: point.from, fromNs: point.toNs, toNs: point.fromNs };
}

/** Compares a relation with a less precise one; a contradiction is reported and widens the first. */
function reconcile(kept: Relation, other: Relation, issues: Issue[]): Relation {
  const same = other.from.id === kept.from.id ? other : invert(other);
  const segment = same.segments[0]!;
  const time = segment.fromNs + (segment.toNs - segment.fromNs) / 2n;
  const theirs = offsetAt(segment, time);
  const ours = offsetAt(segmentAt(kept.segments, time), time);
  const difference = Math.abs(Number(theirs.offsetNs - ours.offsetNs));
  const evidence = [...kept.evidence, ...rejected(other.evidence)];
  if (!(difference > CONFLICT_SIGMAS * rootSumSquares(theirs.sigmaNs, ours.sigmaNs))) {
    return { ...kept, evidence };
  }
  issues.push(createIssue("CLOCK_EVIDENCE_CONFLICT", {
    clock: kept.from.id,
    first: sourceOf(kept),
    second: sourceOf(other),
    difference: (difference / 1e9).toFixed(3),
  }));
  // As far as the other one would have pulled a weighted mean, were both as good as they say.
  const pull = ours.sigmaNs / rootSumSquares(ours.sigmaNs, theirs.sigmaNs);
  return widen({ ...kept, evidence }, difference * pull);
}

function rejected(evidence: Relation["evidence"]): Relation["evidence"] {
  return evidence.map((entry) => ({ ...entry, used: 0, rejected: entry.used + entry.rejected }));
}

function sourceOf({ evidence }: Relation): string {
  return evidence[0]?.source ?? "";
}

/** A way from a clock to the reference. */
interface Path {
  readonly relation: Relation;
  readonly via?: string;
}

/** The most certain way to the reference from every clock that has one (Dijkstra 1959 over variances). */
function shortestPaths(reference: ClockRef, relations: readonly Relation[]): Map<string, Path> {
  const done = new Map<string, Path>();
  const open = new Map<string, Path>();
  let current: string | undefined = reference.id;
  while (current !== undefined) {
    const onward = done.get(current)?.relation;
    for (const relation of relations) {
      const hop = towards(relation, current);
      if (hop === undefined || hop.from.id === reference.id || done.has(hop.from.id)) continue;
      const path = onward === undefined
        ? { relation: hop }
        : { relation: chain(hop, onward), via: current };
      const known = open.get(hop.from.id);
      if (known === undefined || typicalSigma(path.relation) < typicalSigma(known.relation)) {
        open.set(hop.from.id, path);
      }
    }
    current = nearest(open);
    if (current !== undefined) {
      done.set(current, open.get(current)!);
      open.delete(current);
    }
  }
  return done;
}

function towards(relation: Relation, to: string): Relation | undefined {
  if (relation.to.id === to) return relation;
  return relation.from.id === to ? invert(relation) : undefined;
}

function nearest(open: ReadonlyMap<string, Path>): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const [id, { relation }] of open) {
    const sigma = typicalSigma(relation);
    if (best === undefined || sigma < least) [best, least] = [id, sigma];
  }
  return best;
}

function modelOf(
  clock: ClockRef,
  reference: ClockRef,
  path: Path | undefined,
  spans: ReadonlyMap<string, TimeSpan>,
): ClockModel {
  if (clock.id === reference.id) return referenceModel(clock, spans.get(clock.id));
  if (path === undefined) return unplacedModel(clock, reference);
  const { from: _from, to: _to, ...rest } = path.relation;
  return { clock, reference, ...rest, ...(path.via === undefined ? {} : { via: path.via }) };
}

const NO_FIGURES = { residualRmsNs: NaN, evidence: [] } as const;

function referenceModel(clock: ClockRef, span: TimeSpan | undefined): ClockModel {
  const { startNs, endNs } = span ?? { startNs: 0n, endNs: 0n };
  const knots = [{ deviceNs: startNs, offsetNs: 0n, skew: 0, sigmaNs: 0 }];
  return {
    clock,
    reference: clock,
    method: "reference",
    segments: [{ fromNs: startNs, toNs: endNs, firstRows: {}, knots }],
    driftPpm: 0,
    driftSigmaPpm: 0,
    ...NO_FIGURES,
  };
}

function unplacedModel(clock: ClockRef, reference: ClockRef): ClockModel {
  const figures = { driftPpm: NaN, driftSigmaPpm: Infinity, ...NO_FIGURES };
  return { clock, reference, method: "none", segments: [], ...figures };
}

function modelIssues(model: ClockModel): Issue[] {
  const { clock, reference, method, driftPpm, evidence } = model;
  if (method === "none") {
    return [createIssue("CLOCK_NO_EVIDENCE", { clock: clock.id, reference: reference.id })];
  }
  const issues: Issue[] = [];
  if (method === "anchor") {
    const sigma = (typicalSigma({ ...model, from: clock, to: reference }) / 1e9).toFixed(3);
    const rules = evidence.filter(({ used }) => used > 0).map(({ source }) => source);
    const rule = rules.join(", ") || "an anchor";
    issues.push(createIssue("CLOCK_ANCHOR_ONLY", { clock: clock.id, rule, sigma }));
  }
  // The pace of media time is what the recorder assumed, not that of a crystal.
  if (Math.abs(driftPpm) > IMPLAUSIBLE_PPM && clock.kind !== "media") {
    const drift = Math.round(driftPpm);
    issues.push(createIssue("CLOCK_DRIFT_IMPLAUSIBLE", { clock: clock.id, drift }));
  }
  return issues;
}
