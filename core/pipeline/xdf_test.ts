import assert from "node:assert/strict";
import { sha256 } from "../../runtime/mod.ts";
import { testWithRecording } from "../../tests/support/shared_data.ts";
import { bytesSource, type MemoryFiles, memoryFolder, MISSING_NS } from "../base/mod.ts";
import * as file from "../readers/xdf/_files.ts";
import { readFile } from "../readers/xdf/_read.ts";
import { loadXdf } from "../readers/mod.ts";
import { MemoryFolderSink } from "../simulate/mod.ts";
import { Kernel } from "../../wasm/mod.ts";
import { type ProcessOutcome, processSession, type ProcessSettings } from "./mod.ts";

interface Processed extends ProcessOutcome {
  readonly output: MemoryFolderSink;
}

async function processFiles(
  files: MemoryFiles,
  settings: ProcessSettings = { formats: ["csv"] },
): Promise<Processed> {
  const output = new MemoryFolderSink();
  const outcome = await processSession({
    folder: memoryFolder("recording", files),
    output,
    kernel: new Kernel(),
    sha256,
    version: "1",
    settings,
  });
  return { ...outcome, output };
}

/** Times in ns of an exported stream. */
function exportedTimes({ output }: Processed, name: string): bigint[] {
  const text = new TextDecoder().decode(output.files.get(`exports/csv/${name}.csv`));
  return text.trim().split("\n").slice(1).map((line) => BigInt(line.split(",")[1]!));
}

const RATE = 20;
const SECONDS = 120;

/** A computer whose clock shows `clock(t)` at the time `t` of the recorder, and what it sends. */
interface Sender {
  readonly id: number;
  readonly host: string;
  readonly name?: string;
  readonly clock: (t: number) => number;
  readonly withOffsets?: boolean;
}

/** Half a second of samples at a time, and an offset every five seconds. */
function record(senders: readonly Sender[], start = 1000): Uint8Array {
  const chunks = senders.map(({ id, host, name = "motion" }) =>
    file.header(id, { name, rate: RATE, more: `<hostname>${host}</hostname>` })
  );
  for (let half = 0; half < 2 * SECONDS; half++) {
    for (const { id, clock, withOffsets = true } of senders) {
      const rows = Array.from({ length: RATE / 2 }, (_, row) => half * RATE / 2 + row);
      chunks.push(file.samples(
        id,
        rows.map((row) => ({ at: clock(start + row / RATE), values: [row & 255, row >> 8] })),
      ));
      if (half % 10 !== 9 || !withOffsets) continue;
      const now = start + (half + 1) / 2;
      chunks.push(file.offset(id, clock(now), now - clock(now)));
    }
  }
  return file.xdfFile(...chunks, ...senders.map(({ id }) => file.footer(id)));
}

const LAPTOP = (t: number) => 50_000 + (t - 1000) * (1 - 30e-6);
const PHONE = (t: number) => 7.25 + (t - 1000) * (1 + 50e-6);

Deno.test("places the streams of each computer on the clock of the recorder", async () => {
  const xdf = record([
    { id: 1, host: "laptop", clock: LAPTOP },
    { id: 2, host: "laptop", name: "gaze", clock: LAPTOP },
    { id: 3, host: "phone", clock: PHONE },
  ]);
  const processed = await processFiles({ "pilot.xdf": xdf });
  assert.equal(processed.referenceClock.id, "recorder/lsl");
  assert.deepEqual([...processed.models.keys()].sort(), [
    "laptop/lsl",
    "phone/lsl",
    "recorder/lsl",
  ]);
  assert.equal(processed.models.get("laptop/lsl")!.driftPpm.toFixed(2), "30.00");
  for (const name of ["laptop.motion", "laptop.gaze", "phone.motion"]) {
    const times = exportedTimes(processed, name);
    assert.equal(times.length, RATE * SECONDS);
    for (const [row, time] of times.entries()) {
      const error = Number(time - BigInt(1_000_000_000_000 + row * 1e9 / RATE));
      assert.ok(Math.abs(error) < 1000, `${name}: sample ${row} is ${error} ns off`);
    }
  }
});

