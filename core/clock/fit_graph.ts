import { type ClockRef, type Issue, MISSING_NS, type TimeSpan } from "../base/mod.ts";
import type { Kernel } from "../../wasm/mod.ts";
import { closeBiases } from "./biases.ts";
import { moveToSteadyClocks } from "./host_steps.ts";
import { closeLoops } from "./loops.ts";
import type { ClockEvidence, ClockModel } from "./model.ts";
import { modelIssues } from "./model_issues.ts";
import { relatePair, type SteadyEvidence } from "./pair.ts";
import { FEWEST_READINGS, isSeries, seriesPoints } from "./series.ts";
import { type Path, placeClocks } from "./tree.ts";

/** What {@linkcode fitGraph} works from. */
export interface FitGraphOptions {
  /** The clocks to place. */
  readonly clocks: readonly ClockRef[];
  readonly evidence: readonly ClockEvidence[];
  /** The clock on which everything is placed. */
  readonly reference: ClockRef;
  /** Span of device times on each clock, by clock id, which the models should cover. */
  readonly spans?: ReadonlyMap<string, TimeSpan>;
}

/** Models in the order of the clocks, and what is wrong with them. */
export interface FittedGraph {
  readonly models: readonly ClockModel[];
  readonly issues: readonly Issue[];
}

/**
 * Places each clock on the reference clock: directly where evidence ties the two, otherwise through the
 * clocks between them, and by all ways at once where there are several.
 *
 * One sign convention holds: `t_ref = t_dev + offset(t_dev)`. Each kind of evidence for two clocks gives a curve of its
 * own with its uncertainty. The most certain curves place every clock; those left over close loops, which tell how far
 * the curves really agree. Curves that agree are brought together by weighted least squares over all loops at once;
 * contradictions are reported and widen the uncertainty. Where a one-way link lies in a loop, the loop tells its
 * smallest delay. Absolute anchors only place groups of clocks that nothing better ties to the reference.
 *
 * @example
 * ```ts
 * import { fitGraph, Kernel } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const phone = { id: "phone/utc", kind: "utc" } as const;
 * const pc = { id: "pc/utc", kind: "utc" } as const;
 * const { models } = fitGraph(new Kernel(), {
 *   clocks: [phone],
 *   reference: pc,
 *   evidence: [{
 *     kind: "event", from: phone, to: pc, fromNs: 1_000n, toNs: 1_250n, sigmaNs: 10, source: "flash",
 *   }],
 * });
 * assert.equal(models[0]?.segments[0]?.knots[0]?.offsetNs, 250n);
 * ```
 */
export function fitGraph(
  kernel: Kernel,
  { clocks, evidence, reference, spans = new Map() }: FitGraphOptions,
): FittedGraph {
  const issues: Issue[] = [];
  const single = evidence.filter(isUsable).flatMap(withoutShortSeries);
  const steady = moveToSteadyClocks(kernel, single, spans);
  const pairs = groupPairs(steady).flatMap((group) => {
    const pair = relatePair(group, { kernel, spans, issues });
    return pair === undefined ? [] : [pair];
  });
  const relations = closeBiases(pairs);
  const tree = placeClocks(reference, relations);
  const paths = closeLoops(reference, tree, relations, issues);
  const models = clocks.map((clock) => modelOf(clock, reference, paths.get(clock.id), spans));
  for (const model of models) issues.push(...modelIssues(model));
  return { models, issues };
}

/** Readings of two clocks, points with both times and an uncertainty that is a number. */
function isUsable(item: ClockEvidence): boolean {
  if (item.from.id === item.to.id) return false;
  if (item.kind === "one-way" || isSeries(item)) return item.fromNs.length > 0;
  return item.fromNs !== MISSING_NS && item.toNs !== MISSING_NS && item.sigmaNs >= 0 &&
    Number.isFinite(item.sigmaNs);
}

function withoutShortSeries(item: ClockEvidence): SteadyEvidence[] {
  return isSeries(item) && item.fromNs.length < FEWEST_READINGS ? seriesPoints(item) : [item];
}

/** Groups evidence by the two clocks it ties, whichever way round. */
function groupPairs(evidence: readonly SteadyEvidence[]): SteadyEvidence[][] {
  const groups = new Map<string, SteadyEvidence[]>();
  for (const item of evidence) {
    const key = [item.from.id, item.to.id].sort().join("\n");
    const group = groups.get(key) ?? [];
    group.push(item);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function modelOf(
  clock: ClockRef,
  reference: ClockRef,
  path: Path | undefined,
  spans: ReadonlyMap<string, TimeSpan>,
): ClockModel {
  if (clock.id === reference.id) return referenceModel(clock, spans.get(clock.id));
  if (path === undefined) return unplacedModel(clock, reference);
  const { from: _from, to: _to, biasSigmaNs: _bias, closed: _closed, ...rest } = path.relation;
  return {
    clock,
    reference,
    ...rest,
    ...(path.via === undefined ? {} : { via: path.via }),
    ...(path.loops === undefined ? {} : { loops: path.loops }),
  };
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
