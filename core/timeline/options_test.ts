import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { MISSING_NS } from "../base/mod.ts";
import { generator, timesFrom } from "./_oracle.ts";
import { asofJoin } from "./asof.ts";
import type { AsofOptions } from "./asof_options.ts";
import { createGrid, readTicks } from "./grid.ts";
import { resample } from "./resample.ts";

type Options = Omit<AsofOptions, "kernel">;

function join(left: readonly number[], right: readonly number[], options: Options = {}): number[] {
  return [
    ...asofJoin(timesFrom(left), timesFrom(right), { kernel: new Kernel(), ...options }).indexes,
  ];
}

// Failures that users of other tools have recorded, one test for each.

Deno.test("keys that differ in the last digit of a float are different", () => {
  // 104.0 and 103.99999 s were taken for equal.
  assert.deepEqual(join([104_000_000_000], [103_999_990_000], { toleranceNs: 0n }), [-1]);
  assert.deepEqual(join([103_999_990_000], [104_000_000_000]), [-1]);
});

Deno.test("a tolerance holds without exact matches and with duplicates on both sides", () => {
  const near = { toleranceNs: 2n, allowExact: false } as const;
  assert.deepEqual(join([5, 5, 9], [1, 5, 5, 8], near), [-1, -1, 3]);
  assert.deepEqual(join([5, 5], [1, 5, 9], { ...near, direction: "nearest" }), [-1, -1]);
  assert.deepEqual(join([10, 10, 10], [1, 1, 1], { toleranceNs: 8n }), [-1, -1, -1]);
});

Deno.test("a tolerance of zero asks for equal times, also by label", () => {
  for (const direction of ["backward", "forward", "nearest"] as const) {
    const exact = { direction, toleranceNs: 0n } as const;
    assert.deepEqual(join([1, 2, 4], [2, 3, 4], exact), [-1, 0, 2]);
    const by = { left: ["a", "b", "a"], right: ["a", "b", "a"] };
    assert.deepEqual(join([1, 2, 4], [2, 3, 4], { ...exact, by }), [-1, -1, 2]);
  }
});

Deno.test("a tolerance holds for the nearest on both sides", () => {
  const nearest = { direction: "nearest", toleranceNs: 3n } as const;
  assert.deepEqual(join([10, 20, 30], [6, 14, 17, 33], nearest), [-1, 2, 3]);
});

Deno.test("rows of another label are never matched, however near", () => {
  const by = { left: [1n, 2n, 3n, 1n], right: [2n, 1n, 2n] };
  assert.deepEqual(join([10, 10, 10, 30], [9, 10, 29], { by, direction: "nearest" }), [
    1,
    0,
    -1,
    1,
  ]);
  assert.throws(() => join([1], [1], { by: { left: [], right: [1] } }), RangeError);
});

Deno.test("rows that are not sorted are refused, also within a label only", () => {
  const by = { left: ["a", "b", "a"], right: ["a", "b"] };
  assert.deepEqual(join([5, 1, 6], [4, 0], { by }), [0, 1, 0]);
  assert.throws(() => join([5, 1, 4], [4, 0], { by }), RangeError);
  assert.throws(() => join([1, 2], [2, 1, 3]), /not sorted: current value is 1 at index 1/);
  // Also far behind the last left time, where nothing is matched any more.
  const right = Array.from({ length: 50_000 }, (_, index) => index === 49_999 ? 3 : index);
  assert.throws(() => join([1], right), /at index 49999/);
});

Deno.test("missing times match nothing, and values that are NaN leave their neighbours alone", () => {
  const [left, right] = [[5n, MISSING_NS, 7n], [MISSING_NS, 4n, MISSING_NS, 7n]];
  const { indexes } = asofJoin(BigInt64Array.from(left), BigInt64Array.from(right), {
    kernel: new Kernel(),
  });
  assert.deepEqual([...indexes], [1, -1, 3]);
  const samples = { times: timesFrom([0, 1, 2, 3]), values: Float64Array.of(0, NaN, 2, NaN) };
  const found = resample(samples, timesFrom([0, 1, 2, 3]), { kernel: new Kernel() });
  assert.deepEqual([...found], [0, 1, 2, NaN]);
});

