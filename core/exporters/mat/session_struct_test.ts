import assert from "node:assert/strict";
import { MemorySink } from "../../../tests/support/memory_sink.ts";
import { hex } from "../../../tests/support/hex.ts";
import {
  findOctave,
  findPython,
  readMatWithOctave,
  readMatWithSciPy,
} from "../../../tests/support/oracles.ts";
import { type ColumnData, createIssue, MISSING_NS, type StreamSchema } from "../../base/mod.ts";
import { Kernel } from "../../../wasm/mod.ts";
import { type AlignedColumns, type AlignedPart, matSession, writeMat } from "./mod.ts";

const START = 1_595_933_810_034_000_000n;

const SCHEMA: StreamSchema = {
  id: "40AC/gsr",
  device: "40AC",
  name: "gsr",
  columns: [
    { name: "gsr_conductance", kind: "f64", unit: "uS", recordedAs: "GSR (µS)" },
    { name: "counter", kind: "i64" },
    { name: "active", kind: "bool" },
    { name: "label", kind: "text" },
  ],
  clock: { id: "40AC/device", kind: "device" },
  nominalRateHz: 128,
  resolutionNs: 1,
};

const PARTS: readonly (readonly ColumnData[])[] = [
  [BigInt64Array.of(1n, 2n), BigInt64Array.of(3n)],
  [BigInt64Array.of(START + 123_456_789n, MISSING_NS), BigInt64Array.of(START - 1n)],
  [Float64Array.of(1e6, NaN), Float64Array.of(5)],
  [Float64Array.of(0.1, NaN), Float64Array.of(-0)],
  [BigInt64Array.of(2n ** 62n + 1n, MISSING_NS), BigInt64Array.of(7n)],
  [Uint8Array.of(1, 255), Uint8Array.of(0)],
  [["é", ""], ["stop"]],
];

function alignedColumns(): AlignedColumns {
  return {
    schema: SCHEMA,
    rows: 3,
    async *part(name: AlignedPart) {
      const index = typeof name === "number"
        ? 3 + name
        : ["times", "referenceTimes", "sigmas"].indexOf(name);
      yield* PARTS[index]!;
    },
  };
}

async function writeSession(): Promise<string> {
  const clock = { method: "events", driftPpm: 12.5, knots: [{ at: START }, { at: START + 1n }] };
  const where = { stream: SCHEMA.id, line: 7 };
  const session = await matSession(new Kernel(), {
    sessionId: "session_1",
    startNs: START,
    reference: { id: "pc/utc", kind: "utc" },
    streams: [{ columns: alignedColumns(), clock, path: "devices/gsr.csv" }],
    issues: [
      createIssue("FILE_EMPTY", {}, where),
      createIssue("FILE_EMPTY", {}, { path: "x", timeNs: 5n }),
      createIssue("FILE_EMPTY", {}, { path: "devices/gsr.csv", byte: 9 }),
    ],
    metadata: { "odd key": [1, 2], sizes: [[1, 2], [3, 4]] },
  });
  const sink = new MemorySink();
  const { issues } = await writeMat(sink, { session }, { compressed: true });
  assert.deepEqual(issues.map(({ params }) => params["field"]), ["x40AC", "odd_key"]);
  const path = await Deno.makeTempFile({ suffix: ".mat" });
  await Deno.writeFile(path, sink.bytes);
  return path;
}

const STREAM = "session(1).devices(1).x40AC(1).gsr(1)";

