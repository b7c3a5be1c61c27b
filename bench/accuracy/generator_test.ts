import assert from "node:assert/strict";
import { Quantiles } from "./quantiles.ts";
import { Random } from "./random.ts";
import { drawRecording, type Recording } from "./recording.ts";
import { ROWS } from "./rows.ts";
import { drawDeviation, TrueClock } from "./true_clock.ts";

const CONDITIONS = ROWS.flatMap(({ conditions }) => conditions);

function draw(name: string, seed = 3): Recording {
  const condition = CONDITIONS.find((one) => one.name === name)!;
  // Five minutes show the same as hours.
  return drawRecording({ ...condition, seconds: Math.min(condition.seconds, 600) }, seed);
}

Deno.test("the same seed draws the same recording, another one another", () => {
  const [one, same, other] = [draw("linear"), draw("linear"), draw("linear", 4)];
  assert.deepEqual(one.stamps, same.stamps);
  assert.deepEqual(one.readings, same.readings);
  assert.notDeepEqual(one.readings, other.readings);
});

Deno.test("random numbers have the moments of their distributions", () => {
  const random = new Random(5, "moments");
  const count = 200_000;
  const moments = (draw: () => number) => {
    const values = Float64Array.from({ length: count }, draw);
    const mean = values.reduce((sum, value) => sum + value) / count;
    return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count];
  };
  const expected: [() => number, number, number][] = [
    [() => random.uniform(), 1 / 2, 1 / 12],
    [() => random.normal(), 0, 1],
    [() => random.exponential(), 1, 1],
  ];
  for (const [draw, mean, variance] of expected) {
    const [found, spread] = moments(draw);
    assert.ok(Math.abs(found! - mean) < 0.01 && Math.abs(spread! - variance) < 0.03);
  }
});

Deno.test("clocks of each kind of wander are read and turned back exactly", () => {
  for (const wander of ["none", "diurnal", "warm-up", "swing", "walk"] as const) {
    const durationNs = 7200e9;
    const deviation = drawDeviation(new Random(1, wander), { skewPpm: 20, wander, durationNs });
    const clock = new TrueClock(10n ** 18n, deviation, [{ fromNs: 3e12, shiftNs: -(10n ** 12n) }]);
    for (const time of [0, 1e9 + 0.25, 2.9e12, 3e12, 7.1e12]) {
      const back = clock.masterAt(clock.deviceAt(time), clock.epochAt(time));
      assert.ok(Math.abs(back - time) <= 1, `${wander} ${time} ${back}`);
    }
  }
});

Deno.test("warm-up and swings have the rates that their names say", () => {
  const rateOf = (wander: "warm-up" | "swing", time: number) => {
    const options = { skewPpm: 0, wander, durationNs: 1e13 };
    const deviation = drawDeviation(new Random(2, wander), options);
    return (deviation(time + 1e8) - deviation(time - 1e8)) / 2e8;
  };
  // 5 ppm that decay by e in 15 minutes.
  assert.ok(Math.abs(rateOf("warm-up", 900e9) * 1e6 - 5 / Math.E) < 1e-6);
  const rates = Array.from({ length: 120 }, (_, index) => rateOf("swing", index * 1e10) * 1e6);
  assert.ok(Math.abs(Math.max(...rates) - 1) < 0.01 && Math.abs(Math.min(...rates) + 1) < 0.01);
});

Deno.test("stamps scatter about what the device clock showed when the samples were taken", () => {
  for (const name of ["linear", "step -2 s", "reboot to zero", "suspended hour", "duplicates"]) {
    const { stamps, truth: { clock, taken } } = draw(name);
    let squares = 0;
    for (const [index, time] of taken.entries()) {
      squares += (Number(stamps[index]! - clock.deviceAt(time)) / 1e6) ** 2;
    }
    assert.ok(Math.abs(Math.sqrt(squares / taken.length) - 2) < 0.05, name);
  }
});

