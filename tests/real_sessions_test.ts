import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { runCli } from "./support/cli.ts";
import { copyFolder, inTemporaryFolder, snapshot } from "./support/folders.ts";
import { testWithRecording } from "./support/shared_data.ts";
import { parseCsv, splitTable } from "./support/tables.ts";

/** The exported table of a recorded file, column by column under the recorded names. */
async function exportedColumns(folder: string, source: string): Promise<Map<string, string[]>> {
  const csvFolder = join(folder, "exports", "csv");
  for (const name of await readdir(csvFolder)) {
    if (!name.endsWith(".json")) continue;
    const description = JSON.parse(await readFile(join(csvFolder, name), "utf8"));
    if (description.source !== source) continue;
    const text = await readFile(join(csvFolder, name.replace(/json$/, "csv")), "utf8");
    const [header = [], ...rows] = parseCsv(text);
    return new Map(
      description.columns.map(({ name, recordedAs }: { name: string; recordedAs?: string }) => {
        const index = header.indexOf(name);
        assert.ok(index >= 0, `column ${name} is described but not there`);
        return [recordedAs ?? `(${name})`, rows.map((row) => row[index]!)];
      }),
    );
  }
  throw new Error(`No export of ${source}`);
}

/**
 * The recorded text stands for the exported one: same text, same number, or the same instant, which the
 * exports hold in nanoseconds.
 */
function sameValue(recorded: string, exported: string): boolean {
  if (recorded === exported) return true;
  if (recorded === "" || exported === "") return false;
  if (Number(recorded) === Number(exported)) return true;
  const instant = instantNs(recorded);
  return instant !== undefined && String(instant) === exported;
}

/** Nanoseconds since 1970 of epoch milliseconds in scientific notation, or of a date with microseconds. */
function instantNs(recorded: string): bigint | undefined {
  const scientific = recorded.match(/^(\d)\.(\d+)E(\d+)$/);
  if (scientific !== null) {
    const [, whole = "", fraction = "", exponent = ""] = scientific;
    const zeros = Number(exponent) - fraction.length + 6;
    return BigInt(whole + fraction) * 10n ** BigInt(zeros);
  }
  const date = recorded.match(/^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})\.(\d{1,9})$/);
  if (date === null) return undefined;
  const seconds = BigInt(Date.parse(`${date[1]}T${date[2]}Z`)) / 1000n;
  return seconds * 1_000_000_000n + BigInt(date[3]!.padEnd(9, "0"));
}

function assertAllValues(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  exported: ReadonlyMap<string, readonly string[]>,
): void {
  for (const [column, name] of header.entries()) {
    const values = exported.get(name);
    assert.ok(values !== undefined, `recorded column "${name}" is missing from the export`);
    assert.equal(values.length, rows.length);
    for (const [row, recorded] of rows.entries()) {
      const found = values[row]!;
      assert.ok(
        sameValue(recorded[column] ?? "", found),
        `row ${row + 1} of "${name}": recorded ${recorded[column]}, exported ${found}`,
      );
    }
  }
}

async function processCopy(
  recording: string,
  folder: string,
): Promise<{ report: string; code: number }> {
  const session = join(folder, recording.split("/").at(-1)!);
  await copyFolder(recording, session);
  const before = await snapshot(session);
  const { code, stderr } = await runCli(["process", session]);
  assert.ok(code === 0 || code === 4, `exit code ${code}: ${stderr}`);
  const after = await snapshot(session);
  for (const [path, bytes] of before) {
    assert.deepEqual(after.get(path), bytes, `${path} was changed`);
  }
  const report = await readFile(join(session, "processing", "report.md"), "utf8");
  return { report, code };
}

testWithRecording(
  "every value of the Shimmer session is in the exports, and the report names what is odd",
  "sessions/shimmer_20200728_105650",
  (recording) =>
    inTemporaryFolder(async (folder) => {
      const { report } = await processCopy(recording, folder);
      const source = "devices/shimmer_40AC/sensor_data/shimmer_40AC_gsr_20200728_105650.csv";
      const [, header = [], , ...rows] = splitTable(
        await readFile(join(recording, source), "utf8"),
        ";",
      );
      const names = header.filter((name) => name !== "");
      assert.equal(rows.length, 90);
      const session = join(folder, "shimmer_20200728_105650");
      assertAllValues(names, rows, await exportedColumns(session, source));
      for (const code of ["TIME_DUPLICATE", "CSV_TRAILING_SEPARATOR", "LOG_MISSING"]) {
        assert.match(report, new RegExp(code));
      }
    }),
);

/** The two sensors, whose clocks were never set, are placed by the movements at the start and at the end alone. */
async function assertShaken(session: string): Promise<void> {
  const path = join(session, "processing/synchronized_data/alignment.json");
  const { reference, clocks } = JSON.parse(await readFile(path, "utf8"));
  const [placed, ...others] = clocks.filter(({ id }: { id: string }) => id !== reference.id);
  assert.equal(others.length, 0);
  assert.equal(placed.method, "motion");
  const used = placed.evidence.reduce((sum: number, { used }: { used: number }) => sum + used, 0);
  assert.ok(used >= 2, `${used} movements`);
  // Were start and end 20 ms apart, each would lie 10 ms from their common clock.
  assert.ok(placed.residual_rms_ns < 10e6, `${placed.residual_rms_ns}`);
}

testWithRecording(
  "every value of the shake session is in the exports, and the report names what is odd",
  "sessions/shake_19700101_000000",
  (recording) =>
    inTemporaryFolder(async (folder) => {
      const { report } = await processCopy(recording, folder);
      const session = join(folder, "shake_19700101_000000");
      for (const device of ["faros", "physilog"]) {
        const source = `devices/${device}/sensor_data/${device}_motion_19700101_000000.csv`;
        const [header = [], ...rows] = splitTable(
          await readFile(join(recording, source), "utf8"),
          ",",
        );
        // The column of times has no name in one of the files.
        const names = header.map((name) => name === "" ? "(time)" : name);
        assertAllValues(names, rows, await exportedColumns(session, source));
      }
      for (
        const code of [
          "SESSION_ACTIVE",
          "SESSION_TIME_IMPLAUSIBLE",
          "RATE_MIXED",
        ]
      ) {
        assert.match(report, new RegExp(code));
      }
      await assertShaken(session);
    }),
);
