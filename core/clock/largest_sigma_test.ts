import assert from "node:assert/strict";
import { largestModelSigma } from "./largest_sigma.ts";
import type { ClockModel } from "./model.ts";

const CLOCK = { id: "phone/utc", kind: "utc" } as const;

function model(sigmas: readonly (readonly number[])[]): ClockModel {
  return {
    clock: CLOCK,
    reference: CLOCK,
    method: "events",
    segments: sigmas.map((some) => ({
      fromNs: 0n,
      toNs: 1n,
      firstRows: {},
      knots: some.map((sigmaNs) => ({ deviceNs: 0n, offsetNs: 0n, skew: 0, sigmaNs })),
    })),
    driftPpm: 0,
    driftSigmaPpm: 0,
    residualRmsNs: 0,
    evidence: [],
  };
}

Deno.test("the largest uncertainty is that of the worst knot of any stretch", () => {
  assert.equal(largestModelSigma(model([[1, 5], [3]])), 5);
  assert.ok(Number.isNaN(largestModelSigma(model([]))));
});
