import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { MISSING_NS, UsageError } from "../base/mod.ts";
import { dejitter, DejitterSurvey } from "./dejitter.ts";
import { Random } from "./_support.ts";

/** A standard normal number (Box and Muller 1958). */
function normal(random: Random): number {
  return Math.sqrt(2 * random.exponential()) * Math.cos(2 * Math.PI * random.uniform());
}

/** A whole number from 0 to below a limit. */
function below(random: Random, limit: number): number {
  return Math.floor(random.uniform() * limit);
}

interface Recording {
  readonly stamps: BigInt64Array;
  /** True times and places of the rows. */
  readonly truth: BigInt64Array;
  readonly places: readonly number[];
}

/** Samples on an exact clock whose stamps scatter by 2 ms; `kept` says which are recorded. */
function record(
  seed: number,
  rateHz: number,
  count: number,
  kept: (place: number, random: Random) => boolean,
): Recording {
  const random = new Random(seed);
  const places: number[] = [];
  for (let place = 0; place < count; place++) if (kept(place, random)) places.push(place);
  const start = 1_700_000_000_000_000_000n;
  const due = (place: number) => start + BigInt(Math.round(place / rateHz * (1 + 2e-5) * 1e9));
  return {
    places,
    truth: BigInt64Array.from(places, due),
    stamps: BigInt64Array.from(
      places,
      (place) => due(place) + BigInt(Math.round(normal(random) * 2e6)),
    ),
  };
}

function worstNs(found: BigInt64Array, truth: BigInt64Array): number {
  return truth.reduce(
    (worst, time, row) => Math.max(worst, Math.abs(Number(found[row]! - time))),
    0,
  );
}

for (const [name, lostFrom, lostTo] of [["one frame", 9000, 9001], ["15 s", 9000, 9450]] as const) {
  Deno.test(`dejitter counts a gap of ${name} and finds the times of all others`, () => {
    for (let seed = 0; seed < 5; seed++) {
      const { stamps, truth, places } = record(
        seed,
        30,
        18_000,
        (p) => p < lostFrom || p >= lostTo,
      );
      const found = dejitter(new Kernel(), stamps, { nominalRateHz: 30 });
      assert.equal(found.dropped, lostTo - lostFrom);
      assert.deepEqual(found.gaps.map(({ row, missing, certain }) => ({ row, missing, certain })), [
        { row: lostFrom, missing: lostTo - lostFrom, certain: true },
      ]);
      assert.deepEqual(Array.from(found.indexes, Number), places);
      assert.ok(worstNs(found.times, truth) < 100_000);
    }
  });
}

Deno.test("dejitter gives the same bits whatever the batches", () => {
  const { stamps } = record(1, 128, 30_000, (_, random) => random.uniform() > 0.01);
  stamps[77] = MISSING_NS;
  const whole = dejitter(new Kernel(), stamps);
  for (const size of [1, 7, 1000, 29_000]) {
    const survey = new DejitterSurvey(new Kernel());
    for (let row = 0; row < stamps.length; row += size) {
      survey.add(stamps.subarray(row, row + size));
    }
    const dejitterer = survey.solve();
    for (let row = 0; row < stamps.length; row += size) {
      const part = dejitterer.apply(stamps.subarray(row, row + size), row);
      assert.deepEqual(part.times, whole.times.subarray(row, row + size));
      assert.deepEqual(part.sigmas, whole.sigmas.subarray(row, row + size));
      assert.deepEqual(part.indexes, whole.indexes.subarray(row, row + size));
    }
    assert.deepEqual(dejitterer.summary.gaps, whole.gaps);
    dejitterer.dispose();
    survey.dispose();
  }
  assert.equal(whole.times[77], MISSING_NS);
});

Deno.test("DejitterSurvey goes on from its state with the same bits", () => {
  const { stamps } = record(6, 100, 20_000, (_, random) => random.uniform() > 0.01);
  for (const times of [stamps, stamps.subarray(0, 1)]) {
    const kernel = new Kernel();
    const survey = new DejitterSurvey(kernel, { nominalRateHz: 100 });
    survey.add(times);
    const state = survey.state();
    const restored = DejitterSurvey.restore(new Kernel(), { nominalRateHz: 100 }, state);
    const [whole, again] = [survey.solve(), restored.solve()];
    assert.deepEqual(again.summary, whole.summary);
    assert.deepEqual(again.apply(times, 0), whole.apply(times, 0));
    assert.deepEqual(restored.state(), state);
    assert.throws(() => restored.add(times), UsageError);
  }
  for (const state of [new Uint8Array(0), new Uint8Array(64), new Uint8Array(7).fill(255)]) {
    assert.throws(() => DejitterSurvey.restore(new Kernel(), {}, state), RangeError);
  }
});

