import { drawArrivals } from "./arrivals.ts";
import type { Condition, StepPlan } from "./condition.ts";
import { drawShakes, type Shakes } from "./motion.ts";
import { Random } from "./random.ts";
import { drawProbes, type Readings } from "./readings.ts";
import { type Blackout, drawSamples } from "./samples.ts";
import { drawDeviation, type Epoch, TrueClock } from "./true_clock.ts";

/** What a recorder wrote, and beside it what was true, which no fit sees. */
export interface Recording {
  readonly condition: Condition;
  readonly stamps: BigInt64Array;
  readonly readings: Readings;
  /** Of evidence from motion, instead of readings. */
  readonly shakes?: Shakes;
  readonly truth: Truth;
}

/** What was true. */
export interface Truth {
  readonly masterStart: bigint;
  readonly clock: TrueClock;
  /** When each sample was taken, ns since the recording began. */
  readonly taken: Float64Array;
  readonly steps: readonly TrueStep[];
  readonly dropped: number;
  readonly duplicates: number;
}

/** A sudden change that happened. */
export interface TrueStep {
  /** Master time of the change; of its end where the device was off. */
  readonly fromNs: number;
  readonly toNs: number;
  /** Device time from which it holds. */
  readonly deviceNs: bigint;
  /** Change of reference minus device. */
  readonly changeNs: number;
}

interface StepTruth {
  readonly epochs: readonly Epoch[];
  readonly blackout?: Blackout;
  /** Running time and time off together. */
  readonly seconds: number;
}

const NO_READINGS: Readings = {
  deviceNs: new BigInt64Array(),
  referenceNs: new BigInt64Array(),
  rows: new Float64Array(),
};

/** Draws the recording of a condition and a seed. */
export function drawRecording(condition: Condition, seed: number): Recording {
  const random = new Random(seed, condition.name);
  const masterStart = 1_700_000_000_000_000_000n + BigInt(random.bits()) * 1_000_003n;
  const durationNs = (condition.seconds + 4000) * 1e9;
  const { wander, skewPpm = 20 } = condition;
  const deviation = drawDeviation(random, { skewPpm, wander, durationNs });
  // Garbage of zero offset is 50 s off; other clocks count from wherever they were started.
  const lead = condition.probes.garbage ? -50_000_000_000n : -BigInt(random.bits()) * 100_000_000n;
  const base = masterStart + lead;
  const { epochs, blackout, seconds } = drawStep(random, condition, base, deviation);
  const clock = new TrueClock(base, deviation, epochs);
  const whole = { ...condition, seconds };
  const steps = epochs.map((epoch, index) => trueStep(clock, index + 1, epoch, blackout));
  if (condition.evidence === "one-way") {
    const { taken, stamps, hostNs } = drawArrivals(random, whole, clock, masterStart);
    const rows = Float64Array.from(taken, (_, index) => index);
    const readings = { deviceNs: stamps, referenceNs: hostNs, rows };
    const truth = { masterStart, clock, taken, steps, dropped: 0, duplicates: 0 };
    return { condition, stamps, readings, truth };
  }
  if (condition.shakes !== undefined) {
    const shakes = drawShakes(random, condition.shakes, { seconds, masterStart, clock });
    const taken = Float64Array.from({ length: Math.floor(seconds) }, (_, second) => second * 1e9);
    const stamps = BigInt64Array.from(taken, (time) => clock.deviceAt(time));
    const truth = { masterStart, clock, taken, steps, dropped: 0, duplicates: 0 };
    return { condition, stamps, readings: NO_READINGS, shakes, truth };
  }
  const { taken, stamps, dropped, duplicates } = drawSamples(random, whole, clock, blackout);
  const readings = drawProbes(random, whole, clock, { masterStart, taken, blackout });
  const truth = { masterStart, clock, taken, steps, dropped, duplicates };
  return { condition, stamps, readings, truth };
}

function drawStep(
  random: Random,
  { step, seconds }: Condition,
  base: bigint,
  deviation: (masterNs: number) => number,
): StepTruth {
  if (step === undefined) return { epochs: [], seconds };
  const fromNs = random.uniform(0.2, 0.8) * seconds * 1e9;
  if (step.kind === "set") {
    return { epochs: [{ fromNs, shiftNs: BigInt(Math.round(step.seconds * 1e9)) }], seconds };
  }
  const offNs = offTime(step);
  // A device that wakes needs some time before it delivers samples again.
  const toNs = fromNs + offNs + random.uniform(0.2e9, 1e9);
  const shiftNs = step.kind === "suspend"
    ? -BigInt(Math.round(offNs))
    : 20_000_000_000n - base - BigInt(Math.round(fromNs + offNs + deviation(fromNs + offNs)));
  return {
    epochs: [{ fromNs: fromNs + offNs, shiftNs }],
    blackout: { fromNs, toNs },
    seconds: seconds + offNs / 1e9,
  };
}

function offTime(step: StepPlan): number {
  return step.kind === "suspend" ? 3600e9 : 40e9;
}

function trueStep(
  clock: TrueClock,
  number: number,
  { fromNs }: Epoch,
  blackout: Blackout | undefined,
): TrueStep {
  return {
    fromNs: blackout?.fromNs ?? fromNs,
    toNs: blackout?.toNs ?? fromNs,
    deviceNs: clock.deviceAt(fromNs, number),
    changeNs: Number(clock.origin(number - 1) - clock.origin(number)),
  };
}
