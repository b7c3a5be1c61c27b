import assert from "node:assert/strict";
import type { ColorMatrix, Picture, PixelFormat } from "../../core/base/mod.ts";
import { randomPicture, rgbPicture } from "./_pictures.ts";
import { python } from "./_python.ts";
import { Random } from "./_support.ts";
import { FrameImage } from "./image.ts";
import { Kernel } from "./kernel.ts";

/** The equations of ITU-T H.273 in real numbers; chroma is repeated, then the picture is turned. */
const H273 = `
import numpy as np
def plane(at, width, height, bytes_):
    place = given["planes"][at]
    data = np.array(given["data"], dtype=np.uint8)
    rows = [data[place["offset"] + y * place["stride"]:][:width * bytes_] for y in range(height)]
    rows = np.array(rows).reshape(height, width * bytes_)
    if bytes_ == 2 and given["format"].endswith("P10"):
        rows = (rows[:, 0::2].astype(int) + 256 * rows[:, 1::2]) & 1023
    return rows.astype(float)
f, w, h = given["format"], given["width"], given["height"]
across = 2 if f[:4] in ("I420", "I422", "NV12") else 1
down = 2 if f[:4] in ("I420", "NV12") else 1
cw, ch = -(-w // across), -(-h // down)
bits = 10 if f.endswith("P10") else 8
up = lambda c: np.repeat(np.repeat(c, down, 0), across, 1)[:h, :w]
if f in ("RGB", "RGBA"):
    rgb = plane(0, w * len(f), h, 1).reshape(h, w, len(f))[:, :, :3]
else:
    size = 2 if bits == 10 else 1
    y = plane(0, w, h, size)
    if f == "NV12":
        uv = plane(1, 2 * cw, ch, 1).reshape(ch, cw, 2)
        u, v = up(uv[:, :, 0]), up(uv[:, :, 1])
    elif f == "GRAY8":
        u = v = np.full((h, w), 128.0)
    else:
        u, v = up(plane(1, cw, ch, size)), up(plane(2, cw, ch, size))
    unit, top = 2 ** (bits - 8), 2 ** bits - 1
    if given["fullRange"]:
        y, pb, pr = y / top, (u - 128 * unit) / top, (v - 128 * unit) / top
    else:
        y, pb, pr = (y / unit - 16) / 219, (u / unit - 128) / 224, (v / unit - 128) / 224
    kr, kb = dict(bt601=(.299, .114), bt709=(.2126, .0722), bt2020=(.2627, .0593))[given["matrix"]]
    r = y + 2 * (1 - kr) * pr
    b = y + 2 * (1 - kb) * pb
    g = (y - kr * r - kb * b) / (1 - kr - kb)
    rgb = np.clip(255 * np.stack([r, g, b], -1), 0, 255)
rgb = np.rot90(rgb, -given["rotation"] // 90)
json.dump(rgb.ravel().tolist(), sys.stdout)`;

/** Greatest difference from the equations; undefined without NumPy. */
async function colorError(kernel: Kernel, picture: Picture): Promise<number | undefined> {
  const image = new FrameImage(kernel);
  image.load(picture);
  const found = image.rgb();
  image.dispose();
  const given = { ...picture, data: [...picture.data] };
  const expected = await python(H273, given) as number[] | undefined;
  if (expected === undefined) return undefined;
  assert.equal(found.length, expected.length);
  return expected.reduce((worst, value, at) => Math.max(worst, Math.abs(value - found[at]!)), 0);
}

const LUMA_CHROMA: readonly PixelFormat[] = [
  "I420",
  "I422",
  "I444",
  "I420P10",
  "I422P10",
  "I444P10",
  "NV12",
  "GRAY8",
];

Deno.test("colours of every format are those of ITU-T H.273, rounded", async () => {
  const kernel = new Kernel();
  const random = new Random(5);
  for (const [index, format] of LUMA_CHROMA.entries()) {
    const matrix = (["bt601", "bt709", "bt2020"] as const)[index % 3] as ColorMatrix;
    for (const fullRange of [false, true]) {
      const picture = randomPicture(random, format, 37, 21, { matrix, fullRange });
      const error = await colorError(kernel, picture);
      if (error === undefined) return;
      // Half of it is the rounding of the result.
      assert.ok(error <= 0.56, `${format} ${matrix} ${fullRange}: ${error}`);
    }
  }
});

Deno.test("every matrix and size of tail", async () => {
  const kernel = new Kernel();
  const random = new Random(6);
  for (const matrix of ["bt601", "bt709", "bt2020"] as const) {
    for (const width of [1, 2, 15, 16, 17, 33]) {
      const picture = randomPicture(random, "I420", width, 3, { matrix });
      const error = await colorError(kernel, picture);
      if (error === undefined) return;
      assert.ok(error <= 0.56, `${matrix} ${width}: ${error}`);
    }
  }
});

Deno.test("pictures of colours are kept and turned upright", async () => {
  const kernel = new Kernel();
  const random = new Random(7);
  for (const format of ["RGB", "RGBA"] as const) {
    for (const rotation of [0, 90, 180, 270] as const) {
      const error = await colorError(kernel, randomPicture(random, format, 35, 9, { rotation }));
      if (error === undefined) return;
      assert.equal(error, 0);
    }
  }
});

Deno.test("a turned picture has the size of an upright one", () => {
  const image = new FrameImage(new Kernel());
  image.load(randomPicture(new Random(1), "NV12", 5, 3, { rotation: 90 }));
  assert.deepEqual([image.width, image.height, image.rgb().length], [3, 5, 45]);
  image.load(randomPicture(new Random(1), "NV12", 0, 3));
  assert.deepEqual([image.width, image.height, image.rgb().length], [0, 3, 0]);
});

