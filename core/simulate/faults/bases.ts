import type { DevicePlan, MotionPlan, ShimmerPlan, SimulationPlan, StreamPlan } from "../plan.ts";
import type { FaultBase } from "./fault.ts";

/** Crystals of the tiny sessions: a few ppm, as everywhere. */
const SENSOR_CLOCK = { offsetSeconds: 5, driftPpm: 12 } as const;

const MOTION: MotionPlan = {
  kind: "motion",
  name: "motion",
  rateHz: 25,
  jitterSeconds: 0.0004,
};

const RGB: StreamPlan = {
  kind: "rgb_video",
  name: "rgb_video",
  rateHz: 15,
  jitterSeconds: 0.001,
  sensorClock: SENSOR_CLOCK,
  width: 16,
  height: 16,
};

const THERMAL: StreamPlan = {
  kind: "thermal",
  name: "thermal",
  rateHz: 8,
  sensorClock: SENSOR_CLOCK,
  delivery: { minDelaySeconds: 0.02, meanDelaySeconds: 0.001 },
  width: 16,
  height: 12,
};

/** A sensor whose clock is paired with that of the phone that writes its table. */
const PAIRED_SENSOR: ShimmerPlan = {
  kind: "shimmer_phone",
  name: "gsr",
  rateHz: 51.2,
  sensorClock: SENSOR_CLOCK,
  delivery: { packet: 4, minDelaySeconds: 0.012, meanDelaySeconds: 0.003 },
};

const SENSOR: DevicePlan = {
  id: "shimmer_1",
  type: "shimmer_gsr",
  streams: [{
    kind: "shimmer_pc",
    name: "gsr",
    rateHz: 128,
    sensorClock: SENSOR_CLOCK,
    delivery: { minDelaySeconds: 0.004, meanDelaySeconds: 0.0004 },
  }],
};

const WEBCAM: DevicePlan = {
  id: "webcam_1",
  type: "pc_webcam",
  streams: [{ ...RGB, kind: "webcam_video", name: "webcam_video" }],
};

/** A phone with some streams. */
function phoneWith(id: string, ...streams: readonly StreamPlan[]): DevicePlan {
  return { id, type: "android_phone", clock: { offsetSeconds: 0.02, driftPpm: 8 }, streams };
}

const DEVICES: Readonly<Record<FaultBase, readonly DevicePlan[]>> = {
  motion: [phoneWith("phone_1", MOTION)],
  phones: [phoneWith("phone_1", MOTION), phoneWith("phone_2", MOTION)],
  sensor: [SENSOR],
  video: [phoneWith("phone_1", RGB)],
  webcam: [WEBCAM],
  thermal: [phoneWith("phone_1", THERMAL)],
};

/** Seconds of the tiny sessions; videos are placed to a second, which must stay a small part. */
const DURATIONS: Readonly<Partial<Record<FaultBase, number>>> = { video: 8, webcam: 8 };

/** A tiny session without any trouble but that of its kind: nothing ties the time of a video to a clock. */
export function basePlan(base: FaultBase): SimulationPlan {
  return tinyPlan(DEVICES[base], DURATIONS[base]);
}

/** A tiny session without any trouble. */
export function cleanPlan(): SimulationPlan {
  return tinyPlan([
    phoneWith("phone_1", MOTION, THERMAL),
    phoneWith("phone_2", MOTION),
    SENSOR,
  ]);
}

function tinyPlan(devices: readonly DevicePlan[], durationSeconds = 2): SimulationPlan {
  return {
    seed: 11,
    name: "session",
    start: "2025-07-31T12:30:22.000Z",
    zoneMinutes: 120,
    statesZone: true,
    durationSeconds,
    pcClock: { driftPpm: 4, offsetSeconds: 0.012 },
    devices,
    events: [
      { kind: "flash", atSeconds: 0.3, seconds: 0.1 },
      { kind: "marker", atSeconds: 0.6, label: "baseline end" },
      { kind: "stimulus", atSeconds: 0.8, seconds: 0.6, media: "stimulus_1.mp4" },
      { kind: "shake", atSeconds: 1.5, seconds: 0.2 },
    ],
  };
}

/** The same plan with every stream changed. */
export function withStreams(
  plan: SimulationPlan,
  change: (stream: StreamPlan) => StreamPlan,
): SimulationPlan {
  const devices = plan.devices.map((device) => ({
    ...device,
    streams: device.streams.map(change),
  }));
  return { ...plan, devices };
}

/** Replaces all devices by a phone whose table pairs its clock with that of a sensor. */
export function paired(
  changes: Partial<ShimmerPlan>,
  durationSeconds = 2,
): (plan: SimulationPlan) => SimulationPlan {
  const devices = [phoneWith("phone_1", { ...PAIRED_SENSOR, ...changes })];
  return (plan) => ({ ...plan, durationSeconds, devices });
}
