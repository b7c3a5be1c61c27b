import type { PixelBox } from "../model.ts";

/** Sides of the tiles, of the shorter side of the picture. */
const SIDES = [1, 0.6] as const;
/** Neighbours share at least this much of their side, so that a palm on a border is whole in one of them. */
const SHARED = 0.4;

/** The picture as one piece. */
export function wholePicture(width: number, height: number): PixelBox {
  return { x: 0, y: 0, width, height };
}

/** Overlapping squares over the picture in two sizes, in which hands are larger than in the whole. */
export function pictureTiles(width: number, height: number): PixelBox[] {
  const shorter = Math.min(width, height);
  return SIDES.flatMap((part) => {
    const side = Math.max(1, Math.round(shorter * part));
    return starts(height, side).flatMap((y) =>
      starts(width, side).map((x) => ({ x, y, width: side, height: side }))
    );
  }).filter((tile) => tile.width < Math.max(width, height));
}

function starts(length: number, side: number): number[] {
  const room = length - side;
  const steps = Math.ceil(room / (side * (1 - SHARED)));
  if (steps <= 0) return [0];
  return Array.from({ length: steps + 1 }, (_, step) => Math.round((room * step) / steps));
}
