import { Quantiles } from "./quantiles.ts";
import type { Recording, TrueStep } from "./recording.ts";
import type { Answer } from "./subject.ts";

/** Errors in ms. */
export interface Errors {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How near the truth an answer is. */
export interface Score {
  readonly errors: Errors;
  /** Samples that were compared, and those of them within 1.96 stated sigma of the truth. */
  readonly compared: number;
  readonly covered: number;
  readonly steps: StepScore;
  /** Whether each missing sample was counted; undefined where none was lost, moved or repeated. */
  readonly isCountExact: boolean | undefined;
  readonly samples: number;
  readonly days: number;
}

/** What became of the steps. */
export interface StepScore {
  readonly happened: number;
  readonly found: number;
  readonly wrong: number;
  /** Largest distance of a found step from where it was, in ms of device time. */
  readonly placementMs: number;
}

const SECOND = 1e9;
/** Half width in sigma of the interval that holds 95 % of a normal number. */
export const COVERED_SIGMAS = 1.959964;

/** Compares an answer with the truth, outside a second around each step. */
export function score(recording: Recording, answer: Answer): Score {
  const { taken } = recording.truth;
  const quantiles = new Quantiles();
  let covered = 0;
  forEachError(recording, answer.times, (error, index) => {
    quantiles.add(error / 1e6);
    if (Math.abs(error) <= COVERED_SIGMAS * answer.sigmas[index]!) covered++;
  });
  return {
    errors: errorsOf(quantiles),
    compared: quantiles.count,
    covered,
    steps: scoreSteps(recording, answer),
    isCountExact: isCountExact(recording, answer),
    samples: taken.length,
    days: (taken.at(-1)! - taken[0]!) / (86_400 * SECOND),
  };
}

/** The quantiles that the table shows. */
export function errorsOf(quantiles: Quantiles): Errors {
  return { p50: quantiles.at(0.5), p99: quantiles.at(0.99), max: quantiles.largest };
}

/** Calls back with the error in ns of each sample that is not near a step. */
export function forEachError(
  { truth: { taken, masterStart, steps } }: Recording,
  times: BigInt64Array,
  use: (errorNs: number, index: number) => void,
): void {
  for (let index = 0; index < taken.length; index++) {
    const time = taken[index]!;
    if (steps.some((step) => isNear(step, time))) continue;
    use(Number(times[index]! - masterStart) - time, index);
  }
}

function isNear({ fromNs, toNs }: TrueStep, time: number): boolean {
  return time > fromNs - SECOND && time < toNs + SECOND;
}

/**
 * A found step is one that happened when it is about as large and within a minute. Of one that lies in a gap of the
 * samples nothing tells more than the first sample behind it, and no other sample is placed by it.
 */
function scoreSteps(
  { stamps, truth: { steps: truths, taken } }: Recording,
  { steps }: Pick<Answer, "steps">,
): StepScore {
  const open = new Set(truths);
  let placementMs = 0;
  for (const { atNs, changeNs } of steps) {
    for (const truth of open) {
      const behind = stamps[taken.findIndex((time) => time >= truth.toNs)] ?? truth.deviceNs;
      const distance = Math.min(
        Math.abs(Number(atNs - truth.deviceNs)),
        Math.abs(Number(atNs - behind)),
      );
      const difference = Math.abs(changeNs - truth.changeNs);
      if (distance > 60 * SECOND || difference > Math.abs(truth.changeNs) / 4) continue;
      open.delete(truth);
      placementMs = Math.max(placementMs, distance / 1e6);
      break;
    }
  }
  const found = truths.length - open.size;
  return { happened: truths.length, found, wrong: steps.length - found, placementMs };
}

function isCountExact(
  { condition: { loss }, truth: { dropped, steps } }: Recording,
  answer: Answer,
): boolean | undefined {
  // What a device that was off would have recorded is neither lost nor recorded.
  const wasOff = steps.some(({ fromNs, toNs }) => fromNs < toNs);
  return loss === undefined || wasOff ? undefined : answer.dropped === dropped;
}
