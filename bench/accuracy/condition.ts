import type { ShakePlan } from "./motion.ts";
import type { Wander } from "./true_clock.ts";

/** What happens to the readings of both clocks. */
export interface ProbePlan {
  /** Share that comes 0 to 10 s late. */
  readonly late?: number;
  /** Share whose numbers mean nothing. */
  readonly garbage?: number;
  /** Ten minutes without any. */
  readonly hole?: boolean;
  /** Share that is held up on its way there by some 5 ms, seen in the round trip. */
  readonly wifi?: number;
}

/** What happens to the samples on their way into the file. */
export type LossPlan =
  | { readonly kind: "gap"; readonly seconds: number; readonly count: number }
  | { readonly kind: "drops"; readonly share: number }
  | { readonly kind: "reorder" }
  | { readonly kind: "duplicates" };

/** A sudden change of the device clock. */
export type StepPlan =
  | { readonly kind: "set"; readonly seconds: number }
  | { readonly kind: "reboot" }
  | { readonly kind: "suspend" };

/** One recording of one device. */
export interface Condition {
  readonly name: string;
  readonly seconds: number;
  readonly rateHz: number;
  readonly evidence: "two-way" | "one-way" | "motion";
  /** Mean drift of the clock, of either sign. @default {20} */
  readonly skewPpm?: number;
  /** Evidence of motion: how the sensors were shaken. */
  readonly shakes?: ShakePlan;
  readonly wander: Wander;
  /** The device takes its samples by its own wandering clock, instead of by a grid of true time. */
  readonly ownCrystal?: boolean;
  /** @default {2e6} One sigma of the stamps. */
  readonly jitterNs: number;
  /** Stamps are rounded to whole units of this. */
  readonly stampUnitNs?: number;
  readonly probes: ProbePlan;
  readonly step?: StepPlan;
  readonly loss?: LossPlan;
  readonly bar: Bar;
  /** Clock and samples are straight lines, so that the best that can be reached is known. */
  readonly isLinear?: boolean;
}

/** What has to be reached. */
export interface Bar {
  /** 99 of 100 errors of the worst seed lie below it. */
  readonly p99Ms: number;
}

/** A row of the table: conditions whose coverage is counted together. */
export interface Row {
  readonly name: string;
  readonly conditions: readonly Condition[];
}
