import assert from "node:assert/strict";
import { Kernel } from "../../../wasm/mod.ts";
import { correlateMotion } from "./correlate.ts";
import { type Movement, Random, record, type SensorPlan, shown } from "./_simulation.ts";

/** Size of a shake of 30 s at a time since its start. */
const ENVELOPES: Readonly<Record<string, (seconds: number) => number>> = {
  "without envelope": (seconds) => Number(seconds >= 0 && seconds < 30),
  "that swells at once": (seconds) => Math.max(0, Math.min(1, 2 * seconds, 2 * (30 - seconds))),
  "that swells and fades": (seconds) =>
    seconds > 0 && seconds < 30 ? Math.sin((Math.PI * seconds) / 30) ** 2 : 0,
  "that goes on for ever": () => 1,
};

/** One oscillation: to and fro, on an ellipse, or on a circle, where a turn does the same as a lag. */
function oscillation(seed: number, envelope: (seconds: number) => number): Movement {
  const random = new Random(seed + 77);
  const turns = 2 * Math.PI * (seed === 0 ? 5 : 2 + 6 * random.uniform());
  const axes = [0, 1, 2].map((axis) => ({
    size: seed % 5 === 4 ? Number(axis < 2) : random.gaussian(),
    phase: seed % 5 === 4 ? (axis * Math.PI) / 2 : (seed % 2) * 7 * random.uniform(),
  }));
  return (seconds) => {
    const at = (axis: number) =>
      axes[axis]!.size * Math.sin(turns * seconds + axes[axis]!.phase) * envelope(seconds - 25);
    return [at(0), at(1), at(2)];
  };
}

for (const [name, envelope] of Object.entries(ENVELOPES)) {
  Deno.test(`a shake of one frequency ${name} is aligned rightly or not at all`, () => {
    const kernel = new Kernel();
    for (let seed = 0; seed < 20; seed++) {
      const movement = oscillation(seed, envelope);
      const noise = [0, 0.02, 0.1][seed % 3]!;
      const a: SensorPlan = {
        rateHz: 51.2,
        startNs: 0n,
        driftPpm: 0,
        seed,
        from: 0,
        to: 75,
        noise,
      };
      const b = { ...a, startNs: 10n ** 12n, driftPpm: 60 * (seed % 3) - 60, seed: seed + 50 };
      const found = correlateMotion(kernel, record(movement, a), record(movement, b));
      if (found.outcome !== "aligned") continue;
      for (const { verdict, fromNs, toNs, sigmaNs } of found.windows) {
        if (verdict !== "used") continue;
        const error = Math.abs(Number(toNs - shown(b, Number(fromNs) / 1e9)));
        assert.ok(error < 5e6 || error < 5 * sigmaNs, `seed ${seed}: ${error / 1e6} ms`);
      }
    }
  });
}

Deno.test("a sensor with left-handed axes is told from one that is turned", () => {
  const random = new Random(1);
  const parts = Array.from({ length: 20 }, () => ({
    turns: 10 + 30 * random.uniform(),
    phases: [0, 1, 2].map(() => 7 * random.uniform()),
  }));
  const movement: Movement = (seconds) => {
    const at = (axis: number) =>
      parts.reduce((sum, { turns, phases }) => sum + Math.sin(turns * seconds + phases[axis]!), 0);
    return [at(0), at(1), at(2)];
  };
  const a = { rateHz: 50, startNs: 0n, driftPpm: 0, seed: 1, from: 0, to: 60 };
  const b = { ...a, seed: 2, rateHz: 100, startNs: 130_000_000n };
  const { timesNs, accel: [x, y, z] } = record(movement, b);
  const determinant = (m: Float64Array) =>
    m[0]! * (m[4]! * m[8]! - m[5]! * m[7]!) - m[1]! * (m[3]! * m[8]! - m[5]! * m[6]!) +
    m[2]! * (m[3]! * m[7]! - m[4]! * m[6]!);
  for (const handed of [1, -1]) {
    const turned = { timesNs, accel: [x.map((value) => handed * value), y, z] as const };
    const { outcome, windows } = correlateMotion(new Kernel(), record(movement, a), turned);
    assert.equal(outcome, "aligned");
    for (const { rotation, fromNs, toNs } of windows) {
      assert.ok(Math.abs(determinant(rotation) - handed) < 1e-9);
      assert.ok(Math.abs(Number(toNs - shown(b, Number(fromNs) / 1e9))) < 2e6);
    }
  }
});
