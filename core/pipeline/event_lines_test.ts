import assert from "node:assert/strict";
import { sha256 } from "../../runtime/mod.ts";
import { Kernel } from "../../wasm/mod.ts";
import { type ColumnData, type ColumnSpec, memoryFolder, type StreamSchema } from "../base/mod.ts";
import { applyClock, isSeries } from "../clock/mod.ts";
import * as xdf from "../readers/xdf/_files.ts";
import { MemoryFolderSink } from "../simulate/mod.ts";
import { type AlignOutcome, alignSession } from "./align_session.ts";
import { EventSurvey, type RecordedEvents } from "./event_lines.ts";

const kernel = new Kernel();
/** Seconds at which something happened, at uneven distances. */
const MOMENTS = [2, 3.7, 9.1, 11.6, 19.9, 23, 31.4, 37.2, 40.9, 52.3, 55.1, 61.8, 70.7, 73.4, 84.6];
const START_MS = 1_753_965_022_000;

function schemaOf(columns: readonly ColumnSpec[], nominalRateHz?: number): StreamSchema {
  return {
    id: "amp/box",
    device: "amp",
    name: "box",
    columns,
    clock: { id: "amp/device", kind: "device" },
    resolutionNs: 1,
    ...(nominalRateHz === undefined ? {} : { nominalRateHz }),
  };
}

/** Surveys one column whose samples are 1 ms apart, in batches of a few rows. */
function survey(name: string, values: ColumnData, kind: ColumnSpec["kind"]): RecordedEvents[] {
  const events = new EventSurvey(schemaOf([{ name, kind }], kind === "text" ? undefined : 1000));
  const size = 7;
  for (let firstRow = 0; firstRow < values.length; firstRow += size) {
    const column = values.slice(firstRow, firstRow + size);
    const times = BigInt64Array.from(
      { length: column.length },
      (_, row) => BigInt(firstRow + row) * 1_000_000n,
    );
    events.add({ firstRow, length: times.length, times, columns: [column as ColumnData] });
  }
  return events.get();
}

Deno.test("the rising edges of a line lie between two samples, whatever is missing", () => {
  const values = Float64Array.of(0, 0, 5, 5, NaN, 5, 0, 0, 0, NaN, 5, 0);
  const [found] = survey("sync_in", values, "f64");
  assert.deepEqual(found!.timesNs, BigInt64Array.of(1_500_000n, 9_000_000n));
  assert.deepEqual([found!.labels, found!.coarsenessNs, found!.bySoftware], [[], 1.5e6, false]);
  const [codes] = survey("trigger", Float64Array.of(0, 3, 0, 7, 0, 3, 0), "f64");
  assert.deepEqual(codes!.labels, ["3", "7", "3"]);
  const [bits] = survey("ttl_2", Uint8Array.of(0, 1, 255, 1, 0, 1), "bool");
  assert.equal(bits!.timesNs.length, 2);
});

Deno.test("only what is called a line and has few levels is one", () => {
  const pulses = Float64Array.from({ length: 100 }, (_, row) => Number(row % 10 === 5));
  assert.equal(survey("trigger", pulses, "f64").length, 1);
  assert.deepEqual(survey("gsr", pulses, "f64"), []);
  assert.deepEqual(survey("sync_quality", pulses, "f64"), []);
  const ramp = Float64Array.from({ length: 100 }, (_, row) => row);
  assert.deepEqual(survey("trigger", ramp, "f64"), []);
  const fast = Float64Array.from({ length: 50_000 }, (_, row) => row % 2);
  assert.deepEqual(survey("trigger", fast, "f64"), []);
});

Deno.test("texts at no rate are markers where a name says so", () => {
  const [found] = survey("marker", ["go", "", "stop"], "text");
  assert.deepEqual(found!.labels, ["go", "stop"]);
  assert.deepEqual(found!.timesNs, BigInt64Array.of(0n, 2_000_000n));
  assert.deepEqual(survey("comment", ["go", "", "stop"], "text"), []);
  assert.deepEqual(survey("marker", Array<string>(20_000).fill("x"), "text"), []);
});

Deno.test("code words on a line say which pulse is which", () => {
  const words = [70_001, 70_002, 70_003, 70_004];
  const values = new Float64Array(10_000);
  const high = (from: number, ms: number) => values.fill(1, from, from + ms);
  for (const [k, word] of words.entries()) {
    const start = 500 + 2300 * k;
    high(start, 10);
    high(start + 20, 10);
    for (let bit = 0; bit < 32; bit++) if ((word >> bit) & 1) high(start + 40 + 30 * bit, 30);
  }
  const [found] = survey("barcode", values, "f64");
  assert.deepEqual(found!.labels, words.map(String));
  assert.deepEqual(
    [...found!.timesNs],
    words.map((_, k) => BigInt(500 + 2300 * k) * 1_000_000n - 500_000n),
  );
});

