import assert from "node:assert/strict";
import { logarithm } from "../../base/mod.ts";
import { sineOfTurns, SineTable } from "./functions.ts";
import { bellAt, keyOf, uniformAt } from "./random.ts";

Deno.test("sine and logarithm agree with the platform", () => {
  const table = new SineTable();
  for (let step = -5000; step <= 5000; step++) {
    const turns = step / 777;
    const expected = Math.sin(2 * Math.PI * turns);
    assert.ok(Math.abs(sineOfTurns(turns) - expected) < 1e-10, `sine at ${turns}`);
    assert.ok(Math.abs(table.at(turns) - expected) < 1e-6, `table at ${turns}`);
  }
  for (let value = 1; value > 1e-10; value *= 0.97) {
    assert.ok(Math.abs(logarithm(value) - Math.log(value)) < 1e-10, `logarithm of ${value}`);
  }
});

Deno.test("random numbers are uniform and unrelated to their neighbours", () => {
  const count = 100_000;
  for (const key of [keyOf(1, "a"), keyOf(1, "b"), keyOf(2, "a")]) {
    let sum = 0;
    let squares = 0;
    let neighbours = 0;
    const bins = new Float64Array(16);
    for (let index = 0; index < count; index++) {
      const value = uniformAt(key, index) - 0.5;
      sum += value;
      squares += value * value;
      neighbours += value * (uniformAt(key, index + 1) - 0.5);
      bins[Math.floor((value + 0.5) * 16)]!++;
    }
    // Five sigma of the mean, the variance and the covariance of uniform numbers.
    assert.ok(Math.abs(sum / count) < 5 * Math.sqrt(1 / 12 / count));
    assert.ok(Math.abs(squares / count - 1 / 12) < 5 * Math.sqrt(1 / 180 / count));
    assert.ok(Math.abs(neighbours / count) < 5 / 12 / Math.sqrt(count));
    const chi = bins.reduce((total, bin) => total + (bin - count / 16) ** 2 / (count / 16), 0);
    assert.ok(chi < 50, `chi squared with 15 degrees of freedom is ${chi}`);
  }
});

Deno.test("keys of two names give unrelated numbers", () => {
  const [first, second] = [keyOf(1, "phone_1/gsr noise"), keyOf(1, "phone_2/gsr noise")];
  let product = 0;
  for (let index = 0; index < 100_000; index++) {
    product += (uniformAt(first, index) - 0.5) * (uniformAt(second, index) - 0.5);
  }
  assert.ok(Math.abs(product / 100_000) < 5 / 12 / Math.sqrt(100_000));
});

Deno.test("bell has mean 0 and variance 1", () => {
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < 100_000; index++) {
    const value = bellAt(99, index);
    sum += value;
    squares += value * value;
  }
  assert.ok(Math.abs(sum / 100_000) < 0.016);
  assert.ok(Math.abs(squares / 100_000 - 1) < 0.03);
});
