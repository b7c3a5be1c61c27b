import assert from "node:assert/strict";
import { openHand, overlap } from "./_hands.ts";
import { rgbPicture } from "./_pictures.ts";
import { python } from "./_python.ts";
import { Random } from "./_support.ts";
import { FrameImage } from "./image.ts";
import { HandMasker } from "./image_mask.ts";
import { Kernel } from "./kernel.ts";
import { maskBitmap } from "./mask_runs.ts";

/** Capsules about the bones and the hull of the palm, or the hull of all, written out in NumPy. */
const SHAPES = `
import numpy as np
from scipy.spatial import ConvexHull
w, h = given["width"], given["height"]
p = np.array(given["points"], dtype=float).reshape(21, 3)[:, :2]
y, x = np.mgrid[0:h, 0:w] + .5
def inside(points):
    e = ConvexHull(points).equations
    return np.all(e[:, 0, None, None] * x + e[:, 1, None, None] * y + e[:, 2, None, None] <= 0, axis=0)
size = max(np.linalg.norm(p[5] - p[17]), .6 * np.linalg.norm(p[0] - p[9]))
out = inside(p[[0, 1, 2, 5, 9, 13, 17]])
chains = [[0, 1, 2, 3, 4], [0, 5, 6, 7, 8], [5, 9, 10, 11, 12], [9, 13, 14, 15, 16], [13, 17, 18, 19, 20], [0, 17]]
for chain in chains:
    for a, b in zip(chain, chain[1:]):
        d = p[b] - p[a]
        t = np.clip(((x - p[a][0]) * d[0] + (y - p[a][1]) * d[1]) / (d @ d), 0, 1)
        r = np.hypot(x - p[a][0] - t * d[0], y - p[a][1] - t * d[1])
        tip = b in (4, 8, 12, 16, 20)
        out |= r * (1 + t * (.17 / .14 - 1) * tip) <= .17 * size
json.dump(dict(capsule=out.astype(int).ravel().tolist(), hull=inside(p).astype(int).ravel().tolist()), sys.stdout)`;

Deno.test("capsules and hulls are those of their equations", async () => {
  const kernel = new Kernel();
  const image = new FrameImage(kernel);
  const masker = new HandMasker(kernel);
  const [width, height] = [120, 100];
  image.load(rgbPicture(width, height, new Uint8Array(3 * width * height)));
  for (const [x, y, size] of [[60, 80, 30], [110, 40, 25], [20, 110, 40]] as const) {
    const points = openHand(x, y, size);
    const given = { width, height, points: [...points] };
    const expected = await python(SHAPES, given) as Record<string, number[]> | undefined;
    if (expected === undefined) return;
    for (const method of ["capsule", "hull"] as const) {
      const { mask, area } = masker.mask(image, points, method);
      const found = maskBitmap(kernel, mask);
      const wrong = found.reduce((sum, one, at) => sum + Math.abs(one - expected[method]![at]!), 0);
      // Middles that lie on an edge to the last bit.
      assert.ok(wrong <= 2, `${method}: ${wrong}`);
      assert.equal(area, found.reduce((sum, one) => sum + one, 0));
    }
  }
});

/** A picture in which a hand that is wider than its skeleton has a colour of its own, with noise. */
function coloredHand(
  width: number,
  height: number,
  truth: Uint8Array,
  [hand, rest]: readonly [readonly number[], readonly number[]],
): Uint8Array {
  const random = new Random(12);
  return Uint8Array.from({ length: 3 * width * height }, (_, at) => {
    const color = truth[Math.floor(at / 3)] === 1 ? hand : rest;
    return (color[at % 3] ?? 0) + random.below(17) - 8;
  });
}

Deno.test("colours make a mask better than the skeleton alone, gray pictures by brightness", () => {
  const kernel = new Kernel();
  const image = new FrameImage(kernel);
  const masker = new HandMasker(kernel);
  const [width, height] = [400, 360];
  // The skeleton of a hand of 60 masks one of 66, as seen by a network that is a little off.
  image.load(rgbPicture(width, height, new Uint8Array(3 * width * height)));
  const truth = maskBitmap(kernel, masker.mask(image, openHand(200, 260, 66), "capsule").mask);
  const landmarks = openHand(204, 257, 62);
  for (
    const colors of [[[190, 140, 120], [110, 130, 120]], [[150, 150, 150], [90, 90, 90]]] as const
  ) {
    const rgb = coloredHand(width, height, truth, colors);
    if (colors[0][0] === colors[0][1]) rgb.forEach((_, at) => rgb[at] = rgb[at - at % 3]!);
    image.load(rgbPicture(width, height, rgb));
    const [adaptive, capsule] = (["adaptive", "capsule"] as const).map((method) =>
      overlap(maskBitmap(kernel, masker.mask(image, landmarks, method).mask), truth)
    );
    assert.ok(adaptive! > 0.93 && adaptive! > capsule! + 0.03, `${adaptive} ${capsule}`);
  }
});

