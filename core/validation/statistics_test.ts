import assert from "node:assert/strict";
import { type ColumnBatch, type ColumnSpec, MISSING_NS, type StreamSchema } from "../base/mod.ts";
import { Kernel } from "../../wasm/mod.ts";
import { ColumnAccumulator } from "./statistics.ts";

function schemaOf(columns: readonly ColumnSpec[]): StreamSchema {
  return {
    id: "s1/gsr",
    device: "s1",
    name: "gsr",
    columns,
    clock: { id: "s1/utc", kind: "utc" },
    resolutionNs: 1e6,
  };
}

function f64(name: string, unit?: string): ColumnSpec {
  return { name, kind: "f64", ...(unit === undefined ? {} : { unit }) };
}

/** Cuts columns into batches of a few rows, as a reader would hand them over. */
function batchesOf(
  times: BigInt64Array,
  columns: ColumnBatch["columns"],
  rows: number,
): ColumnBatch[] {
  return Array.from({ length: Math.ceil(times.length / rows) }, (_, index) => {
    const [from, to] = [index * rows, (index + 1) * rows];
    const part = times.slice(from, to);
    return {
      firstRow: from,
      length: part.length,
      times: part,
      columns: columns.map((values) => values.slice(from, to)),
    };
  });
}

function gather(
  columns: readonly ColumnSpec[],
  values: ColumnBatch["columns"],
  times = BigInt64Array.from({ length: values[0]!.length }, (_, row) => BigInt(row)),
  rows = 3,
) {
  const accumulator = new ColumnAccumulator(new Kernel(), schemaOf(columns));
  for (const batch of batchesOf(times, values, rows)) accumulator.add(batch);
  return accumulator.get();
}

Deno.test("summaries equal the two-pass formulas whatever the batches", () => {
  const values = Float64Array.from(
    { length: 1000 },
    (_, row) => 3 + Math.sin(row * row) + row / 500,
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  for (const rows of [1, 7, 1000]) {
    const [column] = gather([f64("gsr_conductance", "uS")], [values], undefined, rows).columns;
    assert(Math.abs(column!.mean - mean) < 1e-12);
    assert(Math.abs(column!.std - Math.sqrt(variance)) < 1e-12);
    assert.equal(column!.min, Math.min(...values));
    assert.equal(column!.max, Math.max(...values));
    assert.equal(column!.first, 3);
  }
});

Deno.test("missing values are counted in every kind of column", () => {
  const { columns, rows } = gather(
    [
      f64("ecg"),
      { name: "count", kind: "i64" },
      { name: "on", kind: "bool" },
      { name: "device", kind: "text" },
    ],
    [
      Float64Array.of(NaN, 1, 2, NaN),
      BigInt64Array.of(5n, MISSING_NS, 7n, 9n),
      Uint8Array.of(1, 255, 0, 1),
      ["a", "", "a", "a"],
    ],
  );
  assert.equal(rows, 4);
  assert.deepEqual(columns.map(({ missing }) => missing), [2, 1, 1, 1]);
  assert.deepEqual(columns.map(({ constant }) => constant), [false, false, false, true]);
  assert.deepEqual(columns.map(({ first }) => first), [NaN, 5, 1, "a"]);
  assert.equal(columns[1]!.mean, 7);
});

Deno.test("a column without a value has no summary and is not constant", () => {
  const [column] = gather([f64("emg")], [Float64Array.of(NaN, NaN)]).columns;
  assert.equal(column!.count, 0);
  assert.equal(column!.constant, false);
  assert(Number.isNaN(column!.min) && Number.isNaN(column!.mean) && Number.isNaN(column!.std));
});

Deno.test("values outside the range of the sensor are counted, in the unit of the column", () => {
  const values = Float64Array.of(0.5, 2000, -1, 3, 0.0005);
  assert.equal(gather([f64("gsr_conductance", "uS")], [values]).columns[0]!.outside, 3);
  assert.equal(gather([f64("gsr_conductance")], [values]).columns[0]!.outside, 0);
});

Deno.test("ranges of the project replace those of the sensor", () => {
  const schema = schemaOf([f64("gsr_conductance", "uS")]);
  const ranges = [{ stream: "*/gsr", column: "gsr_*", low: 0, high: 4 }];
  const accumulator = new ColumnAccumulator(new Kernel(), schema, { ranges });
  accumulator.add({
    firstRow: 0,
    length: 2,
    times: BigInt64Array.of(0n, 1n),
    columns: [Float64Array.of(3, 5)],
  });
  assert.equal(accumulator.get().columns[0]!.outside, 1);
});

Deno.test("shares at the limits count only runs of three and more", () => {
  const values = Float64Array.of(5, 5, 5, 5, 1, 5, 5, 0, 2, 0);
  const [column] = gather([f64("ppg", "mV")], [values]).columns;
  assert.equal(column!.clippedHigh, 0.4);
  assert.equal(column!.clippedLow, 0);
});

Deno.test("acceleration columns are joined to vectors by their names", () => {
  const names = ["accel_x", "accel_y", "accel_z", "accel_wr_x", "accel_wr_y", "accel_wr_z"];
  const zero = Float64Array.of(0, 0);
  const { accelerations } = gather(
    [...names, "gyro_x", "accel_lone_x"].map((name) => f64(name, "g")),
    [Float64Array.of(9.8, 0), zero, zero, Float64Array.of(1, -1), zero, zero, zero, zero],
  );
  assert.deepEqual(accelerations.map(({ columns }) => columns[2]), ["accel_z", "accel_wr_z"]);
  assert.deepEqual(accelerations.map(({ g }) => g), [0, 2]);
  assert.equal(accelerations[0]!.metresPerSecondSquared, 1);
});

Deno.test("holes of sequence numbers are found across batches, as floats and as integers", () => {
  const numbers = [0, 1, 2, 5, 6, 9, 0, 1];
  const expected = { holes: 2, missing: 4, repeats: 0, restarts: 1 };
  for (const kind of ["f64", "i64"] as const) {
    const values = kind === "f64"
      ? Float64Array.from(numbers)
      : BigInt64Array.from(numbers.map(BigInt));
    const { sequence } = gather([{ name: "sequence", kind, categorical: true }], [values]);
    assert.deepEqual(sequence, expected);
  }
});

Deno.test("rows are repeated only when the time and every value agree", () => {
  const times = BigInt64Array.of(0n, 0n, 0n, 1n, 1n, 1n, 2n);
  const numbers = Float64Array.of(1, 1, 1, NaN, NaN, 4, 4);
  const texts = ["a", "a", "b", "c", "c", "c", "c"];
  const columns: ColumnSpec[] = [f64("ppg"), { name: "device", kind: "text" }];
  for (const rows of [1, 2, 7]) {
    assert.equal(gather(columns, [numbers, texts], times, rows).repeatedRows, 2);
  }
});