Deno.test("planes beyond the data are refused and the picture before is kept", () => {
  const image = new FrameImage(new Kernel());
  image.load(rgbPicture(1, 1, Uint8Array.of(1, 2, 3)));
  const good = randomPicture(new Random(1), "I420", 6, 4);
  const cases: Partial<Picture>[] = [
    { data: good.data.subarray(0, 10) },
    { planes: [] },
    { planes: [{ offset: 0, stride: 4294967295 }, ...good.planes.slice(1)] },
    { width: 4294967295, height: 4294967295 },
    { width: 4294967295, height: 0, planes: [] },
    { height: -1 },
  ];
  for (const part of cases) {
    const bad = { ...good, ...part };
    assert.throws(() => image.load(bad), RangeError);
  }
  assert.deepEqual([...image.rgb()], [1, 2, 3]);
});

/** Bilinear samples by SciPy, in double precision, 0 beyond the edges. */
const SAMPLES = `
import numpy as np
from scipy.ndimage import map_coordinates
w, h, b, o = given["width"], given["height"], given["box"], given["options"]
rgb = np.array(given["rgb"], dtype=float).reshape(h, w, 3)
W, H = o["width"], o["height"]
u, v = np.meshgrid((np.arange(W) + .5) / W - .5, (np.arange(H) + .5) / H - .5)
c, s = np.cos(b["angle"]), np.sin(b["angle"])
x = b["centerX"] + u * b["width"] * c - v * b["height"] * s - .5
y = b["centerY"] + u * b["width"] * s + v * b["height"] * c - .5
out = [map_coordinates(rgb[:, :, k], [y, x], order=1, mode="grid-constant") for k in range(3)]
out = (np.stack(out, -1) / 255 - o.get("mean", [0, 0, 0])) / o.get("std", [1, 1, 1])
if o["layout"] == "nchw": out = out.transpose(2, 0, 1)
json.dump(out.ravel().tolist(), sys.stdout)`;

function noise(random: Random, width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: 3 * width * height }, () => random.below(256));
}

Deno.test("turned cuts are those of SciPy", async () => {
  const image = new FrameImage(new Kernel());
  const random = new Random(8);
  const [width, height] = [40, 23];
  const rgb = noise(random, width, height);
  image.load(rgbPicture(width, height, rgb));
  const mean = [0.485, 0.456, 0.406] as const;
  const std = [0.229, 0.224, 0.225] as const;
  const cases = [
    [{ centerX: 20, centerY: 11.5, width: 40, height: 23, angle: 0 }, { layout: "nhwc" }],
    [{ centerX: 17.3, centerY: 9.1, width: 13, height: 21, angle: 0.7 }, { layout: "nchw" }],
    [{ centerX: 38, centerY: 22, width: 30, height: 30, angle: -2.4 }, {
      layout: "nhwc",
      mean,
      std,
    }],
    [{ centerX: -3, centerY: 5, width: 90, height: 50, angle: 3.2 }, { layout: "nchw", mean, std }],
  ] as const;
  for (const [box, rest] of cases) {
    const options = { width: 19, height: 14, ...rest };
    const found = image.cropTensor(box, options);
    const expected = await python(SAMPLES, { width, height, rgb: [...rgb], box, options });
    if (expected === undefined) return;
    for (const [at, value] of (expected as number[]).entries()) {
      assert.ok(Math.abs(found[at]! - value) < 1e-5, `${at}: ${found[at]} ${value}`);
    }
  }
});

Deno.test("a region keeps its shape in a tensor, and black is around it", () => {
  const image = new FrameImage(new Kernel());
  image.load(rgbPicture(8, 4, new Uint8Array(96).fill(255)));
  const options = { width: 8, height: 8, layout: "nchw" } as const;
  const whole = image.letterboxTensor({ x: 0, y: 0, width: 8, height: 4 }, options);
  assert.deepEqual([whole.scale, whole.padX, whole.padY], [1, 0, 2]);
  const rows = Array.from({ length: 8 }, (_, row) => whole.data.slice(8 * row, 8 * row + 8));
  rows.forEach((row, at) => assert.ok(row.every((value) => value === (at > 1 && at < 6 ? 1 : 0))));
  // Around a tile is black too, although the picture goes on there.
  const tile = image.letterboxTensor({ x: 2, y: 0, width: 2, height: 4 }, options);
  assert.deepEqual([tile.scale, tile.padX, tile.padY], [2, 2, 0]);
  const edges = [0, 0.25, 0.75, 1, 1, 0.75, 0.25, 0];
  edges.forEach((value, at) => assert.ok(Math.abs(tile.data[24 + at]! - value) < 1e-6));
});

Deno.test("boxes that are no boxes give black", () => {
  const image = new FrameImage(new Kernel());
  image.load(rgbPicture(2, 2, new Uint8Array(12).fill(200)));
  const options = { width: 3, height: 3, layout: "nhwc" } as const;
  for (const centerX of [NaN, Infinity, 1e300, -1e300, 1e12]) {
    const box = { centerX, centerY: 1, width: 1, height: 1e300, angle: 1e300 };
    assert.ok(image.cropTensor(box, options).every((value) => value === 0));
  }
  const region = { x: NaN, y: 0, width: 0, height: 0 };
  assert.equal(image.letterboxTensor(region, options).data.length, 27);
  assert.throws(() =>
    image.cropTensor({ ...region, centerX: 0, centerY: 0, angle: 0 }, {
      ...options,
      width: 0,
    }), RangeError);
});
