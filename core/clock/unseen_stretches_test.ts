import assert from "node:assert/strict";
import { JumpSurvey, Kernel } from "../../wasm/mod.ts";
import type { ClockRef } from "../base/mod.ts";
import { ClockApplier } from "./apply.ts";
import { fitGraph, type FittedGraph } from "./fit_graph.ts";
import type { SeriesEvidence } from "./model.ts";
import { Random } from "./_support.ts";

const DEVICE: ClockRef = { id: "laptop/lsl", kind: "monotonic" };
const RECORDER: ClockRef = { id: "recorder/lsl", kind: "monotonic" };
const RATE = 100;
const kernel = new Kernel();

/** A stream that is recorded for ten minutes and whose clock is set near the end. */
interface Plan {
  /** Second at which the clock is set, or samples begin to be missing. */
  readonly at: number;
  /** By how much the clock is set. */
  readonly setS: number;
  /** How long no sample is taken from then on, and nothing answers. */
  readonly pauseS?: number;
  /** The recorder writes its last offset again meanwhile. */
  readonly copies?: boolean;
  /** Last second at which a probe is answered. */
  readonly lastProbe: number;
  readonly seconds?: number;
  /** Share of stamps that are garbage. */
  readonly garbage?: number;
  readonly seed?: number;
}

interface Simulated {
  readonly series: SeriesEvidence;
  readonly stamps: BigInt64Array;
  /** True times of the samples, s. */
  readonly seconds: readonly number[];
}

const inNs = (seconds: number) => BigInt(Math.round(seconds * 1e9));

function simulate(plan: Plan, streamId = "laptop/eeg"): Simulated {
  const { at, setS, pauseS = 0, lastProbe, copies = false, garbage = 0, seed = 1 } = plan;
  const random = new Random(seed);
  const isPaused = (s: number) => s >= at && s < at + pauseS;
  const shown = (s: number) => 1e6 + s * (1 - 2e-5) + (s >= at ? setS : 0);
  const count = (plan.seconds ?? 600) * RATE;
  const seconds = Array.from({ length: count }, (_, i) => i / RATE).filter((s) => !isPaused(s));
  const jitter = () => 1e-3 * (random.uniform() - 0.5);
  const stamps = BigInt64Array.from(
    seconds,
    (s) => random.uniform() < garbage ? inNs(1e7 * random.uniform()) : inNs(shown(s) + jitter()),
  );
  const fromNs: bigint[] = [], toNs: bigint[] = [], rows: number[] = [];
  let last = 0n;
  for (let s = 2; s < seconds.at(-1)!; s += 5) {
    const isAnswered = !isPaused(s) && s <= lastProbe;
    if (!isAnswered && !copies) continue;
    if (isAnswered) last = inNs(s + 2e-4 * (random.uniform() - 0.5)) - inNs(shown(s));
    toNs.push(inNs(s));
    fromNs.push(inNs(s) - last);
    rows.push(seconds.filter((one) => one < s).length);
  }
  const survey = new JumpSurvey(kernel);
  survey.add(stamps);
  const jumps = survey.get();
  survey.dispose();
  const series: SeriesEvidence = {
    kind: "two-way",
    from: DEVICE,
    to: RECORDER,
    fromNs: BigInt64Array.from(fromNs),
    toNs: BigInt64Array.from(toNs),
    rows: Float64Array.from(rows),
    streamId,
    source: streamId,
    jumps,
  };
  return { series, stamps, seconds };
}

function fit(...evidence: readonly SeriesEvidence[]): FittedGraph {
  return fitGraph(kernel, { clocks: [DEVICE], reference: RECORDER, evidence });
}

interface Placed {
  /** Largest error before and from the step on, s. */
  readonly before: number;
  readonly after: number;
  /** Largest 95 % interval before and from the step on, s. */
  readonly widest: readonly [number, number];
  /** Share of the samples from the step on inside their 95 % interval. */
  readonly inside: number;
}

function place(
  { models }: FittedGraph,
  { stamps, seconds, series }: Simulated,
  at: number,
): Placed {
  const applier = new ClockApplier(kernel, models[0]!, {
    id: series.streamId!,
    resolutionNs: 0,
    stampSigmaNs: 3e5,
  });
  const { referenceTimes, sigmas } = applier.apply(stamps, 0);
  applier.dispose();
  const errors = seconds.map((s, row) => Math.abs(Number(referenceTimes[row]! - inNs(s))) / 1e9);
  const within = Array.from(sigmas, (sigma) => 1.96 * sigma / 1e9);
  const first = seconds.findIndex((s) => s >= at);
  const inside = errors.slice(first).filter((error, index) => error <= within[first + index]!);
  return {
    before: Math.max(...errors.slice(0, first)),
    after: Math.max(...errors.slice(first)),
    widest: [Math.max(...within.slice(0, first)), Math.max(...within.slice(first))],
    inside: inside.length / (seconds.length - first),
  };
}

const codes = ({ issues }: FittedGraph) => [...new Set(issues.map(({ code }) => code))].sort();

