import assert from "node:assert/strict";
import { Random } from "./_support.ts";
import { fitCurve } from "./curve.ts";

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not near ${expected}`);

Deno.test("a scattered line has the values and uncertainties of linear regression", () => {
  const random = new Random(3);
  const x = Array.from({ length: 60 }, (_, index) => index + random.uniform());
  const y = x.map((at) => 40 - 3 * at + random.exponential());
  const { knots, values, sigmas } = fitCurve({ x, y, weights: x.map(() => 1) });

  // Closed form of the least squares line and of the standard error of its mean response.
  const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [mx, my] = [mean(x), mean(y)];
  const sxx = x.reduce((sum, at) => sum + (at - mx) ** 2, 0);
  const slope = x.reduce((sum, at, index) => sum + (at - mx) * (y[index]! - my), 0) / sxx;
  const line = (at: number) => my + slope * (at - mx);
  const squares = x.reduce((sum, at, index) => sum + (y[index]! - line(at)) ** 2, 0);
  const error = (at: number) =>
    Math.sqrt(squares / (x.length - 2) * (1 / x.length + (at - mx) ** 2 / sxx));

  assert.deepEqual(knots, [x[0], x.at(-1)]);
  for (const [index, at] of knots.entries()) {
    near(values[index]!, line(at), 1e-9);
    near(sigmas[index]!, error(at), 1e-9);
  }
});

Deno.test("a bend calls for more pieces, and points without weight do not count", () => {
  const x = Array.from({ length: 65 }, (_, index) => index);
  const y = x.map((at) => Math.abs(at - 32) * 100);
  const weights = x.map(() => 1);
  y[10] = 1e6;
  weights[10] = 0;
  const { knots, values, rms } = fitCurve({ x, y, weights });
  assert.ok(knots.length > 2);
  near(rms, 0, 1e-6);
  near(values[knots.indexOf(32)]!, 0, 1e-6);
});

Deno.test("points at one place give a level", () => {
  const { values } = fitCurve({ x: [5, 5, 5], y: [1, 2, 3], weights: [1, 1, 1] });
  near(values[0]!, 2, 1e-6);
});
