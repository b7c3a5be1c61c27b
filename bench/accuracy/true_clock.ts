import type { Random } from "./random.ts";

/** How the rate of a clock wanders about its mean. */
export type Wander = "none" | "diurnal" | "warm-up" | "swing" | "walk";

/** Deviation of a clock in ns by master time in ns; it changes by millionths of the time that passes. */
export type Deviation = (masterNs: number) => number;

/** From a master time on, the clock shows this much more than before it was first set. */
export interface Epoch {
  readonly fromNs: number;
  readonly shiftNs: bigint;
}

const HOUR = 3600e9;

/**
 * A device clock that is known exactly, by master time in ns since the recording began.
 *
 * It shows `base + t + deviation(t) + shift`, where the shift changes suddenly at each epoch.
 */
export class TrueClock {
  constructor(
    readonly baseNs: bigint,
    readonly deviation: Deviation,
    readonly epochs: readonly Epoch[] = [],
  ) {}

  /** Which epoch holds at a master time: 0 before the first step. */
  epochAt(masterNs: number): number {
    let epoch = 0;
    while (epoch < this.epochs.length && this.epochs[epoch]!.fromNs <= masterNs) epoch++;
    return epoch;
  }

  /** What it shows at a master time. */
  deviceAt(masterNs: number, epoch: number = this.epochAt(masterNs)): bigint {
    return this.origin(epoch) + BigInt(Math.round(masterNs + this.deviation(masterNs)));
  }

  /** Device time less what passed since the recording began, without the deviation. */
  origin(epoch: number): bigint {
    return this.baseNs + (epoch === 0 ? 0n : this.epochs[epoch - 1]!.shiftNs);
  }

  /** The master time at which it shows a time in an epoch. */
  masterAt(deviceNs: bigint, epoch: number): number {
    const shown = Number(deviceNs - this.origin(epoch));
    let master = shown;
    for (let round = 0; round < 6; round++) master = shown - this.deviation(master);
    return master;
  }
}

/** A deviation of a mean rate and of the kind of wander that is asked for. */
export function drawDeviation(
  random: Random,
  { skewPpm, wander, durationNs }: { skewPpm: number; wander: Wander; durationNs: number },
): Deviation {
  const skew = skewPpm * 1e-6 * (random.chance(0.5) ? 1 : -1);
  const bend = drawBend(random, wander, durationNs);
  return (masterNs) => skew * masterNs + bend(masterNs);
}

function drawBend(random: Random, wander: Wander, durationNs: number): Deviation {
  if (wander === "diurnal") return swing(2e-6, 24 * HOUR, random.uniform(0, 2 * Math.PI));
  if (wander === "swing") return swing(1e-6, HOUR / 3, random.uniform(0, 2 * Math.PI));
  if (wander === "walk") return randomWalk(random, durationNs);
  if (wander === "none") return () => 0;
  const [size, constant] = [5e-6, HOUR / 4];
  return (masterNs) => size * constant * (1 - Math.exp(-masterNs / constant));
}

/** The rate swings like a sine of the amplitude. */
function swing(amplitude: number, periodNs: number, phase: number): Deviation {
  const turn = 2 * Math.PI / periodNs;
  const size = amplitude / turn;
  return (masterNs) => size * (Math.cos(phase) - Math.cos(turn * masterNs + phase));
}

/** The rate walks randomly by 1e-9 in a second. */
function randomWalk(random: Random, durationNs: number): Deviation {
  const seconds = Math.ceil(durationNs / 1e9) + 2;
  const deviations = new Float64Array(seconds);
  for (let second = 1, rate = 0; second < seconds; second++) {
    rate += 1e-9 * random.normal();
    deviations[second] = deviations[second - 1]! + rate * 1e9;
  }
  return (masterNs) => {
    const place = Math.min(Math.max(masterNs / 1e9, 0), seconds - 1.001);
    const below = Math.floor(place);
    const [from, to] = [deviations[below]!, deviations[below + 1]!];
    return from + (to - from) * (place - below);
  };
}
