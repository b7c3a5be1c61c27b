/** Integer nanoseconds on a named clock. What its zero means is said by the clock, never by the number. */
export type TimeNs = bigint;

/** Stands for a time or an int64 value that was not recorded. */
export const MISSING_NS: TimeNs = -(2n ** 63n);

/** Nanoseconds in one second. */
export const NS_PER_SECOND = 1_000_000_000n;

/** Nanoseconds in one millisecond. */
export const NS_PER_MS = 1_000_000n;

/** 2000-01-01 UTC: dates before come from clocks that were never set. */
export const EARLIEST_DATE_NS: TimeNs = 946_684_800n * NS_PER_SECOND;

/** 2100-01-01 UTC: dates from then on are no dates of recordings. */
export const LATEST_DATE_NS: TimeNs = 4_102_444_800n * NS_PER_SECOND;

/**
 * Where the zero of a clock lies and what moves it.
 *
 * - `utc`: ns since 1970-01-01T00:00:00Z. May step when the operating system corrects it.
 * - `local`: wall time without a zone, counted as though it were UTC.
 * - `monotonic`: since the boot of a host; never steps, but may stop while the host sleeps.
 * - `device`: a sensor's own counter, with an arbitrary zero.
 * - `media`: since the start of one media file.
 */
export type ClockKind = "utc" | "local" | "monotonic" | "device" | "media";

/** A clock by name. All streams of one host that are stamped by the same oscillator share one. */
export interface ClockRef {
  /** Unique in a session, such as `phone_1/utc` or `shimmer_40AC/device`. */
  readonly id: string;
  readonly kind: ClockKind;
}

/** A half-open span of time on one clock. */
export interface TimeSpan {
  readonly startNs: TimeNs;
  readonly endNs: TimeNs;
}

/**
 * Seconds from `origin` to `time` as a float; exact to 1 ns for spans below 100 days.
 *
 * @example
 * ```ts
 * import { nsFromSeconds, secondsSince } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const origin = 1_595_933_810_034_000_000n;
 * assert.equal(secondsSince(origin + nsFromSeconds(0.25), origin), 0.25);
 * ```
 */
export function secondsSince(time: TimeNs, origin: TimeNs): number {
  const difference = time - origin;
  const whole = difference / NS_PER_SECOND;
  return Number(whole) + Number(difference - whole * NS_PER_SECOND) / 1e9;
}

/** Nanoseconds of a number of seconds, rounded to the nearest. Throws `RangeError` when not finite. */
export function nsFromSeconds(seconds: number): TimeNs {
  if (!Number.isFinite(seconds)) {
    throw new RangeError(`Cannot convert seconds to nanoseconds: current value is ${seconds}`);
  }
  const whole = Math.trunc(seconds);
  return BigInt(whole) * NS_PER_SECOND + BigInt(Math.round((seconds - whole) * 1e9));
}

/**
 * Writes a UTC time as ISO 8601 with as many fraction digits as it needs, at least three.
 *
 * @example
 * ```ts
 * import { formatUtc } from "session-process";
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatUtc(1_595_933_810_034_000_000n), "2020-07-28T10:56:50.034Z");
 * ```
 */
export function formatUtc(time: TimeNs): string {
  return `${formatWall(time)}Z`;
}

/**
 * Writes a wall time without a zone as ISO 8601, like {@linkcode formatUtc} without the `Z`.
 *
 * @example
 * ```ts
 * import { formatWall } from "session-process";
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatWall(1_595_933_810_034_000_000n), "2020-07-28T10:56:50.034");
 * ```
 */
export function formatWall(time: TimeNs): string {
  const subSecond = ((time % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
  const ms = Number((time - subSecond) / NS_PER_MS);
  if (Math.abs(ms) > 8.64e15) return `${time} ns`;
  const digits = String(subSecond).padStart(9, "0").replace(/0{1,6}$/, "");
  return `${new Date(ms).toISOString().slice(0, -5)}.${digits}`;
}
