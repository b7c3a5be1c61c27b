import type { ClockPlan, DevicePlan, EventPlan, SimulationPlan, StreamPlan } from "../plan.ts";
import { keyOf, uniformAt } from "../numeric/random.ts";

/** Options of {@linkcode defaultPlan}. */
export interface DefaultPlanOptions {
  /** @default {1} */
  readonly seed?: number;
  /** @default {60} */
  readonly durationSeconds?: number;
  /** Phones, each with a Shimmer sensor and motion sensors. @default {2} */
  readonly phones?: number;
  /** Shimmer sensors that talk to the PC. @default {0} */
  readonly sensors?: number;
  /** Phones record video, and the PC a webcam. @default {false} */
  readonly video?: boolean;
  /** The first phone records thermal pictures. @default {false} */
  readonly thermal?: boolean;
  /** Samples per second of the Shimmer sensors. @default 51.2 through a phone, 128 through the PC */
  readonly rateHz?: number;
  /** True start in UTC. @default {"2025-07-31T12:30:22.000Z"} */
  readonly start?: string;
  /** Offset of local time in minutes. @default {120} */
  readonly zoneMinutes?: number;
}

/** Width and height of simulated videos: room for a painted frame number. */
const PICTURE = { width: 64, height: 48 } as const;

/**
 * A plausible session without loss: crystals drift by some ppm, phone clocks are off by some ms, packets
 * are delayed, nothing is lost. Change what you need by spreading it into a plan of your own.
 *
 * @example
 * ```ts
 * import { defaultPlan, sessionIdOf } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const plan = { ...defaultPlan({ phones: 8, durationSeconds: 86_400 }), name: "sleep" };
 * assert.equal(plan.devices.length, 8);
 * assert.equal(sessionIdOf(plan), "sleep_20250731_143022");
 * ```
 */
export function defaultPlan(options: DefaultPlanOptions = {}): SimulationPlan {
  const { seed = 1, durationSeconds = 60, phones = 2, sensors = 0, video = false } = options;
  const devices: DevicePlan[] = [];
  for (let number = 1; number <= phones; number++) devices.push(phone(number, options));
  for (let number = 1; number <= sensors; number++) devices.push(pcSensor(number, options));
  if (video) devices.push(webcam(seed));
  return {
    seed,
    name: "session",
    start: options.start ?? "2025-07-31T12:30:22.000Z",
    zoneMinutes: options.zoneMinutes ?? 120,
    durationSeconds,
    pcClock: { driftPpm: 4, offsetSeconds: 0.012 },
    devices,
    events: defaultEvents(durationSeconds),
  };
}

/** A flash and a shake near both ends, a stimulus and a marker between them. */
function defaultEvents(duration: number): EventPlan[] {
  const length = Math.min(1, duration / 10);
  return [
    { kind: "flash", atSeconds: duration * 0.15, seconds: length / 2 },
    { kind: "shake", atSeconds: duration * 0.2, seconds: length },
    { kind: "marker", atSeconds: duration * 0.4, label: "baseline end" },
    {
      kind: "stimulus",
      atSeconds: duration * 0.45,
      seconds: duration * 0.3,
      media: "stimulus_1.mp4",
    },
    { kind: "shake", atSeconds: duration * 0.8, seconds: length },
    { kind: "flash", atSeconds: duration * 0.85, seconds: length / 2 },
  ];
}

/** A crystal: some ppm of constant drift, a slow swing and a small random walk. */
function crystal(seed: number, id: string, offsetSeconds: number, spreadPpm: number): ClockPlan {
  const key = keyOf(seed, `${id} crystal`);
  return {
    offsetSeconds,
    driftPpm: Math.round((2 * uniformAt(key, 0) - 1) * spreadPpm * 10) / 10,
    swing: { amplitudeSeconds: 0.002, periodSeconds: 7200, phase: 0.1 },
    walk: { knotSeconds: 10, sigmaSeconds: 2e-6 },
  };
}

function phone(number: number, options: DefaultPlanOptions): DevicePlan {
  const { seed = 1, video = false, thermal = false } = options;
  const id = `phone_${number}`;
  const offset = Math.round((2 * uniformAt(keyOf(seed, `${id} offset`), 0) - 1) * 80) / 1000;
  const streams: StreamPlan[] = [
    {
      kind: "shimmer_phone",
      name: "gsr",
      rateHz: options.rateHz ?? 51.2,
      sensorClock: crystal(seed, `${id}/gsr`, 5 * number, 40),
      delivery: { packet: 8, minDelaySeconds: 0.012, meanDelaySeconds: 0.008 },
    },
    { kind: "motion", name: "motion", rateHz: 100, jitterSeconds: 0.0003 },
  ];
  if (video) {
    const sensorClock = crystal(seed, `${id}/rgb`, 0, 30);
    streams.push({
      kind: "rgb_video",
      name: "rgb_video",
      rateHz: 30,
      jitterSeconds: 0.001,
      sensorClock,
      ...PICTURE,
    });
  }
  if (thermal && number === 1) streams.push(thermalCamera(seed, id));
  return { id, type: "android_phone", clock: crystal(seed, id, offset, 20), streams };
}

function thermalCamera(seed: number, id: string): StreamPlan {
  return {
    kind: "thermal",
    name: "thermal",
    rateHz: 8,
    sensorClock: crystal(seed, `${id}/thermal`, 0, 40),
    delivery: { minDelaySeconds: 0.02, meanDelaySeconds: 0.003 },
    width: 32,
    height: 24,
  };
}

function pcSensor(number: number, { seed = 1, rateHz = 128 }: DefaultPlanOptions): DevicePlan {
  const id = `shimmer_${number}`;
  return {
    id,
    type: "shimmer_gsr",
    streams: [{
      kind: "shimmer_pc",
      name: "gsr",
      rateHz,
      sensorClock: crystal(seed, `${id}/gsr`, 3 * number, 40),
      delivery: { minDelaySeconds: 0.01, meanDelaySeconds: 0.002 },
    }],
  };
}

function webcam(seed: number): DevicePlan {
  return {
    id: "webcam_1",
    type: "pc_webcam",
    streams: [{
      kind: "webcam_video",
      name: "webcam_video",
      rateHz: 30,
      jitterSeconds: 0.001,
      sensorClock: crystal(seed, "webcam_1", 0, 30),
      ...PICTURE,
    }],
  };
}
