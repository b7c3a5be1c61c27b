import type { Condition, ProbePlan } from "./condition.ts";
import type { Random } from "./random.ts";
import type { Blackout } from "./samples.ts";
import type { TrueClock } from "./true_clock.ts";

/** Readings of both clocks, in file order. This is all that a fit is told, besides the stamps. */
export interface Readings {
  readonly deviceNs: BigInt64Array;
  readonly referenceNs: BigInt64Array;
  /** Present where the recorder kept it. */
  readonly roundTripsNs?: Float64Array;
  /** Samples that stand in the file before each. */
  readonly rows: Float64Array;
}

const EVERY_NS = 5e9;
const PATH_NS = 1e6;
const HOLE_NS = 600e9;
/** One sigma of the error of a probe that was not held up. */
export const PROBE_SIGMA_NS = 1e5;

/** Errors of both ways: half their difference is that of the probe. */
const WAY_SIGMA_NS = PROBE_SIGMA_NS * Math.SQRT2;

interface Probe {
  readonly device: bigint;
  readonly reference: bigint;
  readonly roundTrip: number;
}

/** Draws a probe about every 5 s: there at t0, seen by the device at t1, answered at t2, back at t3. */
export function drawProbes(
  random: Random,
  { seconds, probes }: Condition,
  clock: TrueClock,
  { masterStart, taken, blackout }: {
    masterStart: bigint;
    taken: Float64Array;
    blackout: Blackout | undefined;
  },
): Readings {
  const end = seconds * 1e9;
  const hole = probes.hole ? random.uniform(0.1 * end, 0.9 * end - HOLE_NS) : Infinity;
  const found: Probe[] = [];
  const rows: number[] = [];
  const before = rowCounter(taken);
  for (let time = random.uniform(0, EVERY_NS); time < end; time += EVERY_NS) {
    const t0 = time + random.uniform(0, 1e8);
    const isOff = blackout !== undefined && t0 >= blackout.fromNs && t0 < blackout.toNs;
    if (isOff || (t0 >= hole && t0 < hole + HOLE_NS)) continue;
    found.push(drawProbe(random, probes, clock, masterStart, t0));
    rows.push(before(t0 - random.uniform(0, 3e8)));
  }
  return {
    deviceNs: BigInt64Array.from(found, ({ device }) => device),
    referenceNs: BigInt64Array.from(found, ({ reference }) => reference),
    ...(probes.wifi
      ? { roundTripsNs: Float64Array.from(found, ({ roundTrip }) => roundTrip) }
      : {}),
    rows: Float64Array.from(rows),
  };
}

function drawProbe(
  random: Random,
  { wifi = 0, late = 0, garbage = 0 }: ProbePlan,
  clock: TrueClock,
  masterStart: bigint,
  t0: number,
): Probe {
  if (random.chance(garbage)) return drawGarbage(random, masterStart, t0);
  const there = PATH_NS + WAY_SIGMA_NS * random.normal();
  const back = PATH_NS + WAY_SIGMA_NS * random.normal();
  const t1 = t0 + there + (random.chance(wifi) ? 5e6 * random.exponential() : 0);
  const t2 = t1 + 1e5;
  const t3 = t2 + back + (random.chance(late) ? 2 * random.uniform(0, 10e9) : 0);
  const [seen, answered] = [clock.deviceAt(t1), clock.deviceAt(t2)];
  return {
    device: (seen + answered) / 2n,
    reference: masterStart + BigInt(Math.round((t0 + t3) / 2)),
    roundTrip: t3 - t0 - Number(answered - seen),
  };
}

/** After a timeout recorders write an offset of zero, or whatever stood in memory. */
function drawGarbage(random: Random, masterStart: bigint, t0: number): Probe {
  const now = masterStart + BigInt(Math.round(t0));
  if (random.chance(0.5)) return { device: now, reference: now, roundTrip: 0 };
  const any = () => BigInt(random.bits()) * BigInt(random.bits()) - (1n << 62n);
  return { device: any(), reference: any(), roundTrip: random.uniform(-1e18, 1e18) };
}

/** Tells how many samples were recorded at a master time, for times that are asked for about in order. */
function rowCounter(taken: Float64Array): (masterNs: number) => number {
  let row = 0;
  return (masterNs) => {
    while (row < taken.length && taken[row]! <= masterNs) row++;
    return row;
  };
}