Deno.test("of a file without streams it is said once what is wrong", async () => {
  const { issues, loss } = await processFiles({ "a.xdf": "hello world" });
  const codes = issues.map(({ code }) => code).filter((code) => code !== "SESSION_EMPTY");
  assert.deepEqual([codes, loss], [["XDF_BAD_MAGIC"], false]);
});

Deno.test("tells two computers of one name apart", async () => {
  const xdf = record([
    { id: 1, host: "tablet", clock: LAPTOP },
    { id: 2, host: "tablet", name: "gaze", clock: PHONE },
  ]);
  const processed = await processFiles({ "pilot.xdf": xdf });
  for (const name of ["tablet.motion", "tablet.gaze"]) {
    const [first] = exportedTimes(processed, name);
    assert.ok(Math.abs(Number(first! - 1_000_000_000_000n)) < 1000);
  }
});

Deno.test("does not apply clock offsets to stamps of another clock", async () => {
  const chunks = [
    file.header(1, { name: "muse", rate: 4, more: "<hostname>pc</hostname>" }),
    ...Array.from({ length: 60 }, (_, second) => [
      file.samples(
        1,
        [0, 1, 2, 3].map((quarter) => ({
          at: 1_688_462_154 + second + quarter / 4,
          values: [1, 0],
        })),
      ),
      file.offset(1, 71_365 + second, -4e-6),
    ]).flat(),
  ];
  const processed = await processFiles({ "pilot.xdf": file.xdfFile(...chunks, file.footer(1)) });
  assert.equal(processed.scans[0]!.schema.clock.kind, "utc");
  assert.equal(exportedTimes(processed, "pc.muse")[0], 1_688_462_154_000_000_000n);
  assert.ok(processed.issues.some(({ code }) => code === "XDF_STAMPS_FOREIGN"));
});

Deno.test("keeps the streams of several files of a session apart", async () => {
  const processed = await processFiles({
    "first.xdf": record([{ id: 1, host: "laptop", clock: LAPTOP }]),
    "second.xdf": record([{ id: 1, host: "laptop", clock: PHONE }]),
  });
  const ids = processed.scans.map(({ schema }) => schema.id);
  assert.equal(new Set(ids).size, 2);
  assert.equal(new Set(processed.scans.map(({ schema }) => schema.clock.id)).size, 2);
});

Deno.test("a stream without clock offsets counts as the recorder's, and says so", async () => {
  const processed = await processFiles({
    "pilot.xdf": record([
      { id: 1, host: "laptop", clock: LAPTOP },
      { id: 2, host: "pc", clock: (t) => t, withOffsets: false },
    ]),
  });
  const [first] = exportedTimes(processed, "pc.motion");
  assert.equal(first, 1_000_000_000_000n);
  assert.equal(processed.models.get("pc/lsl")?.method, "anchor");
  assert.ok(processed.issues.some(({ code }) => code === "XDF_OFFSETS_MISSING"));
});

Deno.test("writes XDF that is read back to the same times and values", async () => {
  const processed = await processFiles(
    { "pilot.xdf": record([{ id: 1, host: "laptop", clock: LAPTOP }]) },
    { formats: ["csv", "xdf"] },
  );
  const written = processed.output.files.get("exports/xdf/recording.xdf")!;
  const [stream] = await loadXdf(bytesSource(written), { kernel: new Kernel() });
  const times = exportedTimes(processed, "laptop.motion");
  // Doubles near 1000 s resolve 1.1e-13 s.
  assert.deepEqual([...stream!.times], times);
  assert.deepEqual([...stream!.channels[0]!], times.map((_, row) => row));
  assert.equal(stream!.info.canDropSamples, true);
  assert.ok([...stream!.channels[1] as Float64Array].every((sigma) => sigma > 0 && sigma < 1));
});

