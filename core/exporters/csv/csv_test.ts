import assert from "node:assert/strict";
import { MemorySink } from "../../../tests/support/memory_sink.ts";
import { findPython, runPython } from "../../../tests/support/oracles.ts";
import type { AlignedBatch, StreamSchema } from "../../base/mod.ts";
import { Kernel } from "../../../wasm/mod.ts";
import { CsvStreamExporter, describeCsvColumns, gridColumnName, GridCsvExporter } from "./mod.ts";

const ORIGIN = 1_595_933_810_034_000_000n;
const MISSING = -(2n ** 63n);

const SCHEMA: StreamSchema = {
  id: "shimmer_1/gsr",
  device: "shimmer_1",
  name: "gsr",
  columns: [
    { name: "gsr", kind: "f64", unit: "uS", recordedAs: "GSR (uS)" },
    { name: "counter", kind: "i64" },
    { name: "active", kind: "bool" },
    { name: "label", kind: "text" },
    { name: "time_s", kind: "f64" },
  ],
  clock: { id: "shimmer_1/device", kind: "device" },
  resolutionNs: 1,
};

const FLOATS = Float64Array.of(0.1, NaN, -0, 5e-324, Number.MAX_VALUE, 1 / 3, Infinity, 1e-7);
const COUNTERS = BigInt64Array.of(2n ** 63n - 1n, MISSING, -1n, 2n ** 53n + 1n, 0n, 1n, 2n, 3n);
const FLAGS = Uint8Array.of(0, 1, 255, 1, 0, 1, 0, 1);
const LABELS = ["start", "", "a,b", 'say "x"', "two\nlines", "é 中 😀", " padded ", "NA"];
const TIMES = BigInt64Array.of(0n, 1n, MISSING, 3n, 4n, 5n, 6n, 7n);
const REFERENCE = BigInt64Array.from(
  TIMES,
  (time, row) => time === MISSING ? MISSING : ORIGIN + BigInt(row) * 7_812_500n + 1n,
);
const SIGMAS = Float64Array.of(1.5e6, NaN, 0, 1, 2, 3, 4, 123456.789);

function batch(from: number, to: number): AlignedBatch {
  return {
    firstRow: from,
    length: to - from,
    times: TIMES.slice(from, to),
    referenceTimes: REFERENCE.slice(from, to),
    sigmas: SIGMAS.slice(from, to),
    columns: [
      FLOATS.slice(from, to),
      COUNTERS.slice(from, to),
      FLAGS.slice(from, to),
      LABELS.slice(from, to),
      FLOATS.slice(from, to),
    ],
  };
}

async function writeStream(batches: readonly AlignedBatch[]): Promise<MemorySink> {
  const sink = new MemorySink();
  const exporter = new CsvStreamExporter(new Kernel(), sink, SCHEMA, { originNs: ORIGIN });
  for (const one of batches) await exporter.write(one);
  const { rows, bytes } = await exporter.finish();
  assert.equal(rows, batches.reduce((sum, { length }) => sum + length, 0));
  assert.equal(bytes, sink.bytes.length);
  assert.equal(sink.state, "committed");
  return sink;
}

const HEADER = "time_s,time_ns,sigma_s,device_ns,gsr,counter,active,label,time_s_2\n";

const PANDAS = `
import sys, json, struct, pandas
table = pandas.read_csv(sys.argv[1], float_precision="round_trip", keep_default_na=False,
    na_values={name: [""] for name in ("time_s", "time_ns", "sigma_s", "device_ns", "gsr", "counter", "active")},
    dtype={"time_ns": str, "device_ns": str, "counter": str, "active": "Int64"})
def bits(column):
    return ["nan" if value != value else struct.pack(">d", value).hex() for value in table[column]]
def ints(column):
    # Integers with gaps as text: pandas before 2 sends them through floats.
    return [None if pandas.isna(value) else str(int(value)) for value in table[column]]
print(json.dumps({
    "names": list(table.columns), "gsr": bits("gsr"), "time_s": bits("time_s"), "sigma_s": bits("sigma_s"),
    "time_ns": ints("time_ns"), "counter": ints("counter"), "active": ints("active"),
    "label": list(table["label"])}))
`;

