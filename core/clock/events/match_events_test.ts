import assert from "node:assert/strict";
import { Kernel } from "../../../wasm/mod.ts";
import { MISSING_NS } from "../../base/mod.ts";
import { Random } from "../_support.ts";
import { eventSeries, type EventTrain, matchEvents } from "./match_events.ts";

const kernel = new Kernel();
const CLOCKS = {
  from: { id: "phone/utc", kind: "utc" },
  to: { id: "pc/utc", kind: "utc" },
  source: "test",
} as const;

/** A normal deviate, as the sum of twelve uniform ones. */
function normal(random: Random): number {
  let sum = -6;
  for (let term = 0; term < 12; term++) sum += random.uniform();
  return sum;
}

interface Recipe {
  readonly seed: number;
  readonly count: number;
  readonly everySeconds: number;
  readonly offsetNs: bigint;
  readonly drift: number;
  readonly jitterNs: number;
  readonly missing: number;
}

/** Events on two clocks, and the number of each event as its name. */
function simulate({ seed, count, everySeconds, offsetNs, drift, jitterNs, missing }: Recipe) {
  const random = new Random(seed);
  const start = 1_753_965_022_000_000_000n;
  const sides: { times: bigint[]; events: number[] }[] = [{ times: [], events: [] }, {
    times: [],
    events: [],
  }];
  for (let event = 0, seconds = 0; event < count; event++) {
    seconds += everySeconds * random.exponential();
    for (const [side, list] of sides.entries()) {
      if (random.uniform() < missing) continue;
      const late = normal(random) * jitterNs * Math.SQRT1_2;
      const ns = side === 0 ? seconds * 1e9 : seconds * (1 + drift) * 1e9;
      list.times.push(start + (side === 0 ? 0n : offsetNs) + BigInt(Math.round(ns + late)));
      list.events.push(event);
    }
  }
  const [a, b] = sides as [typeof sides[0], typeof sides[0]];
  return {
    first: { timesNs: BigInt64Array.from(a.times) },
    second: { timesNs: BigInt64Array.from(b.times) },
    truth: [a.events, b.events] as const,
  };
}

const HOUR: Recipe = {
  seed: 1,
  count: 300,
  everySeconds: 12,
  offsetNs: -55_000_000_000_000_007n,
  drift: -2.5e-4,
  jitterNs: 2e6,
  missing: 0.3,
};

Deno.test("events of two clocks are paired whatever their offset", () => {
  const { first, second, truth } = simulate(HOUR);
  const match = matchEvents(kernel, first, second);
  assert.equal(match.verdict, "matched");
  const wrong = Array.from(match.first).filter((index, pair) =>
    truth[0][index] !== truth[1][match.second[pair]!]
  );
  const shared = truth[0].filter((event) => truth[1].includes(event)).length;
  // Two events within the jitter of each other, each missed by one side, cannot be told apart.
  assert.ok(wrong.length <= 0.015 * match.first.length, `${wrong.length} wrong`);
  assert.ok(match.first.length >= 0.98 * shared, `${match.first.length} of ${shared}`);
  assert.equal(match.unmatchedFirst.length, first.timesNs.length - match.first.length);
  assert.equal(match.unmatchedSecond.length, second.timesNs.length - match.second.length);
  const series = eventSeries(match, first, second, CLOCKS)!;
  assert.equal(series.fromNs.length, match.first.length);
  const sigma = series.sigmasNs![0]!;
  assert.ok(Math.abs(sigma - 2e6) < 4e5, `sigma ${sigma}`);
});

Deno.test("results are the same from run to run", () => {
  const { first, second } = simulate({ ...HOUR, seed: 3 });
  assert.deepEqual(
    matchEvents(new Kernel(), first, second),
    matchEvents(new Kernel(), first, second),
  );
});

