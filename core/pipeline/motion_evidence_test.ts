import assert from "node:assert/strict";
import { CancelledError } from "../base/mod.ts";
import { fitGraph } from "../clock/mod.ts";
import { openShake } from "./_shake.ts";
import type { StepMemory } from "./memory.ts";
import { motionEvidence } from "./motion_evidence.ts";
import { motionOverlays } from "./motion_overlay.ts";

const MS = 1e6;

Deno.test("two wearables shaken at start and end are aligned from movement alone", async () => {
  const options = await openShake();
  if (options === undefined) return;
  const [series, ...others] = await motionEvidence(options);
  assert.ok(series !== undefined && others.length === 0);
  assert.deepEqual([series.from.id, series.to.id], [
    "physilog/motion/device",
    "faros/motion/device",
  ]);
  const differences = Array.from(
    series.fromNs,
    (from, index) => Number(series.toNs[index]! - from),
  );
  const seconds = Array.from(series.fromNs, (from) => Number(from) / 1e9);
  assert.ok(seconds[0]! < 20 && seconds.at(-1)! > 25, "start and end");
  // Start and end were compared independently of each other. Plotting both recordings over each other by hand
  // gives 3.74 s.
  for (const difference of differences) {
    assert.ok(Math.abs(difference + 3740 * MS) < 20 * MS, `${difference / MS} ms`);
    assert.ok(Math.abs(difference - differences[0]!) < 20 * MS);
  }
});

Deno.test("the clocks of the shaken wearables share one time axis", async () => {
  const options = await openShake();
  if (options === undefined) return;
  const evidence = await motionEvidence(options);
  const [{ from, to }] = evidence as [(typeof evidence)[0]];
  const { models } = fitGraph(options.kernel, { clocks: [from, to], evidence, reference: to });
  const model = models.find(({ clock }) => clock.id === from.id)!;
  assert.notEqual(model.method, "none");
  for (const { residualsNs, sigmasNs } of model.audit ?? []) {
    for (const [index, residual] of residualsNs.entries()) {
      assert.ok(Math.abs(residual) < 20 * MS, `${residual / MS} ms`);
      assert.ok(Math.abs(residual) < 3 * sigmasNs[index]!);
    }
  }
});

Deno.test("a comparison is remembered, and none is made without need", async () => {
  const options = await openShake();
  if (options === undefined) return;
  const steps: string[] = [];
  const memory: StepMemory = {
    recall: (step, make) => {
      steps.push(step);
      return make();
    },
  };
  const tasks = new Set<string>();
  await motionEvidence({ ...options, memory, progress: ({ task }) => tasks.add(task) });
  assert.deepEqual(steps, ["motion physilog/motion faros/motion"]);
  assert.deepEqual([...tasks], ["Compare movements of physilog/motion and faros/motion"]);
  assert.deepEqual(await motionEvidence({ ...options, evidenceKinds: ["two-way"] }), []);
  const [first, second] = options.scans;
  const tied = {
    ...options.session,
    clockPairs: [{
      from: first!.schema.clock,
      to: second!.schema.clock,
      fromNs: 0n,
      toNs: 0n,
      sigmaNs: 1,
      source: "test",
      path: "session_metadata.json",
    }],
  };
  assert.deepEqual(await motionEvidence({ ...options, session: tied }), []);
  assert.equal((await motionEvidence({ ...options, session: tied, all: true })).length, 1);
  const cancelled = motionEvidence({ ...options, signal: AbortSignal.abort() });
  await assert.rejects(cancelled, CancelledError);
});

Deno.test("the overlay shows both movements at start and end", async () => {
  const options = await openShake();
  if (options === undefined) return;
  const evidence = await motionEvidence(options);
  const [{ from, to }] = evidence as [(typeof evidence)[0]];
  const { models } = fitGraph(options.kernel, { clocks: [from, to], evidence, reference: to });
  const byId = new Map(models.map((model) => [model.clock.id, model]));
  const fit = { models: byId, evidence, originNs: 0n };
  const [overlay, ...others] = await motionOverlays({ ...options, fit });
  assert.ok(overlay !== undefined && others.length === 0);
  assert.deepEqual(overlay.streams, ["physilog/motion", "faros/motion"]);
  assert.match(overlay.svg, /Movement of physilog and faros, aligned/);
  assert.match(overlay.svg, /Time since the session began, on faros\/motion\/device/);
  const lags = [...overlay.svg.matchAll(
    /(First|Last) movement in common: residual lag (.)([\d.]+) ms \(standard deviation ([\d.]+) ms\)/g,
  )];
  assert.deepEqual(lags.map(([, end]) => end), ["First", "Last"]);
  // What the models leave has the size of what the fit itself reports as residuals.
  const { residualsNs } = byId.get(from.id)!.audit![0]!;
  for (const [index, [, , sign, lag]] of lags.entries()) {
    const residual = residualsNs.at(-index)! / MS;
    assert.ok(Math.abs(Math.abs(residual) - Number(lag)) < 0.02, `${residual} ${sign}${lag}`);
  }
  assert.doesNotMatch(overlay.svg, /Nothing was measured here/);
});
