import type { HandRecord } from "../../hands/mod.ts";
import type { FrameImage } from "../../../wasm/mod.ts";
import type { RgbPicture } from "./contact_sheet.ts";

/** Longest side of a tile. */
const TILE_SIDE = 320;

/** Colours that are told apart by people with any sight of colours (Okabe and Ito 2008). */
const COLOURS: readonly (readonly [number, number, number])[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [213, 94, 0],
  [204, 121, 167],
];

/** Draws the hands into the picture in which they were found; each id has its colour. */
export function drawHands(image: FrameImage, { hands }: HandRecord): void {
  for (const hand of hands) image.drawHand(hand, COLOURS[hand.id % COLOURS.length]!);
}

/** The picture with its hands, small. */
export function drawTile(image: FrameImage, record: HandRecord): RgbPicture {
  drawHands(image, record);
  const scale = Math.min(1, TILE_SIDE / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(scale * image.width));
  const height = Math.max(1, Math.round(scale * image.height));
  return { width, height, rgb: image.thumbnail(width, height) };
}
