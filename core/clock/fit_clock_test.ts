import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { MISSING_NS } from "../base/mod.ts";
import { applyClock } from "./apply_clock.ts";
import { type ClockReadings, fitClock, type FitClockOptions } from "./fit_clock.ts";
import type { ClockModel } from "./model.ts";
import { Random } from "./_support.ts";

const EPOCH = 1_700_000_000_000_000_000n;

/** Probes of a clock whose offset in ns is known, with errors in ns. */
function probes(
  count: number,
  offsetNs: (seconds: number) => number,
  error: (index: number) => number,
): ClockReadings {
  const seconds = Array.from({ length: count }, (_, index) => 5 * index + 2);
  return {
    deviceNs: BigInt64Array.from(seconds, (s) => BigInt(Math.round(s * 1e9 - offsetNs(s)))),
    referenceNs: BigInt64Array.from(
      seconds,
      (s, index) => EPOCH + BigInt(Math.round(s * 1e9 + error(index))),
    ),
    rows: Float64Array.from(seconds, (s) => s * 100),
  };
}

/** Largest error in ms at every second, and the share of them within 1.96 sigma. */
function errorsOf(model: ClockModel, count: number, offsetNs: (seconds: number) => number) {
  const seconds = Array.from({ length: count }, (_, index) => index);
  const device = BigInt64Array.from(seconds, (s) => BigInt(Math.round(s * 1e9 - offsetNs(s))));
  const { referenceTimes, sigmas } = applyClock(new Kernel(), model, device);
  const errors = seconds.map((s, index) =>
    Number(referenceTimes[index]! - EPOCH - BigInt(s * 1e9))
  );
  const inside = errors.filter((error, index) => Math.abs(error) <= 1.96 * sigmas[index]!).length;
  return { largest: Math.max(...errors.map(Math.abs)) / 1e6, coverage: inside / count };
}

Deno.test("fitClock: a line is what weighted least squares makes of it", () => {
  for (const seed of [1, 2, 3]) {
    const random = new Random(seed);
    const noise = Array.from(
      { length: 720 },
      () => 1e5 * (random.uniform() + random.uniform() + random.uniform() - 1.5),
    );
    const offset = (s: number) => 20e3 * s;
    const readings = probes(720, offset, (index) => noise[index]!);
    const { model, issues } = fitClock(new Kernel(), readings);
    // Ordinary least squares of the readings.
    const x = Array.from(readings.deviceNs, (time) => Number(time) / 1e9);
    const y = x.map((s, index) => Number(readings.referenceNs[index]! - EPOCH) - s * 1e9);
    const [mx, my] = [x, y].map((values) => values.reduce((sum, v) => sum + v) / values.length);
    const sxx = x.reduce((sum, s) => sum + (s - mx!) * (s - mx!), 0);
    const slope = x.reduce((sum, s, i) => sum + (s - mx!) * (y[i]! - my!), 0) / sxx;
    assert.ok(Math.abs(model.driftPpm - slope / 1e3) < 0.003, `${model.driftPpm} ${slope}`);
    assert.ok(errorsOf(model, 3600, offset).largest < 0.02);
    assert.ok(Math.abs(model.residualRmsNs / 1e5 - 0.5) < 0.05, `${model.residualRmsNs}`);
    assert.deepEqual(
      issues.map(({ code }) => code).filter((c) => c !== "CLOCK_EVIDENCE_REJECTED"),
      [],
    );
    assert.equal(model.method, "two-way");
    assert.ok(model.holdOut!.count >= 70 && model.holdOut!.coverage > 0.85);
    assert.equal(model.audit![0]!.verdicts.length, 720);
  }
});

