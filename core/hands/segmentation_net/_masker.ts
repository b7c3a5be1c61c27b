/** Masks of probabilities by their definition, in plain TypeScript. */
import type { PixelBox, RunLengthMask } from "../model.ts";
import type { ProbabilityMasker, ProbabilityPlace } from "./method.ts";

/** Marks the pixels at whose middles the map, blended linearly, reaches the threshold. */
export const plainMasker: ProbabilityMasker = {
  maskProbabilities(values, place) {
    const { width, height } = place;
    const bitmap = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (probabilityAt(values, place, x + 0.5, y + 0.5) >= place.threshold) {
          bitmap[y * width + x] = 1;
        }
      }
    }
    return encode(bitmap, width, height);
  },
};

function probabilityAt(
  values: Float32Array,
  { columns, rows, box }: ProbabilityPlace,
  x: number,
  y: number,
): number {
  const u = ((x - box.centerX) / box.width + 0.5) * columns - 0.5;
  const v = ((y - box.centerY) / box.height + 0.5) * rows - 0.5;
  const clamp = (at: number, limit: number) => Math.min(limit - 1, Math.max(0, at));
  const at = (column: number, row: number) =>
    values[clamp(row, rows) * columns + clamp(column, columns)]!;
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const across = (row: number) => at(left, row) * (1 - u + left) + at(left + 1, row) * (u - left);
  return across(top) * (1 - v + top) + across(top + 1) * (v - top);
}

/** Run lengths of a bitmap, column after column. */
export function encode(
  bitmap: Uint8Array,
  width: number,
  height: number,
): { mask: RunLengthMask; area: number; box: PixelBox } {
  const counts = [0];
  let area = 0;
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const value = bitmap[y * width + x]!;
      if (value !== (counts.length - 1) % 2) counts.push(0);
      counts[counts.length - 1]!++;
      if (value === 0) continue;
      area++;
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
    }
  }
  const box = area === 0
    ? { x: 0, y: 0, width: 0, height: 0 }
    : { x: left, y: top, width: right - left, height: bottom - top };
  return { mask: { width, height, counts: Uint32Array.from(counts) }, area, box };
}
