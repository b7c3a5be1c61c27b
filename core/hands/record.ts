import { type ThermalValues, ZERO_CELSIUS } from "../base/mod.ts";
import { meanInside } from "../../wasm/mod.ts";
import type { FrameHands, Hand, RunLengthMask } from "./model.ts";

/** A hand with what was measured within its mask. */
export interface MeasuredHand extends Hand {
  /** Mean temperature of the pixels of the mask in degrees Celsius; of thermal recordings alone. */
  readonly meanTemperature?: number;
}

/** What is kept of one picture. */
export interface HandRecord extends FrameHands {
  readonly hands: readonly MeasuredHand[];
}

/**
 * Mean temperature inside a mask of the same picture, in degrees Celsius; NaN for a mask without pixels.
 *
 * @example
 * ```ts
 * import { meanTemperature } from "session-process";
 * import assert from "node:assert/strict";
 *
 * // Two columns of two pixels; the mask holds the second column.
 * const mask = { width: 2, height: 2, counts: Uint32Array.of(2, 2) };
 * const raw = Uint16Array.of(0, 64 * 300, 0, 64 * 310);
 * const mean = meanTemperature(mask, { raw, divisor: 64 });
 * assert.ok(Math.abs(mean - 31.85) < 1e-9);
 * ```
 */
export function meanTemperature(mask: RunLengthMask, { raw, divisor }: ThermalValues): number {
  return meanInside(mask, raw) / divisor - ZERO_CELSIUS;
}

/** The middle of the pixels of a mask, or undefined of one without pixels. */
export function centroid(
  mask: RunLengthMask,
): { readonly x: number; readonly y: number } | undefined {
  let [sumX, sumY, pixels] = [0, 0, 0];
  for (const { x, from, to } of stripsOf(mask)) {
    const length = to - from;
    sumX += (x + 0.5) * length;
    sumY += (from + to) / 2 * length;
    pixels += length;
  }
  return pixels === 0 ? undefined : { x: sumX / pixels, y: sumY / pixels };
}

/** Pixels of a mask in one column, from one row to before another. */
interface Strip {
  readonly x: number;
  readonly from: number;
  readonly to: number;
}

function* stripsOf({ height, counts }: RunLengthMask): Generator<Strip> {
  let start = 0;
  for (const [index, count] of counts.entries()) {
    const end = start + count;
    // A run goes on at the top of the next column.
    while (index % 2 === 1 && start < end) {
      const x = Math.floor(start / height);
      const next = Math.min(end, (x + 1) * height);
      yield { x, from: start - x * height, to: next - x * height };
      start = next;
    }
    start = end;
  }
}
