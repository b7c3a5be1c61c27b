import assert from "node:assert/strict";
import { MISSING_NS } from "../../base/mod.ts";
import { editShift, TickConverter } from "./media_time.ts";

const NO_SHIFT = { delayNs: 0n, mediaTime: 0, complete: true };

/** Nearest ns of a number of ticks in exact arithmetic. */
function exactNs(ticks: bigint, timescale: bigint): bigint {
  const numerator = 2n * ticks * 1_000_000_000n + timescale;
  const quotient = numerator / (2n * timescale);
  return numerator < 0n && quotient * 2n * timescale !== numerator ? quotient - 1n : quotient;
}

Deno.test("ticks become the nearest nanosecond", () => {
  for (const timescale of [1, 600, 1000, 12_800, 30_000, 90_000, 9_999_991, 1e9, 4_294_967_295]) {
    const converter = new TickConverter(timescale, NO_SHIFT);
    for (
      const ticks of [0, 1, 2, 1001, 123_456_789, 2 ** 40 + 1, 2 ** 52 + 12_345, -1, -(2 ** 35)]
    ) {
      const expected = exactNs(BigInt(ticks), BigInt(timescale));
      const fits = BigInt.asIntN(64, expected) === expected;
      const message = `${ticks} at ${timescale}`;
      assert.equal(converter.toNs(ticks), fits ? expected : MISSING_NS, message);
    }
  }
});

Deno.test("edit lists become one shift", () => {
  const edit = (duration: bigint, mediaTime: bigint, normalRate = true) => ({
    duration,
    mediaTime,
    normalRate,
  });
  assert.deepEqual(editShift([], 1000), NO_SHIFT);
  assert.deepEqual(editShift([edit(100n, -1n), edit(5n, 7n)], 1000), {
    delayNs: 100_000_000n,
    mediaTime: 7,
    complete: true,
  });
  assert.equal(editShift([edit(5n, 0n), edit(5n, 9n)], 1000).complete, false);
  assert.equal(editShift([edit(5n, 0n, false)], 1000).complete, false);
  assert.equal(editShift([edit(5n, -1n)], 1000).complete, false);
  assert.equal(editShift([edit(5n, -1n), edit(5n, 0n)], 0).complete, false);
});
