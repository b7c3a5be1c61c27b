/** Movements whose truth is known, as two sensors of different make and mounting record them. */
import type { MotionSignal } from "./signal.ts";

/** Seeded random numbers (Mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1);
  }

  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  gaussian(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }
}

/** A movement: for every axis the value at a true time in seconds. */
export type Movement = (seconds: number) => readonly [number, number, number];

/** When a body is shaken, true seconds. */
export interface Shaking {
  readonly start: number;
  readonly seconds: number;
}

/** Shakes of a hand: many oscillations from 2 to 7 Hz, at rest in between. */
export function shaking(seed: number, shakes: readonly Shaking[]): Movement {
  const random = new Random(seed);
  const parts = Array.from({ length: 30 }, () => ({
    turns: 2 * Math.PI * (2 + 5 * random.uniform()),
    axes: [0, 1, 2].map(() => ({ size: random.gaussian() / 4, phase: 7 * random.uniform() })),
  }));
  return (seconds) => {
    const shake = shakes.find(({ start, seconds: length }) =>
      seconds >= start && seconds < start + length
    );
    if (shake === undefined) return [0, 0, 0];
    const place = (seconds - shake.start) / shake.seconds;
    const envelope = Math.min(1, 10 * place, 10 * (1 - place));
    const at = (axis: number) =>
      parts.reduce((sum, { turns, axes }) => {
        const { size, phase } = axes[axis]!;
        return sum + size * Math.sin(turns * seconds + phase);
      }, 0) * envelope;
    return [at(0), at(1), at(2)];
  };
}

/** A sensor with a clock of its own. */
export interface SensorPlan {
  readonly rateHz: number;
  /** What its clock shows at true time zero, ns. */
  readonly startNs: bigint;
  readonly driftPpm: number;
  /** Standard deviation of noise on every axis. @default {0.1} */
  readonly noise?: number;
  readonly seed: number;
  /** True seconds of the recording. */
  readonly from: number;
  readonly to: number;
}

/** What the clock of a sensor shows at a true time. */
export function shown({ startNs, driftPpm }: SensorPlan, seconds: number): bigint {
  return startNs + BigInt(Math.round(seconds * (1e9 + 1e3 * driftPpm)));
}

/** What a sensor records of a movement: turned at random, scaled, with gravity and noise. */
export function record(
  movement: Movement,
  plan: SensorPlan,
): Required<Pick<MotionSignal, "accel">> & MotionSignal {
  const random = new Random(plan.seed);
  const turn = randomRotation(random);
  const scale = 0.5 + 10 * random.uniform();
  const phase = random.uniform();
  const count = Math.floor((plan.to - plan.from) * plan.rateHz);
  const columns = [0, 1, 2].map(() => new Float64Array(count));
  const timesNs = new BigInt64Array(count);
  const gravity = turn[2]!;
  for (let index = 0; index < count; index++) {
    const seconds = plan.from + (index + phase) / plan.rateHz;
    timesNs[index] = shown(plan, seconds);
    const moved = movement(seconds);
    for (let axis = 0; axis < 3; axis++) {
      const [x, y, z] = turn[axis]!;
      const value = x * moved[0] + y * moved[1] + z * moved[2] + gravity[axis]!;
      columns[axis]![index] = scale * (value + (plan.noise ?? 0.1) * random.gaussian());
    }
  }
  return { timesNs, accel: [columns[0]!, columns[1]!, columns[2]!] };
}

type Row = readonly [number, number, number];

/** A rotation from a random unit quaternion. */
function randomRotation(random: Random): readonly [Row, Row, Row] {
  const raw = [0, 0, 0, 0].map(() => random.gaussian());
  const size = Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0));
  const [w = 1, x = 0, y = 0, z = 0] = raw.map((value) => value / size);
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}
