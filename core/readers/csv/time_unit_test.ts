import assert from "node:assert/strict";
import { findTimeUnit, type UnitHints } from "./time_unit.ts";
import { readTable } from "./_support.ts";

const steps = (from: number, step: number) => Array.from({ length: 50 }, (_, n) => from + n * step);

Deno.test("findTimeUnit tells dates by their magnitude", () => {
  for (const [unit, factor] of [["s", 1], ["ms", 1e3], ["us", 1e6], ["ns", 1e9]] as const) {
    for (const year of [2001, 2025, 2090]) {
      const start = Date.UTC(year, 5, 1) / 1000;
      const verdict = findTimeUnit(steps(start * factor, factor / 100), {});
      assert.deepEqual([verdict.kind, "unit" in verdict && verdict.unit], ["epoch", unit]);
    }
  }
});

Deno.test("findTimeUnit reads counters, and refuses what can be two things", () => {
  const cases: [number[], UnitHints, string][] = [
    [steps(0, 1 / 128), {}, "counter s"],
    [steps(0, 7.8125), {}, "counter ms"],
    [steps(0, 7812.5), {}, "counter us"],
    [steps(754669601255291, 7812500), {}, "counter ns"],
    [steps(754669601255291, 7812500), { named: "ns" }, "counter ns"],
    // 12 days of uptime in ns are a date of 2003 in us: the name and a possible rate decide for neither.
    [steps(1.05e15, 1e6), { named: "ns" }, "ambiguous"],
    [steps(1.05e15, 7812.5), { named: "ns" }, "epoch us"],
    [steps(1.05e15, 7812500), {}, "ambiguous"],
    // Milliseconds in a column that says ns.
    [steps(1753842118000, 8), { named: "ns" }, "epoch ms"],
    [steps(0, 1), {}, "ambiguous"],
    [steps(0, 1000), {}, "ambiguous"],
    [steps(0, 0), {}, "ambiguous"],
    [steps(5, 1), { named: "ms" }, "counter ms"],
    // Seconds in a column that says ms: 128 kHz is no rate.
    [steps(0, 1 / 128), { named: "ms" }, "counter s"],
  ];
  for (const [values, hints, expected] of cases) {
    const verdict = findTimeUnit(values, hints);
    const found = verdict.kind === "ambiguous" ? "ambiguous" : `${verdict.kind} ${verdict.unit}`;
    assert.equal(found, expected, JSON.stringify([values.slice(0, 2), hints]));
  }
});

Deno.test("findTimeUnit asks the session when the numbers leave two readings", () => {
  const sessionWindow = { startNs: 1_753_842_118_000_000_000n, endNs: 1_753_842_218_000_000_000n };
  const byLength = findTimeUnit(steps(0, 1), { sessionWindow, estimatedRows: 100 });
  assert.deepEqual(byLength.kind === "counter" && byLength.unit, "s");
  const long = findTimeUnit(steps(0, 1), { sessionWindow, estimatedRows: 100_000 });
  assert.deepEqual(long.kind === "counter" && long.unit, "ms");
  const inYear2003 = { startNs: 1_050_000_000_000_000_000n, endNs: 1_050_000_100_000_000_000n };
  const date = findTimeUnit(steps(1.05e15, 1e6), { named: "ns", sessionWindow: inYear2003 });
  assert.deepEqual([date.kind, "unit" in date && date.unit], ["epoch", "us"]);
  // The rate says ms, the length says s: neither is trusted.
  const torn = findTimeUnit(steps(0, 10), { sessionWindow, estimatedRows: 10 });
  assert.equal(torn.kind, "ambiguous");
});

Deno.test("An ambiguous time column is kept as numbers and times nothing", async () => {
  const table = await readTable("time,ecg\n0,1.5\n1,1.75\n2,2\n");
  assert.deepEqual(table.values["time"], [0, 1, 2]);
  assert.deepEqual(new Set(table.times), new Set([-(2n ** 63n)]));
  const issue = table.issues.find(({ code }) => code === "TIME_UNIT_AMBIGUOUS");
  assert.equal(issue?.params["column"], "time");
});

