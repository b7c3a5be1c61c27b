import type { SimulatedClock } from "../clock.ts";
import { floorDivide } from "../clock_stamp.ts";
import type { TextWriter } from "./text_writer.ts";

const COLON = 58;
const POINT = 46;
const DAY_SECONDS = 86400;

/** Writes the time that a clock shows with microseconds, rounded down. */
export class WallTimeWriter {
  readonly #clock: SimulatedClock;
  readonly #baseSeconds: number;
  readonly #restNs: number;
  #day = NaN;
  #date: Uint8Array = new Uint8Array(0);

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
    const seconds = floorDivide(clock.baseNs, 1_000_000_000n);
    this.#baseSeconds = Number(seconds);
    this.#restNs = Number(clock.baseNs - seconds * 1_000_000_000n);
  }

  /** Seconds since 1970 as `1753965022.123456`. */
  epoch(writer: TextWriter, trueNs: number): void {
    const [seconds, micros] = this.#split(trueNs);
    writer.integer(seconds);
    writer.byte(POINT);
    writer.padded(micros, 6);
  }

  /** Date and time as `2025-07-31T14:30:22.123456`, without the fraction when it is zero. */
  iso(writer: TextWriter, trueNs: number): void {
    const [seconds, micros] = this.#split(trueNs);
    const day = Math.floor(seconds / DAY_SECONDS);
    const second = seconds - day * DAY_SECONDS;
    writer.text(this.#dateOf(day));
    writer.padded(Math.floor(second / 3600), 2);
    writer.byte(COLON);
    writer.padded(Math.floor(second / 60) % 60, 2);
    writer.byte(COLON);
    writer.padded(second % 60, 2);
    if (micros === 0) return;
    writer.byte(POINT);
    writer.padded(micros, 6);
  }

  #split(trueNs: number): [seconds: number, micros: number] {
    const ns = this.#clock.relativeAt(trueNs) + this.#restNs;
    const seconds = Math.floor(ns / 1e9);
    return [this.#baseSeconds + seconds, Math.floor((ns - seconds * 1e9) / 1000)];
  }

  #dateOf(day: number): Uint8Array {
    if (day !== this.#day) {
      this.#day = day;
      const date = new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 11);
      this.#date = new TextEncoder().encode(date);
    }
    return this.#date;
  }
}
