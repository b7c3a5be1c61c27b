import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { type RgbFrame, segmentHands, type SegmentHandsOptions } from "./segment_hands.ts";

const SKIN = [200, 140, 110] as const;

/** A dark picture with a bright square of skin at a place. */
function picture(width: number, height: number, channels: 3 | 4, left: number): RgbFrame {
  const data = new Uint8Array(channels * width * height).fill(30);
  const side = Math.floor(Math.min(width, height) / 3);
  for (let y = side; y < 2 * side; y++) {
    for (let x = left; x < left + side; x++) data.set(SKIN, channels * (y * width + x));
  }
  return { width, height, data };
}

async function search(frames: RgbFrame[], options: Partial<SegmentHandsOptions> = {}) {
  const found = [];
  for await (const record of segmentHands(frames, { kernel: new Kernel(), ...options })) {
    found.push(record);
  }
  return found;
}

for (const method of ["color_based", "contour_based"] as const) {
  Deno.test(`${method} takes pictures of any size, which may change`, async () => {
    const sizes = [[1, 1], [2, 1], [97, 65], [65, 97], [640, 3], [3, 640], [97, 65]] as const;
    const frames = sizes.map(([width, height]) => picture(width, height, 3, 0));
    const found = await search(frames, { method });
    assert.deepEqual(found.map(({ frame }) => frame), [0, 1, 2, 3, 4, 5, 6]);
    assert.deepEqual(found.map(({ width, height }) => [width, height]), sizes);
    for (const { hands, width, height } of found) {
      for (const { box, mask } of hands) {
        assert.ok(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height);
        assert.deepEqual([mask!.width, mask!.height], [width, height]);
        assert.equal(mask!.counts.reduce((sum, count) => sum + count, 0), width * height);
      }
    }
  });
}

Deno.test("alpha does not count, and numbers and times are kept", async () => {
  const [plain, alpha] = await Promise.all(
    ([3, 4] as const).map((channels) =>
      search([0, 20, 40].map((left) => ({
        ...picture(120, 90, channels, left),
        timeNs: BigInt(left) * 1_000_000_000n,
      })))
    ),
  );
  assert.deepEqual(alpha, plain);
  assert.deepEqual(plain!.map(({ timeNs }) => timeNs), [0n, 20_000_000_000n, 40_000_000_000n]);
});

Deno.test("pictures and choices that cannot be are refused", async () => {
  const three = { data: new Uint8Array(3) };
  const cases: [RgbFrame, Partial<SegmentHandsOptions>, RegExp][] = [
    [{ width: 2, height: 2, data: new Uint8Array(5) }, {}, /must have 12 or 16 bytes: it has 5/],
    [{ width: 0, height: 0, data: new Uint8Array(0) }, {}, /must have whole sides: they are 0/],
    [{ width: -1, height: -1, ...three }, {}, /must have whole sides: they are -1/],
    [{ width: 0.5, height: 2, ...three }, {}, /must have whole sides: they are 0.5/],
    [{ width: 1, height: 1, ...three }, { every: 0 }, /every must be a whole number from 1 on/],
    [{ width: 1, height: 1, ...three }, { every: 1.5 }, /every must be .*: it is 1.5/],
    [{ width: 1, height: 1, ...three }, { toSeconds: NaN }, /Seconds must be numbers/],
    [{ width: 1, height: 1, ...three }, { maxHands: 0 }, /maxHands must be/],
  ];
  for (const [frame, options, message] of cases) {
    await assert.rejects(search([frame], options), { name: "RangeError", message });
  }
});
