import assert from "node:assert/strict";
import { Kernel } from "../../../wasm/mod.ts";
import { CancelledError, MISSING_NS } from "../../base/mod.ts";
import { correlateMotion, correlateMotionStreams } from "./correlate.ts";
import { type MotionCorrelation, motionReadings, motionSeries } from "./result.ts";
import { type Movement, Random, record, type SensorPlan, shaking, shown } from "./_simulation.ts";
import type { MotionSignal } from "./signal.ts";

const EPOCH_NS = 1_750_000_000_000_000_000n;

/** Half an hour, shaken for 30 s near its start and its end. */
const SHAKES = [{ start: 40, seconds: 30 }, { start: 1700, seconds: 30 }];

function plans(seed: number, changes: Partial<SensorPlan> = {}): [SensorPlan, SensorPlan] {
  const a = { rateHz: 50, startNs: 7_000_000_000n, driftPpm: 0, seed: 2 * seed, from: 0, to: 1800 };
  const b = { ...a, rateHz: 100, startNs: EPOCH_NS, driftPpm: 50, seed: 2 * seed + 1, from: -20 };
  return [a, { ...b, ...changes }];
}

/** Error of each reading and its uncertainty in ms. */
function errorsOf(found: MotionCorrelation, a: SensorPlan, b: SensorPlan) {
  const { fromNs, toNs, sigmasNs } = motionReadings(found);
  return Array.from(fromNs, (from, index) => {
    const seconds = Number(from - a.startNs) / (1e9 + 1e3 * a.driftPpm);
    return {
      seconds,
      error: Number(toNs[index]! - shown(b, seconds)) / 1e6,
      sigma: sigmasNs[index]! / 1e6,
    };
  });
}

