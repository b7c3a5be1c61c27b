import { formatUtc, NS_PER_MS } from "../../base/mod.ts";
import type { ClockSummary, KindCount } from "./summary.ts";
import { durationText, signedText } from "./units.ts";

/** Ten years: an offset beyond is the distance between the zeros of two kinds of clock. */
const EPOCH_DISTANCE_NS = 3_652n * 86_400n * 1_000_000_000n;

/** An offset as a duration, or as the date at which a counter was zero. */
export function offsetText(offsetNs: bigint | undefined): string {
  if (offsetNs === undefined) return "-";
  if (offsetNs <= EPOCH_DISTANCE_NS) return signedText(Number(offsetNs));
  return `zero at ${formatUtc(offsetNs / NS_PER_MS * NS_PER_MS)}`;
}

/**
 * A drift with its uncertainty, to the digit in which that begins.
 *
 * @example
 * ```ts
 * import { driftText, durationText, evidenceText, offsetText, signedText, widthText } from "session-process";
 * import assert from "node:assert/strict";
 *
 * assert.equal(driftText({ driftPpm: -30.9612, driftSigmaPpm: 0.41 }), "-30.96 +- 0.41 ppm");
 * assert.equal(durationText(22_940_000), "22.9 ms");
 * assert.equal(signedText(347e6), "+347 ms");
 * assert.equal(widthText(3e3), "+-3 us");
 * assert.equal(offsetText(1_753_965_017_010_000_000n), "zero at 2025-07-31T12:30:17.010Z");
 * assert.equal(evidenceText([{ kind: "one-way", used: 40, rejected: 2 }]), "one-way 40 (2 rejected)");
 * ```
 */
export function driftText(
  { driftPpm, driftSigmaPpm }: Pick<ClockSummary, "driftPpm" | "driftSigmaPpm">,
): string {
  if (!Number.isFinite(driftPpm)) return "-";
  if (!Number.isFinite(driftSigmaPpm)) return `${driftPpm.toFixed(2)} ppm`;
  // Nominal frame times are off by percents.
  if (driftSigmaPpm >= 1000) {
    return `${(driftPpm / 1e4).toFixed(1)} +- ${(driftSigmaPpm / 1e4).toFixed(1)} %`;
  }
  const digits = [10, 1, 0.1, 0.001, 0.0001].findIndex((limit) => driftSigmaPpm >= limit);
  const text = (value: number) => value.toFixed(digits < 0 ? 5 : digits);
  const drift = Number(text(driftPpm)) === 0 ? text(0) : text(driftPpm);
  return `${drift} +- ${text(driftSigmaPpm)} ppm`;
}

/** Half a width with its sign. */
export function widthText(ns: number): string {
  return Number.isFinite(ns) ? `+-${durationText(ns)}` : "-";
}

/** What a clock rests on, kind by kind. */
export function evidenceText(kinds: readonly KindCount[]): string {
  const shown = kinds.filter(({ used }) => used > 0).map(({ kind, used, rejected }) =>
    `${kind} ${used}${rejected === 0 ? "" : ` (${rejected} rejected)`}`
  );
  return shown.length === 0 ? "-" : shown.join(", ");
}
