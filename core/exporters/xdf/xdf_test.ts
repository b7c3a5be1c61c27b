import assert from "node:assert/strict";
import { MemorySink } from "../../../tests/support/memory_sink.ts";
import { findPyxdf, runPython } from "../../../tests/support/oracles.ts";
import { type AlignedBatch, MISSING_NS, type StreamSchema } from "../../base/mod.ts";
import { Kernel } from "../../../wasm/mod.ts";
import { XdfWriter } from "./mod.ts";

const ORIGIN = 1_595_933_810_034_000_000n;

const MIXED: StreamSchema = {
  id: "phone_1/mixed",
  device: "phone_1",
  name: "mixed",
  columns: [
    { name: "a<b", kind: "f64", unit: "uS" },
    { name: "count", kind: "i64" },
    { name: "active", kind: "bool" },
    { name: "label", kind: "text" },
  ],
  clock: { id: "phone_1/utc", kind: "utc" },
  nominalRateHz: 4,
  resolutionNs: 1,
};

const WHOLE: StreamSchema = {
  ...MIXED,
  id: "phone_1/whole",
  name: "whole",
  columns: [{ name: "count", kind: "i64" }],
};

/** Five rows of both streams, of which the third has no time. */
const MIXED_BATCH: AlignedBatch = {
  firstRow: 0,
  length: 5,
  times: new BigInt64Array(5),
  referenceTimes: BigInt64Array.of(
    ORIGIN,
    ORIGIN + 250_000_000n,
    MISSING_NS,
    ORIGIN + 750_000_000n,
    ORIGIN + 1_000_000_001n,
  ),
  sigmas: Float64Array.of(1e6, 2e6, NaN, 4e6, 5e6),
  columns: [
    Float64Array.of(0.1, NaN, 3, -0, 5e-324),
    BigInt64Array.of(1n, MISSING_NS, 3n, 2n ** 60n, -5n),
    Uint8Array.of(0, 1, 1, 255, 1),
    ["start", "", "gone", "two\nlines", "\u00e9 \u{1f600}"],
  ],
};

const WHOLE_BATCH: AlignedBatch = {
  ...MIXED_BATCH,
  columns: [BigInt64Array.of(2n ** 62n + 1n, -1n, 0n, 7n, 8n)],
};

async function writeExample(): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = new XdfWriter(new Kernel(), sink, {
    reference: { id: "pc/utc", kind: "utc" },
    startNs: ORIGIN,
    sessionId: "pilot & co",
  });
  await writer.addStream(MIXED, { type: "gsr", effectiveRateHz: 3.99, largestSigmaNs: 5e6 });
  await writer.addStream(WHOLE);
  await writer.write(MIXED.id, MIXED_BATCH);
  await writer.write(WHOLE.id, WHOLE_BATCH);
  await writer.write(WHOLE.id, { ...WHOLE_BATCH, length: 0 });
  const issues = await writer.finish();
  assert.deepEqual(issues.map(({ code, params }) => [code, params["count"]]), [
    ["XDF_ROWS_LEFT_OUT", 2],
  ]);
  assert.equal(sink.state, "committed");
  return sink.bytes;
}

/** Seconds, correctly rounded, of the rows that have a time. */
const SECONDS = [1595933810.034, 1595933810.284, 1595933810.784, 1595933811.034000001];

const PYXDF = `
import sys, json, struct, pyxdf, logging
logging.disable(logging.CRITICAL)
streams, header = pyxdf.load_xdf(sys.argv[1])
def cell(value):
    return value if isinstance(value, str) else str(value) if "int" in type(value).__name__ else struct.pack(">d", value).hex()
print(json.dumps({"header": header["info"]["reference_clock"][0], "streams": [{
    "name": s["info"]["name"][0], "host": s["info"]["hostname"][0], "format": s["info"]["channel_format"][0],
    "labels": [c["label"][0] for c in s["info"]["desc"][0]["channels"][0]["channel"]],
    "units": [c["unit"][0] for c in s["info"]["desc"][0]["channels"][0]["channel"]],
    "rate": s["info"]["nominal_srate"][0], "count": s["footer"]["info"]["sample_count"][0],
    "times": [cell(t) for t in s["time_stamps"]],
    "rows": [[cell(v) for v in row] for row in s["time_series"]],
} for s in streams]}))
`;