/** Largest error, in ms, of the weighted straight line through readings, over a span. */
function worstOfLine(readings: ReturnType<typeof errorsOf>, from: number, to: number): number {
  let [s, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (const { seconds: x, error: y, sigma } of readings) {
    const weight = 1 / (sigma * sigma);
    s += weight;
    sx += weight * x;
    sy += weight * y;
    sxx += weight * x * x;
    sxy += weight * x * y;
  }
  const slope = (s * sxy - sx * sy) / (s * sxx - sx * sx);
  const at = (x: number) => Math.abs((sy - slope * sx) / s + slope * x);
  return Math.max(at(from), at(to));
}

Deno.test("two shakes tie clocks of any epoch within 2 ms, and windows know their uncertainty", () => {
  const kernel = new Kernel();
  let [inside, count] = [0, 0];
  for (let seed = 0; seed < 20; seed++) {
    const movement = shaking(seed, SHAKES);
    const [a, b] = plans(seed);
    const found = correlateMotion(kernel, record(movement, a), record(movement, b));
    assert.equal(found.outcome, "aligned");
    const readings = errorsOf(found, a, b);
    assert.ok(readings.some(({ seconds }) => seconds < 70));
    assert.ok(readings.some(({ seconds }) => seconds > 1700));
    // The line is worst at an end, so that this bounds every percentile.
    assert.ok(worstOfLine(readings, 0, 1800) < 2, `seed ${seed}`);
    inside += readings.filter(({ error, sigma }) => Math.abs(error) < 1.96 * sigma).length;
    count += readings.length;
  }
  assert.ok(count > 120);
  assert.ok(inside / count > 0.93 && inside / count <= 0.99, `${inside} of ${count}`);
});

/** Makes a recording worse: samples go missing, stamps and values are wild. */
function damage(signal: MotionSignal & Required<Pick<MotionSignal, "accel">>, seed: number) {
  const random = new Random(seed);
  const timesNs = signal.timesNs.slice();
  const accel = signal.accel.map((column) => column.slice());
  for (let index = 0; index < timesNs.length; index++) {
    const draw = random.uniform();
    if (draw < 0.01) accel[index % 3]![index] = 1e6 * random.gaussian();
    else if (draw < 0.02) accel[index % 3]![index] = NaN;
    else if (draw < 0.03) timesNs[index] = MISSING_NS;
    // Every ten minutes the radio fails for five seconds.
    const second = Number((timesNs[index]! / 1_000_000_000n) % 600n);
    if (second >= 45 && second < 50) timesNs[index] = MISSING_NS;
  }
  return { timesNs, accel: [accel[0]!, accel[1]!, accel[2]!] as const };
}

Deno.test("gaps, wild values and 60 ppm cost little", () => {
  const kernel = new Kernel();
  for (let seed = 0; seed < 3; seed++) {
    const movement = shaking(seed, SHAKES);
    const [a, b] = plans(seed, { driftPpm: -60, rateHz: 128 });
    const found = correlateMotion(
      kernel,
      damage(record(movement, a), seed),
      damage(record(movement, b), seed + 9),
    );
    assert.equal(found.outcome, "aligned");
    assert.ok(worstOfLine(errorsOf(found, a, b), 0, 1800) < 2);
  }
});

Deno.test("reading in chunks gives the same as all at once", async () => {
  const kernel = new Kernel();
  const movement = shaking(3, SHAKES);
  const [a, b] = plans(3).map((plan) => record(movement, plan)) as [MotionSignal, MotionSignal];
  const source = ({ timesNs, accel }: MotionSignal, size: number) => ({
    async *chunks() {
      for (let start = 0; start < timesNs.length; start += size) {
        const part = (column: Float64Array) => column.subarray(start, start + size);
        yield {
          timesNs: timesNs.subarray(start, start + size),
          accel: [part(accel![0]), part(accel![1]), part(accel![2])] as const,
        };
      }
    },
  });
  const steps: number[] = [];
  const chunked = await correlateMotionStreams(kernel, source(a, 1000), source(b, 4096), {
    progress: ({ done }) => steps.push(done),
  });
  assert.deepEqual(chunked, correlateMotion(kernel, a, b));
  assert.deepEqual(steps, [0, 1, 2]);
  const signal = AbortSignal.abort();
  const cancelled = correlateMotionStreams(kernel, source(a, 1000), source(b, 1000), { signal });
  await assert.rejects(cancelled, CancelledError);
});

Deno.test("angular velocity is used as well as acceleration", () => {
  const movement = shaking(4, SHAKES);
  const [a, b] = plans(4);
  const [{ timesNs, accel }, other] = [record(movement, a), record(movement, b)];
  const found = correlateMotion(
    new Kernel(),
    { timesNs, gyro: accel },
    { timesNs: other.timesNs, gyro: other.accel },
  );
  assert.equal(found.outcome, "aligned");
  assert.ok(found.windows.every(({ quantity }) => quantity === "gyro"));
  assert.ok(worstOfLine(errorsOf(found, a, b), 0, 1800) < 2);
  const mixed = correlateMotion(new Kernel(), { timesNs, gyro: accel }, other);
  assert.equal(mixed.outcome, "no motion");
});

/** Steps of somebody who walks for ever. */
function walking(seed: number): Movement {
  const random = new Random(seed);
  const turns = 2 * Math.PI * (1.7 + 0.3 * random.uniform());
  const wobble = 0.05 + 0.1 * random.uniform();
  const axes = [0, 1, 2].map(() => ({
    size: 0.3 + random.uniform(),
    phase: 7 * random.uniform(),
  }));
  return (seconds) => {
    const place = turns * seconds + 2 * Math.sin(wobble * seconds);
    const at = ({ size, phase }: { size: number; phase: number }) =>
      size * (Math.sin(place + phase) + 0.5 * Math.sin(2 * place + 2 * phase));
    return [at(axes[0]!), at(axes[1]!), at(axes[2]!)];
  };
}

const UNRELATED: Readonly<Record<string, (seed: number) => readonly [Movement, Movement]>> = {
  "shakes at the same times": (seed) => {
    const shakes = [{ start: 60, seconds: 30 }, { start: 500, seconds: 30 }];
    return [shaking(seed, shakes), shaking(seed + 1000, shakes)];
  },
  "many shakes": (seed) => {
    const every = (seconds: number) =>
      Array.from({ length: 10 }, (_, index) => ({ start: 20 + seconds * index, seconds: 13 }));
    return [shaking(seed, every(57)), shaking(seed + 1000, every(56))];
  },
  "walks": (seed) => [walking(seed), walking(seed + 1000)],
  "rest": () => [() => [0, 0, 0], () => [0, 0, 0]],
};

for (const [name, movements] of Object.entries(UNRELATED)) {
  Deno.test(`movements that have nothing in common give no evidence: ${name}`, () => {
    const kernel = new Kernel();
    for (let seed = 0; seed < 8; seed++) {
      const [first, second] = movements(seed);
      const plan = { rateHz: 50, startNs: 0n, driftPpm: 0, seed, from: 0, to: 600 };
      const a = record(first, plan);
      const b = record(second, { ...plan, rateHz: 100, driftPpm: 30, seed: seed + 50 });
      const found = correlateMotion(kernel, a, b);
      assert.notEqual(found.outcome, "aligned", `seed ${seed}`);
      assert.equal(motionReadings(found).fromNs.length, 0);
    }
  });
}

Deno.test("a movement that repeats itself for ever is ambiguous", () => {
  const kernel = new Kernel();
  for (const hz of [1.6, 2.5, 4]) {
    const turns = 2 * Math.PI * hz;
    const movement: Movement = (seconds) => [
      Math.sin(turns * seconds),
      0.6 * Math.sin(turns * seconds + 1),
      0.3 * Math.sin(turns * seconds + 2),
    ];
    const plan = { rateHz: 50, startNs: 0n, driftPpm: 0, seed: 1, from: 0, to: 300 };
    const a = record(movement, plan);
    const b = record(movement, { ...plan, seed: 2, rateHz: 100, startNs: 130_000_000n });
    const found = correlateMotion(kernel, a, b);
    assert.notEqual(found.outcome, "aligned");
    assert.ok(found.windows.every(({ verdict }) => verdict !== "used"));
  }
});

Deno.test("readings lie on both sides of a clock that was set back", () => {
  const movement = shaking(5, SHAKES);
  const [a, b] = plans(5);
  const first = record(movement, a);
  const second = record(movement, b);
  // After a quarter of an hour the second clock begins from an hour earlier.
  const setNs = shown(b, 900);
  const backNs = 3_600_000_000_000n;
  const timesNs = second.timesNs.map((time) => time < setNs ? time : time - backNs);
  const found = correlateMotion(new Kernel(), first, { ...second, timesNs });
  assert.equal(found.outcome, "aligned");
  const readings = errorsOf(found, a, b);
  assert.ok(readings.some(({ seconds }) => seconds < 900));
  assert.ok(readings.some(({ seconds }) => seconds > 900));
  for (const { seconds, error } of readings) {
    assert.ok(Math.abs(error + (seconds < 900 ? 0 : 3_600_000)) < 2, `${seconds}: ${error}`);
  }
});

Deno.test("nothing that can be recorded makes it fail", () => {
  const kernel = new Kernel();
  const random = new Random(6);
  const wild = [NaN, Infinity, -1e300, 1e300, 0, 1, -1];
  const stamps = [MISSING_NS, 2n ** 63n - 1n, 0n, -1n, 10n ** 18n];
  for (let trial = 0; trial < 20; trial++) {
    const length = [0, 1, 6, 4000][trial % 4]!;
    const made = () => {
      const timesNs = BigInt64Array.from(
        { length },
        (_, index) =>
          trial % 3 === 0
            ? stamps[Math.floor(random.uniform() * stamps.length)]!
            : BigInt(index) * 10_000_000n,
      );
      const column = () =>
        Float64Array.from({ length }, () => wild[Math.floor(random.uniform() * wild.length)]!);
      return { timesNs, accel: [column(), column(), column()] as const };
    };
    assert.notEqual(correlateMotion(kernel, made(), made()).outcome, "aligned");
  }
});

Deno.test("evidence names the clocks and the samples before each reading", () => {
  const movement = shaking(7, SHAKES);
  const [a, b] = plans(7);
  const found = correlateMotion(new Kernel(), record(movement, a), record(movement, b));
  const options = {
    from: { id: "wrist/device", kind: "device" },
    to: { id: "chest/device", kind: "device" },
    source: "movement",
    streamId: "wrist/motion",
  } as const;
  const series = motionSeries(found, options)!;
  assert.equal(series.kind, "motion");
  assert.equal(series.streamId, "wrist/motion");
  for (const [index, from] of series.fromNs.entries()) {
    const expected = Math.round((Number(from - a.startNs) / 1e9) * a.rateHz);
    assert.ok(Math.abs(series.rows![index]! - expected) <= 1);
  }
});

Deno.test("options that make no sense are refused", () => {
  const none = { timesNs: new BigInt64Array(0) };
  for (
    const options of [
      { windowSeconds: 0 },
      { windowSeconds: NaN },
      { maximumDriftPpm: -1 },
      { minimumCorrelation: 2 },
      { maximumWindows: 0 },
    ]
  ) {
    assert.throws(() => correlateMotion(new Kernel(), none, none, options), RangeError);
  }
  const short = new Float64Array(1);
  const uneven = { timesNs: new BigInt64Array(2), accel: [short, short, short] as const };
  assert.throws(() => correlateMotion(new Kernel(), uneven, uneven), /must have 2 values/);
});
