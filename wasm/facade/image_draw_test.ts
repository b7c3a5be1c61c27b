import assert from "node:assert/strict";
import { rgbPicture } from "./_pictures.ts";
import { python } from "./_python.ts";
import { Random } from "./_support.ts";
import { FrameImage, rgbToI420 } from "./image.ts";
import { HandMasker } from "./image_mask.ts";
import { Kernel } from "./kernel.ts";

function blackPicture(kernel: Kernel, width: number, height: number): FrameImage {
  const image = new FrameImage(kernel);
  image.load(rgbPicture(width, height, new Uint8Array(3 * width * height)));
  return image;
}

function noisePicture(kernel: Kernel, width: number, height: number): FrameImage {
  const random = new Random(width);
  const image = new FrameImage(kernel);
  const bytes = Uint8Array.from({ length: 3 * width * height }, () => random.below(256));
  image.load(rgbPicture(width, height, bytes));
  return image;
}

Deno.test("a mask is painted where it is", () => {
  const kernel = new Kernel();
  const image = blackPicture(kernel, 3, 2);
  const { mask } = new HandMasker(kernel).ofBitmap(Uint8Array.of(1, 0, 0, 0, 0, 1), 3, 2);
  image.drawMask(mask, { color: [200, 100, 50], alpha: 0.5 });
  const expected = [100, 50, 25, ...Array(12).fill(0), 100, 50, 25];
  assert.deepEqual([...image.rgb()], expected);
  assert.throws(() => blackPicture(kernel, 2, 3).drawMask(mask, { color: [1, 1, 1] }), RangeError);
});

Deno.test("a box of whole pixels has edges of its thickness", () => {
  const image = blackPicture(new Kernel(), 12, 10);
  image.drawBox({ x: 3, y: 3, width: 6, height: 4 }, 2, { color: [255, 255, 255] });
  const rgb = image.rgb();
  const lit = (x: number, y: number) => rgb[3 * (12 * y + x)];
  for (let x = 3; x < 9; x++) {
    assert.deepEqual([lit(x, 2), lit(x, 3), lit(x, 6), lit(x, 7)], [255, 255, 255, 255]);
  }
  assert.deepEqual([lit(1, 4), lit(2, 4), lit(3, 4), lit(4, 4), lit(8, 4), lit(9, 4)], [
    0,
    255,
    255,
    0,
    255,
    255,
  ]);
});

Deno.test("anything can be drawn anywhere", () => {
  const image = noisePicture(new Kernel(), 9, 8);
  const paint = { color: [255, 0, 0], alpha: NaN } as const;
  const before = image.rgb();
  for (const value of [NaN, Infinity, -1e30, 1e30]) {
    image.drawBox({ x: value, y: 1, width: value, height: value }, value, paint);
    image.drawLandmarks(new Float32Array(63).fill(value), value, paint);
  }
  image.drawLandmarks(new Float32Array(3), 2, paint);
  assert.deepEqual(image.rgb(), before);
});

Deno.test("a hand is drawn with all there is of it", () => {
  const image = blackPicture(new Kernel(), 40, 40);
  const landmarks = Float32Array.from(
    { length: 63 },
    (_, at) => 10 + (at % 3 === 0 ? at / 4 : 5 + at / 9),
  );
  image.drawHand({ box: { x: 2, y: 2, width: 30, height: 30 }, landmarks }, [0, 255, 0]);
  const rgb = image.rgb();
  // Landmarks are lighter than bones.
  const [x, y] = [Math.floor(landmarks[60]!), Math.floor(landmarks[61]!)];
  assert.ok((rgb[3 * (40 * y + x)] ?? 0) > 100);
  assert.equal(rgb[3 * (40 * 2 + 20) + 1]! > 100, true);
});

Deno.test("cuts are padded with black", () => {
  const image = noisePicture(new Kernel(), 5, 4);
  const rgb = image.rgb();
  const found = image.cut({ x: -1.2, y: 2, width: 4, height: 3 });
  const row = (y: number) => [0, 0, 0, ...rgb.slice(15 * y, 15 * y + 9)];
  assert.deepEqual([...found], [...row(2), ...row(3), ...Array(12).fill(0)]);
  assert.deepEqual(image.cut({ x: 2e9, y: -2e9, width: 1, height: 1 }), new Uint8Array(3));
  assert.throws(() => image.cut({ x: 0, y: 0, width: 0, height: 1 }), RangeError);
});

Deno.test("smaller pictures are means", async () => {
  const kernel = new Kernel();
  const image = noisePicture(kernel, 61, 47);
  const small = new FrameImage(kernel);
  small.shrink(image, 4);
  const script = `
import numpy as np
x = np.array(given).reshape(47, 61, 3)[:44, :60].reshape(11, 4, 15, 4, 3).mean((1, 3))
json.dump(x.ravel().tolist(), sys.stdout)`;
  const expected = await python(script, [...image.rgb()]) as number[] | undefined;
  if (expected === undefined) return;
  assert.deepEqual([small.width, small.height], [15, 11]);
  const scaled = image.scaled({ x: 0, y: 0, width: 60, height: 44 }, 15, 11);
  for (const found of [small.rgb(), scaled]) {
    found.forEach((byte, at) => assert.ok(Math.abs(byte - expected[at]!) <= 0.501));
  }
  small.shrink(image, 1);
  assert.deepEqual(small.rgb(), image.rgb());
  assert.deepEqual(image.thumbnail(61, 47), image.rgb());
  small.shrink(image, 1000);
  assert.deepEqual([small.width, small.height], [1, 1]);
});

Deno.test("planes for encoders are those of ITU-T H.273", async () => {
  const kernel = new Kernel();
  const script = `
import numpy as np
w, h = given["width"], given["height"]
x = np.array(given["rgb"], dtype=float).reshape(h, w, 3) / 255
kr, kb = dict(bt601=(.299, .114), bt709=(.2126, .0722), bt2020=(.2627, .0593))[given["matrix"]]
y = x @ [kr, 1 - kr - kb, kb]
pad = np.pad(x, ((0, h % 2), (0, w % 2), (0, 0)), mode="edge")
m = pad.reshape(pad.shape[0] // 2, 2, pad.shape[1] // 2, 2, 3).mean((1, 3))
l = m @ [kr, 1 - kr - kb, kb]
u, v = (m[..., 2] - l) / (2 - 2 * kb), (m[..., 0] - l) / (2 - 2 * kr)
out = np.concatenate([16 + 219 * y.ravel(), 128 + 224 * u.ravel(), 128 + 224 * v.ravel()])
json.dump(out.tolist(), sys.stdout)`;
  for (
    const [width, height, matrix] of [[8, 6, "bt601"], [7, 5, "bt709"], [1, 1, "bt2020"]] as const
  ) {
    const rgb = noisePicture(kernel, width, height).rgb();
    const found = rgbToI420(kernel, rgb, width, height, matrix);
    const given = { rgb: [...rgb], width, height, matrix };
    const expected = await python(script, given) as number[] | undefined;
    if (expected === undefined) return;
    assert.equal(found.length, expected.length);
    found.forEach((byte, at) => assert.ok(Math.abs(byte - expected[at]!) <= 0.51, `${at}`));
  }
  assert.throws(() => rgbToI420(kernel, new Uint8Array(5), 1, 2), RangeError);
});