Deno.test("sigma is not below what the resolution of the stamps allows", () => {
  const { first, second } = simulate({ ...HOUR, jitterNs: 1e3, missing: 0 });
  const match = matchEvents(kernel, first, second, { resolutionNs: 1e6 });
  assert.ok(match.sigmasNs.every((sigma) => Math.abs(sigma - 288_675) < 1));
});

Deno.test("trains of different origin give no pairs", () => {
  for (let seed = 0; seed < 50; seed++) {
    const { first } = simulate({ ...HOUR, count: 40, seed: 2 * seed + 100 });
    const { second } = simulate({ ...HOUR, count: 40, seed: 2 * seed + 101 });
    const match = matchEvents(kernel, first, second);
    assert.equal(match.verdict, "unrelated");
    assert.equal(match.first.length, 0);
    assert.equal(eventSeries(match, first, second, CLOCKS), undefined);
  }
});

Deno.test("periodic events are ambiguous until the offset is bounded", () => {
  const tick = (shift: bigint) => (
    { timesNs: BigInt64Array.from({ length: 60 }, (_, k) => BigInt(k) * 1_000_000_000n + shift) }
  );
  const [first, second] = [tick(0n), tick(5_200_000_000n)];
  const match = matchEvents(kernel, first, second);
  assert.equal(match.verdict, "ambiguous");
  assert.equal(match.first.length, 0);
  // The lag of the rival is a whole number of periods.
  const periods = match.rival!.rivalLagNs / 1e9;
  assert.ok(Math.abs(periods - Math.round(periods)) < 1e-3 && Math.round(periods) !== 0);
  const offset = { aboutNs: 5_100_000_000n, withinNs: 4e8 };
  const bounded = matchEvents(kernel, first, second, { offset });
  assert.equal(bounded.verdict, "matched");
  assert.deepEqual([...bounded.first], [...bounded.second]);
});

Deno.test("labels must agree", () => {
  const { first, second, truth } = simulate({ ...HOUR, count: 10, missing: 0.1 });
  const named = (train: EventTrain, events: readonly number[], prefix: string): EventTrain => (
    { ...train, labels: events.map((event) => `${prefix}${event}`) }
  );
  const [a, b] = [named(first, truth[0], ""), named(second, truth[1], "")];
  const match = matchEvents(kernel, a, b);
  assert.equal(match.verdict, "matched");
  assert.ok(
    match.first.every((index, pair) => a.labels![index] === b.labels![match.second[pair]!]),
  );
  assert.equal(matchEvents(kernel, a, named(second, truth[1], "x")).verdict, "unrelated");
});

Deno.test("events without a time are passed over", () => {
  const { first, second } = simulate({ ...HOUR, missing: 0 });
  first.timesNs[7] = MISSING_NS;
  first.timesNs[0] = MISSING_NS;
  const match = matchEvents(kernel, first, second);
  assert.equal(match.first.length, HOUR.count - 2);
  assert.deepEqual([...match.first], [...match.second]);
  assert.deepEqual([...match.unmatchedFirst], [0, 7]);
});

Deno.test("few events and odd input give a verdict", () => {
  const empty = { timesNs: new BigInt64Array(0) };
  assert.equal(matchEvents(kernel, empty, empty).verdict, "too-few");
  const wild = { timesNs: BigInt64Array.of(2n ** 63n - 1n, 1n - 2n ** 63n, 0n, 5n, 5n, 5n) };
  assert.notEqual(matchEvents(kernel, wild, wild).verdict, "matched");
});

Deno.test("options out of range are refused", () => {
  const train = { timesNs: BigInt64Array.of(1n, 2n, 3n) };
  assert.throws(() => matchEvents(kernel, train, train, { jitterNs: 0 }), RangeError);
  assert.throws(() => matchEvents(kernel, train, train, { maxDriftPpm: -1 }), RangeError);
  const short = { ...train, labels: ["a"] };
  assert.throws(() => matchEvents(kernel, short, train), RangeError);
});
