import assert from "node:assert/strict";
import { findLines, lagAt, type LagPoint } from "./lines.ts";
import { chooseWindows } from "./windows.ts";

const DRIFT = 300e-6;

/** Ten windows on a line, each with wrong places beside the right one. */
function scattered(slope: number): LagPoint[] {
  return Array.from({ length: 10 }, (_, window) => {
    const at = 600 * window;
    return [
      { window, at, lag: 12 + slope * at, weight: 0.8 },
      { window, at, lag: 12 + slope * at + 37 * ((window * 7) % 11) - 100, weight: 0.4 },
      { window, at, lag: -((window * 91) % 17) * 5.3, weight: 0.5 },
    ];
  }).flat();
}

Deno.test("finds the line that most windows agree on", () => {
  for (const slope of [0, 50e-6, -200e-6]) {
    const { best, rival } = findLines(scattered(slope), DRIFT)!;
    assert.equal(best.points.length, 10);
    for (const at of [0, 2700, 5400]) {
      assert.ok(Math.abs(lagAt(best.line, at) - (12 + slope * at)) < 0.01);
    }
    assert.ok(rival!.support < 0.5 * best.support);
  }
});

Deno.test("drifts beyond the limit are no lines", () => {
  const { best } = findLines(scattered(2e-3), DRIFT)!;
  assert.ok(best.points.length < 5);
});

Deno.test("no points give no line", () => {
  assert.equal(findLines([], DRIFT), undefined);
});

Deno.test("windows lie where the movement is, apart, and in every part", () => {
  const values = new Float64Array(1000).fill(0.1);
  values.fill(1, 200, 230);
  values.fill(2, 300, 310);
  values.fill(0.5, 900, 920);
  values.fill(NaN, 600, 700);
  const chosen = chooseWindows({ values }, { length: 20, count: 10, parts: 5 });
  for (const [index, bin] of chosen.entries()) {
    assert.ok(index === 0 || bin - chosen[index - 1]! >= 20);
    assert.ok(bin + 20 <= 1000 && !(bin > 590 && bin < 690));
  }
  for (const part of [0, 1, 2, 3, 4]) {
    assert.ok(chosen.filter((bin) => Math.floor((bin / 981) * 5) === part).length <= 2);
  }
  assert.ok(chosen.some((bin) => bin > 280 && bin <= 300), "the liveliest place");
  assert.ok(chosen.some((bin) => bin > 880 && bin < 920), "the liveliest place of the last part");
});

Deno.test("a recording shorter than a window is one window", () => {
  const values = new Float64Array(15).fill(1);
  assert.deepEqual(chooseWindows({ values }, { length: 15, count: 10, parts: 5 }), [0]);
  assert.deepEqual(
    chooseWindows({ values: new Float64Array(0) }, { length: 1, count: 1, parts: 1 }),
    [],
  );
});