function bits(values: Iterable<number>): string[] {
  return Array.from(values, (value) => {
    if (Number.isNaN(value)) return "nan";
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    return view.getBigUint64(0).toString(16).padStart(16, "0");
  });
}

function ints(values: Iterable<bigint>): (string | null)[] {
  return Array.from(values, (value) => value === MISSING ? null : String(value));
}

Deno.test("pandas reads every kind of column of a stream file to the last bit", async () => {
  const python = findPython();
  if (python === undefined) return;
  const sink = await writeStream([batch(0, 3), batch(3, 3), batch(3, 8)]);
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  await Deno.writeFile(path, sink.bytes);
  const found = JSON.parse(runPython(python, PANDAS, [path]).join("\n"));
  await Deno.remove(path);
  assert.deepEqual(found, {
    names: HEADER.trim().split(","),
    gsr: bits(FLOATS),
    // Nanoseconds below 2^53 divided by 1e9 round once: the nearest float of the exact time.
    time_s: bits(
      Array.from(REFERENCE, (time) => time === MISSING ? NaN : Number(time - ORIGIN) / 1e9),
    ),
    sigma_s: bits(SIGMAS.map((sigma) => sigma / 1e9)),
    time_ns: ints(REFERENCE),
    counter: ints(COUNTERS),
    active: ["0", "1", null, "1", "0", "1", "0", "1"],
    label: LABELS,
  });
});

Deno.test("batches of any size give the same bytes, and no batch gives the header", async () => {
  const whole = await writeStream([batch(0, 8)]);
  const parts = await writeStream([batch(0, 1), batch(1, 5), batch(5, 8)]);
  assert.deepEqual(parts.bytes, whole.bytes);
  assert.equal(new TextDecoder().decode((await writeStream([])).bytes), HEADER);
});

Deno.test("a batch that holds more than it declares is cut to its length", async () => {
  const long = { ...batch(0, 8), length: 2 };
  assert.deepEqual((await writeStream([long])).bytes, (await writeStream([batch(0, 2)])).bytes);
});

Deno.test("columns of the wrong kind are refused", async () => {
  const exporter = new CsvStreamExporter(new Kernel(), new MemorySink(), SCHEMA, { originNs: 0n });
  const wrong = { ...batch(0, 8), columns: [COUNTERS, COUNTERS, FLAGS, LABELS, FLOATS] };
  await assert.rejects(exporter.write(wrong), /Cannot write column gsr as f64: .*BigInt64Array/);
  const short = { ...batch(0, 8), columns: [FLOATS] };
  await assert.rejects(exporter.write(short), /Cannot write column counter as i64: .*missing/);
  await exporter.abort();
});

Deno.test("the description lists the header's names with clocks and units", () => {
  const described = describeCsvColumns(SCHEMA, "pc/utc");
  assert.equal(`${described.map(({ name }) => name).join(",")}\n`, HEADER);
  assert.equal(described[3]?.clock, "shimmer_1/device");
  assert.deepEqual([described[4]?.unit, described[4]?.recordedAs], ["uS", "GSR (uS)"]);
});

Deno.test("a combined table names its columns by device and stream and leaves gaps empty", async () => {
  const sink = new MemorySink();
  const columns = [
    { name: gridColumnName(SCHEMA, "gsr"), kind: "f64" },
    { name: "phone_1.events.label", kind: "text" },
  ] as const;
  const exporter = new GridCsvExporter(new Kernel(), sink, columns, { originNs: ORIGIN });
  const times = BigInt64Array.of(ORIGIN - 500_000_000n, ORIGIN, ORIGIN + 1n);
  await exporter.write({ times, columns: [Float64Array.of(1, NaN, 0.25), ["", "x,y", ""]] });
  assert.equal((await exporter.finish()).rows, 3);
  assert.equal(
    new TextDecoder().decode(sink.bytes),
    "time_s,time_ns,shimmer_1.gsr.gsr,phone_1.events.label\n" +
      "-0.5,1595933809534000000,1,\n" +
      '0,1595933810034000000,,"x,y"\n' +
      "0.000000001,1595933810034000001,0.25,\n",
  );
});