for (const setS of [-3600, -60, -2, -0.2, 2, 60, 2000]) {
  Deno.test(`a clock that is set by ${setS} s behind its last probe is not placed wrongly`, () => {
    const plan = { at: 598.5, setS, lastProbe: 597.5 };
    const simulated = simulate(plan);
    const fitted = fit(simulated.series);
    const { before, widest, inside } = place(fitted, simulated, plan.at);
    assert.ok(before < 1.5e-3 && widest[0] < 2e-3, `${before} ${widest}`);
    assert.equal(inside, 1);
    assert.ok(widest[1] < 120 || widest[1] < 1.1 * setS, `${widest}`);
    assert.ok(codes(fitted).includes("CLOCK_SET_UNSEEN"));
  });
}

for (const setS of [-653_000, -2, -0.2, 0.2, 2000]) {
  Deno.test(`two probes behind a step of ${setS} s place it`, () => {
    const plan = { at: 589, setS, lastProbe: 600 };
    const simulated = simulate(plan);
    const fitted = fit(simulated.series);
    const { before, after, inside } = place(fitted, simulated, plan.at);
    assert.ok(before < 1.5e-3 && after < 1.5e-3, `${before} ${after}`);
    assert.ok(inside > 0.93, `${inside}`);
    assert.ok(codes(fitted).includes("TIME_STEP"), codes(fitted).join());
  });
}

Deno.test("a gap behind the last probe lies within the interval, and short ones do not widen it", () => {
  for (const pauseS of [0.5, 3, 100]) {
    const plan = { at: 598, setS: 0, pauseS, lastProbe: 597.5, seconds: 600 + pauseS };
    const simulated = simulate(plan);
    const fitted = fit(simulated.series);
    const { after, widest, inside } = place(fitted, simulated, plan.at);
    assert.ok(after < 0.01 && inside > 0.93, `${after} ${inside}`);
    assert.ok(pauseS < 1 ? widest[1] < 2e-3 : widest[1] > 0.9 * pauseS && widest[1] < 1.1 * pauseS);
  }
});

Deno.test("a device that begins again after minutes is placed after what the recorder noted meanwhile", () => {
  for (const copies of [true, false]) {
    const plan = { at: 300, setS: -900_000, pauseS: 70, copies, lastProbe: 299, seconds: 374 };
    const simulated = simulate(plan);
    const fitted = fit(simulated.series);
    const { before, after, inside, widest } = place(fitted, simulated, plan.at);
    assert.ok(before < 1.5e-3, `${before}`);
    assert.equal(inside, 1);
    assert.ok(after < (copies ? 6 : 71), `${copies}: ${after} ${widest}`);
    assert.ok(codes(fitted).includes("CLOCK_SET_UNSEEN"));
  }
});

Deno.test("streams of one computer share what one of them shows behind the last probe", () => {
  const plan = { at: 598.5, setS: -3600, lastProbe: 597.5 };
  const [one, other] = [
    simulate(plan, "laptop/eeg"),
    simulate({ ...plan, seed: 2 }, "laptop/gaze"),
  ];
  const fitted = fit(one.series, other.series);
  for (const simulated of [one, other]) {
    const { before, inside } = place(fitted, simulated, plan.at);
    assert.ok(before < 1.5e-3 && inside === 1, `${before} ${inside}`);
  }
  assert.ok(codes(fitted).includes("CLOCK_SET_UNSEEN"));
});

Deno.test("garbled stamps are no clock that was set", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const plan = { at: Infinity, setS: 0, lastProbe: 560, garbage: 0.02, seed };
    const fitted = fit(simulate(plan).series);
    assert.equal(fitted.models[0]!.segments.length, 1);
    assert.ok(!codes(fitted).includes("CLOCK_SET_UNSEEN"));
  }
});

Deno.test("wild stamps and readings neither throw nor hang", () => {
  const wild = [0n, 1n, -(2n ** 63n), 2n ** 63n - 1n, -(2n ** 62n), 10n ** 15n, 10n ** 18n];
  const random = new Random(11);
  const { series } = simulate({ at: 300, setS: -2, lastProbe: 299 });
  const spoil = (times: BigInt64Array, share: number) =>
    times.map((time) =>
      random.uniform() < share ? wild[Math.floor(random.uniform() * wild.length)]! : time
    );
  for (let round = 0; round < 40; round++) {
    const steps = Array.from({ length: 1 + round % 5 }, (_, index) => index);
    const spoiled: SeriesEvidence = {
      ...series,
      fromNs: spoil(series.fromNs, round / 80),
      toNs: spoil(series.toNs, round / 80),
      rows: series.rows!.map((row) => random.uniform() < 0.1 ? NaN : row),
      jumps: {
        rows: Float64Array.from(steps, (index) => 29_990 + 100 * index),
        deviceNs: spoil(new BigInt64Array(steps.length).fill(10n ** 15n), 0.8),
        sizesNs: spoil(new BigInt64Array(steps.length).fill(-(10n ** 10n)), 0.8),
      },
    };
    for (const { fromNs, toNs, knots } of fit(spoiled).models[0]!.segments) {
      const times = [fromNs, toNs, ...knots.flatMap((knot) => [knot.deviceNs, knot.offsetNs])];
      assert.ok(times.every((time) => BigInt.asIntN(64, time) === time), `${times}`);
    }
  }
});
