import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import type { ClockRef } from "../base/mod.ts";
import { PLAIN_LINK, simulateLink } from "./_support.ts";
import { OneWayAccumulator } from "./evidence.ts";
import { fitGraph } from "./fit_graph.ts";
import { levelNetwork } from "./least_squares.ts";
import type { ClockModel, PointEvidence } from "./model.ts";
import { offsetAt, segmentAt } from "./relation.ts";

const PC: ClockRef = { id: "pc/utc", kind: "utc" };
const [A, B, C] = ["a", "b", "c"].map((id): ClockRef => ({ id: `${id}/utc`, kind: "utc" })) as [
  ClockRef,
  ClockRef,
  ClockRef,
];
const NOON = 1_700_000_000_000_000_000n;
const kernel = new Kernel();

/** One flash that both clocks saw at noon; offsets and sigma in ms. */
function flash(from: ClockRef, to: ClockRef, offsetMs: number, sigmaMs = 1): PointEvidence {
  const toNs = NOON + BigInt(offsetMs * 1e6);
  const source = `flash of ${from.id} and ${to.id}`;
  return { kind: "event", from, to, fromNs: NOON, toNs, sigmaNs: sigmaMs * 1e6, source };
}

function at(model: ClockModel, time: bigint): { ms: number; sigmaMs: number } {
  const { offsetNs, sigmaNs } = offsetAt(segmentAt(model.segments, time), time);
  return { ms: Number(offsetNs) / 1e6, sigmaMs: sigmaNs / 1e6 };
}

Deno.test("a loop that fails to close is shared out by least squares", () => {
  // Offsets 10 and 20 against the computer, and 11.5 between the two where 10 would close.
  const { models, issues } = fitGraph(kernel, {
    clocks: [A, B],
    reference: PC,
    evidence: [flash(A, PC, 10), flash(B, PC, 20), flash(B, A, 11.5)],
  });
  assert.deepEqual(issues, []);
  const [a, b] = models.map((model) => at(model, NOON));
  // By hand: each of three equal observations takes a third of the misclosure of 1.5, and of the variance of a direct one
  // two thirds are left.
  assert.ok(Math.abs(a!.ms - 9.5) < 0.01, `${a!.ms}`);
  assert.ok(Math.abs(b!.ms - 20.5) < 0.01, `${b!.ms}`);
  for (const { sigmaMs } of [a!, b!]) assert.ok(Math.abs(sigmaMs - Math.sqrt(2 / 3)) < 0.01);
  const [loop] = models[0]!.loops!;
  assert.equal(Math.abs(loop!.residualNs), 1.5e6);
  assert.ok(Math.abs(loop!.sigmaNs / 1e6 - Math.sqrt(3)) < 0.01);
  assert.deepEqual(new Set(loop!.clocks), new Set([A.id, B.id, PC.id]));
});

Deno.test("a loop that contradicts is left out, said, and widens the uncertainty", () => {
  const { models, issues } = fitGraph(kernel, {
    clocks: [A, B],
    reference: PC,
    evidence: [flash(A, PC, 10), flash(B, PC, 20), flash(B, A, 500, 2)],
  });
  assert.deepEqual(issues.map(({ code }) => code), ["CLOCK_EVIDENCE_CONFLICT"]);
  assert.equal(issues[0]!.params["difference"], "0.490");
  assert.deepEqual(models.map((model) => at(model, NOON).ms), [10, 20]);
  const widest = Math.max(...models.map((model) => at(model, NOON).sigmaMs));
  assert.ok(widest > 100, `${widest}`);
});

Deno.test("clocks that move together are anchored once, as a group", () => {
  const anchor = (from: ClockRef, offsetMs: number): PointEvidence => ({
    ...flash(from, PC, offsetMs, 500),
    kind: "anchor",
    source: `file name of ${from.id}`,
  });
  const { models } = fitGraph(kernel, {
    clocks: [A, B, C],
    reference: PC,
    evidence: [anchor(A, 0), anchor(B, 700), anchor(C, -900), flash(A, B, 40), flash(C, B, 60)],
  });
  const [a, b, c] = models.map((model) => at(model, NOON).ms);
  assert.equal(a! - b!, 40);
  assert.equal(c! - b!, 60);
  assert.deepEqual(models.filter(({ method }) => method === "anchor").length, 1);
});

Deno.test("a shared event shows the smallest delay of a one-way link", () => {
  const sensor: ClockRef = { id: "sensor/device", kind: "device" };
  const { device, host, truth } = simulateLink({ ...PLAIN_LINK, minimumDelayMs: 9 });
  const pairs = new OneWayAccumulator(kernel, { from: sensor, to: PC, streamId: "sensor/gsr" });
  pairs.add(device, host);
  const evidence = pairs.get()!;
  pairs.dispose();
  const row = 100_000;
  const tap: PointEvidence = {
    kind: "event",
    from: sensor,
    to: PC,
    fromNs: device[row]!,
    toNs: truth[row]!,
    sigmaNs: 1e5,
    source: "tap",
  };
  const errors = (model: ClockModel) =>
    [1000, 200_000, 400_000].map((row) =>
      Number(device[row]! - truth[row]!) / 1e6 + at(model, device[row]!).ms
    );
  const open = fitGraph(kernel, { clocks: [sensor], reference: PC, evidence: [evidence] });
  assert.ok(errors(open.models[0]!).every((error) => error > 8 && error < 10));
  const closed = fitGraph(kernel, { clocks: [sensor], reference: PC, evidence: [evidence, tap] });
  const [model] = closed.models;
  assert.deepEqual(closed.issues, []);
  for (const error of errors(model!)) assert.ok(Math.abs(error) < 1, `${error}`);
  assert.ok(at(model!, device[row]!).sigmaMs < 1);
  assert.deepEqual(model!.evidence.map(({ kind, used }) => [kind, used > 0]), [
    ["one-way", true],
    ["event", true],
  ]);
});

Deno.test("levels of a network have the values and variances of the normal equations", () => {
  // A square with one diagonal; solved by hand with the Laplacian of a unit network.
  const edge = (from: number, to: number, value: number) => ({ from, to, value, variance: 4 });
  const { values, variances } = levelNetwork(2, [
    edge(0, -1, 3),
    edge(1, -1, 5),
    edge(1, 0, 2.6),
  ]);
  assert.ok(Math.abs(values[0]! - 2.8) < 1e-12 && Math.abs(values[1]! - 5.2) < 1e-12);
  for (const variance of variances) assert.ok(Math.abs(variance - 4 * 2 / 3) < 1e-12);
});
