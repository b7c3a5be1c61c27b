import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { SamplingAccumulator } from "../clock/mod.ts";
import { stampedSpan } from "./stamped_span.ts";

const HOUR = 3_600_000_000_000n;
const START = 1_753_965_022_000_000_000n;

function spanOf(stamps: readonly bigint[]) {
  const sampling = new SamplingAccumulator(new Kernel());
  sampling.add(BigInt64Array.from(stamps));
  const found = stampedSpan(sampling.get());
  sampling.dispose();
  return found;
}

/** Ten minutes at 100 Hz from a time on. */
function stamps(startNs: bigint): bigint[] {
  return Array.from({ length: 60_000 }, (_, row) => startNs + BigInt(row) * 10_000_000n);
}

Deno.test("one garbled stamp makes no span of years", () => {
  const sound = { startNs: START, endNs: START + 599_990_000_000n };
  assert.deepEqual(spanOf(stamps(START)), sound);
  for (const garbled of [0n, START + 50_000n * HOUR]) {
    assert.deepEqual(spanOf(stamps(START).with(777, garbled)), sound);
  }
});

Deno.test("a clock that was set has the whole span of its stamps, and no samples have none", () => {
  const set = [...stamps(START), ...stamps(START - 100n * HOUR)];
  assert.deepEqual(spanOf(set), { startNs: START - 100n * HOUR, endNs: START + 599_990_000_000n });
  assert.equal(spanOf([]), undefined);
});
