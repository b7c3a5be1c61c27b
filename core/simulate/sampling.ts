import { SimulatedClock } from "./clock.ts";
import { bellAt } from "./numeric/random.ts";

/** The rule by which a crystal takes samples, as it stands in the truth. */
export interface SamplingTruth {
  /** Clock whose crystal takes the samples. */
  readonly clock: string;
  /** Count of the crystal at sample 0, ns above the base of the clock. */
  readonly firstNs: number;
  /** Crystal time from sample to sample, ns. */
  readonly periodNs: number;
  /** Samples of the rule, whether they were written or not. */
  readonly samples: number;
  /** Standard deviation of single sampling times, ns. */
  readonly jitterNs: number;
  /** Key of the jitter. */
  readonly key: number;
}

/** Tells when each sample was taken. */
export class SampleTimes {
  readonly rule: SamplingTruth;
  readonly #clock: SimulatedClock;
  readonly #limitNs: number;

  constructor(rule: SamplingTruth, clock: SimulatedClock) {
    this.rule = rule;
    this.#clock = clock;
    // Jitter never exceeds 2/5 of a period, so that samples stay in order.
    this.#limitNs = rule.periodNs * 0.4;
  }

  /** Count of the crystal when it asked for a sample, ns above the base of its clock; not rounded. */
  crystalNs(sample: number): number {
    return this.rule.firstNs + sample * this.rule.periodNs;
  }

  /** True time of a sample in whole ns since the start of the session. */
  trueNs(sample: number): number {
    const due = this.#clock.trueTimeAt(this.crystalNs(sample));
    if (this.rule.jitterNs === 0) return due;
    const jitter = this.rule.jitterNs * bellAt(this.rule.key, sample);
    return due + Math.round(Math.min(Math.max(jitter, -this.#limitNs), this.#limitNs));
  }
}
