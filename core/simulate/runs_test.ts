import assert from "node:assert/strict";
import { uniformAt } from "./numeric/random.ts";
import { RunBuilder, sampleInRow } from "./runs.ts";

Deno.test("runs tell the sample of every row, whatever the order", () => {
  const samples: number[] = [];
  for (let step = 0, sample = 0; step < 3000; step++) {
    const chance = uniformAt(5, step);
    if (chance < 0.02) sample += 3;
    else if (chance < 0.04) sample -= 2;
    else if (chance > 0.03) sample++;
    samples.push(sample);
  }
  const builder = new RunBuilder(2);
  for (const sample of samples) builder.add(sample);
  assert.equal(builder.rows, samples.length + 2);
  assert.ok(builder.runs.length < samples.length);
  samples.forEach((sample, row) => assert.equal(sampleInRow(builder.runs, row + 2), sample));
  for (const row of [-1, 0, 1, samples.length + 2]) {
    assert.equal(sampleInRow(builder.runs, row), undefined);
  }
});

Deno.test("a stream without loss has one run", () => {
  const builder = new RunBuilder();
  for (let sample = 0; sample < 1000; sample++) builder.add(sample);
  assert.deepEqual(builder.runs, [0, 0, 1000]);
  assert.equal(sampleInRow([], 0), undefined);
});
