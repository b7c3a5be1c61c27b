import assert from "node:assert/strict";
import { python } from "./_python.ts";
import { Random } from "./_support.ts";
import { HandMasker } from "./image_mask.ts";
import { Kernel } from "./kernel.ts";
import {
  decodeCoco,
  encodeCoco,
  labelBitmap,
  maskBitmap,
  meanInside,
  morphBitmap,
} from "./mask_runs.ts";

/** Blobs: random bytes, marked where many neighbours are. */
function randomBitmap(random: Random, width: number, height: number, share: number): Uint8Array {
  const spots = Array.from({ length: Math.ceil(width * height * share / 12) }, () => [
    random.below(width),
    random.below(height),
    random.below(4),
  ]);
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return spots.some(([a = 0, b = 0, r = 0]) => (a - x) ** 2 + (b - y) ** 2 <= r * r) ? 7 : 0;
  });
}

Deno.test("run lengths and their text are those of pycocotools", async () => {
  const kernel = new Kernel();
  const masker = new HandMasker(kernel);
  const random = new Random(3);
  const sizes = [[1, 1], [40, 25], [3, 70], [64, 1], [17, 33], [300, 200]] as const;
  for (const [width, height] of sizes) {
    const bitmap = randomBitmap(random, width, height, 0.2);
    const { mask, area, box } = masker.ofBitmap(bitmap, width, height);
    assert.deepEqual([...maskBitmap(kernel, mask)], [...bitmap].map((byte) => byte === 0 ? 0 : 1));
    const text = encodeCoco(kernel, mask.counts);
    assert.deepEqual(decodeCoco(kernel, text), mask.counts);
    const found = await python(
      `
import numpy
try:
    from pycocotools import mask
    bits = numpy.asfortranarray(numpy.array(given["bits"], dtype=numpy.uint8).reshape(given["height"], -1) > 0)
    rle = mask.encode(bits.astype(numpy.uint8, order="F"))
    json.dump([rle["counts"].decode(), int(mask.area(rle)), mask.toBbox(rle).tolist()], sys.stdout)
except ImportError:
    json.dump(None, sys.stdout)`,
      { bits: [...bitmap], height },
    );
    if (found === undefined || found === null) {
      return Deno.stderr.writeSync(new TextEncoder().encode("skipped: no pycocotools\n")),
        undefined;
    }
    assert.deepEqual([text, area, [box.x, box.y, box.width, box.height]], found);
  }
});

Deno.test("run lengths go down the columns and begin with what is outside", () => {
  const kernel = new Kernel();
  const masker = new HandMasker(kernel);
  // 1 0 1
  // 1 1 0
  const { mask, area, box } = masker.ofBitmap(Uint8Array.of(1, 0, 1, 1, 1, 0), 3, 2);
  assert.deepEqual([...mask.counts], [0, 2, 1, 2, 1]);
  assert.deepEqual([area, box], [4, { x: 0, y: 0, width: 3, height: 2 }]);
  // pycocotools 2.0.11 writes these.
  assert.equal(encodeCoco(kernel, mask.counts), "02100");
  assert.equal(encodeCoco(kernel, Uint32Array.of(0, 1, 5, 1, 5, 1, 5, 1, 5, 1)), "0150000000");
  const empty = masker.ofBitmap(new Uint8Array(6), 3, 2);
  assert.deepEqual([[...empty.mask.counts], empty.area], [[6], 0]);
  assert.deepEqual([...masker.ofBitmap(new Uint8Array(0), 0, 5).mask.counts], [0]);
});

Deno.test("text that is none is refused", () => {
  const kernel = new Kernel();
  for (const text of ["0P", "\n", "~", "oooooooo0", "é", "O"]) {
    assert.equal(decodeCoco(kernel, text), undefined, text);
  }
  assert.deepEqual(decodeCoco(kernel, ""), new Uint32Array(0));
});

