import type { Condition, Row } from "./condition.ts";
import { MIX_BAR, MIX_DEVICES } from "./mix.ts";
import { pairErrors } from "./pairs.ts";
import { peerErrors } from "./peer.ts";
import type { Errors, Score } from "./score.ts";
import type { Outcome } from "./worker.ts";

/** What a condition reached over all seeds. */
export interface ConditionSummary {
  readonly name: string;
  readonly barMs: number;
  readonly seeds: number;
  /** The largest of each quantile over the seeds. */
  readonly worst: Errors;
  /** The median over the seeds of the p99. */
  readonly usualP99: number;
  /** The seed with the largest p99. */
  readonly worstSeed: number;
  /** Share of samples in their 95 % interval: of all seeds together, and of the worst seed. */
  readonly coverage: number;
  readonly worstCoverage: number;
  readonly steps: { happened: number; found: number; wrong: number; placementMs: number };
  readonly days: number;
  /** Recordings whose missing samples were counted exactly, and all that were counted. */
  readonly counts: { readonly exact: number; readonly of: number };
  readonly nanoseconds: { readonly fit: number; readonly apply: number; readonly dejitter: number };
  /** Largest p99 of others over the seeds that they were asked for. */
  readonly peers: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
  /** What least squares reach with the same readings, where they are the best that can be: worst p99, coverage. */
  readonly leastSquares?: { readonly p99: number; readonly coverage: number };
  readonly misses: readonly string[];
}

/** What a row of the table reached. */
export interface RowSummary {
  readonly name: string;
  readonly conditions: readonly ConditionSummary[];
  readonly coverage: number;
  /** Coverage of least squares with the same readings, where they are the best that can be; else NaN. */
  readonly limitCoverage: number;
  readonly misses: readonly string[];
}

const LEAST_COVERAGE = 0.93;
const MOST_COVERAGE = 0.99;
/** How near least squares one has to be where nothing can keep to the bar. */
const NEAR_LIMIT = 1.05;
/** How near the coverage of least squares one outside the bar has to be: the draw is to blame, not the fit. */
const NEAR_COVERAGE = 0.02;
const MOST_WRONG_STEPS_A_DAY = 0.01;

/** Sums up the outcomes of a row of single devices. */
export function summariseRow(row: Row, outcomes: readonly Outcome[]): RowSummary {
  const conditions = row.conditions.flatMap((condition) => {
    const own = outcomes.filter(({ task }) => task.condition === condition.name);
    return own.length === 0 ? [] : [summariseCondition(condition, own)];
  });
  return judged(row.name, conditions, outcomes);
}

/** Sums up the mix: what counts are the differences between its devices. */
export function summariseMix(outcomes: readonly Outcome[]): RowSummary {
  const seeds = [...new Set(outcomes.map(({ task }) => task.seed))];
  const perSeed = seeds.map((seed) => ({
    seed,
    ...pairErrors(outcomes.filter(({ task }) => task.seed === seed)),
  }));
  const worst = perSeed.reduce((a, b) => b.all.p99 > a.all.p99 ? b : a);
  const name = `mix of ${MIX_DEVICES} devices, pairwise`;
  const summary = summariseCondition({ name, bar: MIX_BAR }, outcomes, {
    p50: Math.max(...perSeed.map(({ all }) => all.p50)),
    p99: worst.all.p99,
    max: Math.max(...perSeed.map(({ all }) => all.max)),
  });
  const conditions = [{ ...summary, seeds: seeds.length, worstSeed: worst.seed }];
  return judged("mix", conditions, outcomes);
}

function scoresOf(outcomes: readonly Outcome[]): Score[] {
  return outcomes.flatMap(({ score }) => score ? [score] : []);
}

function judged(
  name: string,
  conditions: readonly ConditionSummary[],
  outcomes: readonly Outcome[],
): RowSummary {
  const scores = scoresOf(outcomes);
  const coverage = coverageOf(scores);
  const days = sum(scores, ({ days }) => days);
  const wrong = sum(scores, ({ steps }) => steps.wrong);
  const limits = outcomes.flatMap(({ limit }) => limit ? limit.coverage : []);
  const limitCoverage = limits.length === outcomes.length ? mean(limits) : NaN;
  const isExcused = Math.abs(coverage - limitCoverage) <= NEAR_COVERAGE;
  const misses = conditions.flatMap((one) => one.misses.map((miss) => `${one.name}: ${miss}`));
  if (!(coverage >= LEAST_COVERAGE && coverage <= MOST_COVERAGE) && !isExcused) {
    misses.push(`coverage ${percent(coverage)} is not within 93 to 99 %`);
  }
  if (wrong > MOST_WRONG_STEPS_A_DAY * days) {
    misses.push(`${wrong} false steps in ${days.toFixed(1)} days`);
  }
  return { name, conditions, coverage, limitCoverage, misses };
}

