import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { MISSING_NS } from "../base/mod.ts";
import { generator, sortedNumbers, timesFrom } from "./_oracle.ts";
import { asofJoin } from "./asof.ts";
import { AsofJoiner, type AsofPart } from "./asof_joiner.ts";
import type { MatchOptions } from "./asof_options.ts";
import { type CurveOptions, resample } from "./resample.ts";
import { Resampler } from "./resampler.ts";

function sortedTimes(
  random: (below: number) => number,
  length: number,
  span: number,
): BigInt64Array {
  return timesFrom(sortedNumbers(random, length, span));
}

/** Calls for parts of random lengths of two lists in random turns. */
function inTurns(
  random: (below: number) => number,
  lengths: readonly [number, number],
  use: (side: number, from: number, to: number) => void,
): void {
  const done = [0, 0];
  while (done[0]! < lengths[0] || done[1]! < lengths[1]) {
    const side = random(2);
    const to = Math.min(done[side]! + random(60), lengths[side]!);
    use(side, done[side]!, to);
    done[side] = to;
  }
}

Deno.test("AsofJoiner gives what asofJoin gives, whatever the chunks", () => {
  const random = generator(99);
  for (let round = 0; round < 150; round++) {
    const span = random(2) ? 300 : 100_000;
    const [left, right] = [sortedTimes(random, 400, span), sortedTimes(random, 300, span)];
    if (random(3) === 0) left[random(400)] = right[random(300)] = MISSING_NS;
    const options: MatchOptions = {
      direction: (["backward", "forward", "nearest"] as const)[random(3)]!,
      tie: random(2) ? "earlier" : "later",
      allowExact: random(4) > 0,
      outside: random(2) ? "null" : "hold",
      breaksNs: BigInt64Array.from({ length: random(3) }, () => BigInt(random(span))),
      ...(random(3) ? {} : { duplicates: random(2) ? "first" : "last" } as const),
      ...(random(2) ? { toleranceNs: BigInt(random(span / 20)) } : {}),
      ...(random(2) ? { maxGapNs: BigInt(random(span / 20)) } : {}),
    };
    const sigmas = {
      left: Float64Array.from(left, (_, index) => index % 7),
      right: Float64Array.from(right, (_, index) => index % 5),
    };
    const kernel = new Kernel();
    const whole = asofJoin(left, right, { kernel, sigmas, ...options });
    const joiner = new AsofJoiner({ kernel, ...options });
    const parts: AsofPart[] = [];
    inTurns(random, [400, 300], (side, from, to) =>
      parts.push(
        side === 0
          ? joiner.pushLeft(left.subarray(from, to), sigmas.left.subarray(from, to))
          : joiner.pushRight(right.subarray(from, to), sigmas.right.subarray(from, to)),
      ));
    parts.push(joiner.endRight());
    joiner.dispose();
    assert.deepEqual(parts.flatMap(({ indexes }) => [...indexes]), [...whole.indexes]);
    assert.deepEqual(parts.flatMap(({ distances }) => [...distances]), [...whole.distances]);
    assert.deepEqual(parts.flatMap((part) => [...part.sigmas ?? []]), [...whole.sigmas!]);
    let row = 0;
    for (const { firstRow, indexes } of parts) {
      assert.equal(firstRow, row);
      row += indexes.length;
    }
  }
});

Deno.test("Resampler gives what resample gives, whatever the chunks", () => {
  const random = generator(7);
  for (let round = 0; round < 100; round++) {
    const span = random(2) ? 500 : 1_000_000;
    const [times, at] = [sortedTimes(random, 300, span), sortedTimes(random, 400, span)];
    const values = Float64Array.from(times, () => random(10) === 0 ? NaN : random(1000) / 7);
    const method = (["linear", "previous", "pchip", "mean"] as const)[random(4)]!;
    const options: CurveOptions = {
      method,
      binNs: BigInt(1 + random(span / 20)),
      outside: method === "mean" || random(2) ? "null" : "hold",
      duplicates: random(2) ? "first" : "last",
      breaksNs: BigInt64Array.from({ length: random(3) }, () => BigInt(random(span))),
      ...(random(2) ? { maxGapNs: BigInt(random(span / 20)) } : {}),
    };
    const kernel = new Kernel();
    const whole = resample({ times, values }, at, { kernel, ...options });
    const resampler = new Resampler({ kernel, ...options });
    const parts: Float64Array[] = [];
    inTurns(random, [400, 300], (side, from, to) =>
      parts.push(
        side === 0
          ? resampler.pushTimes(at.subarray(from, to))
          : resampler.pushSamples(times.subarray(from, to), values.subarray(from, to)),
      ));
    parts.push(resampler.endSamples());
    resampler.dispose();
    assert.deepEqual(
      parts.flatMap((part) => [...part]),
      [...whole],
      JSON.stringify({ method, round }),
    );
  }
});

Deno.test("streams hold what may still be needed and not what is done with", () => {
  const kernel = new Kernel();
  const joiner = new AsofJoiner({ kernel, direction: "nearest" });
  const resampler = new Resampler({ kernel, method: "pchip" });
  const chunk = (index: number) =>
    BigInt64Array.from({ length: 10_000 }, (_, row) => BigInt(index * 10_000 + row) * 10n);
  const values = new Float64Array(10_000);
  const pages: number[] = [];
  let rows = 0;
  for (let index = 0; index < 60; index++) {
    const times = chunk(index);
    resampler.pushSamples(times, values);
    joiner.pushRight(times);
    const found = joiner.pushLeft(times);
    resampler.pushTimes(times);
    assert.ok(found.indexes.every((match, row) => match === found.firstRow + row));
    rows += found.indexes.length;
    pages.push(kernel.u8({ pointer: 0, bytes: 0 }).buffer.byteLength);
  }
  assert.ok(rows > 590_000);
  assert.equal(pages.at(-1), pages[20]);
});

Deno.test("AsofJoiner wants uncertainties of all rows of a side or of none", () => {
  const joiner = new AsofJoiner({ kernel: new Kernel() });
  joiner.pushLeft(BigInt64Array.of(1n), Float64Array.of(1));
  assert.throws(() => joiner.pushLeft(BigInt64Array.of(2n)), RangeError);
  assert.throws(() => joiner.pushRight(BigInt64Array.of(2n), Float64Array.of(1, 2)), RangeError);
});
