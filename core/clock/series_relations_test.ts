import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import type { ClockRef } from "../base/mod.ts";
import { Random } from "./_support.ts";
import { fitGraph } from "./fit_graph.ts";
import type { ClockModel, SeriesEvidence } from "./model.ts";
import { offsetAt, segmentAt } from "./relation.ts";

const LAPTOP: ClockRef = { id: "laptop/lsl", kind: "monotonic" };
const RECORDER: ClockRef = { id: "recorder/lsl", kind: "monotonic" };
const kernel = new Kernel();

/** The offset in ns that the laptop has at a second of the recorder: 7 ppm, set back by 2 s after half an hour. */
function truth(seconds: number): number {
  return 3e12 + 7e3 * seconds + (seconds < 1800 ? 0 : 2e9);
}

/** Probes of one stream, each with an error of 0.1 ms. */
function probes(streamId: string, seed: number, phase: number): SeriesEvidence {
  const random = new Random(seed);
  const seconds = Array.from({ length: 720 }, (_, index) => phase + 5 * index);
  const noise = () => 1e5 * Math.sqrt(3) * (2 * random.uniform() - 1);
  return {
    kind: "two-way",
    from: LAPTOP,
    to: RECORDER,
    fromNs: BigInt64Array.from(seconds, (s) => BigInt(Math.round(s * 1e9 - truth(s) + noise()))),
    toNs: BigInt64Array.from(seconds, (s) => BigInt(Math.round(s * 1e9))),
    rows: Float64Array.from(seconds, (s) => Math.floor(s * 100)),
    streamId,
    source: `offsets of ${streamId}`,
  };
}

function fit(evidence: readonly SeriesEvidence[]): ClockModel {
  return fitGraph(kernel, { clocks: [LAPTOP], reference: RECORDER, evidence }).models[0]!;
}

function worstError(model: ClockModel): number {
  const errors = [10, 900, 1790, 1810, 2700, 3590].map((seconds) => {
    const device = BigInt(Math.round(seconds * 1e9 - truth(seconds)));
    const segment = model.segments[seconds < 1800 ? 0 : 1] ?? segmentAt(model.segments, device);
    return Math.abs(Number(offsetAt(segment, device).offsetNs) - truth(seconds));
  });
  return Math.max(...errors);
}

Deno.test("streams of one computer share one model, and each knows its rows", () => {
  const alone = fit([probes("laptop/eeg", 1, 0)]);
  const shared = fit([probes("laptop/eeg", 1, 0), probes("laptop/gaze", 2, 2.5)]);
  for (const model of [alone, shared]) {
    assert.equal(model.method, "two-way");
    assert.equal(model.segments.length, 2);
    assert.ok(Math.abs(model.driftPpm - 7) < 0.2, `${model.driftPpm}`);
    // The standard error of a mean of 360 probes of 0.1 ms is 5 microseconds, at the end of a line twice that.
    assert.ok(worstError(model) < 40e3, `${worstError(model)}`);
  }
  const sigma = (model: ClockModel) => model.segments[0]!.knots[0]!.sigmaNs;
  assert.ok(sigma(shared) < 0.8 * sigma(alone));
  const rows = shared.segments[1]!.firstRows;
  for (const id of ["laptop/eeg", "laptop/gaze"]) {
    assert.ok(Math.abs(rows[id]! - 180_000) <= 500, `${id}: ${rows[id]}`);
  }
});

Deno.test("readings taken together are not ordered by their errors", () => {
  // The recorder reads the laptop's clock for all streams at once; the errors are in what it adds to it.
  const exact = BigInt64Array.from({ length: 720 }, (_, index) => {
    const seconds = 5 * index;
    return BigInt(Math.round(seconds * 1e9 - truth(seconds)));
  });
  const together = [1, 2, 3, 4, 5].map((seed) => {
    const one = probes(`laptop/stream_${seed}`, seed, 0);
    const toNs = one.toNs.map((time, index) => time + exact[index]! - one.fromNs[index]!);
    return { ...one, fromNs: exact, toNs };
  });
  const model = fit(together);
  assert.ok(Math.abs(model.driftPpm - 7) < 0.2, `${model.driftPpm}`);
  assert.ok(worstError(model) < 40e3, `${worstError(model)}`);
  const [{ used, rejected } = { used: 0, rejected: NaN }] = model.evidence;
  assert.ok(rejected < 0.01 * used, `${rejected} of ${used} were rejected`);
});

Deno.test("copies of a reading do not count, whatever streams are read in between", () => {
  // The recorder loses the laptop after a quarter of an hour and writes its last offsets on, for 15 minutes.
  const streams = [1, 2, 3].map((seed) => {
    const one = probes(`laptop/stream_${seed}`, seed, seed / 10);
    const [first, last] = [180, 359];
    const offset = one.toNs[first]! - one.fromNs[first]!;
    const isCopy = (index: number) => index > first && index <= last;
    return { ...one, fromNs: one.fromNs.map((t, i) => isCopy(i) ? one.toNs[i]! - offset : t) };
  });
  const model = fit(streams);
  const [{ rejected } = { rejected: NaN }] = model.evidence;
  assert.ok(rejected >= 3 * 179, `${rejected} were rejected`);
  const device = BigInt(Math.round(1790e9 - truth(1790)));
  const { offsetNs, sigmaNs } = offsetAt(model.segments[0]!, device);
  // 15 minutes behind the last reading nobody knows the drift to better than this.
  assert.ok(Math.abs(Number(offsetNs) - truth(1790)) < 3 * sigmaNs, `${offsetNs} +- ${sigmaNs}`);
});

Deno.test("a few readings are fitted as points, and none as nothing", () => {
  const few = probes("laptop/eeg", 1, 0);
  const first = (count: number): SeriesEvidence => ({
    ...few,
    fromNs: few.fromNs.slice(0, count),
    toNs: few.toNs.slice(0, count),
    rows: few.rows!.slice(0, count),
    sigmasNs: new Float64Array(count).fill(1e5),
  });
  assert.equal(fit([first(3)]).method, "two-way");
  assert.equal(fit([first(0)]).method, "none");
});

Deno.test("what all readings of a series have in common stays, however many there are", () => {
  for (const count of [4, 350]) {
    const series = probes("laptop/markers", 3, 0);
    const few: SeriesEvidence = {
      kind: "events",
      from: LAPTOP,
      to: RECORDER,
      fromNs: series.fromNs.subarray(0, count),
      toNs: series.toNs.subarray(0, count),
      sigmasNs: new Float64Array(count).fill(1e5),
      source: "markers",
    };
    const sigmaOf = (evidence: SeriesEvidence) => fit([evidence]).segments[0]!.knots[0]!.sigmaNs;
    assert.ok(sigmaOf(few) < 1e6, `${sigmaOf(few)}`);
    const late = sigmaOf({ ...few, commonSigmaNs: 2e7 });
    assert.ok(late > 2e7 && late < (count < 8 ? 4e7 : 2.01e7), `${count}: ${late}`);
  }
});