Deno.test("readings differ from the truth by a tenth of a millisecond, and by rows they stand among samples", () => {
  const { readings, truth: { clock, masterStart, taken } } = draw("linear");
  let squares = 0;
  for (const [index, device] of readings.deviceNs.entries()) {
    const time = clock.masterAt(device, 0);
    squares += (Number(readings.referenceNs[index]! - masterStart) - time) ** 2;
    const late = time - taken[readings.rows[index]! - 1]!;
    assert.ok(late >= -1e7 && late < 0.35e9);
  }
  const sigma = Math.sqrt(squares / readings.rows.length);
  assert.ok(sigma > 0.8e5 && sigma < 1.25e5, String(sigma));
});

Deno.test("samples and readings end together, also where the device was off for a while", () => {
  for (const name of ["linear", "reboot to zero", "suspended hour"]) {
    const { readings, truth: { masterStart, taken } } = draw(name);
    const read = Number(readings.referenceNs.at(-1)! - masterStart);
    assert.ok(Math.abs(taken.at(-1)! - read) < 5.2e9, `${name} ${taken.at(-1)} ${read}`);
  }
});

Deno.test("lost, moved and repeated samples are those that the truth counts", () => {
  const steps = ({ truth: { taken } }: Recording) =>
    Array.from(taken.subarray(1), (time, index) => time - taken[index]!);
  for (const name of ["gap 0.9 s, 30 Hz", "gap of 1 sample, 4 Hz", "1 % drops, 100 Hz"]) {
    const recording = draw(name);
    const period = Math.min(...steps(recording));
    const missing = steps(recording).reduce((sum, step) => sum + Math.round(step / period) - 1, 0);
    assert.equal(missing, recording.truth.dropped, name);
    assert.ok(missing > 0);
  }
  assert.equal(
    steps(draw("duplicates")).filter((step) => step === 0).length,
    draw("duplicates").truth.duplicates,
  );
  assert.ok(steps(draw("reorder")).some((step) => step < 0));
});

Deno.test("steps change reference minus device by what the truth says", () => {
  for (const name of ["step +6 s", "step -0.005 s", "reboot to zero", "suspended hour"]) {
    const { truth: { clock, steps: [step] } } = draw(name);
    const offset = (time: number) => time - Number(clock.deviceAt(time) - clock.baseNs);
    const change = offset(step!.toNs + 1) - offset(step!.fromNs - 1);
    // While the device is off its deviation goes on.
    const tolerance = 1e5 + 30e-6 * (step!.toNs - step!.fromNs);
    assert.ok(Math.abs(change - step!.changeNs) < tolerance, `${name} ${change} ${step!.changeNs}`);
  }
});

Deno.test("packets never arrive before the smallest delay, and some come close to it", () => {
  const { readings, truth: { taken, masterStart } } = draw("one-way, 1 h linear");
  const delays = Array.from(
    taken,
    (time, index) => Number(readings.referenceNs[index]! - masterStart) - time,
  ).sort((a, b) => a - b);
  // Host stamps are rounded to whole milliseconds.
  assert.ok(delays[0]! > 4.5e6 && delays[0]! < 6e6, String(delays[0]));
});

Deno.test("quantiles are those of sorted numbers, at most half a percent above", () => {
  const random = new Random(9, "quantiles");
  const values = Float64Array.from({ length: 5000 }, () => Math.exp(4 * random.normal()));
  const quantiles = new Quantiles();
  for (const value of values) quantiles.add(value);
  values.sort();
  for (const share of [0.01, 0.5, 0.99]) {
    const ratio = quantiles.at(share) / values[Math.ceil(share * 5000) - 1]!;
    assert.ok(ratio >= 1 - 1e-7 && ratio < 1.005, `${share} ${ratio}`);
  }
  assert.equal(quantiles.at(1), values[4999]);
  quantiles.add(NaN);
  assert.equal(quantiles.largest, Infinity);
});
