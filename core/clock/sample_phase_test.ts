import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { type LinkPlan, PLAIN_LINK, Random, simulateLink } from "./_support.ts";
import { OneWayAccumulator } from "./evidence.ts";
import type { OneWayEvidence } from "./model.ts";
import { fitOneWay } from "./one_way.ts";
import { setByPhase } from "./sample_phase.ts";

const kernel = new Kernel();
const AT = 310;
const PLAN: LinkPlan = { ...PLAIN_LINK, rateHz: 51.2, seconds: 600 };

/** Which of the two clocks is set, and how long no sample is recorded around it. */
interface Step {
  readonly in: "host" | "device";
  readonly seconds: number;
  readonly gapS: number;
  readonly seed: number;
}

/** Pairs of a wireless sensor, in packets of 8, of which one in 500 is lost. */
function record(step: Step): OneWayEvidence {
  const hostStep = { at: AT, seconds: step.in === "host" ? step.seconds : 0 };
  const { device, host, truth } = simulateLink({ ...PLAN, seed: step.seed, hostStep });
  const isGap = (s: number) => Math.abs(s - AT) < step.gapS / 2;
  const kept = Array.from(truth, (_, row) => row).filter((row) =>
    !isGap(row / PLAN.rateHz) && row % 500 !== 499
  );
  const setNs = step.in === "device" ? BigInt(Math.round(step.seconds * 1e9)) : 0n;
  const pairs = new OneWayAccumulator(kernel, {
    from: { id: "sensor/device", kind: "device" },
    to: { id: "phone/utc", kind: "utc" },
    streamId: "sensor/gsr",
  });
  pairs.add(
    BigInt64Array.from(kept, (row) => device[row]! + (row / PLAN.rateHz >= AT ? setNs : 0n)),
    BigInt64Array.from(kept, (row) => host[row]!),
  );
  const evidence = pairs.get();
  pairs.dispose();
  return evidence;
}

for (const gapS of [0, 4.5]) {
  for (const seconds of [-0.3, 2.1, -0.11, 0.05]) {
    Deno.test(`places of samples tell who was set by ${seconds} s, with a gap of ${gapS} s`, () => {
      for (const seed of [1, 2, 3]) {
        for (const where of ["host", "device"] as const) {
          const fit = fitOneWay(kernel, record({ in: where, seconds, gapS, seed }), undefined);
          const sizes = fit!.steps.map(({ changeNs }) => Math.abs(changeNs));
          const step = fit!.steps[sizes.indexOf(Math.max(...sizes))];
          assert.equal(step!.inHost, where === "host", `${where} ${seed}`);
          const change = where === "host" ? seconds : -seconds;
          const total = fit!.steps.reduce((sum, { changeNs }) => sum + changeNs, 0);
          assert.ok(Math.abs(total / 1e9 - change) < 0.02, `${where} ${seed}: ${total}`);
        }
      }
    });
  }
}

Deno.test("steps of a whole number of periods and stamps that scatter tell nothing", () => {
  const blocks = Array.from({ length: 100 }, (_, index) => index);
  const rows = Float64Array.from(blocks, (index) => 32 * index);
  const random = new Random(3);
  const stamps = (scatter: number) =>
    BigInt64Array.from(
      blocks,
      (i) => BigInt(i * 625_000_000 + Math.round(random.uniform() * scatter)),
    );
  const set = { rows, fromNs: stamps(0) };
  assert.equal(setByPhase(set, 50, 0.3e9), "host");
  assert.equal(setByPhase(set, 50, 20 * 625e6 / 32), "unknown");
  assert.equal(setByPhase({ rows, fromNs: stamps(1e7) }, 50, 0.3e9), "unknown");
  assert.equal(
    setByPhase({ rows: rows.slice(0, 4), fromNs: stamps(0).slice(0, 4) }, 2, 3e8),
    "unknown",
  );
});
