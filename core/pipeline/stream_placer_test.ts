import assert from "node:assert/strict";
import { memoryFolder } from "../base/mod.ts";
import { MemoryFolderSink } from "../simulate/mod.ts";
import { Kernel } from "../../wasm/mod.ts";
import { sha256 } from "../../runtime/mod.ts";
import { processSession } from "./process.ts";
import type { ProcessSettings } from "./settings.ts";

const START_MS = 1_753_965_022_000;

/** 100 Hz for a minute with 2 ms of jitter, stamped by a phone in whole microseconds; 3 samples are missing. */
function recording(): { text: string; truthMs: number[] } {
  const places = Array.from({ length: 6000 }, (_, row) => (row < 4000 ? row : row + 3));
  const truthMs = places.map((place) => START_MS + 10 * place);
  const jitter = (row: number) => ((row * 7919) % 4001 - 2000) / 1000;
  const rows = truthMs.map((ms, row) => `${(ms + jitter(row)).toFixed(3)},2.${row % 10}`);
  return { text: ["timestamp_ms,GSR_uS", ...rows, ""].join("\n"), truthMs };
}

async function timesOf(settings: ProcessSettings): Promise<{ errorsUs: number[]; record: string }> {
  const { text, truthMs } = recording();
  const output = new MemoryFolderSink();
  await processSession({
    folder: memoryFolder("pilot_20250731_143022", { "shimmer_1_gsr_20250731_143022.csv": text }),
    output,
    kernel: new Kernel(),
    sha256,
    version: "test",
    settings: { formats: ["csv"], ...settings },
  });
  const read = (path: string) => new TextDecoder().decode(output.files.get(path));
  const rows = read("exports/csv/shimmer_1.gsr.csv").trim().split("\n").slice(1);
  const errorsUs = rows.map((row, index) =>
    Number(BigInt(row.split(",")[1]!) - BigInt(truthMs[index]!) * 1_000_000n) / 1e3
  );
  return { errorsUs, record: read("processing/synchronized_data/alignment.json") };
}

function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

Deno.test("samples of a regular stream are exported without the jitter of their stamps", async () => {
  const { errorsUs, record } = await timesOf({});
  assert.ok(spread(errorsUs) < 50, `${spread(errorsUs)}`);
  const [stream] = JSON.parse(record).streams;
  assert.equal(stream.lattice.dropped, 3);
  assert.equal(stream.lattice.uncertain_gaps, 0);
  assert.ok(Math.abs(stream.lattice.rate_hz - 100) < 1e-3);
});

Deno.test("stamps are taken as they are when the user wants it", async () => {
  const { errorsUs, record } = await timesOf({ dejitter: false });
  // A uniform spread over 4 ms.
  assert.ok(Math.abs(spread(errorsUs) - 4000 / Math.sqrt(12)) < 10, `${spread(errorsUs)}`);
  assert.equal(JSON.parse(record).streams[0].lattice, null);
});
