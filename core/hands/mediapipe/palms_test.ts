import assert from "node:assert/strict";
import { decodePalms, mergePalms, PALM_VALUES, palmAnchors } from "./palms.ts";
import type { Palm } from "./geometry.ts";

const GRIDS = [{ stride: 8, each: 2 }, { stride: 16, each: 6 }];
const SIZE = { width: 192, height: 192 };

Deno.test("candidates lie at the middles of MediaPipe's grid", () => {
  const anchors = palmAnchors(GRIDS, SIZE);
  assert.equal(anchors.length / 2, 2016);
  // As OpenCV lists them, of the input's extent.
  const listed = (index: number) => [anchors[2 * index]! / 192, anchors[2 * index + 1]! / 192];
  assert.deepEqual(listed(0), [4 / 192, 4 / 192]);
  assert.deepEqual(listed(1), listed(0));
  assert.deepEqual(listed(2), [12 / 192, 4 / 192]);
  assert.deepEqual(listed(48), [4 / 192, 12 / 192]);
  assert.deepEqual(listed(1152), [8 / 192, 8 / 192]);
  assert.deepEqual(listed(1158), [24 / 192, 8 / 192]);
  assert.deepEqual(listed(2015), [184 / 192, 184 / 192]);
});

Deno.test("a candidate is put back from the letterbox into its part of the picture", () => {
  const anchors = Float32Array.of(8, 8, 24, 40);
  const boxes = new Float32Array(2 * PALM_VALUES);
  boxes.set([6, 10, 30, 60, 1, 2], PALM_VALUES);
  // A picture of 400 by 200 in an input of 200 by 200: half the size, 50 rows of border above it.
  const place = { x: 1000, y: 100, scale: 0.5, padX: 0, padY: 50 };
  const scores = Float32Array.of(-1, Math.log(3));
  const [palm, ...rest] = decodePalms(
    { boxes, scores, isProbability: false },
    anchors,
    place,
    0.5,
  );
  assert.equal(rest.length, 0);
  assert.ok(Math.abs(palm!.score - 0.75) < 1e-7);
  assert.deepEqual(
    [palm!.centerX, palm!.centerY, palm!.width, palm!.height],
    [1000 + 30 / 0.5, 100 + (50 - 50) / 0.5, 60, 120],
  );
  assert.deepEqual(palm!.points[0], { x: 1000 + 25 / 0.5, y: 100 + (42 - 50) / 0.5 });
  assert.equal(palm!.points.length, 7);
});

Deno.test("numbers that are none and boxes without extent are no palms", () => {
  const boxes = new Float32Array(2 * PALM_VALUES);
  const place = { x: 0, y: 0, scale: 1, padX: 0, padY: 0 };
  const scores = Float32Array.of(NaN, 9);
  assert.deepEqual(
    decodePalms({ boxes, scores, isProbability: false }, new Float32Array(4), place, 0.5),
    [],
  );
});

function palm(score: number, centerX: number, size = 10): Palm {
  const points = [{ x: centerX, y: 0 }];
  return { score, centerX, centerY: 0, width: size, height: size, points };
}

Deno.test("palms that cover each other become their mean, weighted by score", () => {
  const merged = mergePalms([palm(0.6, 2), palm(0.9, 0), palm(0.7, 100)]);
  assert.equal(merged.length, 2);
  assert.ok(Math.abs(merged[0]!.centerX - (0.6 * 2) / 1.5) < 1e-12);
  assert.ok(Math.abs(merged[0]!.points[0]!.x - (0.6 * 2) / 1.5) < 1e-12);
  assert.equal(merged[0]!.score, 0.9);
  assert.equal(merged[1]!.centerX, 100);
  // A third of the joint area is shared at 5 of 10 pixels, less than 0.3 at 6.
  assert.equal(mergePalms([palm(0.9, 0), palm(0.8, 5)]).length, 1);
  assert.equal(mergePalms([palm(0.9, 0), palm(0.8, 6)]).length, 2);
});