Deno.test("a broken state does not trap", () => {
  const survey = new DejitterSurvey(new Kernel());
  const { stamps } = record(6, 100, 3000, (_, random) => random.uniform() > 0.01);
  survey.add(stamps);
  const state = survey.state();
  const random = new Random(5);
  for (let round = 0; round < 200; round++) {
    const broken = state.slice(0, round % 2 === 0 ? state.length : below(random, state.length));
    for (let flip = 0; flip < 5; flip++) broken[below(random, broken.length)] = below(random, 256);
    try {
      const restored = DejitterSurvey.restore(new Kernel(), {}, broken);
      assert.equal(restored.solve().apply(stamps, 0).times.length, stamps.length);
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error));
    }
  }
});

Deno.test("dejitter leaves events, text and single samples alone", () => {
  const random = new Random(3);
  let now = 0;
  const events = BigInt64Array.from(
    { length: 3000 },
    () => BigInt(now += Math.round(random.exponential() * 1e9)),
  );
  for (const nominalRateHz of [undefined, 10_000]) {
    const found = dejitter(new Kernel(), events, { nominalRateHz });
    assert.equal(found.skipped, "irregular");
    assert.deepEqual(found.times, events);
    assert.ok(Number.isNaN(found.sigmas[0]) && Number.isNaN(found.rateHz));
  }
  const even = BigInt64Array.from({ length: 100 }, (_, row) => BigInt(row * 1000));
  assert.equal(dejitter(new Kernel(), even, { text: true }).skipped, "text");
  assert.equal(dejitter(new Kernel(), new BigInt64Array(0)).skipped, "too-few");
  assert.equal(dejitter(new Kernel(), BigInt64Array.of(5n)).skipped, "too-few");
});

Deno.test("DejitterSurvey tells a step of the clock from a gap", () => {
  const { stamps, truth, places } = record(
    2,
    128,
    60_000,
    (place) => place < 40_000 || place >= 40_200,
  );
  // The device clock was set back by 4 s, which is 512 periods.
  const STEP_NS = 4_000_000_000n;
  const stepped = stamps.map((stamp, row) => row < 20_000 ? stamp : stamp - STEP_NS);
  const survey = new DejitterSurvey(new Kernel(), { nominalRateHz: 128 });
  survey.add(stepped);
  const dejitterer = survey.solve({
    toReference: ({ rows, times }) =>
      times.map((time, index) => rows[index]! < 20_000 ? time : time + STEP_NS),
  });
  assert.deepEqual(dejitterer.summary.gaps.map(({ row, missing }) => [row, missing]), [[
    40_000,
    200,
  ]]);
  const found = dejitterer.apply(stepped, 0);
  assert.deepEqual(Array.from(found.indexes, Number), places);
  assert.ok(worstNs(found.times, truth) < 100_000);
});

for (
  const [name, stepNs] of [["back", -653_456_000_000_000n], ["on", 650_000_000_000_000n]] as const
) {
  Deno.test(`DejitterSurvey finds a gap that a clock hides which is set ${name} by days`, () => {
    const lost = (place: number) => place >= 40_000 && place < 67_360;
    const { stamps, truth, places } = record(4, 100, 107_360, (place) => !lost(place));
    const stepped = stamps.map((stamp, row) => row < 40_000 ? stamp : stamp + stepNs);
    const survey = new DejitterSurvey(new Kernel(), { nominalRateHz: 100 });
    survey.add(stepped);
    const dejitterer = survey.solve({
      toReference: ({ rows, times }) =>
        times.map((time, index) => rows[index]! < 40_000 ? time : time - stepNs),
    });
    const { gaps, dropped, duplicates } = dejitterer.summary;
    assert.deepEqual(gaps.map(({ row, missing }) => [row, missing]), [[40_000, 27_360]]);
    assert.deepEqual([dropped, duplicates], [27_360, 0]);
    const found = dejitterer.apply(stepped, 0);
    assert.deepEqual(Array.from(found.indexes, Number), places);
    assert.ok(worstNs(found.times, truth) < 100_000);
  });
}

Deno.test("dejitter leaves a timer alone whose phase walks", () => {
  const random = new Random(12);
  let now = 0;
  const stamps = BigInt64Array.from(
    { length: 60_000 },
    () => BigInt(now += Math.round(10.76e6 + 0.5e6 * normal(random))),
  );
  const found = dejitter(new Kernel(), stamps, { nominalRateHz: 100 });
  assert.equal(found.skipped, "irregular");
  assert.deepEqual(found.times, stamps);
});

Deno.test("dejitter survives any stamps", () => {
  const MAX = 2n ** 63n - 1n;
  const extremes = [MISSING_NS, MISSING_NS + 1n, MAX, 0n, -1n, 1n, 10n ** 18n];
  const random = new Random(9);
  for (let round = 0; round < 40; round++) {
    const length = below(random, 600);
    const step = BigInt(below(random, 3)) * 1_000_000n;
    const times = BigInt64Array.from(
      { length },
      (_, row) =>
        random.uniform() < 0.1 ? extremes[below(random, extremes.length)]! : BigInt(row) * step,
    );
    const found = dejitter(new Kernel(), times, {
      nominalRateHz: [NaN, -1, 1e300, 1e-300, 1000][round % 5],
    });
    assert.equal(found.times.length, length);
    assert.ok(
      found.times.every((time, row) => (time === MISSING_NS) === (times[row] === MISSING_NS)),
    );
  }
});