Deno.test("fitClock: clocks that are set, late probes and zeros", () => {
  const random = new Random(5);
  const offset = (s: number) => -50e9 + 20e3 * s + (s >= 2000 ? 4e9 : 0);
  const readings = probes(720, offset, () => {
    return 1e5 * (random.uniform() + random.uniform() + random.uniform() - 1.5);
  });
  for (let index = 7; index < 720; index += 20) readings.referenceNs[index]! += 3_000_000_000n;
  for (let index = 11; index < 720; index += 100) {
    readings.referenceNs[index] = readings.deviceNs[index]!;
  }
  readings.deviceNs[50] = MISSING_NS;
  const options: FitClockOptions = {
    streamId: "watch/gsr",
    clock: { id: "watch", kind: "device" },
    source: "probes",
  };
  const { model, issues } = fitClock(new Kernel(), readings, options);
  assert.equal(model.segments.length, 2);
  assert.ok(Math.abs(model.steps![0]!.changeNs - 4e9) < 2e5);
  assert.equal(model.segments[0]!.firstRows["watch/gsr"], 0);
  const row = model.segments[1]!.firstRows["watch/gsr"]!;
  assert.ok(Math.abs(row - 200_000) <= 500, `${row}`);
  const verdicts = model.audit![0]!.verdicts;
  assert.equal(verdicts[27], "late");
  assert.equal(verdicts[11], "garbage");
  assert.equal(verdicts[50], "garbage");
  assert.equal(verdicts[0], "used");
  assert.deepEqual(issues.map(({ code }) => code), ["TIME_STEP", "CLOCK_EVIDENCE_REJECTED"]);
  assert.equal(issues[0]!.params["step"], "-4.000");
});

Deno.test("fitClock: samples place a step and deny probes that step alone", () => {
  const random = new Random(8);
  const offset = (s: number) => 20e3 * s + (s >= 1234.567 ? -20e6 : 0);
  const noise = () => 1e5 * (random.uniform() + random.uniform() + random.uniform() - 1.5);
  const readings = probes(720, offset, noise);
  for (let index = 500; index < 560; index++) readings.referenceNs[index]! += 700_000_000n;
  const samples = BigInt64Array.from(
    { length: 360_000 },
    (_, index) => BigInt(Math.round(index * 1e7 - offset(index / 100) + 10 * noise())),
  );
  const streamId = "watch/gsr";
  const { model } = fitClock(new Kernel(), readings, { samples, streamId });
  assert.equal(model.steps!.length, 1);
  assert.ok(Math.abs(model.segments[1]!.firstRows[streamId]! - 123_457) <= 3);
  assert.ok(model.audit![0]!.verdicts.slice(500, 560).every((verdict) => verdict === "late"));
  const applied = applyClock(new Kernel(), model, samples, { streamId });
  const wrong = applied.referenceTimes.filter((time, index) => {
    const error = Number(time - EPOCH) - index * 1e7;
    return Math.abs(error) > 25e6;
  });
  assert.equal(wrong.length, 0);
});

Deno.test("fitClock: nothing, little and nonsense", () => {
  const kernel = new Kernel();
  const none = fitClock(kernel, { deviceNs: BigInt64Array.of(), referenceNs: BigInt64Array.of() });
  assert.equal(none.model.method, "none");
  assert.deepEqual(none.issues.map(({ code }) => code), ["CLOCK_NO_EVIDENCE"]);
  const one = fitClock(kernel, {
    deviceNs: BigInt64Array.of(5n),
    referenceNs: BigInt64Array.of(105n),
    sigmasNs: Float64Array.of(10),
  });
  assert.equal(one.model.segments[0]!.knots[0]!.offsetNs, 100n);
  assert.ok(one.model.segments[0]!.knots[0]!.sigmaNs > 9.9);
  assert.throws(
    () => fitClock(kernel, { deviceNs: BigInt64Array.of(5n), referenceNs: BigInt64Array.of() }),
    RangeError,
  );
  const wild = [0n, MISSING_NS, MISSING_NS + 1n, 2n ** 63n - 1n, -5n, 1n, 10n ** 18n];
  const random = new Random(3);
  for (let round = 0; round < 50; round++) {
    const length = Math.floor(400 * random.uniform());
    const pick = () =>
      random.uniform() < 0.4
        ? wild[Math.floor(random.uniform() * wild.length)]!
        : BigInt(Math.floor(random.uniform() * 1e13));
    const odd = () => [NaN, Infinity, -1, 0, 1e300, 5][Math.floor(random.uniform() * 6)]!;
    const { model } = fitClock(kernel, {
      deviceNs: BigInt64Array.from({ length }, pick),
      referenceNs: BigInt64Array.from({ length }, pick),
      roundTripsNs: Float64Array.from({ length }, odd),
      sigmasNs: Float64Array.from({ length }, odd),
      rows: Float64Array.from({ length }, odd),
    });
    for (const { fromNs, toNs, knots } of model.segments) {
      assert.ok(fromNs <= toNs);
      for (const [index, knot] of knots.entries()) {
        assert.ok(Number.isFinite(knot.sigmaNs) && Number.isFinite(knot.skew));
        assert.ok(index === 0 || knot.deviceNs > knots[index - 1]!.deviceNs);
      }
    }
  }
});
