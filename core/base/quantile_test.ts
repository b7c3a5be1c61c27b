import assert from "node:assert/strict";
import { median, quantile, spread } from "./mod.ts";

Deno.test("quantiles are members of the numbers", () => {
  assert.equal(median([5, 1, 3]), 3);
  assert.equal(median([4, 1, 3, 2]), 3);
  assert.equal(quantile([40, 10, 30, 20], 0), 10);
  assert.equal(quantile([40, 10, 30, 20], 0.25), 20);
  assert.equal(quantile([40, 10, 30, 20], 1), 40);
  assert.equal(median([]), NaN);
});

Deno.test("the spread of a normal distribution is its standard deviation", () => {
  // The quartiles of the standard normal distribution lie at 0.6745 on either side.
  const quartiles = [-0.674489750196, -0.674489750196, 0, 0.674489750196, 0.674489750196];
  assert.ok(Math.abs(spread(quartiles) - 1) < 1e-4);
  assert.equal(spread([1, 2, 3], 0), 1.4826 * 2);
});
