import assert from "node:assert/strict";
import { fitClock, type SamplingStatistics } from "../clock/mod.ts";
import { Kernel } from "../../wasm/mod.ts";
import { modelTime, placedSpan } from "./model_time.ts";

const SECOND = 1_000_000_000n;
const WEEK = 604_800n * SECOND;
/** Readings come each 5 s; after 60 of them the computer is started again, and its clock begins at zero. */
const READINGS = Array.from({ length: 120 }, (_, index) => {
  const referenceNs = BigInt(index) * 5n * SECOND;
  const deviceNs = index < 60 ? WEEK + referenceNs : referenceNs - 298n * SECOND;
  return { referenceNs, deviceNs };
});

function fitted() {
  const kernel = new Kernel();
  const times = READINGS.map(({ deviceNs }) => deviceNs);
  const span = { startNs: 1n * SECOND, endNs: WEEK + 296n * SECOND };
  const { model } = fitClock(kernel, {
    deviceNs: BigInt64Array.from(times),
    referenceNs: BigInt64Array.from(READINGS, ({ referenceNs }) => referenceNs),
    sigmasNs: new Float64Array(times.length).fill(1e5),
  }, { kind: "two-way", span });
  return { kernel, model };
}

Deno.test("of a clock that started again, the earliest stamps belong to the last stretch", () => {
  const { kernel, model } = fitted();
  assert.equal(model.segments.length, 2);
  const [before, after] = model.segments;
  assert.ok(before!.fromNs >= WEEK && after!.fromNs <= SECOND, `${before!.fromNs}`);
  assert.ok(before!.toNs >= WEEK + 296n * SECOND && after!.toNs < 600n * SECOND);
  for (const { deviceNs, referenceNs } of READINGS) {
    const placed = modelTime(kernel, model, deviceNs)!;
    assert.ok(placed - referenceNs < 1_000_000n && referenceNs - placed < 1_000_000n);
  }
});

Deno.test("a stream on it runs from its first sample to its last, not from its least stamp", () => {
  const { kernel, model } = fitted();
  const sampling = {
    firstNs: WEEK,
    lastNs: 297n * SECOND,
    minNs: 2n * SECOND,
    maxNs: WEEK + 295n * SECOND,
  } as SamplingStatistics;
  const span = placedSpan(kernel, model, sampling)!;
  assert.equal(span.startNs / 1_000_000n, 0n);
  assert.equal((span.endNs + 500_000n) / 1_000_000n, 595_000n);
  const nothing = { count: 0 } as SamplingStatistics;
  assert.equal(placedSpan(kernel, model, nothing), undefined);
  assert.equal(placedSpan(kernel, { ...model, segments: [] }, sampling), undefined);
});
