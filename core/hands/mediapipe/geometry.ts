import { arcTangent, rootSumSquares } from "../../base/mod.ts";
import type { PixelPoint, RotatedBox } from "../model.ts";

/** A square of the picture that holds one hand, turned so that the hand points up in it. */
export interface HandRegion {
  readonly centerX: number;
  readonly centerY: number;
  /** Side in pixels. */
  readonly size: number;
  /** Cosine and sine of the angle by which it is turned clockwise. */
  readonly cos: number;
  readonly sin: number;
}

/** How a box about part of a hand becomes the region that the landmark network wants. */
interface RegionGrowth {
  /** The region's side is this many longer sides of the box. */
  readonly scale: number;
  /** The centre moves by this many heights of the box, along the hand; negative is towards the fingers. */
  readonly shift: number;
}

/** As in MediaPipe's palm_detection_detection_to_roi and hand_landmark_landmarks_to_roi. */
const PALM_GROWTH: RegionGrowth = { scale: 2.6, shift: -0.5 };
const LANDMARK_GROWTH: RegionGrowth = { scale: 2, shift: -0.1 };
/** Wrist, thumb without its tip, and the first two joints of each finger: what does not bend far. */
const STABLE_LANDMARKS = [0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18] as const;

/** A palm as the detector finds it, in pixels. */
export interface Palm {
  readonly score: number;
  readonly centerX: number;
  readonly centerY: number;
  readonly width: number;
  readonly height: number;
  /** Seven points: wrist, knuckles of index, middle, ring and little finger, two of the thumb. */
  readonly points: readonly PixelPoint[];
}

/** The way in which a hand points, as cosine and sine of the turn from upright. */
function turnOf(from: PixelPoint, to: PixelPoint): { cos: number; sin: number } {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const length = rootSumSquares(x, y);
  return length > 0 ? { cos: -y / length, sin: x / length } : { cos: 1, sin: 0 };
}

/** The region of a hand whose palm was found: about the palm, turned by wrist and middle knuckle. */
export function palmRegion(palm: Palm): HandRegion {
  // The target is a quarter turn, pi / 2: MediaPipe's task graph states 90 where radians are read, which is no such turn.
  const { cos, sin } = turnOf(palm.points[0]!, palm.points[2]!);
  return grow(palm, cos, sin, PALM_GROWTH);
}

/** The region in which a hand is looked for in the next picture, of its landmarks in this one. */
export function landmarkRegion(landmarks: Float32Array): HandRegion {
  const point = (index: number) => ({ x: landmarks[3 * index]!, y: landmarks[3 * index + 1]! });
  const knuckles = middle(middle(point(5), point(13)), point(9));
  const { cos, sin } = turnOf(point(0), knuckles);
  // Bounds in the hand's own axes: along sin and cos, whatever the picture's are.
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const index of STABLE_LANDMARKS) {
    const { x, y } = point(index);
    const [across, along] = [x * cos + y * sin, y * cos - x * sin];
    [left, right] = [Math.min(left, across), Math.max(right, across)];
    [top, bottom] = [Math.min(top, along), Math.max(bottom, along)];
  }
  const [across, along] = [(left + right) / 2, (top + bottom) / 2];
  const box = {
    centerX: across * cos - along * sin,
    centerY: across * sin + along * cos,
    width: right - left,
    height: bottom - top,
  };
  return grow(box, cos, sin, LANDMARK_GROWTH);
}

function middle(a: PixelPoint, b: PixelPoint): PixelPoint {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function grow(
  box: Pick<Palm, "centerX" | "centerY" | "width" | "height">,
  cos: number,
  sin: number,
  { scale, shift }: RegionGrowth,
): HandRegion {
  return {
    centerX: box.centerX - box.height * shift * sin,
    centerY: box.centerY + box.height * shift * cos,
    size: scale * Math.max(box.width, box.height),
    cos,
    sin,
  };
}

/** The region as a turned box. */
export function regionBox({ centerX, centerY, size, cos, sin }: HandRegion): RotatedBox {
  return { centerX, centerY, width: size, height: size, angle: arcTangent(sin, cos) };
}

/** Whether a region can be cut out: damaged numbers of a network must not travel on. */
export function isUsableRegion(region: HandRegion, width: number, height: number): boolean {
  const { centerX, centerY, size } = region;
  if (!Number.isFinite(centerX + centerY + size)) return false;
  const isNear = Math.abs(centerX - width / 2) < width && Math.abs(centerY - height / 2) < height;
  return isNear && size >= 2 && size <= 8 * Math.max(width, height);
}

/** Points of a square of side 1 put into the picture: x and y turned and scaled, z scaled. In place. */
export function placeInRegion(points: Float32Array, region: HandRegion): void {
  const { centerX, centerY, size, cos, sin } = region;
  for (let at = 0; at < points.length; at += 3) {
    const [x, y] = [(points[at]! - 0.5) * size, (points[at + 1]! - 0.5) * size];
    points[at] = centerX + x * cos - y * sin;
    points[at + 1] = centerY + x * sin + y * cos;
    points[at + 2]! *= size;
  }
}

/** Turns points about the origin by the angle of a region; x and y only. In place. */
export function turnPoints(points: Float32Array, { cos, sin }: HandRegion): void {
  for (let at = 0; at < points.length; at += 3) {
    const [x, y] = [points[at]!, points[at + 1]!];
    points[at] = x * cos - y * sin;
    points[at + 1] = x * sin + y * cos;
  }
}

/** Shared area of two upright boxes over their joint area. */
export function overlap(
  a: Pick<Palm, "centerX" | "centerY" | "width" | "height">,
  b: Pick<Palm, "centerX" | "centerY" | "width" | "height">,
): number {
  const shared = sharedLength(a.centerX, a.width, b.centerX, b.width) *
    sharedLength(a.centerY, a.height, b.centerY, b.height);
  const joint = a.width * a.height + b.width * b.height - shared;
  return joint > 0 ? shared / joint : 0;
}

function sharedLength(centerA: number, a: number, centerB: number, b: number): number {
  const end = Math.min(centerA + a / 2, centerB + b / 2);
  const start = Math.max(centerA - a / 2, centerB - b / 2);
  return Math.max(0, end - start);
}

/** How far two regions cover each other, their turns left aside. */
export function regionOverlap(a: HandRegion, b: HandRegion): number {
  return overlap(upright(a), upright(b));
}

function upright({ centerX, centerY, size }: HandRegion): Pick<
  Palm,
  "centerX" | "centerY" | "width" | "height"
> {
  return { centerX, centerY, width: size, height: size };
}
