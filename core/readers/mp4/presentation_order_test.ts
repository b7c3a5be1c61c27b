import assert from "node:assert/strict";
import { presentationOrder } from "./presentation_order.ts";
import { BLOCK_SAMPLES, emptySample, SampleBlock } from "./sample_block.ts";

/** Blocks of samples that are decoded one tick apart and shown at the given ticks. */
async function* decoded(pts: readonly number[]): AsyncGenerator<SampleBlock> {
  const block = new SampleBlock();
  for (const [index, time] of pts.entries()) {
    block.push({ ...emptySample(), pts: time, dts: index, duration: 1, size: index }, index);
    if (!block.full) continue;
    yield block;
    block.length = 0;
  }
  yield block;
}

async function shown(pts: readonly number[]): Promise<{ pts: number; index: number }[]> {
  const minOffset = pts.reduce((least, time, index) => Math.min(least, time - index), Infinity);
  const found: { pts: number; index: number }[] = [];
  for await (const block of presentationOrder(decoded(pts), minOffset)) {
    for (let at = 0; at < block.length; at++) {
      assert.equal(block.sizes[at], block.indices[at]);
      found.push({ pts: block.pts[at]!, index: block.indices[at]! });
    }
  }
  return found;
}

/** What a stable sort of everything at once gives. */
function sorted(pts: readonly number[]): { pts: number; index: number }[] {
  return pts.map((time, index) => ({ pts: time, index })).sort((a, b) => a.pts - b.pts);
}

Deno.test("frames come in the order of a stable sort", async () => {
  const groups = Array.from({ length: 3 * BLOCK_SAMPLES + 5 }, (_, n) => {
    const start = n - (n % 4); // shown as 0 3 1 2, or with equal times
    return start + 2 + [0, 3, 1, n % 3][n % 4]!;
  });
  assert.deepEqual(await shown(groups), sorted(groups));
  const steady = Array.from({ length: 100 }, (_, n) => n + 7);
  assert.deepEqual(await shown(steady), sorted(steady));
  assert.deepEqual(await shown([]), []);
});

Deno.test("a damaged offset cannot make all frames wait", async () => {
  const pts = Array.from({ length: 20_000 }, (_, n) => n === 19_999 ? -1e9 : n);
  const found = await shown(pts);
  assert.equal(found.length, 20_000);
  assert.deepEqual(found.slice(0, 10_000), sorted(pts.slice(0, 10_000)));
});