Deno.test("duplicates are refused where that is asked", () => {
  const refuse = { duplicates: "error" } as const;
  assert.throws(() => join([1], [1, 2, 2], refuse), /repeat: current value is 2 at index 2/);
  assert.deepEqual(join([1, 1], [1, 2], refuse), [0, 0]);
  const samples = { times: timesFrom([1, 1]), values: Float64Array.of(5, 6) };
  const at = timesFrom([1]);
  const kernel = new Kernel();
  assert.throws(() => resample(samples, at, { kernel, ...refuse }), RangeError);
  assert.deepEqual([...resample(samples, at, { kernel, duplicates: "first" })], [5]);
  assert.deepEqual([...resample(samples, at, { kernel })], [6]);
});

Deno.test("what lies outside is nothing, the end, or an error, as asked", () => {
  const [left, right] = [[0, 5, 99], [4, 9]];
  assert.deepEqual(join(left, right), [-1, 0, 1]);
  assert.deepEqual(join(left, right, { outside: "hold" }), [0, 0, 1]);
  assert.deepEqual(join(left, right, { outside: "hold", toleranceNs: 3n }), [-1, 0, -1]);
  assert.deepEqual(join(left, right, { outside: "hold", direction: "forward" }), [0, 1, 1]);
  assert.throws(() => join(left, right, { outside: "error" }), RangeError);
  const samples = { times: timesFrom(right), values: Float64Array.of(1, 2) };
  const values = (outside: "null" | "hold" | "error") => [
    ...resample(samples, timesFrom(left), { kernel: new Kernel(), outside, maxGapNs: 50n }),
  ];
  assert.deepEqual(values("null"), [NaN, 1.2, NaN]);
  assert.deepEqual(values("hold"), [1, 1.2, NaN]);
  assert.throws(() => values("error"), RangeError);
});

Deno.test("neither matches nor curves cross the place where a clock was set", () => {
  const breaksNs = timesFrom([100]);
  const nearest = { direction: "nearest", breaksNs } as const;
  assert.deepEqual(join([98, 99, 100, 101], [90, 97, 102], nearest), [1, 1, 2, 2]);
  assert.deepEqual(join([100, 105], [97, 104], { breaksNs }), [-1, 1]);
  assert.deepEqual(join([98, 99], [101], { ...nearest, oneToOne: true }), [-1, -1]);
  const samples = { times: timesFrom([90, 98, 100, 110]), values: Float64Array.of(0, 8, 50, 60) };
  for (const method of ["linear", "pchip"] as const) {
    const options = { kernel: new Kernel(), method, breaksNs };
    assert.deepEqual([...resample(samples, timesFrom([94, 99, 105]), options)], [4, NaN, 55]);
  }
});

Deno.test("a row is used once, by the nearest, and the distance carries its uncertainty", () => {
  const nearest = { kernel: new Kernel(), direction: "nearest", oneToOne: true } as const;
  const [left, right] = [timesFrom([0, 9, 11, 30]), timesFrom([10, 12])];
  const found = asofJoin(left, right, { ...nearest, sigmas: { right: Float64Array.of(3, 4) } });
  assert.deepEqual([...found.indexes], [-1, 0, 1, -1]);
  assert.deepEqual([...found.distances], [MISSING_NS, 1n, 1n, MISSING_NS]);
  assert.deepEqual([...found.sigmas!], [NaN, 3, 4, NaN]);
  const by = { left: ["a", "b", "b", "b"], right: ["b", "b"] };
  assert.deepEqual([...asofJoin(left, right, { ...nearest, by }).indexes], [-1, 0, 1, -1]);
  assert.throws(() => asofJoin(left, right, { ...nearest, outside: "hold" }), RangeError);
  assert.throws(
    () => asofJoin(right, left, { ...nearest, sigmas: { left: new Float64Array(1) } }),
    RangeError,
  );
  assert.throws(
    () => asofJoin(left, timesFrom([2, 1]), nearest),
    /right times that are not sorted/,
  );
});

