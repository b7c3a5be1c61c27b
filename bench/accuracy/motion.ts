import type { Random } from "./random.ts";
import type { TrueClock } from "./true_clock.ts";

/** Three axes of a sensor. */
export type Axes = readonly [Float64Array, Float64Array, Float64Array];

/** Movement as a sensor recorded it. */
export interface Movement {
  readonly timesNs: BigInt64Array;
  readonly accel?: Axes;
  readonly gyro?: Axes;
}

/** Two recordings of the same shakes: of the device, and of the one whose clock is the reference. */
export interface Shakes {
  readonly device: Movement;
  readonly reference: Movement;
}

/** How two sensors are shaken together. */
export interface ShakePlan {
  readonly quantity: "accel" | "gyro";
  /** Shakes of 30 s, spread over the recording. */
  readonly shakes: number;
}

const SHAKE_NS = 30e9;
const TONES = 24;
/** Of the root mean square of the movement. */
const NOISE = 0.1;
const GRAVITY = 9.81;
const SHAKE_STRENGTH = 12;

type Vector = readonly [number, number, number];
type Motion = (masterNs: number) => Vector;

/** Draws two sensors, mounted anyhow, at 50 and 100 Hz. */
export function drawShakes(
  random: Random,
  plan: ShakePlan,
  { seconds, masterStart, clock }: { seconds: number; masterStart: bigint; clock: TrueClock },
): Shakes {
  const motion = drawMotion(random, plan, seconds * 1e9);
  const host = { deviceAt: (time: number) => masterStart + BigInt(Math.round(time)) };
  const record = (rateHz: number, own: Pick<TrueClock, "deviceAt">) =>
    drawMovement(random, { motion, plan, rateHz, seconds, own });
  return { device: record(50, clock), reference: record(100, host) };
}

/** A hand shakes at a few hertz that never repeat: many tones, some of which die while others begin. */
function drawMotion(random: Random, { shakes, quantity }: ShakePlan, durationNs: number): Motion {
  const starts = Array.from(
    { length: shakes },
    (_, index) => (durationNs - SHAKE_NS) * (index + random.uniform(0.3, 0.7)) / shakes,
  );
  const tones = Array.from({ length: TONES }, () => ({
    turn: 2 * Math.PI * random.uniform(0.5, 7) / 1e9,
    phases: [random.uniform(0, 7), random.uniform(0, 7), random.uniform(0, 7)] as const,
  }));
  const size = SHAKE_STRENGTH / Math.sqrt(TONES / 2);
  const still: Vector = quantity === "accel" ? [0, 0, GRAVITY] : [0, 0, 0];
  return (time) => {
    const start = starts.find((start) => time >= start && time < start + SHAKE_NS);
    if (start === undefined) return still;
    const swell = size * Math.sin(Math.PI * (time - start) / SHAKE_NS) ** 0.25;
    const along = (axis: 0 | 1 | 2) =>
      tones.reduce((sum, { turn, phases }) => sum + Math.sin(turn * time + phases[axis]), 0);
    return [still[0] + swell * along(0), still[1] + swell * along(1), still[2] + swell * along(2)];
  };
}

function drawMovement(
  random: Random,
  { motion, plan, rateHz, seconds, own }: {
    motion: Motion;
    plan: ShakePlan;
    rateHz: number;
    seconds: number;
    own: Pick<TrueClock, "deviceAt">;
  },
): Movement {
  const mounting = drawRotation(random);
  const period = 1e9 / rateHz * (1 + random.uniform(-20e-6, 20e-6));
  const start = random.uniform(0, period);
  const count = Math.floor((seconds * 1e9 - start) / period);
  const axes: Axes = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const timesNs = new BigInt64Array(count);
  for (let index = 0; index < count; index++) {
    const time = start + index * period;
    const moved = motion(time);
    timesNs[index] = own.deviceAt(time);
    for (const [axis, row] of mounting.entries()) {
      const felt = row[0] * moved[0] + row[1] * moved[1] + row[2] * moved[2];
      axes[axis]![index] = felt + NOISE * SHAKE_STRENGTH * random.normal();
    }
  }
  return { timesNs, [plan.quantity]: axes };
}

/** A rotation by a random unit quaternion. */
function drawRotation(random: Random): readonly [Vector, Vector, Vector] {
  const drawn = Array.from({ length: 4 }, () => random.normal());
  const length = Math.sqrt(drawn.reduce((sum, value) => sum + value * value, 0));
  const [w, x, y, z] = drawn.map((value) => value / length) as [number, number, number, number];
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
  ];
}
