import assert from "node:assert/strict";
import type { ClockModel } from "../clock/mod.ts";
import { withRows } from "./place_rows.ts";

const CLOCK = { id: "phone/utc", kind: "utc" } as const;

/** A clock that was set back by 0.3 s at 100 s and ahead by 2 s at 200 s. */
const MODEL: ClockModel = {
  clock: CLOCK,
  reference: { id: "pc/utc", kind: "utc" },
  method: "two-way",
  driftPpm: 0,
  driftSigmaPpm: 1,
  residualRmsNs: 0,
  evidence: [],
  segments: [
    segment(0, 100, 0),
    segment(99.7, 199.7, 0.3),
    segment(201.7, 300, -1.7),
  ],
};

function ns(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e9));
}

function segment(from: number, to: number, offset: number): ClockModel["segments"][number] {
  const knots = [{ deviceNs: ns(from), offsetNs: ns(offset), skew: 0, sigmaNs: 1e6 }];
  return { fromNs: ns(from), toNs: ns(to), firstRows: { "phone/gsr": from }, knots };
}

function jumps(...found: readonly (readonly [row: number, at: number, size: number])[]) {
  return {
    rows: Float64Array.from(found, ([row]) => row),
    deviceNs: BigInt64Array.from(found, ([, at]) => ns(at)),
    sizesNs: BigInt64Array.from(found, ([, , size]) => ns(size)),
  };
}

Deno.test("a stretch begins where the stamps of a stream jump by what the clock was set", () => {
  const found = jumps([400, 40, 0.31], [990, 99, -0.02], [1000, 99.71, -0.29], [1990, 201.6, 1.9]);
  const { segments } = withRows(MODEL, "phone/motion", found);
  assert.deepEqual(segments.map(({ firstRows }) => firstRows["phone/motion"]), [0, 1000, 1990]);
  assert.deepEqual(segments.map(({ firstRows }) => firstRows["phone/gsr"]), [0, 99.7, 201.7]);
});

Deno.test("a stream that does not show every step is divided by time", () => {
  assert.equal(withRows(MODEL, "phone/motion", jumps([1000, 99.71, -0.29])), MODEL);
  // The second step may not lie ahead of the first.
  const disorder = jumps([1000, 99.71, -0.29], [500, 201.6, 1.9]);
  assert.equal(withRows(MODEL, "phone/motion", disorder), MODEL);
});
