import type { ClockKind } from "../base/mod.ts";
import { sineOfTurns } from "./numeric/functions.ts";
import { bellAt, keyOf } from "./numeric/random.ts";
import type { ClockPlan, ClockStep, ClockSwing } from "./plan.ts";

/** Everything that fixes a simulated clock, as it stands in the truth. */
export interface ClockTruth {
  readonly id: string;
  readonly kind: ClockKind;
  /** Reading at the start of the session, less the sub-second part of the offset, in ns. */
  readonly baseNs: string;
  readonly plan: ClockPlan;
  /** Key of the random walk. */
  readonly key: number;
  readonly durationSeconds: number;
}

/** What is needed to make a {@linkcode ClockTruth}. */
export interface ClockOptions {
  readonly kind: ClockKind;
  /** What the clock would read at the start without its offset, in ns. */
  readonly zeroNs: bigint;
  readonly seed: number;
  readonly durationSeconds: number;
}

/** Fixes a clock: whole seconds of its offset go to its base, the rest stays exact in a float. */
export function clockTruth(id: string, plan: ClockPlan, options: ClockOptions): ClockTruth {
  const whole = Math.floor(plan.offsetSeconds ?? 0);
  return {
    id,
    kind: options.kind,
    baseNs: String(options.zeroNs + BigInt(whole) * 1_000_000_000n),
    plan,
    key: keyOf(options.seed, id),
    durationSeconds: options.durationSeconds,
  };
}

/** Rounds in which a clock is inverted, and the change from which another one would alter less than 1 ns. */
const MAX_ROUNDS = 5;
const LAST_CHANGE_NS = 1000;

/**
 * A clock whose error is known at every instant.
 *
 * True time `t` is ns since the start of the session in a float, which is exact for whole ns up to 104 days.
 * The crystal shows `t + drift + swing + walk`; the clock adds the steps by which it was set.
 */
export class SimulatedClock {
  readonly id: string;
  readonly kind: ClockKind;
  readonly baseNs: bigint;
  readonly #offsetNs: number;
  readonly #skew: number;
  readonly #swing: Required<ClockSwing> | undefined;
  readonly #steps: readonly ClockStep[];
  readonly #knotNs: number;
  readonly #knots: Float64Array;

  constructor(truth: ClockTruth) {
    const { plan } = truth;
    const offset = plan.offsetSeconds ?? 0;
    this.id = truth.id;
    this.kind = truth.kind;
    this.baseNs = BigInt(truth.baseNs);
    this.#offsetNs = Math.round((offset - Math.floor(offset)) * 1e9);
    this.#skew = (plan.driftPpm ?? 0) * 1e-6;
    this.#swing = plan.swing && { phase: 0, ...plan.swing };
    this.#steps = plan.steps ?? [];
    this.#knotNs = (plan.walk?.knotSeconds ?? 1) * 1e9;
    this.#knots = walkKnots(truth);
  }

  /** What the crystal has counted at a true time, in ns above {@linkcode baseNs}; not rounded. */
  crystalAt(trueNs: number): number {
    return trueNs + this.#errorAt(trueNs);
  }

  /** What the clock shows at a true time, in whole ns above {@linkcode baseNs}. */
  relativeAt(trueNs: number): number {
    let shown = this.crystalAt(trueNs);
    for (const { atSeconds, bySeconds } of this.#steps) {
      if (trueNs >= atSeconds * 1e9) shown += bySeconds * 1e9;
    }
    return Math.round(shown);
  }

  /** What the clock shows at a true time, in ns. */
  readingAt(trueNs: number): bigint {
    return this.baseNs + BigInt(this.relativeAt(trueNs));
  }

  /** True time at which the crystal has counted to a value: the inverse of {@linkcode crystalAt}, in whole ns. */
  trueTimeAt(crystalNs: number): number {
    // Newton's method with the constant skew as slope: each round shrinks the error by the slope of the
    // wander, which is far below 1e-3 for any crystal.
    const slope = 1 + this.#skew;
    let trueNs = (crystalNs - this.#offsetNs) / slope;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const change = (crystalNs - this.crystalAt(trueNs)) / slope;
      trueNs += change;
      if (Math.abs(change) < LAST_CHANGE_NS) break;
    }
    return Math.round(trueNs);
  }

  #errorAt(trueNs: number): number {
    return this.#offsetNs + this.#skew * trueNs + this.#swingAt(trueNs) + this.#walkAt(trueNs);
  }

  #swingAt(trueNs: number): number {
    if (this.#swing === undefined) return 0;
    const { amplitudeSeconds, periodSeconds, phase } = this.#swing;
    const turns = trueNs / (periodSeconds * 1e9) + phase;
    return amplitudeSeconds * 1e9 * (sineOfTurns(turns) - sineOfTurns(phase));
  }

  #walkAt(trueNs: number): number {
    const last = this.#knots.length - 1;
    if (last < 1) return 0;
    const place = Math.min(Math.max(trueNs / this.#knotNs, 0), last);
    const knot = Math.min(Math.floor(place), last - 1);
    const low = this.#knots[knot]!;
    return low + (this.#knots[knot + 1]! - low) * (place - knot);
  }
}

function walkKnots({ plan: { walk }, key, durationSeconds }: ClockTruth): Float64Array {
  if (walk === undefined) return new Float64Array(0);
  const knots = new Float64Array(Math.ceil(durationSeconds / walk.knotSeconds) + 2);
  for (let knot = 1; knot < knots.length; knot++) {
    knots[knot] = knots[knot - 1]! + walk.sigmaSeconds * 1e9 * bellAt(key, knot);
  }
  return knots;
}
