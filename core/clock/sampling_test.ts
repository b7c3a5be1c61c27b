import assert from "node:assert/strict";
import { Kernel, SamplingAccumulator, type SamplingStatistics } from "../../wasm/mod.ts";
import { MISSING_NS } from "../base/mod.ts";
import { PLAIN_LINK, simulateLink } from "./_support.ts";

function statistics(
  times: BigInt64Array,
  batch = 1000,
  nominalRateHz?: number,
): SamplingStatistics {
  const sampling = new SamplingAccumulator(new Kernel(), { nominalRateHz });
  for (let start = 0; start < times.length; start += batch) {
    sampling.add(times.subarray(start, start + batch));
  }
  return sampling.get();
}

Deno.test("SamplingAccumulator finds rate, gaps and coarseness of a regular stream", () => {
  const kept = Array.from({ length: 20_000 }, (_, index) => index).filter((index) =>
    !(index >= 5000 && index < 5450) && index !== 9000
  );
  const times = BigInt64Array.from(
    kept,
    (index) => BigInt(Math.floor(index * 1000 / 128)) * 1_000_000n,
  );
  const found = statistics(times);
  assert.equal(found.count, 19_549);
  assert.equal(found.missingSamples, 451);
  assert.equal(found.gaps, 2);
  assert.deepEqual(found.firstGaps.map(({ row, missing }) => [row, missing]), [[5000, 450], [
    8550,
    1,
  ]]);
  assert.equal(found.firstGaps[0]!.fromNs, times[4999]);
  assert.equal(found.firstGaps[0]!.toNs, times[5000]);
  assert.equal(found.quantumNs, 1e6);
  assert.ok(Math.abs(found.rateHz - 128) < 0.01);
  assert.deepEqual(found, statistics(times, 7));
});

Deno.test("SamplingAccumulator sees no gaps in late packets, and each lost one", () => {
  for (const seed of [1, 4, 9]) {
    const { host } = simulateLink({ ...PLAIN_LINK, seed, seconds: 1800, stalls: 0.01 });
    const whole = statistics(host);
    assert.deepEqual(whole.firstGaps, [], `seed ${seed}`);
    assert.ok(Math.abs(whole.rateHz - 128) < 0.1, `${whole.rateHz}`);
    const lossy = host.filter((_, index) => Math.floor(index / 8) % 1000 !== 500);
    assert.equal(statistics(lossy).missingSamples, host.length - lossy.length, `seed ${seed}`);
  }
});

Deno.test("SamplingAccumulator states a spread that covers the sampling times", () => {
  for (const [seed, plan] of [[1, {}], [2, { packet: 32 }], [3, { meanDelayMs: 2 }]] as const) {
    const { host, truth } = simulateLink({ ...PLAIN_LINK, seed, seconds: 600, ...plan });
    const { stampSigmaNs } = statistics(host);
    const inside = host.filter((time, index) =>
      Number(time - truth[index]!) - PLAIN_LINK.minimumDelayMs * 1e6 <= 1.96 * stampSigmaNs
    );
    const share = inside.length / host.length;
    assert.ok(share > 0.93 && share < 0.97, `seed ${seed}: ${share}`);
  }
});

Deno.test("SamplingAccumulator counts missing, equal and backward times", () => {
  const found = statistics(BigInt64Array.of(0n, 4n, 4n, MISSING_NS, 2n, 8n));
  assert.deepEqual(
    [found.count, found.missingTimes, found.duplicates, found.backwards, found.worstBackwardsNs],
    [5, 1, 1, 1, 2],
  );
  assert.deepEqual([found.firstNs, found.lastNs, found.minNs, found.maxNs], [0n, 8n, 0n, 8n]);
  assert.equal(found.quantumNs, 2);
  const none = statistics(new BigInt64Array(0));
  assert.equal(none.count, 0);
  assert.equal(none.firstNs, undefined);
});

Deno.test("SamplingAccumulator survives any time", () => {
  const wild = [0n, MISSING_NS, MISSING_NS + 1n, 2n ** 63n - 1n, -5n, 1n, 10n ** 18n];
  const times = BigInt64Array.from({ length: 30_000 }, (_, index) => wild[index * index % 7]!);
  assert.equal(statistics(times).count + statistics(times).missingTimes, 30_000);
});