Deno.test("The user can state column, unit and clock of the times", async () => {
  const text = "n,ecg\n0,1.5\n1,1.75\n2,2\n";
  const missing = await readTable(text);
  assert.ok(missing.codes.includes("TIME_COLUMN_MISSING"));
  const stated = await readTable(text, {
    timeColumn: { column: "n", unit: "ms", clock: "monotonic" },
    columnUnits: { ecg: "uV" },
  });
  assert.deepEqual(stated.times, [0n, 1_000_000n, 2_000_000n]);
  assert.deepEqual(stated.reader.schema.clock, { id: "shimmer_1/monotonic", kind: "monotonic" });
  assert.equal(stated.units["ecg"], "uV");
});

Deno.test("Milliseconds in a column of seconds are reported", async () => {
  const table = await readTable("timestamp_s,ecg\n1753842118000,1\n1753842118008,2\n");
  assert.deepEqual(table.times, [1753842118000000000n, 1753842118008000000n]);
  const issue = table.issues.find(({ code }) => code === "TIME_UNIT_CONFLICT");
  assert.deepEqual(issue?.params, { column: "timestamp_s", named: "s", found: "ms" });
});

Deno.test("Local time and UTC in one column are not told apart by guess", async () => {
  const table = await readTable("time,ecg\n2025-07-30T02:21:58,1\n2025-07-30T02:21:58Z,2\n");
  assert.ok(table.codes.includes("TIME_UNIT_AMBIGUOUS"));
  assert.deepEqual(table.values["time"], ["2025-07-30T02:21:58", "2025-07-30T02:21:58Z"]);
});

Deno.test("The coarseness of stamps comes from the digits that they use", async () => {
  const resolutions: [string, number][] = [
    ["1753842118000,\n1753842118008,\n", 1e6],
    ["1753842118000.25,\n1753842118008.5,\n", 1e4],
    ["1.595933810034E12,\n1.59593381005E12,\n", 1e6],
  ];
  for (const [rows, expected] of resolutions) {
    const table = await readTable(`timestamp_ms,ecg\n${rows}`);
    assert.equal(table.reader.schema.resolutionNs, expected, rows);
  }
});

Deno.test("The counter of a device is in the unit in which it runs as fast as its host", async () => {
  const table = (name: string, perSecond: number, rows = 600) =>
    `timestamp_unix_ms,${name},ecg\n` + Array.from({ length: rows }, (_, n) => {
      const arrival = 1753842118000 + Math.floor(n / 4) * 4 * 20 + 35 * (n % 3);
      // The counter starts anew in the middle.
      const count = 7000 + Math.round((n < rows / 2 ? n : n - rows / 2) * 0.02 * perSecond);
      return `${arrival},${count},${n}\n`;
    }).join("");
  for (const [perSecond, ns] of [[1000, 1e6], [1e6, 1e3]] as const) {
    const { reader, times } = await readTable(table("timestamp_shimmer", perSecond));
    assert.equal(reader.schema.clock.kind, "device");
    assert.equal(times[1]! - times[0]!, 20_000_000n);
    assert.equal(reader.schema.resolutionNs, ns);
  }
  // 32768 ticks a second at 50 Hz look like milliseconds at 1.5 Hz or microseconds at 1.5 kHz.
  const ticks = await readTable(table("timestamp_shimmer", 32768));
  assert.deepEqual(ticks.reader.schema.clock, { id: "shimmer_1/utc", kind: "utc" });
  assert.ok(ticks.codes.includes("TIME_UNIT_AMBIGUOUS"));
  assert.equal(ticks.values["timestamp_shimmer"]?.[1], 7655);
  const named = await readTable(table("DeviceTime_ms", 1e6));
  assert.equal(named.times[1]! - named.times[0]!, 20_000_000n);
  const conflict = named.issues.find(({ code }) => code === "TIME_UNIT_CONFLICT");
  assert.deepEqual(conflict?.params, { column: "DeviceTime_ms", named: "ms", found: "us" });
});
