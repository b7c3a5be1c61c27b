import assert from "node:assert/strict";
import { logarithm, rootSumSquares, square } from "./arithmetic.ts";

Deno.test("roots of sums of squares are those of right triangles", () => {
  assert.equal(rootSumSquares(3, 4), 5);
  assert.equal(rootSumSquares(2, 3, 6), 7);
  assert.equal(rootSumSquares(), 0);
  assert.ok(Number.isNaN(rootSumSquares(1, NaN)));
  assert.equal(square(-1.5), 2.25);
});

Deno.test("the logarithm agrees with the platform's to its stated precision", () => {
  for (const value of [1e-300, 1e-9, 0.1, 0.5, 0.7072, 1, 1.4142, 2, Math.E, 1e5, 1e300]) {
    assert.ok(
      Math.abs(logarithm(value) - Math.log(value)) <= 1e-10 * (1 + Math.abs(Math.log(value))),
    );
  }
  assert.ok(Number.isNaN(logarithm(0)) && Number.isNaN(logarithm(-1)));
  assert.equal(logarithm(Infinity), Infinity);
});