/** Some of the lines that any reader must give. */
const EXPECTED = [
  `session(1).id|char||${hex("session_1")}`,
  `session(1).start_ns|int64|1x1|${hex(BigInt64Array.of(START))}`,
  `session(1).start_utc|char||${hex("2020-07-28T10:56:50.034Z")}`,
  `session(1).reference_clock|char||${hex("pc/utc")}`,
  `session(1).devices(1).x40AC(1).id|char||${hex("40AC")}`,
  `${STREAM}.time|double|3x1|${hex(Float64Array.of(0.123456789, NaN, -1e-9))}`,
  `${STREAM}.time_ns|int64|3x1|${
    hex(BigInt64Array.of(START + 123_456_789n, MISSING_NS, START - 1n))
  }`,
  `${STREAM}.sigma|double|3x1|${hex(Float64Array.of(1e-3, NaN, 5e-9))}`,
  `${STREAM}.device_ns|int64|3x1|${hex(BigInt64Array.of(1n, 2n, 3n))}`,
  `${STREAM}.rate_hz|double|1x1|${hex(Float64Array.of(128))}`,
  `${STREAM}.values(1).gsr_conductance|double|3x1|${hex(Float64Array.of(0.1, NaN, -0))}`,
  `${STREAM}.values(1).counter|int64|3x1|${hex(BigInt64Array.of(2n ** 62n + 1n, MISSING_NS, 7n))}`,
  `${STREAM}.values(1).active|double|3x1|${hex(Float64Array.of(1, NaN, 0))}`,
  `${STREAM}.values(1).label|cell|3x1|`,
  `${STREAM}.values(1).label{1}|char||${hex("é")}`,
  `${STREAM}.values(1).label{2}|char||`,
  `${STREAM}.values(1).label{3}|char||${hex("stop")}`,
  `${STREAM}.units(1).gsr_conductance|char||${hex("uS")}`,
  `${STREAM}.units(1).counter|char||`,
  `${STREAM}.recorded_as(1).gsr_conductance|char||${hex("GSR (µS)")}`,
  `${STREAM}.clock(1).method|char||${hex("events")}`,
  `${STREAM}.clock(1).knots|struct|1x2|`,
  `${STREAM}.clock(1).knots(2).at|int64|1x1|${hex(BigInt64Array.of(START + 1n))}`,
  `${STREAM}.issues|struct|1x2|`,
  `${STREAM}.issues(1).line|double|1x1|${hex(Float64Array.of(7))}`,
  `${STREAM}.issues(2).byte|double|1x1|${hex(Float64Array.of(9))}`,
  "session(1).issues|struct|1x3|",
  `session(1).issues(2).time_ns|int64|1x1|${hex(BigInt64Array.of(5n))}`,
  `session(1).issues(2).line|double|1x1|${hex(Float64Array.of(NaN))}`,
  `session(1).metadata(1).odd_key|double|2x1|${hex(Float64Array.of(1, 2))}`,
  `session(1).metadata(1).sizes|double|2x2|${hex(Float64Array.of(1, 3, 2, 4))}`,
  `session(1).metadata_json|char||${hex('{"odd key":[1,2],"sizes":[[1,2],[3,4]]}')}`,
];

function assertHasLines(lines: readonly string[]): void {
  assert.deepEqual(EXPECTED.filter((line) => !lines.includes(line)), []);
}

Deno.test("Octave finds every part of a session", async () => {
  const octave = findOctave();
  if (octave === undefined) return;
  const path = await writeSession();
  assertHasLines(readMatWithOctave(octave, path));
  await Deno.remove(path);
});

Deno.test("SciPy finds every part of a session", async () => {
  const python = findPython();
  if (python === undefined) return;
  const path = await writeSession();
  assertHasLines(readMatWithSciPy(python, path));
  await Deno.remove(path);
});

Deno.test("a session without streams and issues is still a session", async () => {
  const session = await matSession(new Kernel(), {
    sessionId: "empty",
    startNs: 0n,
    reference: { id: "pc/local", kind: "local" },
    streams: [],
    issues: [],
  });
  const sink = new MemorySink();
  await writeMat(sink, { session });
  const path = await Deno.makeTempFile({ suffix: ".mat" });
  await Deno.writeFile(path, sink.bytes);
  const expected = ["session(1).devices|struct|1x1|", "session(1).metadata_json|char||7b7d"];
  const readers = [
    [findOctave(), readMatWithOctave],
    [findPython(), readMatWithSciPy],
  ] as const;
  for (const [program, read] of readers) {
    if (program === undefined) continue;
    const lines = read(program, path);
    assert.deepEqual(expected.filter((line) => !lines.includes(line)), []);
  }
  await Deno.remove(path);
});

Deno.test("a stream whose data are not of its schema is refused", async () => {
  const wrong: AlignedColumns = {
    ...alignedColumns(),
    async *part(name: AlignedPart) {
      yield name === 3 ? ["a"] : Uint8Array.of(1);
    },
  };
  const session = await matSession(new Kernel(), {
    sessionId: "wrong",
    startNs: 0n,
    reference: { id: "pc/local", kind: "local" },
    streams: [{ columns: wrong }],
    issues: [],
  });
  await assert.rejects(writeMat(new MemorySink(), { session }), /current data is Uint8Array/);
});
