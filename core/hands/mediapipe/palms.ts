import { exponential } from "../../base/mod.ts";
import type { AnchorGrid, ModelInput } from "../manifest/mod.ts";
import { overlap, type Palm } from "./geometry.ts";

/** Numbers of a candidate: box of 4, seven points. */
export const PALM_VALUES = 18;

const POINTS = 7;
/** Boxes that share more than this are one palm. */
const SAME_PALM = 0.3;

/** How pixels of the network's input lie in the picture. */
export interface LetterboxPlace {
  /** Upper left corner of what was searched, in pixels of the picture. */
  readonly x: number;
  readonly y: number;
  /** Pixels of the input per pixel of the picture. */
  readonly scale: number;
  /** Border of the input on the left and above, in its pixels. */
  readonly padX: number;
  readonly padY: number;
}

/** Centres of the candidates in pixels of the input, x and y in turn, in the order of the network. */
export function palmAnchors(
  grids: readonly AnchorGrid[],
  { width, height }: Pick<ModelInput, "width" | "height">,
): Float32Array {
  const anchors: number[] = [];
  for (const { stride, each } of grids) {
    for (let y = stride / 2; y < height; y += stride) {
      for (let x = stride / 2; x < width; x += stride) {
        for (let count = 0; count < each; count++) anchors.push(x, y);
      }
    }
  }
  return Float32Array.from(anchors);
}

/** What the palm network gave. */
export interface PalmOutput {
  readonly boxes: Float32Array;
  /** Logits, or probabilities if `isProbability`. */
  readonly scores: Float32Array;
  readonly isProbability: boolean;
}

/** Candidates whose probability reaches a limit, in pixels of the picture. */
export function decodePalms(
  { boxes, scores, isProbability }: PalmOutput,
  anchors: Float32Array,
  place: LetterboxPlace,
  limit: number,
): Palm[] {
  const palms: Palm[] = [];
  for (let index = 0; index < scores.length; index++) {
    const score = isProbability ? scores[index]! : probability(scores[index]!);
    if (!(score >= limit)) continue;
    const palm = decodePalm(boxes, index, anchors, place, score);
    if (palm.width > 0 && palm.height > 0) palms.push(palm);
  }
  return palms;
}

/** Of a logit. */
export function probability(value: number): number {
  return 1 / (1 + exponential(-Math.min(100, Math.max(-100, value))));
}

function decodePalm(
  boxes: Float32Array,
  index: number,
  anchors: Float32Array,
  { x, y, scale, padX, padY }: LetterboxPlace,
  score: number,
): Palm {
  const start = index * PALM_VALUES;
  const pictureX = (at: number) => x + (boxes[start + at]! + anchors[2 * index]! - padX) / scale;
  const pictureY = (at: number) =>
    y + (boxes[start + at]! + anchors[2 * index + 1]! - padY) / scale;
  const points = Array.from({ length: POINTS }, (_, point) => ({
    x: pictureX(4 + 2 * point),
    y: pictureY(5 + 2 * point),
  }));
  return {
    score,
    centerX: pictureX(0),
    centerY: pictureY(1),
    width: boxes[start + 2]! / scale,
    height: boxes[start + 3]! / scale,
    points,
  };
}

/**
 * Makes one palm of candidates that cover each other: the mean of their boxes and points, weighted by their
 * scores, with the best score. Best first.
 */
export function mergePalms(candidates: readonly Palm[]): Palm[] {
  let rest = [...candidates].sort((a, b) => b.score - a.score);
  const merged: Palm[] = [];
  while (rest.length > 0) {
    const best = rest[0]!;
    const isSame = (palm: Palm) => palm === best || overlap(palm, best) > SAME_PALM;
    merged.push(weightedMean(best, rest.filter(isSame)));
    rest = rest.filter((palm) => !isSame(palm));
  }
  return merged;
}

function weightedMean(best: Palm, palms: readonly Palm[]): Palm {
  const total = palms.reduce((sum, { score }) => sum + score, 0);
  const mean = (value: (palm: Palm) => number) =>
    palms.reduce((sum, palm) => sum + palm.score * value(palm), 0) / total;
  return {
    score: best.score,
    centerX: mean(({ centerX }) => centerX),
    centerY: mean(({ centerY }) => centerY),
    width: mean(({ width }) => width),
    height: mean(({ height }) => height),
    points: best.points.map((_, index) => ({
      x: mean(({ points }) => points[index]!.x),
      y: mean(({ points }) => points[index]!.y),
    })),
  };
}
