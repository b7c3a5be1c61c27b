import assert from "node:assert/strict";
import {
  alignSession,
  faultySession,
  Kernel,
  memoryFolder,
  MemoryFolderSink,
  processSession,
  type ProcessSettings,
} from "session-process";
import { sha256 } from "session-process/runtime";
import { encodeState } from "./codec.ts";

const START_MS = 1_753_965_022_000;

async function process(
  output: MemoryFolderSink,
  settings: ProcessSettings = {},
): Promise<string[]> {
  const rows = Array.from({ length: 300 }, (_, index) => `${START_MS + 20 * index},${index % 7}`);
  await processSession({
    folder: memoryFolder("pilot_20250731_143022", {
      "phone_1_gsr_20250731_143022.csv": ["timestamp_ms,GSR_uS", ...rows, ""].join("\n"),
    }),
    output,
    kernel: new Kernel(),
    sha256,
    version: "test",
    settings,
  });
  return [...output.files.keys()].filter((path) => path.startsWith("exports/")).sort();
}

const ALL = [
  "exports/csv/combined.csv",
  "exports/csv/combined.json",
  "exports/csv/phone_1.gsr.csv",
  "exports/csv/phone_1.gsr.json",
  "exports/matlab/pilot_20250731_143022.mat",
];

Deno.test("results of another alignment do not stay beside new ones", async () => {
  const output = new MemoryFolderSink();
  assert.deepEqual(await process(output), ALL);
  // Another choice of formats changes no result, so what is there stays.
  assert.deepEqual(await process(output, { formats: ["csv"] }), ALL);
  output.files.set("exports/csv/combined.json", new TextEncoder().encode("edited by hand"));
  output.files.set("exports/mine.txt", new Uint8Array(1));
  const other = await process(output, { formats: ["csv"], timezone: "+05:00" });
  assert.deepEqual(other, [
    "exports/csv/combined.json",
    "exports/csv/phone_1.gsr.csv",
    "exports/csv/phone_1.gsr.json",
    "exports/mine.txt",
  ]);
});

Deno.test("plots stay beside the alignment that they show, and go with it", async () => {
  const { folder } = await faultySession("clean");
  const output = new MemoryFolderSink();
  const options = { folder, output, kernel: new Kernel(), sha256, version: "test" };
  const plots = () => [...output.files.keys()].filter((path) => path.endsWith(".svg"));
  await alignSession({ ...options, plots: true });
  const drawn = plots();
  assert.ok(drawn.length > 0);
  await processSession({ ...options, settings: { formats: ["csv"] } });
  await processSession({ ...options, settings: { formats: ["csv"], streams: ["*/gsr"] } });
  assert.deepEqual(plots(), drawn);
  await processSession({ ...options, settings: { formats: ["csv"], dejitter: false } });
  assert.deepEqual(plots(), []);
});

Deno.test("a damaged journal is made anew", async () => {
  const damaged = [
    { key: "x", steps: 5 },
    { key: "x", steps: { mat: [7, null] }, stale: [{ path: "../../x", size: 1 }, "y"] },
    { key: "x", steps: { mat: null }, stale: [{ path: "../../x", size: 1 }] },
  ];
  for (const state of damaged) {
    const output = new MemoryFolderSink();
    output.files.set("processing/.work/journal.json", new TextEncoder().encode(encodeState(state)));
    assert.deepEqual(await process(output), ALL);
  }
});
