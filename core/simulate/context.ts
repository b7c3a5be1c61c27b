import { type ClockTruth, clockTruth, SimulatedClock } from "./clock.ts";
import { compactStamp } from "./clock_stamp.ts";
import type { ClockPlan, DevicePlan, SimulationPlan } from "./plan.ts";

/** Id of the session that a plan makes, and the name of its folder: `<name>_YYYYMMDD_HHMMSS`. */
export function sessionIdOf(plan: SimulationPlan): string {
  return `${plan.name}_${compactStamp(new Clocks(plan).pcLocal.readingAt(0))}`;
}

/** True start of a plan in ns since 1970 UTC. */
export function startOf(plan: SimulationPlan): bigint {
  return BigInt(Date.parse(plan.start)) * 1_000_000n;
}

/** All clocks of a session. */
export class Clocks {
  readonly pcLocal: SimulatedClock;
  readonly pcUtc: SimulatedClock;
  readonly truths: ClockTruth[] = [];
  readonly #plan: SimulationPlan;
  readonly #startNs: bigint;

  constructor(plan: SimulationPlan) {
    this.#plan = plan;
    this.#startNs = startOf(plan);
    const zoneNs = BigInt(plan.zoneMinutes) * 60_000_000_000n;
    this.pcUtc = this.#pcClock("pc/utc", 0n);
    this.pcLocal = this.#pcClock("pc/local", zoneNs);
  }

  /** Wall clock of the host that stamps the streams of a device. */
  hostOf(device: DevicePlan): SimulatedClock {
    if (device.type !== "android_phone") return this.pcUtc;
    return this.#make(`${device.id}/utc`, device.clock ?? {}, "utc", this.#startNs);
  }

  /** The crystal of a sensor, whose count has a zero of its own. */
  sensor(id: string, plan: ClockPlan): SimulatedClock {
    return this.#make(id, plan, "device", 0n);
  }

  /** The two clocks of the PC are one, shown with and without the zone: they must not walk apart. */
  #pcClock(id: string, zoneNs: bigint): SimulatedClock {
    const options = this.#options(id === "pc/utc" ? "utc" : "local", this.#startNs + zoneNs);
    const truth = { ...clockTruth("pc", this.#plan.pcClock, options), id };
    this.truths.push(truth);
    return new SimulatedClock(truth);
  }

  #make(id: string, plan: ClockPlan, kind: "utc" | "device", zeroNs: bigint): SimulatedClock {
    const existing = this.truths.find((truth) => truth.id === id);
    const truth = existing ?? clockTruth(id, plan, this.#options(kind, zeroNs));
    if (existing === undefined) this.truths.push(truth);
    return new SimulatedClock(truth);
  }

  #options(kind: "utc" | "device" | "local", zeroNs: bigint) {
    const { seed, durationSeconds } = this.#plan;
    return { kind, zeroNs, seed, durationSeconds };
  }
}
