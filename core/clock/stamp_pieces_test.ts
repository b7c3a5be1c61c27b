import assert from "node:assert/strict";
import { JumpSurvey, Kernel } from "../../wasm/mod.ts";
import { piecesOf, type StampPiece } from "./stamp_pieces.ts";

const PERIOD = 33_333_333n;

function pieces(stamps: BigInt64Array): readonly StampPiece[] {
  const survey = new JumpSurvey(new Kernel());
  try {
    survey.add(stamps);
    return piecesOf(survey.get());
  } finally {
    survey.dispose();
  }
}

function regular(count: number): BigInt64Array {
  return BigInt64Array.from({ length: count }, (_, row) => BigInt(row) * PERIOD);
}

Deno.test("packets that arrive in another order are no clock that was set", () => {
  for (const samples of [4, 8, 16]) {
    const stamps = regular(1000);
    // Two packets change places near the end.
    const first = stamps.slice(900, 900 + samples);
    stamps.copyWithin(900, 900 + samples, 900 + 2 * samples);
    stamps.set(first, 900 + samples);
    assert.deepEqual(pieces(stamps), []);
  }
});

Deno.test("a clock that was set divides its stream where its stamps jump", () => {
  for (const change of [-3_600_000_000_000n, -2_000_000_000n, 5_000_000_000n]) {
    const stamps = regular(1000);
    for (let row = 900; row < 1000; row++) stamps[row]! += change;
    const [piece, ...others] = pieces(stamps);
    assert.equal(others.length, 0);
    assert.equal(piece!.row, 900);
    assert.ok(Math.abs(piece!.sizeNs - Number(change)) < 1e6, `${piece!.sizeNs}`);
  }
});

Deno.test("a clock that is set back and, later, set right again divides its stream twice", () => {
  const stamps = regular(1000);
  for (let row = 700; row < 900; row++) stamps[row]! -= 2_000_000_000n;
  assert.deepEqual(pieces(stamps).map(({ row }) => row), [700, 900]);
});
