import type { DevicePlan, SimulationPlan, StreamPlan } from "./plan.ts";

/** Ids and names that are safe as parts of paths. */
const NAME_REGEXP = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Longest simulation in seconds: floats hold whole ns up to 104 days. */
const MAX_SECONDS = 90 * 86400;

/** Most samples of one packet: packets are never split between batches. */
const MAX_PACKET = 512;

/** Throws `RangeError` when a plan cannot be simulated. */
export function checkPlan(plan: SimulationPlan): void {
  checkName("session", plan.name);
  if (!Number.isInteger(plan.seed) || plan.seed < 0 || plan.seed > 0xffffffff) {
    throw new RangeError(`Cannot simulate: seed must be 0 to 4294967295, it is ${plan.seed}`);
  }
  if (!(plan.durationSeconds > 0 && plan.durationSeconds <= MAX_SECONDS)) {
    throw new RangeError(
      `Cannot simulate: duration must be 0 to ${MAX_SECONDS} s, it is ${plan.durationSeconds}`,
    );
  }
  if (!Number.isFinite(Date.parse(plan.start)) || !plan.start.endsWith("Z")) {
    throw new RangeError(`Cannot simulate: start must be a UTC time, it is ${plan.start}`);
  }
  if (!Number.isInteger(plan.zoneMinutes)) {
    throw new RangeError(`Cannot simulate: zone must be whole minutes, it is ${plan.zoneMinutes}`);
  }
  checkNumbers("plan", plan);
  checkUnique("device", plan.devices.map(({ id }) => id));
  plan.devices.forEach(checkDevice);
}

/** Plans may come from files: every number must be finite, every probability at most 1. */
function checkNumbers(name: string, value: unknown): void {
  if (typeof value === "number") {
    const isWrongRate = /(drop|duplicate|reorder)Rate$/.test(name) && (value < 0 || value > 1);
    if (!Number.isFinite(value) || isWrongRate) {
      throw new RangeError(`Cannot simulate: ${name} is ${value}`);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) checkNumbers(`${name}.${key}`, part);
  }
}

function checkDevice({ id, streams }: DevicePlan): void {
  checkName("device", id);
  checkUnique(`stream of ${id}`, streams.map(({ name }) => name));
  streams.forEach((stream) => checkStream(id, stream));
}

function checkStream(device: string, stream: StreamPlan): void {
  checkName(`stream of ${device}`, stream.name);
  if (!(stream.rateHz > 0 && stream.rateHz <= 1e6)) {
    throw new RangeError(
      `Cannot simulate ${device}/${stream.name}: rate must be 0 to 1e6 Hz, it is ${stream.rateHz}`,
    );
  }
  if (isVideo(stream) && (stream.duplicateRate || stream.reorderRate)) {
    throw new RangeError(
      `Cannot simulate ${device}/${stream.name}: frames of a video are neither doubled nor misplaced`,
    );
  }
  const packet = "delivery" in stream ? stream.delivery?.packet ?? 1 : 1;
  if (!Number.isInteger(packet) || packet < 1 || packet > MAX_PACKET) {
    throw new RangeError(
      `Cannot simulate ${device}/${stream.name}: packets hold 1 to ${MAX_PACKET} samples, not ${packet}`,
    );
  }
}

function isVideo({ kind }: StreamPlan): boolean {
  return kind === "rgb_video" || kind === "webcam_video";
}

function checkName(what: string, name: string): void {
  if (!NAME_REGEXP.test(name)) {
    throw new RangeError(`Cannot simulate: ${what} is named ${JSON.stringify(name)}`);
  }
}

function checkUnique(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`Cannot simulate: ${what} ${twice} occurs twice`);
}