function summariseCondition(
  { name, bar }: Pick<Condition, "name" | "bar">,
  outcomes: readonly Outcome[],
  pairwise?: Errors,
): ConditionSummary {
  const failures = outcomes.flatMap(({ failed }) => failed ?? []);
  const scored = outcomes.filter(({ score }) => score !== undefined);
  const scores = scoresOf(scored);
  const p99s = scores.map(({ errors }) => errors.p99);
  const most = (of: (score: Score) => number) => Math.max(...scores.map(of));
  const worst = pairwise ?? {
    p50: most(({ errors }) => errors.p50),
    p99: most(({ errors }) => errors.p99),
    max: most(({ errors }) => errors.max),
  };
  const steps = {
    happened: sum(scores, ({ steps }) => steps.happened),
    found: sum(scores, ({ steps }) => steps.found),
    wrong: sum(scores, ({ steps }) => steps.wrong),
    placementMs: most(({ steps }) => steps.placementMs),
  };
  const limits = scored.flatMap(({ limit }) => limit ?? []);
  const leastSquares = limits.length > 0 && limits.length === scored.length
    ? {
      p99: Math.max(...limits.map(({ errors }) => errors.p99)),
      coverage: mean(limits.map(({ coverage }) => coverage)),
    }
    : undefined;
  const isExcused = leastSquares !== undefined &&
    scored.every((outcome) => isWithin(outcome, bar.p99Ms));
  const counted = scores.filter(({ isCountExact }) => isCountExact !== undefined);
  const counts = { exact: counted.filter((one) => one.isCountExact).length, of: counted.length };
  return {
    name,
    barMs: bar.p99Ms,
    seeds: scores.length,
    worst,
    usualP99: p99s.toSorted((a, b) => a - b)[p99s.length >> 1] ?? NaN,
    worstSeed: scored[p99s.indexOf(Math.max(...p99s))]?.task.seed ?? NaN,
    coverage: coverageOf(scores),
    worstCoverage: Math.min(...scores.map((score) => coverageOf([score]))),
    steps,
    days: sum(scores, ({ days }) => days),
    counts,
    nanoseconds: nanosecondsOf(scored),
    peers: peersOf(scored),
    failures,
    ...(leastSquares ? { leastSquares } : {}),
    misses: missesOf({ worst, barMs: bar.p99Ms, isExcused, failures, steps, counts }),
  };
}

/** Whether an error keeps to the bar, or to what least squares reach where nothing can keep to the bar. */
function isWithin({ score, limit }: Outcome, barMs: number): boolean {
  return score!.errors.p99 <= Math.max(barMs, NEAR_LIMIT * (limit?.errors.p99 ?? 0));
}

function missesOf({ worst, barMs, isExcused, failures, steps, counts }: {
  worst: Errors;
  barMs: number;
  isExcused: boolean;
  failures: readonly string[];
  steps: { happened: number; found: number };
  counts: { exact: number; of: number };
}): string[] {
  const misses: string[] = [];
  if (failures.length > 0) misses.push(`${failures.length} failed: ${failures[0]}`);
  if (!(worst.p99 <= barMs) && !isExcused) {
    misses.push(`p99 ${worst.p99.toPrecision(3)} ms exceeds ${barMs} ms`);
  }
  if (steps.found < steps.happened) {
    misses.push(`${steps.happened - steps.found} of ${steps.happened} steps not found`);
  }
  if (counts.exact < counts.of) {
    misses.push(`drops miscounted in ${counts.of - counts.exact} of ${counts.of}`);
  }
  return misses;
}

function nanosecondsOf(outcomes: readonly Outcome[]) {
  const timed = outcomes.filter(({ seconds }) => seconds !== undefined);
  const samples = sum(timed, ({ score }) => score!.samples);
  const each = (key: "fit" | "apply" | "dejitter") =>
    sum(timed, ({ seconds }) => seconds![key]) * 1e9 / samples;
  return { fit: each("fit"), apply: each("apply"), dejitter: each("dejitter") };
}

function peersOf(outcomes: readonly Outcome[]): Record<string, number> {
  const worst: Record<string, number> = {};
  for (const { peers = {} } of outcomes) {
    for (const [name, answer] of Object.entries(peers)) {
      const p99 = peerErrors(answer)?.p99 ?? Infinity;
      worst[name] = Math.max(worst[name] ?? 0, p99);
    }
  }
  return worst;
}

/** Mean share of covered samples: recordings count alike, since the samples of one share their error. */
function coverageOf(scores: readonly Score[]): number {
  return mean(scores.map(({ covered, compared }) => covered / compared));
}

function mean(values: readonly number[]): number {
  return sum(values, (value) => value) / values.length;
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

/** A share as it stands in tables. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