function bits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

const NOT_A_NUMBER = bits(NaN);

Deno.test("pyxdf reads what is written", async () => {
  const python = findPyxdf();
  if (python === undefined) return;
  const path = await Deno.makeTempFile({ suffix: ".xdf" });
  await Deno.writeFile(path, await writeExample());
  const found = JSON.parse(runPython(python, PYXDF, [path]).join("\n"));
  await Deno.remove(path);
  assert.equal(found.header, "pc/utc");
  const common = { host: "phone_1", rate: "4", count: "4", times: SECONDS.map(bits) };
  assert.deepEqual(found.streams, [
    {
      ...common,
      name: "mixed",
      format: "double64",
      labels: ["a<b", "count", "active", "time_uncertainty"],
      units: ["uS", null, null, "s"],
      rows: [
        [bits(0.1), bits(1), bits(0), bits(0.001)],
        [NOT_A_NUMBER, NOT_A_NUMBER, bits(1), bits(0.002)],
        [bits(-0), bits(2 ** 60), NOT_A_NUMBER, bits(0.004)],
        [bits(5e-324), bits(-5), bits(1), bits(0.005)],
      ],
    },
    {
      ...common,
      name: "mixed_text",
      format: "string",
      labels: ["label"],
      units: [null],
      rows: [["start"], [""], ["two\nlines"], ["\u00e9 \u{1f600}"]],
    },
    {
      ...common,
      name: "whole",
      format: "int64",
      labels: ["count"],
      units: [null],
      rows: [[String(2n ** 62n + 1n)], ["-1"], ["7"], ["8"]],
    },
  ]);
});

Deno.test("chunks stand one after the other, with boundaries between many", async () => {
  const sink = new MemorySink();
  const writer = new XdfWriter(new Kernel(), sink, {
    reference: { id: "pc/utc", kind: "utc" },
    startNs: 0n,
    sessionId: "long",
  });
  await writer.addStream(WHOLE);
  const length = 8192;
  const rows = Array.from({ length }, (_, row) => BigInt(row));
  for (let firstRow = 0; firstRow < 40 * length; firstRow += length) {
    await writer.write(WHOLE.id, {
      firstRow,
      length,
      times: new BigInt64Array(length),
      referenceTimes: BigInt64Array.from(rows),
      sigmas: new Float64Array(length),
      columns: [BigInt64Array.from(rows)],
    });
  }
  assert.deepEqual(await writer.finish(), []);
  const view = new DataView(sink.bytes.buffer);
  const counts = new Map<number, number>();
  let at = 4;
  while (at < sink.bytes.length) {
    assert.equal(view.getUint8(at), 4);
    const tag = view.getUint16(at + 5, true);
    counts.set(tag, (counts.get(tag) ?? 0) + 1);
    at += 5 + view.getUint32(at + 1, true);
  }
  assert.equal(at, sink.bytes.length);
  // 17 bytes a sample, and a boundary in each MiB.
  const boundaries = Math.floor(40 * length * 17 / 2 ** 20);
  assert.deepEqual([...counts].sort(), [[1, 1], [2, 1], [3, 40], [5, boundaries], [6, 1]]);
});

Deno.test("refuses a stream that was not added", async () => {
  const options = {
    reference: { id: "pc/utc", kind: "utc" },
    startNs: 0n,
    sessionId: "x",
  } as const;
  const writer = new XdfWriter(new Kernel(), new MemorySink(), options);
  await assert.rejects(writer.write("phone/gsr", MIXED_BATCH), /stream was not added/);
});
