import type { MotionActivity } from "../../../wasm/mod.ts";

/** Least share of a window that must have been measured. */
const LEAST_MEASURED = 0.5;

/** Which windows to choose. */
export interface WindowChoice {
  /** Bins of a window. */
  readonly length: number;
  /** Most windows. */
  readonly count: number;
  /** Parts of the recording, each of which gets its share of the windows. */
  readonly parts: number;
}

/** First bins of the windows with most movement that do not overlap, spread over the recording, in order. */
export function chooseWindows(
  { values }: Pick<MotionActivity, "values">,
  { length, count, parts }: WindowChoice,
): number[] {
  const last = Math.max(values.length - length, 0);
  const step = Math.max(1, Math.floor(length / 4));
  const energies = windowEnergies(values, length, step, last);
  energies.sort((a, b) => b.energy - a.energy || a.bin - b.bin);
  const used = Math.max(1, Math.min(parts, Math.floor(values.length / length)));
  const quota = Math.ceil(count / used);
  const taken = new Uint32Array(used);
  const chosen: number[] = [];
  for (const { bin } of energies) {
    if (chosen.length === count) break;
    const part = Math.min(used - 1, Math.floor((bin / (last + 1)) * used));
    if (taken[part]! >= quota) continue;
    if (chosen.some((other) => Math.abs(other - bin) < length)) continue;
    taken[part]!++;
    chosen.push(bin);
  }
  return chosen.sort((a, b) => a - b);
}

function windowEnergies(
  values: Float64Array,
  length: number,
  step: number,
  last: number,
): { bin: number; energy: number }[] {
  const sums = new Float64Array(values.length + 1);
  const counts = new Float64Array(values.length + 1);
  for (const [index, value] of values.entries()) {
    const measured = value === value;
    sums[index + 1] = sums[index]! + (measured ? value * value : 0);
    counts[index + 1] = counts[index]! + (measured ? 1 : 0);
  }
  const found: { bin: number; energy: number }[] = [];
  for (let bin = 0; bin <= last; bin += step) {
    const end = Math.min(bin + length, values.length);
    const measured = counts[end]! - counts[bin]!;
    const energy = sums[end]! - sums[bin]!;
    if (energy > 0 && measured >= LEAST_MEASURED * length) found.push({ bin, energy });
  }
  return found;
}
