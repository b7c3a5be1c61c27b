import assert from "node:assert/strict";
import { commonRotation, explained } from "./rotation.ts";

/** A quarter turn about the third axis. */
const QUARTER = Float64Array.of(0, -1, 0, 1, 0, 0, 0, 0, 1);

Deno.test("movements along two axes together tell the rotation that neither tells alone", () => {
  // Along the first axis the second sensor shows its second, and along the second its first, reversed.
  const first = Float64Array.of(0, 0, 0, 1, 0, 0, 0, 0, 0);
  const second = Float64Array.of(0, -1, 0, 0, 0, 0, 0, 0, 0);
  const found = commonRotation([first, second]);
  for (const [cell, value] of QUARTER.entries()) {
    assert.ok(Math.abs(found[cell]! - value) < 1e-9, `${found}`);
  }
  assert.ok(Math.abs(explained(found, first) - 1) < 1e-9);
});

Deno.test("reversed movements have no rotation in common", () => {
  const forth = Float64Array.of(0.5, 0, 0, 0, 0.3, 0, 0, 0, 0.2);
  const back = forth.map((value) => -value);
  const found = commonRotation([forth, forth, back]);
  assert.ok(explained(found, forth) > 0.99);
  assert.ok(explained(found, back) < -0.99);
});
