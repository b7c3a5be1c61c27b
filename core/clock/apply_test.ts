import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { MISSING_NS } from "../base/mod.ts";
import { ClockApplier } from "./apply.ts";
import type { ClockKnot, ClockModel, ClockSegment } from "./model.ts";
import { Random } from "./_support.ts";

const EPOCH = 1_700_000_000_123_456_789n;

function model(segments: readonly ClockSegment[]): ClockModel {
  return {
    clock: { id: "a/device", kind: "device" },
    reference: { id: "b/utc", kind: "utc" },
    method: "one-way",
    segments,
    driftPpm: 0,
    driftSigmaPpm: 0,
    residualRmsNs: 0,
    evidence: [],
  };
}

function knot(deviceNs: bigint, offsetNs: bigint, more: Partial<ClockKnot> = {}): ClockKnot {
  return { deviceNs, offsetNs, skew: 0, sigmaNs: 1000, ...more };
}

/** Offset between two knots by exact rational arithmetic, rounded to the nearest. */
function exactOffset(a: ClockKnot, b: ClockKnot, time: bigint): bigint {
  const run = b.deviceNs - a.deviceNs;
  const rise = (b.offsetNs - a.offsetNs) * (time - a.deviceNs);
  const twice = 2n * rise + run;
  const floor = twice / (2n * run);
  return a.offsetNs + (twice % (2n * run) < 0n ? floor - 1n : floor);
}

Deno.test("ClockApplier agrees with exact rational arithmetic", () => {
  const random = new Random(11);
  const knots = Array.from({ length: 200 }, (_, index) =>
    knot(
      EPOCH + BigInt(index) * 431_234_567_891n,
      -5_000_000_000_000_000n + BigInt(Math.round(random.uniform() * 4e7)),
    ));
  const last = knots.at(-1)!.deviceNs;
  const times = BigInt64Array.from({ length: 20_000 }, () => {
    const part = BigInt(Math.floor(random.uniform() * 1e9));
    return EPOCH + (last - EPOCH) * part / 1_000_000_000n;
  }).sort();
  const segment = { fromNs: EPOCH, toNs: last, firstRows: {}, knots };
  const applier = new ClockApplier(new Kernel(), model([segment]), { id: "s", resolutionNs: 0 });
  const { referenceTimes } = applier.apply(times, 0);
  let inexact = 0;
  let piece = 0;
  for (const [index, time] of times.entries()) {
    while (piece < knots.length - 2 && time >= knots[piece + 1]!.deviceNs) piece++;
    const off = referenceTimes[index]! - time - exactOffset(knots[piece]!, knots[piece + 1]!, time);
    // A float may fall on the other side of one half.
    assert.ok(off >= -1n && off <= 1n);
    if (off !== 0n) inexact++;
  }
  assert.ok(inexact < 10, `${inexact}`);
});

Deno.test("ClockApplier keeps order, missing times, and the parts of sigma", () => {
  const segment = {
    fromNs: 0n,
    toNs: 1_000_000n,
    firstRows: {},
    knots: [knot(0n, 5n), knot(1_000_000n, -400_000n, { skew: -0.4, skewSigma: 0.001 })],
  };
  const stream = { id: "s", resolutionNs: 1200, stampSigmaNs: 2000 };
  const applier = new ClockApplier(new Kernel(), model([segment]), stream);
  const times = BigInt64Array.from({ length: 3000 }, (_, index) => BigInt(index * 997) - 500_000n);
  const { referenceTimes } = applier.apply(times, 0);
  assert.ok(
    referenceTimes.every((time, index) => index === 0 || time >= referenceTimes[index - 1]!),
  );
  const { referenceTimes: some, sigmas } = applier.apply(
    BigInt64Array.of(MISSING_NS, 0n, 2_000_000n),
    0,
  );
  assert.equal(some[0], MISSING_NS);
  assert.ok(Number.isNaN(sigmas[0]));
  assert.equal(some[1], 5n);
  assert.equal(sigmas[1], Math.sqrt(1000 ** 2 + 2000 ** 2 + 1200 ** 2 / 3));
  assert.equal(some[2], 2_000_000n - 800_000n);
  assert.equal(sigmas[2], Math.sqrt(1000 ** 2 + 1000 ** 2 + 2000 ** 2 + 1200 ** 2 / 3));
});

Deno.test("ClockApplier takes segments by row where the stream has them, by time otherwise", () => {
  const segments = [
    { fromNs: 0n, toNs: 100n, firstRows: { s: 0 }, knots: [knot(0n, 0n)] },
    { fromNs: 50n, toNs: 150n, firstRows: { s: 11 }, knots: [knot(50n, 1000n)] },
  ];
  const times = BigInt64Array.from(
    { length: 21 },
    (_, index) => BigInt(index <= 10 ? 10 * index : 10 * index - 60),
  );
  const expected = times.map((time, index) => (index <= 10 ? time : time + 1000n));
  const own = new ClockApplier(new Kernel(), model(segments), { id: "s", resolutionNs: 1 });
  for (const size of [1, 4, 21]) {
    for (let row = 0; row < times.length; row += size) {
      const part = own.apply(times.subarray(row, row + size), row).referenceTimes;
      assert.deepEqual(part, expected.slice(row, row + size));
    }
  }
  const other = new ClockApplier(new Kernel(), model(segments), { id: "t", resolutionNs: 1 });
  assert.deepEqual(
    other.apply(BigInt64Array.of(0n, 90n, 120n, 140n), 0).referenceTimes,
    BigInt64Array.of(0n, 90n, 1120n, 1140n),
  );
  const none = new ClockApplier(new Kernel(), model([]), { id: "t", resolutionNs: 1 });
  assert.deepEqual(
    none.apply(BigInt64Array.of(7n), 0).referenceTimes,
    BigInt64Array.of(MISSING_NS),
  );
});
