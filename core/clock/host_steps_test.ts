import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import type { ClockRef } from "../base/mod.ts";
import { ClockApplier } from "./apply.ts";
import { OneWayAccumulator } from "./evidence.ts";
import { fitGraph } from "./fit_graph.ts";
import type { ClockModel, OneWayEvidence, PointEvidence } from "./model.ts";

const SENSOR: ClockRef = { id: "sensor/device", kind: "device" };
const PHONE: ClockRef = { id: "phone/utc", kind: "utc" };
const PC: ClockRef = { id: "pc/utc", kind: "utc" };
const SECOND = 1_000_000_000n;
const START = 1_700_000_000n * SECOND;
const RATE = 100;
const SECONDS = 600;
const STEP_AT = 300;

/** What the phone shows at a true time: it is set by a step in the middle. */
function phoneAt(seconds: number, step: number): bigint {
  return START + BigInt(Math.round((seconds + (seconds >= STEP_AT ? step : 0)) * 1e9));
}

/** Samples of a sensor at 100 Hz with its own count, which the phone stamps 5 to 9 ms later. */
function sensorPairs(kernel: Kernel, step: number): OneWayEvidence {
  const pairs = new OneWayAccumulator(kernel, {
    from: SENSOR,
    to: PHONE,
    streamId: "sensor/gsr",
    resolutionNs: 1,
    minimumDelay: { lowNs: 5e6, highNs: 5e6 },
  });
  const count = RATE * SECONDS;
  const times = BigInt64Array.from(
    { length: count },
    (_, row) => BigInt(row) * (SECOND / BigInt(RATE)),
  );
  const arrivals = BigInt64Array.from(
    { length: count },
    (_, row) => phoneAt(row / RATE + 0.005 + (row % 5) * 0.001, step),
  );
  pairs.add(times, arrivals);
  const evidence = pairs.get();
  pairs.dispose();
  assert.ok(evidence !== undefined);
  return evidence;
}

/** A flash that phone and PC both noted, good to 1 ms. */
function flash(seconds: number, step: number): PointEvidence {
  const toNs = START + BigInt(seconds) * SECOND;
  const fromNs = phoneAt(seconds, step);
  return { kind: "event", from: PHONE, to: PC, fromNs, toNs, sigmaNs: 1e6, source: "flash" };
}

function errorMs(kernel: Kernel, model: ClockModel, shown: bigint, trueSeconds: number): number {
  const applier = new ClockApplier(kernel, model, { id: "x", resolutionNs: 0 });
  const [placed] = applier.apply(BigInt64Array.of(shown), 0).referenceTimes;
  applier.dispose();
  return Number(placed! - START - BigInt(trueSeconds) * SECOND) / 1e6;
}

for (const step of [5, 0.5, -0.5]) {
  Deno.test(`a phone that is set by ${step} s is placed through its sensor, before and after`, () => {
    const kernel = new Kernel();
    const { models, issues } = fitGraph(new Kernel(), {
      clocks: [SENSOR, PHONE],
      reference: PC,
      evidence: [sensorPairs(kernel, step), flash(100, step), flash(500, step)],
    });
    const [told] = issues;
    assert.deepEqual(issues.map(({ code }) => code), ["TIME_STEP"]);
    assert.equal(told?.params["clock"], PHONE.id);
    assert.ok(Math.abs(Number(told?.params["step"]) - step) < 0.002);
    const [sensor, phone] = models;
    for (const seconds of [50, 200, 400, 550]) {
      const own = errorMs(kernel, sensor!, BigInt(seconds) * SECOND, seconds);
      const shown = errorMs(kernel, phone!, phoneAt(seconds, step), seconds);
      assert.ok(Math.abs(own) < 3 && Math.abs(shown) < 3, `${seconds} s: ${own} ms, ${shown} ms`);
    }
    assert.equal(phone!.segments.length, 2);
  });
}

Deno.test("evidence of clocks that were not set stays where it is", () => {
  const kernel = new Kernel();
  const { models, issues } = fitGraph(new Kernel(), {
    clocks: [PHONE],
    reference: PC,
    evidence: [sensorPairs(kernel, 0), flash(100, 0)],
  });
  assert.deepEqual(issues, []);
  assert.equal(models[0]!.method, "events");
  assert.equal(models[0]!.via, undefined);
});
