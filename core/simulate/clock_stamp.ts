import type { SimulatedClock } from "./clock.ts";

/** Whole milliseconds that a clock shows: its ns divided by 1e6, rounded down. */
export class MillisecondStamps {
  readonly #clock: SimulatedClock;
  readonly #baseMs: number;
  readonly #restNs: number;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
    const baseMs = floorDivide(clock.baseNs, 1_000_000n);
    this.#baseMs = Number(baseMs);
    this.#restNs = Number(clock.baseNs - baseMs * 1_000_000n);
  }

  /** Stamp of a true time. */
  at(trueNs: number): number {
    return this.ofRelative(this.#clock.relativeAt(trueNs));
  }

  /** Stamp of a reading that is given in ns above the base of the clock. */
  ofRelative(relativeNs: number): number {
    return this.#baseMs + Math.floor((relativeNs + this.#restNs) / 1e6);
  }
}

/** Wall time with microseconds, as Python's `isoformat` writes it: no fraction when it is zero. */
export function isoMicroseconds(ns: bigint): string {
  const micros = floorDivide(ns, 1000n);
  const ms = Number(floorDivide(micros, 1000n));
  const fraction = Number(micros - floorDivide(micros, 1_000_000n) * 1_000_000n);
  const seconds = new Date(ms).toISOString().slice(0, 19);
  return fraction === 0 ? seconds : `${seconds}.${String(fraction).padStart(6, "0")}`;
}

/** `YYYYMMDD_HHMMSS` of a wall time. */
export function compactStamp(ns: bigint): string {
  const text = new Date(Number(floorDivide(ns, 1_000_000n))).toISOString();
  return `${text.slice(0, 10).replaceAll("-", "")}_${text.slice(11, 19).replaceAll(":", "")}`;
}

/** Seconds with microseconds as a float, as Python's `time.time()` gives them. */
export function epochSeconds(ns: bigint): number {
  return Number(floorDivide(ns, 1000n)) / 1e6;
}

/** Quotient rounded towards minus infinity. */
export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient;
}