Deno.test("a large hand in less detail covers the same", () => {
  const kernel = new Kernel();
  const image = new FrameImage(kernel);
  const masker = new HandMasker(kernel);
  const [width, height] = [1000, 900];
  image.load(rgbPicture(width, height, new Uint8Array(3 * width * height)));
  // The palm is 300 pixels wide, so cells are two pixels.
  const large = masker.mask(image, openHand(500, 800, 265), "capsule");
  const small = masker.mask(image, openHand(250, 400, 132.5), "capsule");
  assert.ok(Math.abs(large.area / small.area / 4 - 1) < 0.01, `${large.area} ${small.area}`);
});

Deno.test("landmarks that are no hand give an empty mask", () => {
  const kernel = new Kernel();
  const image = new FrameImage(kernel);
  const masker = new HandMasker(kernel);
  image.load(rgbPicture(9, 7, new Uint8Array(189).fill(100)));
  const far = openHand(1e5, -1e5, 20);
  const broken = openHand(4, 4, 3);
  broken[40] = NaN;
  for (
    const landmarks of [new Float32Array(63), far, broken, new Float32Array(63).fill(Infinity)]
  ) {
    for (const method of ["adaptive", "capsule", "hull"] as const) {
      const { mask, area, box } = masker.mask(image, landmarks, method);
      assert.deepEqual([[...mask.counts], area, box.width], [[63], 0, 0]);
    }
  }
  const huge = masker.mask(image, openHand(0, 1e5, 9e4), "adaptive");
  assert.equal(huge.mask.counts.reduce((sum, count) => sum + count, 0), 63);
  assert.throws(() => masker.mask(image, new Float32Array(42), "hull"), RangeError);
});

Deno.test("numbers of a network are put back where they were cut", async () => {
  const kernel = new Kernel();
  const masker = new HandMasker(kernel);
  const random = new Random(2);
  const [columns, rows, width, height] = [12, 9, 50, 41];
  const values = Float32Array.from({ length: columns * rows }, () => random.below(1000) / 1000);
  const boxes = [
    undefined,
    { centerX: 22.3, centerY: 18.1, width: 31, height: 25, angle: 0 },
    { centerX: 30, centerY: 25, width: 28, height: 40, angle: 0.8 },
  ];
  const script = `
import numpy as np
from scipy.ndimage import map_coordinates
v = np.array(given["values"]).reshape(given["rows"], -1)
R, C = v.shape; b = given["box"]
y, x = np.mgrid[0:given["height"], 0:given["width"]] + .5
dx, dy = x - b["centerX"], y - b["centerY"]
c, s = np.cos(b["angle"]), np.sin(b["angle"])
u, w = (dx * c + dy * s) / b["width"] * C + C / 2, (dy * c - dx * s) / b["height"] * R + R / 2
found = map_coordinates(v, [w - .5, u - .5], order=1, mode="nearest")
found[(u < 0) | (w < 0) | (u > C) | (w > R)] = -1
json.dump(found.ravel().tolist(), sys.stdout)`;
  for (const box of boxes) {
    const threshold = 0.5;
    const options = {
      columns,
      rows,
      width,
      height,
      threshold,
      ...(box === undefined ? {} : { box }),
    };
    const found = maskBitmap(kernel, masker.maskProbabilities(values, options).mask);
    const whole = { centerX: width / 2, centerY: height / 2, width, height, angle: 0 };
    const given = { ...options, values: [...values], box: box ?? whole };
    const expected = await python(script, given) as number[] | undefined;
    if (expected === undefined) return;
    for (const [at, value] of expected.entries()) {
      if (Math.abs(value - threshold) > 1e-6) assert.equal(found[at], value > threshold ? 1 : 0);
    }
  }
  assert.throws(
    () => masker.maskProbabilities(values, { columns, rows: 8, width, height }),
    RangeError,
  );
});