async function align(
  files: Readonly<Record<string, string | Uint8Array>>,
  reference?: string,
): Promise<AlignOutcome> {
  return await alignSession({
    folder: memoryFolder("pilot_20250731_143022", files),
    output: new MemoryFolderSink(),
    kernel,
    sha256,
    version: "test",
    settings: { reference },
  });
}

function eventsIn({ fit }: AlignOutcome) {
  return fit.evidence.filter(isSeries).filter(({ kind }) => kind === "events");
}

/** A table of a phone at 100 Hz whose clock is ahead, with a line that is high for 50 ms at some moments. */
function table(aheadMs: number, drift: number, moments: readonly number[], name: string): string {
  const rows = Array.from({ length: 9_000 }, (_, row) => {
    const seconds = row / 100;
    const lit = moments.some((on) => seconds >= on && seconds < on + 0.05);
    const ms = START_MS + Math.round(seconds * 1e3 * (1 + drift)) + aheadMs;
    return `${ms},${(4 + (row % 13) / 10).toFixed(2)},${lit ? 1 : 0}`;
  });
  return [`timestamp_ms,GSR_uS,${name}`, ...rows, ""].join("\n");
}

Deno.test("a line that two devices recorded ties their clocks", async () => {
  const drift = 60e-6;
  const moments = MOMENTS.toSpliced(6, 1);
  const files = (seen: readonly number[], name: string) => ({
    "phone_1_gsr_20250731_143022.csv": table(0, 0, MOMENTS, name),
    "phone_2_gsr_20250731_143022.csv": table(3_200, drift, seen, name),
  });
  const outcome = await align(files(moments, "Trigger"));
  const [found, ...others] = eventsIn(outcome);
  assert.equal(others.length, 0);
  assert.equal(found!.fromNs.length, moments.length);
  const model = outcome.fit.models.get("phone_2/utc")!;
  for (const seconds of [0, 45, 89]) {
    const ms = START_MS + Math.round(seconds * 1e3 * (1 + drift)) + 3_200;
    const { referenceTimes } = applyClock(kernel, model, BigInt64Array.of(BigInt(ms) * 1_000_000n));
    const off = Number(referenceTimes[0]! - BigInt(START_MS + 1e3 * seconds) * 1_000_000n);
    // Each edge lies within the 10 ms between two samples, on both sides.
    assert.ok(Math.abs(off) < 10e6 / Math.sqrt(6), `${off} ns at ${seconds} s`);
  }
  const unrelated = MOMENTS.map((s, k) => (s * 7.31 + 3.3 * k) % 88).sort((a, b) => a - b);
  assert.deepEqual(eventsIn(await align(files(unrelated, "Trigger"))), []);
  assert.deepEqual(eventsIn(await align(files(moments, "Quality"))), []);
});

Deno.test("markers in an XDF file are found in the log of another computer", async () => {
  const text = (label: string, seconds: number) => ({
    at: 5000 + seconds,
    values: xdf.text(label),
  });
  const file = xdf.xdfFile(
    xdf.header(1, {
      name: "Markers",
      format: "string",
      rate: 0,
      more: "<hostname>lab</hostname>",
    }),
    xdf.samples(1, MOMENTS.map((seconds, k) => text(k % 3 === 0 ? "Rest" : "Task", seconds))),
  );
  const lines = MOMENTS.map((s, k) =>
    `${START_MS + 1000 * s + 12},annotation,${k % 3 === 0 ? "rest" : "task"}`
  );
  const log = ["timestamp_ms,event,label", ...lines, ""].join("\n");
  const outcome = await align({ "recording.xdf": file, "session_events_pilot.csv": log }, "pc/utc");
  const [found] = eventsIn(outcome);
  assert.deepEqual([found?.from.id, found?.to.id], ["pc/utc", "lab/lsl"]);
  assert.equal(found!.fromNs.length, MOMENTS.length);
  const model = outcome.fit.models.get("lab/lsl")!;
  const { referenceTimes, sigmas } = applyClock(
    kernel,
    model,
    BigInt64Array.of(5_040_000_000_000n),
  );
  const off = Number(referenceTimes[0]! - BigInt(START_MS + 40_012) * 1_000_000n);
  assert.ok(Math.abs(off) < 1e6 && sigmas[0]! >= 20e6, `${off} ns of ${sigmas[0]}`);
});
