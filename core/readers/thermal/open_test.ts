import assert from "node:assert/strict";
import { MemorySink } from "../../../tests/support/memory_sink.ts";
import { findPython, runPython } from "../../../tests/support/oracles.ts";
import { bytesSource, type Issue, MISSING_NS } from "../../base/mod.ts";
import {
  rawFromCelsius,
  ThermalWriter,
  type ThermalWriterOptions,
} from "../../simulate/media/mod.ts";
import { Kernel } from "../../../wasm/mod.ts";
import { openThermal, type ThermalReader } from "./mod.ts";

const START_MS = 1_753_790_000_000n;

/** Values of a frame that differ from pixel to pixel and from frame to frame. */
function picture(pixels: number, frame: number): Uint16Array {
  return Uint16Array.from(
    { length: pixels },
    (_, index) => (index * 7919 + frame * 104_729) % 65_536,
  );
}

async function write(
  frames: readonly Uint16Array[],
  options: ThermalWriterOptions = {},
): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = new ThermalWriter(sink, options);
  for (const [n, raw] of frames.entries()) await writer.addFrame(START_MS + BigInt(n) * 40n, raw);
  await writer.finish();
  return sink.bytes;
}

async function open(bytes: Uint8Array, divisor?: number) {
  const issues: Issue[] = [];
  const report = (issue: Issue) => void issues.push(issue);
  const readers: ThermalReader[] = await openThermal(bytesSource(bytes), {
    kernel: new Kernel(),
    path: "a.dat",
    device: "phone_1",
    name: "thermal",
    report,
    ...(divisor === undefined ? {} : { divisor }),
  });
  return { readers, issues, report };
}

/** All rows of a stream: times, and values by column name. */
async function readRows(reader: ThermalReader, options = {}) {
  const times: bigint[] = [];
  const values = new Map<string, number[]>(reader.schema.columns.map(({ name }) => [name, []]));
  for await (const batch of reader.batches(options)) {
    assert.equal(batch.firstRow, times.length);
    times.push(...batch.times);
    for (const [index, { name }] of reader.schema.columns.entries()) {
      values.get(name)!.push(...batch.columns[index] as Float64Array);
    }
  }
  return { times, values };
}

for (const version of [1, 2] as const) {
  Deno.test(`times and settings of layout ${version} are read`, async () => {
    const frames = Array.from({ length: 3 }, (_, n) => picture(256 * 192, n));
    const { readers: [reader], issues } = await open(await write(frames, { version }));
    assert.ok(reader);
    const { times, values } = await readRows(reader);
    assert.deepEqual(times, [0n, 40n, 80n].map((ms) => (START_MS + ms) * 1_000_000n));
    assert.deepEqual(values.get("frame"), [0, 1, 2]);
    assert.deepEqual([reader.width, reader.height], [256, 192]);
    assert.deepEqual(reader.schema.clock, { id: "phone_1/utc", kind: "utc" });
    assert.equal(reader.schema.nominalRateHz, version === 2 ? 25 : undefined);
    assert.equal(reader.config["emissivity"], version === 2 ? "0.95" : undefined);
    assert.deepEqual(issues, []);
  });
}

const NUMPY = `
import sys, json, numpy as np
d = np.fromfile(sys.argv[1], dtype=np.uint8)[16:].reshape(-1, 8 + 2 * 64 * 47)
v = d[:, 8:].copy().view('<u2').astype(np.float64) / 64 - 273.15
print(json.dumps([v.min(1).tolist(), v.max(1).tolist(), v.mean(1).tolist(), np.median(v, 1).tolist(), v.std(1).tolist()]))
`;

const python = findPython();

Deno.test({
  name: "statistics are those of NumPy",
  ignore: python === undefined,
  async fn() {
    const frames = Array.from({ length: 300 }, (_, n) => picture(64 * 47, n));
    const bytes = await write(frames, { version: 1, width: 64, height: 47 });
    const path = await Deno.makeTempFile();
    try {
      await Deno.writeFile(path, bytes);
      const [line] = runPython(python!, NUMPY, [path]);
      const expected = JSON.parse(line!) as number[][];
      const { values } = await readRows((await open(bytes)).readers[0]!);
      const names = ["min", "max", "mean", "median", "std"];
      for (const [column, name] of names.entries()) {
        const found = values.get(`${name}_temperature`)!;
        assert.equal(found.length, 300);
        for (const [row, value] of found.entries()) {
          assert.ok(Math.abs(value - expected[column]![row]!) < 1e-9, `${name} of frame ${row}`);
        }
      }
    } finally {
      await Deno.remove(path);
    }
  },
});

