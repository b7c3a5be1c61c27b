import { Quantiles } from "./quantiles.ts";
import { type Errors, errorsOf } from "./score.ts";
import type { Outcome } from "./worker.ts";

/** Differences in ms between the errors of all pairs of devices at the same master times. */
export function pairErrors(outcomes: readonly Outcome[]): { all: Errors } {
  const grids = outcomes.flatMap(({ grid }) => grid ?? []);
  const all = new Quantiles();
  for (const [index, one] of grids.entries()) {
    for (const other of grids.slice(0, index)) addPair(all, one, other);
  }
  return { all: errorsOf(all) };
}

function addPair(all: Quantiles, one: Float32Array, other: Float32Array): void {
  for (let place = 0; place < one.length; place++) {
    const difference = one[place]! - other[place]!;
    // No error where either has no sample.
    if (!Number.isNaN(difference)) all.add(difference);
  }
}
