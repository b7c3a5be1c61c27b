import { Random } from "./random.ts";
import type { Condition, LossPlan, ProbePlan, StepPlan } from "./condition.ts";
import { drawRecording, type Recording } from "./recording.ts";
import { forEachError } from "./score.ts";
import type { Wander } from "./true_clock.ts";

/** Devices of one recording of the mix. */
export const MIX_DEVICES = 100;

/** Pairs may differ by this much, 99 of 100 times. */
export const MIX_BAR = { p99Ms: 1 };

const SECONDS = 1800;
const EVERY_NS = 5e9;

const WANDERS: readonly Wander[] = ["none", "diurnal", "warm-up", "swing", "walk"];
const TROUBLES: readonly ProbePlan[] = [
  {},
  {},
  { late: 0.05 },
  { garbage: 0.01 },
  { hole: true },
  { wifi: 0.4 },
  { wifi: 0.8 },
  { late: 0.05, garbage: 0.01, wifi: 0.4 },
];
const SIZES = [0.005, 0.02, 0.2, 0.5, 2, 4, 6, 60];
const LOSSES: readonly (LossPlan | undefined)[] = [
  undefined,
  undefined,
  { kind: "drops", share: 0.01 },
  { kind: "reorder" },
  { kind: "duplicates" },
];
const STAMPS: readonly Pick<Condition, "jitterNs" | "stampUnitNs">[] = [
  { jitterNs: 0 },
  { jitterNs: 2e6 },
  { jitterNs: 2e6 },
  { jitterNs: 0, stampUnitNs: 1e6 },
];

/** What a device of the mix has to bear, drawn by the seed of the recording and its number. */
export function mixCondition(seed: number, device: number): Condition {
  const random = new Random(seed, `mix of device ${device}`);
  const name = `mix ${device}`;
  const wander = random.pick(WANDERS);
  const common = { name, seconds: SECONDS, wander, probes: {}, jitterNs: 0, bar: MIX_BAR };
  if (random.chance(0.1)) return { ...common, evidence: "one-way", rateHz: 51.2 };
  const rateHz = random.chance(0.03) ? 1000 : random.pick([4, 30, 100, 128]);
  const step = drawStep(random);
  const loss = drawLoss(random, rateHz);
  return {
    ...common,
    ...random.pick(STAMPS),
    ownCrystal: random.chance(0.5),
    rateHz,
    evidence: "two-way",
    probes: random.pick(TROUBLES),
    ...(step ? { step } : {}),
    ...(loss ? { loss } : {}),
  };
}

function drawStep(random: Random): StepPlan | undefined {
  if (random.chance(0.6)) return undefined;
  if (random.chance(0.1)) return { kind: "reboot" };
  return { kind: "set", seconds: random.pick(SIZES) * (random.chance(0.5) ? 1 : -1) };
}

function drawLoss(random: Random, rateHz: number): LossPlan | undefined {
  // Single samples that are lost or swapped among stamps that scatter by two periods leave no trace.
  const isGap = rateHz === 1000 || random.chance(0.3);
  if (isGap) return { kind: "gap", seconds: random.pick([0, 0.9, 4.5, 15, 100]), count: 1 };
  return random.pick(LOSSES);
}

/** Draws the recording of a device; those of one seed were made at the same master times. */
export function drawMixed(seed: number, device: number): Recording {
  return drawRecording(mixCondition(seed, device), seed);
}

/** Errors in ms at every fifth second of the recording, NaN where a device has no sample within 2.5 s. */
export function errorsOnGrid(recording: Recording, times: BigInt64Array): Float32Array {
  const grid = new Float32Array(SECONDS * 1e9 / EVERY_NS).fill(NaN);
  const distance = new Float64Array(grid.length).fill(Infinity);
  const { taken } = recording.truth;
  forEachError(recording, times, (error, index) => {
    const place = Math.round(taken[index]! / EVERY_NS);
    const away = Math.abs(taken[index]! - place * EVERY_NS);
    if (place >= grid.length || away >= distance[place]!) return;
    distance[place] = away;
    grid[place] = error / 1e6;
  });
  return grid;
}
