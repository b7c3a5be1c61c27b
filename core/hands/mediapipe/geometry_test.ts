import assert from "node:assert/strict";
import {
  landmarkRegion,
  overlap,
  type Palm,
  palmRegion,
  placeInRegion,
  regionBox,
  turnPoints,
} from "./geometry.ts";

/** A palm about (x, y) whose wrist and middle knuckle lie in a direction from each other. */
function palm(x: number, y: number, direction: readonly [number, number]): Palm {
  const points = Array.from({ length: 7 }, () => ({ x, y }));
  points[2] = { x: x + direction[0], y: y + direction[1] };
  return { score: 1, centerX: x, centerY: y, width: 40, height: 60, points };
}

function assertNear(found: number, expected: number, what: string): void {
  assert.ok(Math.abs(found - expected) < 1e-9, `${what}: ${found} instead of ${expected}`);
}

/** Directions in which a hand may point, with the clockwise turn from upright and where its region lies. */
const TURNS = [
  { name: "up", direction: [0, -1], angle: 0, centre: [100, 70] },
  { name: "right", direction: [1, 0], angle: Math.PI / 2, centre: [130, 100] },
  { name: "left", direction: [-1, 0], angle: -Math.PI / 2, centre: [70, 100] },
] as const;

for (const { name, direction, angle, centre } of TURNS) {
  Deno.test(`the region of a palm that points ${name} is turned with it and lies towards the fingers`, () => {
    const region = regionBox(palmRegion(palm(100, 100, direction)));
    assertNear(region.angle, angle, "angle");
    assertNear(region.centerX, centre[0], "x");
    assertNear(region.centerY, centre[1], "y");
    assertNear(region.width, 2.6 * 60, "width");
    assertNear(region.height, 2.6 * 60, "height");
  });
}

/** A flat hand of straight fingers, upright, about its wrist at the origin. */
function uprightHand(): Float32Array {
  const points = new Float32Array(63);
  for (let finger = 0; finger < 5; finger++) {
    for (let joint = 1; joint <= 4; joint++) {
      const at = 3 * (4 * finger + joint);
      points[at] = 20 * (finger - 2);
      points[at + 1] = -25 * (joint + 1);
    }
  }
  return points;
}

Deno.test("the region of landmarks follows every turn, scale and shift of the hand", () => {
  const still = landmarkRegion(uprightHand());
  // Bounds of wrist, thumb without tip and two joints of each finger: x from -40 to 40, y from -100 to 0.
  assertNear(still.centerX, 0, "x");
  assertNear(still.centerY, -50 - 0.1 * 100, "y");
  assertNear(still.size, 2 * 100, "size");
  for (const turn of [0.3, 1.2, 2.8, -2.1]) {
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const turned = uprightHand();
    for (let at = 0; at < 63; at += 3) {
      const [x, y] = [turned[at]!, turned[at + 1]!];
      turned[at] = 300 + 2 * (x * cos - y * sin);
      turned[at + 1] = 200 + 2 * (x * sin + y * cos);
    }
    const region = landmarkRegion(turned);
    const near = (found: number, expected: number) => Math.abs(found - expected) < 1e-3;
    assert.ok(near(region.size, 2 * still.size));
    assert.ok(near(region.centerX, 300 + 120 * sin));
    assert.ok(near(region.centerY, 200 - 120 * cos));
    assert.ok(Math.abs(regionBox(region).angle - turn) < 1e-6);
  }
});

Deno.test("points of a region come to where the region lies", () => {
  const region = { centerX: 50, centerY: 80, size: 10, cos: 0, sin: 1 };
  // Turned by a quarter clockwise, up in the region is right in the picture.
  const points = Float32Array.of(0.5, 0.5, 1, 0.5, 0, 0.5, 1, 0.5, 0);
  placeInRegion(points, region);
  assert.deepEqual([...points], [50, 80, 10, 55, 80, 5, 50, 85, 0]);
  const world = Float32Array.of(0, -2, 7);
  turnPoints(world, region);
  assert.deepEqual([...world], [2, 0, 7]);
});

Deno.test("overlap is the shared area of the joint one", () => {
  const box = (centerX: number, centerY: number, width: number, height: number) => ({
    centerX,
    centerY,
    width,
    height,
  });
  assert.equal(overlap(box(0, 0, 2, 2), box(1, 0, 2, 2)), 2 / 6);
  assert.equal(overlap(box(0, 0, 2, 2), box(0, 0, 2, 2)), 1);
  assert.equal(overlap(box(0, 0, 2, 2), box(5, 0, 2, 2)), 0);
  assert.equal(overlap(box(0, 0, 0, 0), box(0, 0, 0, 0)), 0);
});
