import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { MISSING_NS } from "../base/mod.ts";
import { asofJoin } from "./asof.ts";
import type { AsofOptions } from "./asof_options.ts";

type Options = Omit<AsofOptions, "kernel">;

const KERNEL = () => new Kernel();

function match(left: readonly number[], right: readonly number[], options: Options = {}): number[] {
  const times = (values: readonly number[]) => BigInt64Array.from(values, BigInt);
  const { indexes, distances } = asofJoin(times(left), times(right), {
    kernel: KERNEL(),
    ...options,
  });
  for (const [row, index] of indexes.entries()) {
    const expected = index < 0 ? MISSING_NS : BigInt(right[index]! - left[row]!);
    assert.equal(distances[row], expected);
  }
  return [...indexes];
}

Deno.test("asofJoin keeps to tolerance, also with inexact matches, duplicates and zero", () => {
  // Recorded failures of other tools: tolerance ignored without exact matches or with duplicates.
  assert.deepEqual(match([10, 10], [7, 10, 10], { allowExact: false, toleranceNs: 2n }), [-1, -1]);
  assert.deepEqual(match([10, 12], [10, 10, 11], { toleranceNs: 0n }), [1, -1]);
  assert.deepEqual(match([10, 12], [10, 11, 13], { toleranceNs: 1n, direction: "nearest" }), [
    0,
    1,
  ]);
  assert.deepEqual(match([10], [8, 12], { toleranceNs: 1n, direction: "nearest" }), [-1]);
  assert.deepEqual(match([10], [11], { toleranceNs: 0n, direction: "forward" }), [-1]);
});

Deno.test("asofJoin takes the tie and the duplicate that was asked for", () => {
  const nearest = { direction: "nearest" } as const;
  assert.deepEqual(match([30], [25, 35], nearest), [0]);
  assert.deepEqual(match([30], [25, 35], { ...nearest, tie: "later" }), [1]);
  assert.deepEqual(match([10], [10, 10]), [1]);
  assert.deepEqual(match([10], [10, 10], { duplicates: "first" }), [0]);
  assert.deepEqual(match([9], [10, 10], { direction: "forward" }), [0]);
  assert.deepEqual(match([9], [10, 10], { direction: "forward", duplicates: "last" }), [1]);
});

Deno.test("asofJoin does not cross a gap", () => {
  assert.deepEqual(match([10, 15, 60, 100, 120], [10, 20, 100], { maxGapNs: 50n }), [
    0,
    0,
    -1,
    2,
    2,
  ]);
});

Deno.test("asofJoin tells nanoseconds apart in times of today", () => {
  const now = 1_700_000_000_000_000_000n;
  const left = BigInt64Array.of(now + 1n, now + 2n);
  const { indexes } = asofJoin(left, BigInt64Array.of(now + 2n), { kernel: KERNEL() });
  assert.deepEqual(indexes, Int32Array.of(-1, 0));
});

Deno.test("asofJoin refuses what is not sorted and passes over missing times", () => {
  assert.throws(() => match([2, 1], [1]), RangeError);
  assert.throws(() => match([1], [2, 1]), RangeError);
  assert.throws(() => match([1], [1], { toleranceNs: -1n }), RangeError);
  const { indexes } = asofJoin(BigInt64Array.of(MISSING_NS, 5n), BigInt64Array.of(1n, MISSING_NS), {
    kernel: KERNEL(),
  });
  assert.deepEqual(indexes, Int32Array.of(-1, 0));
  assert.deepEqual(match([], [1]), []);
  assert.deepEqual(match([1], []), [-1]);
});

Deno.test("asofJoin agrees with every pair tried in turn", () => {
  let state = 12345;
  const random = (below: number) => (state = (state * 48271) % 2147483647) % below;
  for (let round = 0; round < 400; round++) {
    const sorted = (length: number) =>
      Array.from({ length }, () => random(40)).sort((a, b) => a - b);
    const [left, right] = [sorted(random(12)), sorted(random(12))];
    const options: Options = {
      direction: (["backward", "forward", "nearest"] as const)[random(3)]!,
      tie: random(2) ? "earlier" : "later",
      duplicates: random(2) ? "first" : "last",
      allowExact: random(2) === 1,
      ...(random(2) ? { toleranceNs: BigInt(random(6)) } : {}),
      ...(random(2) ? { maxGapNs: BigInt(random(12)) } : {}),
    };
    const expected = left.map((time) => bruteForce(time, right, options));
    assert.deepEqual(match(left, right, options), expected, JSON.stringify({ left, right, round }));
  }
});

function bruteForce(time: number, right: readonly number[], options: Options): number {
  const { direction, tie, duplicates, allowExact, toleranceNs = 1000n, maxGapNs = 1000n } = options;
  const before = right.filter((value) => value < time).at(-1);
  const after = right.find((value) => value > time);
  const exact = right.includes(time);
  const pick = (value: number | undefined) =>
    value === undefined
      ? -1
      : duplicates === "first"
      ? right.indexOf(value)
      : right.lastIndexOf(value);
  if (exact && allowExact) return pick(time);
  // The neighbours of the gap on whose other side a match would lie.
  const near = (value: number | undefined, beyond: number | undefined) =>
    value !== undefined && Math.abs(value - time) <= Number(toleranceNs) &&
      Math.abs(value - (exact ? time : beyond ?? value)) <= Number(maxGapNs)
      ? value
      : undefined;
  const [back, ahead] = [near(before, after), near(after, before)];
  if (direction === "backward") return pick(back);
  if (direction === "forward") return pick(ahead);
  if (back === undefined || ahead === undefined) return pick(back ?? ahead);
  const closer = time - back - (ahead - time);
  return pick(closer > 0 || (closer === 0 && tie === "later") ? ahead : back);
}