Deno.test("grids give what their ticks give", () => {
  const random = generator(13);
  const kernel = new Kernel();
  for (let round = 0; round < 120; round++) {
    const rates = [1e8, 2.5e7, 3e7, { numerator: 30_000n, denominator: 1001n }, 1e6, 128, 44_100];
    const gridOf = (most: number) => {
      const rateHz = rates[random(rates.length)]!;
      const rate = typeof rateHz === "number" ? rateHz : 30_000 / 1001;
      const startNs = BigInt(random(100_000) - 50_000);
      const endNs = startNs + BigInt(Math.floor((1 + random(most)) * 1e9 / rate));
      return createGrid({ startNs, endNs, rateHz });
    };
    const [left, right] = [gridOf(20_000), gridOf(300)];
    const options: AsofOptions = {
      kernel,
      direction: (["backward", "forward", "nearest"] as const)[random(3)]!,
      tie: random(2) ? "earlier" : "later",
      allowExact: random(4) > 0,
      outside: random(2) ? "null" : "hold",
      ...(random(2) ? { toleranceNs: BigInt(random(100_000)) } : {}),
      ...(random(3) ? {} : { maxGapNs: BigInt(random(1_000_000)) }),
    };
    const ticks = [left, right].map((grid) => readTicks(kernel, grid, 0, grid.count));
    const expected = asofJoin(ticks[0]!, ticks[1]!, options);
    for (const sides of [[left, right], [left, ticks[1]!], [ticks[0]!, right]] as const) {
      assert.deepEqual(asofJoin(sides[0], sides[1], options), expected);
    }
    const samples = {
      times: ticks[1]!,
      values: Float64Array.from(ticks[1]!, (_, row) => row % 17),
    };
    for (const method of ["linear", "pchip", "previous"] as const) {
      const whole = resample(samples, ticks[0]!, { kernel, method });
      assert.deepEqual(resample(samples, left, { kernel, method }), whole);
    }
  }
});

Deno.test("answers are written where they are wanted, and too little room is refused", () => {
  const [left, right] = [timesFrom([1, 2, 3]), timesFrom([2])];
  const kernel = new Kernel();
  const into = { indexes: new Int32Array(4).fill(7), distances: new BigInt64Array(4) };
  assert.equal(asofJoin(left, right, { kernel, into }).indexes, into.indexes);
  assert.deepEqual([...into.indexes], [-1, 0, 0, 7]);
  const rows = asofJoin(left, right, { kernel, withDistances: false });
  assert.deepEqual([[...rows.indexes], rows.distances.length], [[-1, 0, 0], 0]);
  const small = { indexes: new Int32Array(2), distances: new BigInt64Array(4) };
  assert.throws(() => asofJoin(left, right, { kernel, into: small }), RangeError);
  const values = new Float64Array(4).fill(9);
  const samples = { times: right, values: Float64Array.of(5) };
  resample(samples, left, { kernel, into: values });
  assert.deepEqual([...values], [NaN, 5, NaN, 9]);
  assert.throws(() => resample(samples, left, { kernel, into: new Float64Array(2) }), RangeError);
});

Deno.test("limits below zero and means outside are refused", () => {
  const samples = { times: timesFrom([1]), values: Float64Array.of(1) };
  const at = timesFrom([1]);
  const kernel = new Kernel();
  assert.throws(() => resample(samples, at, { kernel, maxGapNs: -1n }), RangeError);
  assert.throws(() => resample(samples, at, { kernel, method: "mean" }), RangeError);
  const mean = { kernel, method: "mean", binNs: 2n } as const;
  assert.throws(() => resample(samples, at, { ...mean, outside: "hold" }), RangeError);
  assert.deepEqual([...resample(samples, at, mean)], [1]);
  assert.throws(() => join([1], [1], { maxGapNs: -1n }), RangeError);
});

Deno.test("no recorded time makes a join or a curve fail", () => {
  const random = generator(3);
  const wild = [MISSING_NS, MISSING_NS + 1n, -1n, 0n, 1n, 2n ** 62n, 2n ** 63n - 1n];
  const kernel = new Kernel();
  for (let round = 0; round < 200; round++) {
    const side = () => {
      const times = Array.from({ length: random(9) }, () => wild[random(wild.length)]!);
      return BigInt64Array.from(times).sort();
    };
    const [left, right] = [side(), side()];
    const values = Float64Array.from(right, () => [NaN, Infinity, 0, 1e308, -1e308][random(5)]!);
    for (const direction of ["backward", "forward", "nearest"] as const) {
      const { indexes } = asofJoin(left, right, { kernel, direction, oneToOne: random(2) === 1 });
      assert.ok(indexes.every((index) => index >= -1 && index < right.length));
    }
    for (const method of ["linear", "pchip", "previous", "mean"] as const) {
      const found = resample({ times: right, values }, left, { kernel, method, binNs: 5n });
      assert.equal(found.length, left.length);
    }
  }
});
