import type { Condition, ProbePlan, Row, StepPlan } from "./condition.ts";
import type { ShakePlan } from "./motion.ts";
import type { Wander } from "./true_clock.ts";

const HOUR = 3600;

const PLAIN: Omit<Condition, "name"> = {
  seconds: HOUR,
  rateHz: 128,
  evidence: "two-way",
  wander: "none",
  jitterNs: 2e6,
  probes: {},
  bar: { p99Ms: 0.1 },
};

/** Recordings as long as each rate needs for its gaps, and for its jitter to leave room below the bar. */
const GAP_SECONDS: Readonly<Record<number, number>> = {
  4: 4 * HOUR,
  30: HOUR,
  100: HOUR / 2,
  128: HOUR / 2,
  1000: HOUR / 6,
};

/** The rows whose recordings are each of one device. */
export const ROWS: readonly Row[] = [
  { name: "linear", conditions: [condition("linear", { isLinear: true, bar: { p99Ms: 0.02 } })] },
  { name: "wander", conditions: wanders() },
  { name: "steps", conditions: steps() },
  { name: "probes", conditions: probes() },
  { name: "gaps", conditions: [...gaps(), ...losses()] },
  { name: "one-way", conditions: oneWay() },
  { name: "motion", conditions: motions() },
];

function condition(name: string, changes: Partial<Condition>): Condition {
  return { ...PLAIN, name, ...changes };
}

function wanders(): Condition[] {
  const bar = { p99Ms: 0.05 };
  const of = (name: string, wander: Wander, seconds: number, rateHz: number, ownCrystal = false) =>
    condition(name, { wander, seconds, rateHz, ownCrystal, bar });
  const swing = of("1 h, 1 ppm each 20 min, sampled by it", "swing", HOUR, 128, true);
  return [
    of("24 h, 2 ppm day and night", "diurnal", 24 * HOUR, 32),
    of("2 h, warm-up 5 ppm", "warm-up", 2 * HOUR, 128),
    of("1 h, 1 ppm each 20 min", "swing", HOUR, 128),
    of("6 h, random walk", "walk", 6 * HOUR, 32),
    of("24 h, 2 ppm day and night, sampled by it", "diurnal", 24 * HOUR, 32, true),
    // Where the samples swing with the clock, nothing but the probes tells of it.
    { ...swing, bar: { p99Ms: 0.1 } },
  ];
}

function steps(): Condition[] {
  const sizes = [0.005, 0.02, 0.2, 0.5, 2, 4, 6, 60, 2000];
  const of = (name: string, step: StepPlan) => condition(name, { step });
  return [
    ...sizes.flatMap((size) => [size, -size]).map((seconds) =>
      of(`step ${seconds > 0 ? "+" : "-"}${Math.abs(seconds)} s`, { kind: "set", seconds })
    ),
    of("reboot to zero", { kind: "reboot" }),
    of("suspended hour", { kind: "suspend" }),
  ];
}

function probes(): Condition[] {
  const of = (name: string, plan: ProbePlan, p99Ms = 0.1) =>
    condition(name, { probes: plan, bar: { p99Ms } });
  return [
    of("5 % late by 0 to 10 s", { late: 0.05 }),
    of("1 % garbage", { garbage: 0.01 }),
    { ...of("10 min without", { hole: true }), isLinear: true },
    of("Wi-Fi, 40 % held up", { wifi: 0.4 }),
    of("Wi-Fi, 80 % held up", { wifi: 0.8 }, 0.5),
  ];
}

function gaps(): Condition[] {
  return Object.entries(GAP_SECONDS).flatMap(([rate, seconds]) => {
    const rateHz = Number(rate);
    return [0, 0.9, 4.5, 15, 100].map((gap) =>
      condition(`gap ${gap === 0 ? "of 1 sample" : `${gap} s`}, ${rate} Hz`, {
        seconds,
        rateHz,
        isLinear: true,
        loss: { kind: "gap", seconds: gap, count: rateHz === 1000 ? 1 : 3 },
      })
    );
  });
}

function losses(): Condition[] {
  const of = (name: string, changes: Partial<Condition>) =>
    condition(name, { seconds: HOUR / 2, isLinear: true, ...changes });
  return [
    ...[4, 30, 100, 128].map((rateHz) =>
      of(`1 % drops, ${rateHz} Hz`, {
        rateHz,
        seconds: GAP_SECONDS[rateHz]!,
        loss: { kind: "drops", share: 0.01 },
      })
    ),
    // With 2 ms of jitter the place of a single missing millisecond cannot be known; with 0.1 ms it can.
    of("1 % drops, 1000 Hz, jitter 0.1 ms", {
      rateHz: 1000,
      seconds: HOUR / 6,
      jitterNs: 1e5,
      loss: { kind: "drops", share: 0.01 },
    }),
    of("reorder", { loss: { kind: "reorder" } }),
    of("duplicates", { loss: { kind: "duplicates" } }),
  ];
}

function oneWay(): Condition[] {
  const of = (name: string, wander: Wander, seconds: number) =>
    condition(name, {
      evidence: "one-way",
      wander,
      seconds,
      rateHz: 51.2,
      jitterNs: 0,
      bar: { p99Ms: 1 },
    });
  return [
    of("one-way, 1 h linear", "none", HOUR),
    of("one-way, 1 h, 1 ppm each 20 min", "swing", HOUR),
    of("one-way, 2 h warm-up", "warm-up", 2 * HOUR),
    of("one-way, 24 h, 2 ppm day and night", "diurnal", 24 * HOUR),
  ];
}

function motions(): Condition[] {
  const of = (name: string, shakes: ShakePlan) =>
    condition(name, {
      evidence: "motion",
      shakes,
      seconds: HOUR / 3,
      skewPpm: 50,
      // Times at which the fit is compared with the truth, all along the recording.
      rateHz: 1,
      jitterNs: 0,
      bar: { p99Ms: 2 },
    });
  return [
    of("motion, acceleration, 3 shakes in 20 min", { quantity: "accel", shakes: 3 }),
    of("motion, turning, 3 shakes in 20 min", { quantity: "gyro", shakes: 3 }),
    of("motion, acceleration, 2 shakes in 20 min", { quantity: "accel", shakes: 2 }),
  ];
}
