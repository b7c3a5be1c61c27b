import assert from "node:assert/strict";
import {
  Kernel,
  memoryFolder,
  MemoryFolderSink,
  processSession,
  type ProcessSettings,
} from "session-process";
import { sha256 } from "session-process/runtime";

async function processTable(rows: readonly string[], settings: ProcessSettings = {}) {
  const output = new MemoryFolderSink();
  const text = ["timestamp_ms,GSR_uS", ...rows].join("\n");
  const outcome = await processSession({
    folder: memoryFolder("pilot_20250731_143022", {
      "phone_1_gsr_20250731_143022.csv": `${text}\n`,
    }),
    output,
    kernel: new Kernel(),
    sha256,
    version: "test",
    settings: { formats: ["combined"], ...settings },
  });
  const bytes = output.files.get("exports/csv/combined.csv");
  return { outcome, table: bytes === undefined ? undefined : new TextDecoder().decode(bytes) };
}

const START_MS = 1_753_965_022_000;

Deno.test("the combined table averages what is faster than the grid and leaves gaps empty", async () => {
  // 100 Hz for a second, nothing for two seconds, 100 Hz again; the value is the time in seconds.
  const rows = [...Array(100).keys(), ...[...Array(100).keys()].map((index) => index + 300)]
    .map((index) => `${START_MS + index * 10},${index / 100}`);
  const { table } = await processTable(rows, { gridRateHz: 10 });
  const [header = "", ...lines] = table!.trimEnd().split("\n");
  const column = header.split(",").findIndex((name) =>
    /gsr_(value|conductance)|gsr\.gsr/.test(name)
  );
  const values = lines.map((line) => line.split(",")[column]!);
  assert.equal(lines.length, 40);
  assert.ok(values.slice(12, 28).every((value) => value === ""), "a gap was bridged");
  // A tick stands for the time around it: its mean is the tick itself to half a sample.
  for (const tick of [2, 5, 8, 32, 37]) {
    assert.ok(
      Math.abs(Number(values[tick]) - tick / 10) <= 0.0051,
      `tick ${tick}: ${values[tick]}`,
    );
  }
});

Deno.test("one wrong time does not make an endless table", async () => {
  const rows = Array.from({ length: 100 }, (_, index) => `${START_MS + index * 10},1`);
  const { outcome, table } = await processTable([...rows, `${START_MS + 4e11},1`]);
  assert.equal(table, undefined);
  assert.equal(outcome.loss, true);
  assert.ok(outcome.issues.some(({ code }) => code === "GRID_TOO_LARGE"));
});
