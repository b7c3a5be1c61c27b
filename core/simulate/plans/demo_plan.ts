import type { DevicePlan, SimulationPlan, StreamPlan } from "../plan.ts";
import { defaultPlan } from "./default_plan.ts";

/**
 * A session of a minute with the trouble of real recordings, below 6 MB: two phones with Shimmer sensors
 * and cameras, a thermal camera and a webcam.
 *
 * `phone_2` has its wall clock set by 0.35 s at 33 s and loses 3 s of motion data. The packets of
 * `phone_1` stall for half a second. Accelerations are not in the unit that their header states. Both phones drop video frames. The webcam claims a constant 30 frames
 * per second but takes 29.
 */
export function demoPlan(): SimulationPlan {
  const plan = defaultPlan({
    seed: 20250731,
    durationSeconds: 60,
    video: true,
    thermal: true,
  });
  return { ...plan, name: "demo", devices: plan.devices.map(trouble) };
}

function trouble(device: DevicePlan): DevicePlan {
  const streams = device.streams.map((stream) => streamTrouble(device.id, stream));
  if (device.id !== "phone_2") return { ...device, streams };
  const steps = [{ atSeconds: 33, bySeconds: 0.35 }];
  return { ...device, clock: { ...device.clock, driftPpm: 30, steps }, streams };
}

function streamTrouble(device: string, stream: StreamPlan): StreamPlan {
  switch (stream.kind) {
    case "shimmer_phone":
      return {
        ...stream,
        fabricatedRow: true,
        accelUnit: "m/s^2",
        dropRate: device === "phone_2" ? 0.0005 : 0,
        delivery: {
          ...stream.delivery,
          meanDelaySeconds: 0.015,
          stalls: device === "phone_1" ? [{ atSeconds: 22, seconds: 0.5 }] : [],
        },
      };
    case "motion":
      return device === "phone_2" ? { ...stream, gaps: [{ atSeconds: 37, seconds: 3 }] } : stream;
    case "rgb_video":
      return { ...stream, dropRate: 0.004 };
    case "webcam_video":
      return { ...stream, rateHz: 29, declaredRateHz: 30 };
    default:
      return stream;
  }
}
