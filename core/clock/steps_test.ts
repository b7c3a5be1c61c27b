import assert from "node:assert/strict";
import { Random } from "./_support.ts";
import { findSteps, localSlope } from "./steps.ts";

function noise(length: number, scale: number): number[] {
  const random = new Random(11);
  return Array.from({ length }, () => scale * (random.uniform() - 0.5));
}

Deno.test("steps are found where they are, with their size and sign", () => {
  const level = noise(100, 0.1).map((value, index) =>
    value + (index >= 30 ? 5 : 0) + (index >= 70 ? -8 : 0)
  );
  const steps = findSteps(level, { smallest: 1 });
  assert.deepEqual(steps.map(({ index }) => index), [30, 70]);
  assert.ok(Math.abs(steps[0]!.size - 5) < 0.1);
  assert.ok(Math.abs(steps[1]!.size + 8) < 0.1);
});

Deno.test("an outlier, a slow change and a change below the smallest are no steps", () => {
  const calm = noise(100, 0.1);
  const outlier = calm.with(50, 1000).with(51, -1000);
  const slow = calm.map((value, index) => value + 0.05 * index);
  const small = calm.map((value, index) => value + (index >= 50 ? 0.9 : 0));
  for (const level of [calm, outlier, slow, small, [], [1], [1, 2, 3, 4, 5]]) {
    assert.deepEqual(findSteps(level, { smallest: 1 }), []);
  }
});

Deno.test("the slope between near points is not moved by a step", () => {
  const x = Array.from({ length: 40 }, (_, index) => index * 2);
  const y = x.map((at, index) => 0.25 * at + (index >= 20 ? 1000 : 0));
  assert.equal(localSlope(x, y), 0.25);
  assert.equal(localSlope([1], [1]), 0);
  assert.equal(localSlope([1, 1, 1], [1, 2, 3]), 0);
});
