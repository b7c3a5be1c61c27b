import assert from "node:assert/strict";
import { Random } from "../_support.ts";
import { detectFlashes } from "./detect_flashes.ts";

const PERIOD = 33_366_700;

/** Frames that gather the light of a scene from their stamp on, in closed form: the mean over the exposure. */
function film(
  flashes: readonly { readonly on: number; readonly off: number }[],
  { frames, share, noise, seed }: { frames: number; share: number; noise: number; seed: number },
) {
  const random = new Random(seed);
  const times = new BigInt64Array(frames);
  const levels = new Float64Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    const start = frame * PERIOD;
    const end = start + share * PERIOD;
    const lit = flashes.reduce(
      (sum, { on, off }) => sum + Math.max(0, Math.min(end, off) - Math.max(start, on)),
      0,
    );
    let normal = -6;
    for (let term = 0; term < 12; term++) normal += random.uniform();
    times[frame] = BigInt(start);
    // The scene itself brightens and darkens slowly.
    levels[frame] = 0.3 + 0.05 * Math.sin(frame / 80) + 0.4 * lit / (end - start) + noise * normal;
  }
  return { times, levels };
}

function scenes(count: number, seed: number) {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, k) => {
    const on = (20 + 40 * k + 10 * random.uniform()) * PERIOD;
    return { on, off: on + (8 + 10 * random.uniform()) * PERIOD };
  });
}

for (const share of [0.1, 0.5, 1]) {
  Deno.test(`light is placed between two frames, exposed for ${share} of the time`, () => {
    const truth = scenes(200, 3);
    const { times, levels } = film(truth, { frames: 8100, share, noise: 0.002, seed: 4 });
    const plain = detectFlashes(times, levels);
    assert.deepEqual(plain.labels, truth.flatMap(() => ["rise", "fall"]));
    const expected = truth.flatMap(({ on, off }) => [on, off]);
    // Within the frames between which it happened: no further than the interval and the exposure of one.
    const offs = expected.map((at, index) => Number(plain.timesNs[index]!) - at);
    assert.ok(
      offs.every((off) => Math.abs(off) <= 1.1 * PERIOD),
      `${Math.max(...offs.map(Math.abs))}`,
    );
    const inside = offs.filter((off, index) => Math.abs(off) <= 1.96 * plain.sigmasNs[index]!);
    assert.ok(inside.length >= 0.93 * offs.length, `${inside.length} of ${offs.length}`);
    const exact = detectFlashes(times, levels, { exposureShare: share });
    const errors = expected.map((at, index) => Math.abs(Number(exact.timesNs[index]!) - at));
    const within = errors.filter((error, index) => error <= 1.96 * exact.sigmasNs[index]!);
    assert.ok(within.length >= 0.93 * errors.length, `${within.length} of ${errors.length}`);
    errors.sort((x, y) => x - y);
    // Where light is gathered all the time, the part that is bright tells the instant.
    if (share === 1) assert.ok(errors[190]! < 0.03 * PERIOD, `${errors[190]}`);
  });
}

Deno.test("slow changes and noise are no flashes", () => {
  const { times, levels } = film([], { frames: 20_000, share: 1, noise: 0.005, seed: 9 });
  assert.equal(detectFlashes(times, levels).timesNs.length, 0);
});

Deno.test("a still picture and odd levels give nothing", () => {
  const times = BigInt64Array.of(0n, 1n, 2n, 3n);
  assert.equal(detectFlashes(times, new Float64Array(4)).timesNs.length, 0);
  assert.equal(detectFlashes(times, Float64Array.of(NaN, NaN, NaN, NaN)).timesNs.length, 0);
  assert.equal(detectFlashes(new BigInt64Array(0), new Float64Array(0)).timesNs.length, 0);
  assert.throws(() => detectFlashes(times, new Float64Array(3)), RangeError);
});
