import assert from "node:assert/strict";
import { durationText, signedText } from "./units.ts";
import { driftText, evidenceText, offsetText, widthText } from "./words.ts";

Deno.test("a duration has three digits in the unit in which it is at least one", () => {
  const cases: readonly (readonly [ns: number, text: string])[] = [
    [0, "0 ns"],
    [0.4, "0.4 ns"],
    [999, "999 ns"],
    [1234, "1.23 us"],
    [999_600, "1 ms"],
    [22_940_000, "22.9 ms"],
    [999_999_999, "1 s"],
    [59.94e9, "59.9 s"],
    [599e9, "599 s"],
    [600e9, "10 min"],
    [5399e9, "90 min"],
    [7199.96e9, "2 h"],
    [-7200e9, "-2 h"],
    [86_400e9 * 400, "400 d"],
    [NaN, "unknown"],
    [Infinity, "unknown"],
  ];
  for (const [ns, text] of cases) assert.equal(durationText(ns), text);
  assert.deepEqual([signedText(347e6), signedText(-347e6), signedText(0)], [
    "+347 ms",
    "-347 ms",
    "0 ns",
  ]);
});

Deno.test("an offset between the zeros of two clocks is told as a date", () => {
  assert.equal(offsetText(-7_200_000_000_000n), "-2 h");
  // 2025-07-31T12:30:17Z, as `date -u -d @1753965017` says; digits below a millisecond are left out.
  assert.equal(offsetText(1_753_965_017_010_999_999n), "zero at 2025-07-31T12:30:17.010Z");
  assert.equal(offsetText(undefined), "-");
});

Deno.test("a drift is told to the digit in which its uncertainty begins", () => {
  const text = (driftPpm: number, driftSigmaPpm: number) => driftText({ driftPpm, driftSigmaPpm });
  assert.equal(text(-30.961, 50), "-31 +- 50 ppm");
  assert.equal(text(-30.961, 1.26), "-31.0 +- 1.3 ppm");
  assert.equal(text(-30.961, 0.126), "-30.96 +- 0.13 ppm");
  assert.equal(text(-30.961, 0.002), "-30.961 +- 0.002 ppm");
  assert.equal(text(20.00041, 0.00009), "20.00041 +- 0.00009 ppm");
  assert.equal(text(-0.01, 2), "0.0 +- 2.0 ppm");
  assert.equal(text(37_037, 36_576), "3.7 +- 3.7 %");
  assert.equal(text(NaN, Infinity), "-");
  assert.equal(text(1.5, Infinity), "1.50 ppm");
});

Deno.test("evidence that was not needed is left out of the line", () => {
  const kinds = [
    { kind: "one-way", used: 40, rejected: 2 },
    { kind: "anchor", used: 0, rejected: 1 },
    { kind: "events", used: 3, rejected: 0 },
  ] as const;
  assert.equal(evidenceText(kinds), "one-way 40 (2 rejected), events 3");
  assert.equal(evidenceText([]), "-");
  assert.deepEqual([widthText(3e3), widthText(NaN)], ["+-3 us", "-"]);
});
