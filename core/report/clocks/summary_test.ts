import assert from "node:assert/strict";
import type { ClockModel, SamplingStatistics } from "../../clock/mod.ts";
import { segment, statistics, summaryOf } from "./_models.ts";

const SECOND = 1_000_000_000n;

Deno.test("the uncertainty is that which 95 of 100 samples do not exceed", () => {
  // Sigma grows evenly from 0 to 100 us over the stream: at 95 % of the samples it is 95 us.
  const { halfWidthNs } = summaryOf({
    segments: [segment(0n, 100n * SECOND, { sigmas: [0, 1e5] })],
    streams: [{ id: "a/gsr", sampling: statistics(0n, 100n * SECOND), stampSigmaNs: 0 }],
  });
  assert.ok(Math.abs(halfWidthNs / (1.959964 * 95e3) - 1) < 0.005, String(halfWidthNs));
});

Deno.test("one damaged stamp far off does not make the times of all samples uncertain", () => {
  const clock = segment(0n, 100n * SECOND, { sigmas: [1e5, 1e5], skewSigma: 1e-4 });
  const width = (changes: Partial<SamplingStatistics>, from = 0n) =>
    summaryOf({
      segments: [clock],
      streams: [{
        id: "a/gsr",
        sampling: { ...statistics(from, 100n * SECOND), ...changes },
        stampSigmaNs: 0,
      }],
    }).halfWidthNs;
  assert.equal(width({ maxNs: 1_000_000n * SECOND, minNs: -1_000_000n * SECOND }), width({}));
  // The span of a model can hold such a stamp too.
  const stretched = { ...clock, toNs: 1_000_000n * SECOND };
  const sampling = { ...statistics(0n, 100n * SECOND), maxNs: 1_000_000n * SECOND };
  const streams = [{ id: "a/gsr", sampling, stampSigmaNs: 0 }];
  assert.equal(summaryOf({ segments: [stretched], streams }).halfWidthNs, width({}));
  // A stream that runs before its clock was read is uncertain there.
  assert.ok(width({}, -100n * SECOND) > 1.95 * 9e6);
});

Deno.test("stamps add their own spread, and streams count by their samples", () => {
  const exact = segment(0n, 100n * SECOND, { sigmas: [0, 0] });
  const stream = (count: number, stampSigmaNs: number) => ({
    id: `a/${count}`,
    sampling: statistics(0n, 100n * SECOND, { count }),
    stampSigmaNs,
  });
  const width = (...streams: readonly ReturnType<typeof stream>[]) =>
    summaryOf({ segments: [exact], streams }).halfWidthNs / 1.959963984540054;
  assert.equal(width(stream(100, 3e6)), 3e6);
  assert.equal(width(stream(1000, 3e6), stream(10, 9e6)), 3e6);
  assert.equal(width(stream(1000, 3e6), stream(100, 9e6)), 9e6);
  const rough = segment(0n, 100n * SECOND, { sigmas: [4e6, 4e6] });
  const { halfWidthNs } = summaryOf({ segments: [rough], streams: [stream(10, 3e6)] });
  assert.ok(Math.abs(halfWidthNs - 1.959963984540054 * 5e6) < 1);
});

Deno.test("the time for which a clock was not running counts for nothing", () => {
  // A computer that was started again: a week of uptime, then ten seconds of a new one.
  const week = 604_800n * SECOND;
  const growing = { sigmas: [1e6, 1e6], skewSigma: 1e-6 } as const;
  const { halfWidthNs } = summaryOf({
    segments: [segment(week, week + 10n * SECOND, growing), segment(0n, 10n * SECOND, growing)],
    streams: [{
      id: "a/gsr",
      stampSigmaNs: 0,
      sampling: statistics(0n, week + 10n * SECOND, { firstNs: week, lastNs: 10n * SECOND }),
    }],
  });
  assert.ok(Math.abs(halfWidthNs - 1_959_964) < 1, String(halfWidthNs));
});

Deno.test("a clock that stamps nothing is as uncertain as its model, and an unplaced one unknown", () => {
  const { halfWidthNs } = summaryOf({ segments: [segment(0n, SECOND, { sigmas: [1e6, 1e6] })] });
  assert.equal(Math.round(halfWidthNs), 1_959_964);
  assert.equal(summaryOf({ method: "none", segments: [] }).halfWidthNs, NaN);
});

Deno.test("steps that the model does not tell are those between its stretches", () => {
  const before = segment(0n, 10n * SECOND, { offsets: [5n, 5n] });
  const after = segment(4n * SECOND, 14n * SECOND, {
    offsets: [6n * SECOND + 5n, 6n * SECOND + 5n],
  });
  const { steps, offsetNs } = summaryOf({ segments: [before, after] });
  assert.equal(offsetNs, 5n);
  assert.deepEqual(steps, [{
    atNs: 4n * SECOND,
    changeNs: 6e9,
    inHost: false,
    // Four seconds lie in both stretches; after the step they are the ten seconds of the reference.
    referenceNs: 10n * SECOND + 5n,
  }]);
});

Deno.test("evidence is counted by kind, single events with trains of them", () => {
  const entry = (kind: ClockModel["evidence"][number]["kind"], used: number, rejected: number) => ({
    kind,
    source: `${kind} ${used}`,
    used,
    rejected,
  });
  const evidence = [entry("event", 2, 1), entry("events", 30, 4), entry("one-way", 7, 0)];
  assert.deepEqual(summaryOf({ evidence }).evidence, [
    { kind: "events", used: 32, rejected: 5 },
    { kind: "one-way", used: 7, rejected: 0 },
  ]);
});
