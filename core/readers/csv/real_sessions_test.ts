import assert from "node:assert/strict";
import { readTable } from "./_support.ts";

const SESSIONS = new URL("../../../../shared/data/sessions/", import.meta.url);

function isPresent(): boolean {
  try {
    return Deno.statSync(SESSIONS).isDirectory;
  } catch {
    return false;
  }
}

/** Skipped with a message where the real data are not at hand, which they must be in continuous integration. */
const ignore = !isPresent() && Deno.env.get("CI") !== "true";
if (ignore) Deno.stderr.writeSync(new TextEncoder().encode("Real sessions are absent: skipped\n"));

const read = (path: string) => Deno.readFileSync(new URL(path, SESSIONS));

/** An independent parse: lines and cells by `split`, numbers by `Number`. */
function splitTable(bytes: Uint8Array, separator: string, headLines: number): string[][] {
  return new TextDecoder().decode(bytes).trimEnd().split(/\r?\n/).slice(headLines)
    .map((line) => line.split(separator));
}

Deno.test({ name: "Real Shimmer export: every value and stamp", ignore }, async () => {
  const bytes = read(
    "shimmer_20200728_105650/devices/shimmer_40AC/sensor_data/shimmer_40AC_gsr_20200728_105650.csv",
  );
  const expected = splitTable(bytes, ";", 3);
  const table = await readTable(bytes, { device: "shimmer_40AC" });
  assert.equal(table.times.length, 90);
  assert.deepEqual(
    table.times,
    expected.map((cells) => BigInt(Math.round(Number(cells[0]))) * 1_000_000n),
  );
  const names = Object.keys(table.values);
  assert.equal(names.length, 21);
  for (const [index, name] of names.entries()) {
    if (index === 0) continue;
    assert.deepEqual(table.values[name], expected.map((cells) => Number(cells[index])), name);
  }
  assert.deepEqual(table.reader.schema.clock, { id: "shimmer_40AC/utc", kind: "utc" });
  assert.equal(table.reader.schema.resolutionNs, 1e6);
  assert.deepEqual(table.codes, ["CSV_TRAILING_SEPARATOR"]);
  assert.deepEqual(names.map((name) => table.units[name]), [
    "ns",
    ...Array(6).fill("m/s^2"),
    "mV",
    "mV",
    undefined,
    "uS",
    "kOhm",
    ...Array(3).fill("deg/s"),
    "mV",
    ...Array(3).fill("local_flux"),
    "kPa",
    "degC",
  ]);
});

/** ns since 1970 of `1970-01-01 00:MM:SS.fraction`. */
function countedNs(text: string): bigint {
  const [, minutes, seconds, fraction = ""] = /^1970-01-01 00:(\d\d):(\d\d)\.(\d+)$/.exec(text)!;
  return BigInt(Number(minutes) * 60 + Number(seconds)) * 1_000_000_000n +
    BigInt(fraction.padEnd(9, "0"));
}

Deno.test({ name: "Real motion tables: two counters, interleaved rates", ignore }, async () => {
  for (const [device, unit, rows] of [["faros", "mg", 7400], ["physilog", "g", 1323]] as const) {
    const bytes = read(
      `shake_19700101_000000/devices/${device}/sensor_data/${device}_motion_19700101_000000.csv`,
    );
    const expected = splitTable(bytes, ",", 1);
    const table = await readTable(bytes, { device, name: "motion" });
    assert.equal(table.times.length, rows);
    assert.deepEqual(table.times, expected.map((cells) => countedNs(cells[0]!)));
    for (const [index, name] of Object.keys(table.values).entries()) {
      if (index === 0) continue;
      const numbers = expected.map((cells) => cells[index] === "" ? NaN : Number(cells[index]));
      assert.deepEqual(table.values[name], numbers, name);
    }
    assert.deepEqual(table.reader.schema.clock, { id: `${device}/motion/device`, kind: "device" });
    assert.equal(table.units["accel_x"], unit);
    assert.equal(table.codes.includes("RATE_MIXED"), device === "faros");
  }
});