Deno.test("discs grow and shrink bitmaps as SciPy's do", async () => {
  const kernel = new Kernel();
  const random = new Random(4);
  const script = `
import numpy as np
from scipy import ndimage as nd
x = np.array(given["bits"]).reshape(given["height"], -1) > 0
r = given["radius"]; n = int(r)
yy, xx = np.mgrid[-n:n + 1, -n:n + 1]
s = xx * xx + yy * yy <= r * r
dilate = lambda x: nd.binary_dilation(x, s)
erode = lambda x: nd.binary_erosion(x, s, border_value=1)
out = dict(dilate=dilate(x), erode=erode(x), open=dilate(erode(x)), close=erode(dilate(x)))
json.dump({k: v.astype(int).ravel().tolist() for k, v in out.items()}, sys.stdout)`;
  for (
    const [width, height, radius] of [[31, 22, 1], [140, 30, 2.5], [70, 9, 6.3], [7, 5, 40], [
      150,
      60,
      25,
    ]]
  ) {
    const bitmap = randomBitmap(random, width!, height!, 0.3);
    const given = { bits: [...bitmap], height, radius };
    const expected = await python(script, given) as Record<string, number[]> | undefined;
    if (expected === undefined) return;
    for (const operation of ["dilate", "erode", "open", "close"] as const) {
      const found = morphBitmap(kernel, bitmap, width!, operation, radius!);
      assert.deepEqual([...found].map((byte) => byte / 255), expected[operation], operation);
    }
  }
});

Deno.test("radii that are none change nothing, and huge ones fill", () => {
  const kernel = new Kernel();
  const bitmap = Uint8Array.of(0, 255, 0, 0, 0, 0);
  for (const radius of [NaN, -1]) {
    assert.deepEqual(morphBitmap(kernel, bitmap, 3, "dilate", radius), bitmap);
  }
  for (const radius of [1e9, Infinity]) {
    assert.deepEqual([...morphBitmap(kernel, bitmap, 3, "dilate", radius)], Array(6).fill(255));
    assert.deepEqual([...morphBitmap(kernel, bitmap, 3, "erode", radius)], Array(6).fill(0));
  }
  assert.equal(morphBitmap(kernel, new Uint8Array(0), 0, "open", 3).length, 0);
});

Deno.test("parts are those of SciPy", async () => {
  const kernel = new Kernel();
  const random = new Random(9);
  const script = `
import numpy as np
from scipy import ndimage as nd
x = np.array(given["bits"]).reshape(given["height"], -1) > 0
labels, n = nd.label(x, np.ones((3, 3)) if given["corners"] else None)
index = range(1, n + 1)
boxes = nd.find_objects(labels)
json.dump(dict(labels=labels.ravel().tolist(), area=nd.sum(x, labels, index).tolist() if n else [],
  centers=nd.center_of_mass(x, labels, index) if n else [],
  boxes=[[b[1].start, b[0].start, b[1].stop - b[1].start, b[0].stop - b[0].start] for b in boxes]), sys.stdout)`;
  for (const [width, height] of [[60, 40], [9, 90], [1, 5]] as const) {
    for (const corners of [true, false]) {
      const bitmap = Uint8Array.from(
        { length: width * height },
        () => random.below(100) < 45 ? 1 : 0,
      );
      const { components, labels } = labelBitmap(kernel, bitmap, width, corners);
      const given = { bits: [...bitmap], height, corners };
      const expected = await python(script, given) as {
        labels: number[];
        area: number[];
        centers: number[][];
        boxes: number[][];
      };
      if (expected === undefined) return;
      assert.deepEqual(components.map(({ area }) => area), expected.area);
      assert.deepEqual(
        components.map(({ box }) => [box.x, box.y, box.width, box.height]),
        expected.boxes,
      );
      // SciPy numbers parts in another order where they meet further down.
      const order = new Map<number, number>();
      labels.forEach((label, at) => {
        if (!order.has(label)) order.set(label, expected.labels[at]!);
        assert.equal(order.get(label), expected.labels[at]);
      });
      components.forEach(({ centerX, centerY }, at) => {
        const [y = NaN, x = NaN] = expected.centers[order.get(at + 1)! - 1]!;
        assert.ok(Math.abs(centerX - 0.5 - x) < 1e-9 && Math.abs(centerY - 0.5 - y) < 1e-9);
      });
    }
  }
});

Deno.test("the mean within a mask leaves out what is no number", () => {
  const mask = { width: 3, height: 2, counts: Uint32Array.of(0, 2, 1, 2, 1) };
  assert.equal(meanInside(mask, Uint16Array.of(10, 9, 30, 20, 40, 9)), 25);
  assert.equal(meanInside(mask, Float32Array.of(NaN, 9, 30, 20, 40, 9)), 30);
  assert.ok(Number.isNaN(meanInside({ ...mask, counts: Uint32Array.of(6) }, new Uint16Array(6))));
  assert.equal(
    meanInside({ ...mask, counts: Uint32Array.of(0, 4e9) }, Float64Array.of(1, 1, 1, 1, 1, 1)),
    1,
  );
  assert.throws(() => meanInside(mask, new Uint16Array(5)), RangeError);
});