Deno.test("the divisor scales temperatures", async () => {
  const raw = new Uint16Array(4).fill(16 * 300);
  const bytes = await write([raw], { width: 2, height: 2 });
  const { values } = await readRows((await open(bytes, 16)).readers[0]!);
  assert.ok(Math.abs(values.get("mean_temperature")![0]! - 26.85) < 1e-9);
  await assert.rejects(open(bytes, 0), RangeError);
});

Deno.test("pictures are given as recorded", async () => {
  const frames = Array.from({ length: 40 }, (_, n) => picture(32 * 24, n));
  const { readers: [reader] } = await open(await write(frames, { width: 32, height: 24 }));
  let count = 0;
  for await (const { index, timeNs, raw } of reader!.frames()) {
    assert.deepEqual(raw, frames[index]);
    assert.equal(timeNs, (START_MS + BigInt(index) * 40n) * 1_000_000n);
    count++;
  }
  assert.equal(count, 40);
});

Deno.test("frames that repeat the one before are marked and counted", async () => {
  const [a, b] = [picture(12, 1), picture(12, 2)];
  const { readers: [reader], report, issues } = await open(
    await write([a, a, b, a, a, a], { width: 4, height: 3 }),
  );
  const { values } = await readRows(reader!, { report, batchRows: 2 });
  assert.deepEqual(values.get("repeated"), [0, 1, 0, 0, 1, 1]);
  assert.deepEqual(issues.map(({ code, params }) => [code, params["count"]]), [
    ["THERMAL_FRAME_TORN", 3],
  ]);
});

Deno.test("a last frame that is cut off is reported and left out", async () => {
  const bytes = await write([picture(12, 1), picture(12, 2)], { width: 4, height: 3 });
  const { readers: [reader], issues } = await open(bytes.slice(0, -5));
  assert.deepEqual((await readRows(reader!)).values.get("frame"), [0]);
  assert.equal(issues[0]?.code, "THERMAL_FRAME_CUT");
  assert.deepEqual(issues[0]?.params, { bytes: 27, frames: 1 });
});

Deno.test("times that cannot be are missing", async () => {
  const bytes = await write([picture(1, 1)], { version: 1, width: 1, height: 1 });
  new DataView(bytes.buffer).setBigInt64(16, 2n ** 62n);
  assert.deepEqual((await readRows((await open(bytes)).readers[0]!)).times, [MISSING_NS]);
});

Deno.test("foreign files and impossible headers are refused", async () => {
  const codeOf = async (bytes: Uint8Array) => {
    const { readers, issues } = await open(bytes);
    assert.equal(readers.length, 0);
    return issues.map(({ code }) => code).join();
  };
  const text = (value: string) => new TextEncoder().encode(value);
  assert.equal(await codeOf(text("not thermal")), "THERMAL_BAD_MAGIC");
  assert.equal(await codeOf(new Uint8Array()), "THERMAL_BAD_MAGIC");
  assert.equal(await codeOf(text("THERMAL_PLACEHOLDER_DATA_123")), "FILE_PLACEHOLDER");
  assert.equal(await codeOf(text("THERMAL2....")), "FILE_TRUNCATED");
  for (const [at, value] of [[8, 0], [8, -5], [12, 1 << 20], [16, -1], [16, 1 << 30]] as const) {
    const bytes = await write([picture(1, 1)], { width: 1, height: 1 });
    new DataView(bytes.buffer).setInt32(at, value);
    assert.equal(await codeOf(bytes), "THERMAL_HEADER_INVALID");
  }
});

Deno.test("a file cut at any byte or with any wrong byte is read without harm", async () => {
  const whole = await write([picture(12, 1), picture(12, 2)], {
    width: 4,
    height: 3,
    config: "a=1",
  });
  for (let length = 0; length < whole.length; length++) {
    for (const reader of (await open(whole.slice(0, length))).readers) await readRows(reader);
  }
  for (let at = 0; at < whole.length; at++) {
    for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
      const damaged = whole.slice();
      damaged[at] = value;
      for (const reader of (await open(damaged)).readers) await readRows(reader);
    }
  }
});

Deno.test("a written temperature comes back", async () => {
  const raw = new Uint16Array(4).fill(rawFromCelsius(33.5));
  const { values } = await readRows(
    (await open(await write([raw], { width: 2, height: 2 }))).readers[0]!,
  );
  assert.ok(Math.abs(values.get("median_temperature")![0]! - 33.5) < 1 / 128);
});