testWithRecording("synchronises minimal.xdf", "xdf/minimal.xdf", async (path) => {
  const files = { "minimal.xdf": await Deno.readFile(path) };
  const processed = await processFiles(files, { formats: ["csv"], dejitter: false });
  const synced = exportedTimes(processed, "lsl.send_data_c");
  assert.deepEqual(synced.map((time) => Number(time) / 1e9), [
    ...[5, 5.1, 5.2, 5.3, 5.4, 5.5, 5.6, 5.7, 5.8],
  ]);
  // Without offsets stamps stay what they are.
  const texts = exportedTimes(processed, "lsl.send_data_string");
  assert.deepEqual(texts.map((time) => Number(time) / 1e9), [
    ...[5.1, 5.2, 5.3, 5.4, 5.5, 5.6, 5.7, 5.8, 5.9],
  ]);
  assert.ok(!texts.includes(MISSING_NS));
});

/** What pyxdf 1.17.5 gives for clock_resets.xdf without dejittering, in seconds: first and last time. */
const PYXDF = {
  my_marker_stream: [812.927904206, 1380.819450722],
  bio_semi: [810.09484745, 1383.092325883],
} as const;

testWithRecording("synchronises clock_resets.xdf", "xdf/clock_resets.xdf", async (path) => {
  const files = { "clock_resets.xdf": await Deno.readFile(path) };
  const processed = await processFiles(files, { formats: ["csv"], dejitter: false });
  const model = processed.models.get("bp_lp_022/lsl")!;
  assert.equal(model.method, "two-way");
  assert.equal(model.segments.length, 2);
  const recorded = await readFile(await Deno.readFile(path));
  for (const { schema } of processed.scans) {
    const split = schema.name === "bio_semi" ? 12_876 : 91;
    const times = exportedTimes(processed, `bp_lp_022.${schema.name}`);
    // Nowhere else is a second missing, and the order of the file is the order of the times.
    const gaps = times.map((time, row) => row === 0 ? 0 : Number(time - times[row - 1]!) / 1e9);
    assert.ok(gaps.every((gap) => gap >= 0));
    if (schema.name === "bio_semi") {
      assert.deepEqual([...gaps.keys()].filter((row) => gaps[row]! > 1), [split]);
    }
    assert.ok(Math.abs(gaps[split]! - (schema.name === "bio_semi" ? 273.556 : 308.743)) < 0.001);

    const [first, last] = PYXDF[schema.name as keyof typeof PYXDF];
    assert.ok(Math.abs(Number(times.at(-1)) / 1e9 - last) < 50e-6);
    // The readings repeat one value from the middle of the first part on. A straight line through all of them, as
    // pyxdf draws it, lies 0.4 ms from those at the start; the curve follows them.
    const { times: stamps, reader: { offsets } } = recorded.streams
      .find(({ reader }) => reader.schema.id === schema.id)!;
    const reading = Number(stamps[0]) / 1e9 + offsets.values[0]!;
    assert.ok(Math.abs(Number(times[0]) / 1e9 - reading) < 60e-6);
    assert.ok(Math.abs(first - reading) > 300e-6);
  }
});

testWithRecording(
  "keeps the pause of a recording whose clock began again",
  "xdf/clock_resets.xdf",
  async (path) => {
    const files = { "clock_resets.xdf": await Deno.readFile(path) };
    const times = exportedTimes(
      await processFiles(files, { formats: ["csv"] }),
      "bp_lp_022.bio_semi",
    );
    const seconds = (row: number) => Number(times.at(row)) / 1e9;
    // The stamps wander by 0.1 s about a straight line, which is as far as any taking out of jitter may move them.
    assert.ok(Math.abs(seconds(12_876) - seconds(12_875) - 273.556) < 0.4);
    assert.ok(Math.abs(seconds(0) - PYXDF.bio_semi[0]) < 0.2);
    assert.ok(Math.abs(seconds(-1) - PYXDF.bio_semi[1]) < 0.2);
  },
);
