import type { Condition, LossPlan } from "./condition.ts";
import type { Random } from "./random.ts";
import type { Deviation, TrueClock } from "./true_clock.ts";

/** A time in which the device does not record. */
export interface Blackout {
  readonly fromNs: number;
  readonly toNs: number;
}

/** The samples of a recording in file order. */
export interface Samples {
  /** When each was truly taken, ns of master time since the recording began. */
  readonly taken: Float64Array;
  /** What the device stamped it with. */
  readonly stamps: BigInt64Array;
  readonly dropped: number;
  readonly duplicates: number;
}

/** Draws samples on a true grid, what of them reaches the file, and their stamps. */
export function drawSamples(
  random: Random,
  condition: Condition,
  clock: TrueClock,
  blackout: Blackout | undefined,
): Samples {
  const { grid, dropped } = drawGrid(random, condition, clock, blackout);
  const stamps = stampAll(random, condition, clock, grid);
  const order = fileOrder(random, condition.loss, grid.length);
  return {
    taken: order ? Float64Array.from(order, (index) => grid[index]!) : grid,
    stamps: order ? BigInt64Array.from(order, (index) => stamps[index]!) : stamps,
    dropped,
    duplicates: (order?.length ?? grid.length) - grid.length,
  };
}

function drawGrid(
  random: Random,
  { seconds, rateHz, loss, ownCrystal }: Condition,
  { deviation }: TrueClock,
  blackout: Blackout | undefined,
): { grid: Float64Array; dropped: number } {
  // No device keeps its nominal rate exactly.
  const period = 1e9 / rateHz * (1 + random.uniform(-20e-6, 20e-6));
  const start = random.uniform(0, period);
  const count = Math.floor((seconds * 1e9 - start) / period);
  const lost = drawLost(random, loss, count, rateHz);
  const grid = new Float64Array(count);
  let kept = 0;
  let shift = 0;
  let drawn = 0;
  for (; drawn < count; drawn++) {
    let taken = start + drawn * period + shift;
    if (blackout !== undefined && shift === 0 && taken >= blackout.fromNs) {
      shift = blackout.toNs - taken;
      taken = blackout.toNs;
    }
    // What a device that was off did not take is not made up for after the end.
    if (taken >= seconds * 1e9) break;
    if (lost[drawn] !== 0) continue;
    grid[kept++] = ownCrystal ? whenShown(taken, deviation) : taken;
  }
  return { grid: grid.subarray(0, kept), dropped: drawn - kept };
}

/** The master time at which a clock has run on by a time. */
function whenShown(passedNs: number, deviation: Deviation): number {
  let master = passedNs;
  for (let round = 0; round < 4; round++) master = passedNs - deviation(master);
  return master;
}

/** Marks the samples that never reach the file. The first and the last always do. */
function drawLost(
  random: Random,
  loss: LossPlan | undefined,
  count: number,
  rateHz: number,
): Uint8Array {
  const lost = new Uint8Array(count);
  if (loss?.kind === "gap") {
    const length = Math.max(1, Math.ceil(loss.seconds * rateHz));
    const share = (count - 2) / loss.count;
    for (let gap = 0; gap < loss.count; gap++) {
      const from = Math.floor((gap + random.uniform(0.1, 0.6)) * share);
      lost.fill(1, from + 1, Math.min(from + 1 + length, count - 1));
    }
  }
  if (loss?.kind === "drops") {
    for (let index = 1; index < count - 1; index++) lost[index] = random.chance(loss.share) ? 1 : 0;
  }
  return lost;
}

function stampAll(
  random: Random,
  { jitterNs, stampUnitNs }: Condition,
  clock: TrueClock,
  grid: Float64Array,
): BigInt64Array {
  const stamps = new BigInt64Array(grid.length);
  const unit = stampUnitNs === undefined ? undefined : BigInt(stampUnitNs);
  let epoch = 0;
  let origin = clock.origin(0);
  for (let index = 0; index < grid.length; index++) {
    const taken = grid[index]!;
    while (epoch < clock.epochs.length && clock.epochs[epoch]!.fromNs <= taken) {
      origin = clock.origin(++epoch);
    }
    const jitter = jitterNs === 0 ? 0 : jitterNs * random.normal();
    const shown = origin + BigInt(Math.round(taken + clock.deviation(taken) + jitter));
    stamps[index] = unit === undefined ? shown : (shown + unit / 2n) / unit * unit;
  }
  return stamps;
}

/** Which sample stands at each place of the file; undefined when none was moved or repeated. */
function fileOrder(
  random: Random,
  loss: LossPlan | undefined,
  count: number,
): number[] | undefined {
  if (loss?.kind === "reorder") return reordered(random, count);
  if (loss?.kind !== "duplicates") return undefined;
  const order: number[] = [];
  for (let index = 0; index < count; index++) {
    order.push(index);
    if (random.chance(0.005)) order.push(index);
  }
  return order;
}

/** Packets of four of which one in a few hundred is overtaken by the next. */
function reordered(random: Random, count: number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let first = 4; first + 12 < count; first += 4) {
    if (!random.chance(0.004)) continue;
    for (let offset = 0; offset < 4; offset++) {
      order[first + offset] = first + 4 + offset;
      order[first + 4 + offset] = first + offset;
    }
    first += 4;
  }
  return order;
}
