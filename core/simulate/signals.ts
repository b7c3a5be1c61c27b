import { SineTable } from "./numeric/functions.ts";
import { keyOf, uniformAt } from "./numeric/random.ts";
import type { EventPlan } from "./plan.ts";

/** Standard gravity in m/s^2. */
export const GRAVITY = 9.80665;

/** A stretch of true time in ns. */
interface Span {
  readonly startNs: number;
  readonly endNs: number;
}

/** Onset of a skin response after the start of a stimulus, in seconds. */
const RESPONSE_LATENCY = 1.5;

/**
 * What the sensors of one wearer would measure, as functions of true time.
 *
 * All devices that are given the same seed feel the same movements and heart beats; each adds its own noise.
 */
export class Signals {
  readonly #sines = new SineTable();
  readonly #shakes: readonly Span[];
  readonly #flashes: readonly Span[];
  readonly #stimuli: readonly number[];
  readonly #phase: number;
  readonly #noise: number;

  constructor(seed: number, id: string, events: readonly EventPlan[]) {
    this.#shakes = spansOf(events, "shake");
    this.#flashes = spansOf(events, "flash");
    this.#stimuli = events.filter(({ kind }) => kind === "stimulus")
      .map(({ atSeconds }) => atSeconds);
    this.#phase = uniformAt(keyOf(seed, "wearer"), 0);
    this.#noise = keyOf(seed, `${id} noise`);
  }

  /** Skin conductance in microsiemens. */
  gsr(seconds: number, sample: number): number {
    const tonic = 4 + 0.8 * this.#wave(seconds / 97) + 0.3 * this.#wave(seconds / 41 + 0.3);
    return tonic + this.#responses(seconds) + 0.004 * this.#noiseAt(sample, 0);
  }

  /** Photoplethysmogram in millivolts. */
  ppg(seconds: number, sample: number): number {
    const beats = 1.2 * seconds + 0.4 * this.#wave(seconds / 11);
    return 1500 + 180 * this.#wave(beats) + 60 * this.#wave(2 * beats + 0.1) +
      3 * this.#noiseAt(sample, 1);
  }

  /** Electrocardiogram in millivolts: a sharp wave at each beat. */
  ecg(seconds: number, sample: number): number {
    const beat = this.#wave(1.2 * seconds + 0.4 * this.#wave(seconds / 11));
    const square = beat * beat;
    return 1.1 * square * square * beat + 0.01 * this.#noiseAt(sample, 2);
  }

  /** Electromyogram in millivolts: noise that grows with movement. */
  emg(seconds: number, sample: number): number {
    return (0.02 + 0.4 * this.#shakeAt(seconds)) * this.#noiseAt(sample, 3);
  }

  /** Acceleration along axis 0, 1 or 2 in units of gravity. */
  accel(seconds: number, axis: number, sample: number): number {
    const tilt = 0.02 * this.#wave(seconds / 7 + axis / 3);
    const rest = axis === 2 ? 0.995 : 0.05 - 0.03 * axis;
    const shake = 1.6 * this.#shakeAt(seconds) * this.#wave(5 * seconds + axis / 5);
    return rest + tilt + shake + 0.003 * this.#noiseAt(sample, 4 + axis);
  }

  /** Rotation about axis 0, 1 or 2 in degrees per second. */
  gyro(seconds: number, axis: number, sample: number): number {
    const sway = 2 * this.#wave(seconds / 5 + axis / 3);
    const shake = 150 * this.#shakeAt(seconds) * this.#wave(5 * seconds + 0.25 + axis / 5);
    return sway + shake + 0.2 * this.#noiseAt(sample, 7 + axis);
  }

  /** Magnetic flux density along axis 0, 1 or 2 in gauss. */
  mag(seconds: number, axis: number, sample: number): number {
    const field = [0.21, -0.05, -0.43][axis] ?? 0;
    return field + 0.01 * this.#wave(seconds / 7 + axis / 3) +
      0.001 * this.#noiseAt(sample, 10 + axis);
  }

  /** Charge of a battery in percent. */
  battery(seconds: number): number {
    return 90 - Math.floor(seconds / 1200);
  }

  /** Whether a light shines at a true time in ns. */
  lit(trueNs: number): boolean {
    return this.#flashes.some(({ startNs, endNs }) => trueNs >= startNs && trueNs < endNs);
  }

  #wave(turns: number): number {
    return this.#sines.at(turns + this.#phase);
  }

  /** 0 at rest, up to 1 in the middle of a shake. */
  #shakeAt(seconds: number): number {
    if (this.#shakes.length === 0) return 0;
    const trueNs = seconds * 1e9;
    for (const { startNs, endNs } of this.#shakes) {
      if (trueNs < startNs || trueNs >= endNs) continue;
      const place = (trueNs - startNs) / (endNs - startNs);
      return 4 * place * (1 - place);
    }
    return 0;
  }

  #responses(seconds: number): number {
    let sum = 0;
    for (const start of this.#stimuli) {
      const since = seconds - start - RESPONSE_LATENCY;
      if (since > 0 && since < 60) sum += (1.4 * since) / (1 + since * since);
    }
    return sum;
  }

  #noiseAt(sample: number, channel: number): number {
    return 2 * uniformAt(this.#noise + channel, sample) - 1;
  }
}

function spansOf(events: readonly EventPlan[], kind: "shake" | "flash"): Span[] {
  const spans: Span[] = [];
  for (const event of events) {
    if (event.kind !== kind) continue;
    const startNs = Math.round(event.atSeconds * 1e9);
    spans.push({ startNs, endNs: startNs + Math.round(event.seconds * 1e9) });
  }
  return spans;
}
