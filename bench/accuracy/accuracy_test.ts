import assert from "node:assert/strict";
import { Kernel } from "../../mod.ts";
import { limitOf } from "./limit.ts";
import { drawRecording } from "./recording.ts";
import { ROWS } from "./rows.ts";
import { score } from "./score.ts";
import { place } from "./subject.ts";

/** The conditions that once broke a fit, on two seeds each. The whole table takes minutes: see `run.ts`. */
const QUICK = [
  "linear",
  "2 h, warm-up 5 ppm",
  "1 h, 1 ppm each 20 min",
  "step +0.005 s",
  "step -0.02 s",
  "step -4 s",
  "step +60 s",
  "step -2000 s",
  "5 % late by 0 to 10 s",
  "1 % garbage",
  "10 min without",
  "gap of 1 sample, 30 Hz",
  "gap 4.5 s, 100 Hz",
  "gap 100 s, 4 Hz",
  "1 % drops, 30 Hz",
  "1 % drops, 128 Hz",
  "duplicates",
  "one-way, 1 h linear",
  "motion, acceleration, 3 shakes in 20 min",
];

const CONDITIONS = ROWS.flatMap(({ conditions }) => conditions);

for (const name of QUICK) {
  Deno.test(`samples are placed within the bar of the table: ${name}`, () => {
    const kernel = new Kernel();
    const condition = CONDITIONS.find((one) => one.name === name)!;
    for (const seed of [1, 2]) {
      const recording = drawRecording(condition, seed);
      const { errors, steps, isCountExact } = score(recording, place(kernel, recording));
      const limit = condition.isLinear ? 1.05 * limitOf(recording).errors.p99 : 0;
      assert.ok(
        errors.p99 <= Math.max(condition.bar.p99Ms, limit),
        `seed ${seed}: ${errors.p99} ms`,
      );
      assert.deepEqual([steps.found, steps.wrong], [steps.happened, 0], `steps of seed ${seed}`);
      assert.notEqual(isCountExact, false, `count of seed ${seed}`);
    }
  });
}
