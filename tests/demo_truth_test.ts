import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  clockOfTruth,
  demoPlan,
  sessionIdOf,
  simulateSession,
  TrueTimes,
  type Truth,
} from "session-process";
import { openOutput } from "session-process/runtime";
import { runCli } from "./support/cli.ts";
import { inTemporaryFolder } from "./support/folders.ts";
import { parseCsv } from "./support/tables.ts";

/** Errors of a stream in units of its stated standard uncertainty, row by row. */
function standardisedErrors(
  truth: Truth,
  reference: string,
  stream: string,
  csv: string,
): number[] {
  const clock = clockOfTruth(truth, reference);
  const times = new TrueTimes(truth, stream);
  const [header = [], ...rows] = parseCsv(csv);
  const [timeColumn, sigmaColumn] = [header.indexOf("time_ns"), header.indexOf("sigma_s")];
  // Rows of the file that are no measurement are left out of the exports.
  const samples = Array.from({ length: times.stream.rows }, (_, row) => times.relativeAt(row))
    .filter((time) => time !== undefined);
  assert.equal(rows.length, samples.length, `${stream}: number of samples`);
  return rows.map((row, index) => {
    const expected = clock.baseNs + BigInt(Math.round(clock.relativeAt(samples[index]!)));
    const errorSeconds = Number(BigInt(row[timeColumn]!) - expected) / 1e9;
    return errorSeconds / Number(row[sigmaColumn]);
  });
}

Deno.test("the demo session is aligned within its stated uncertainty, stream by stream", () =>
  inTemporaryFolder(async (folder) => {
    const plan = demoPlan();
    const session = join(folder, sessionIdOf(plan));
    const truth = await simulateSession(plan, openOutput(session));
    const { code, stderr } = await runCli(["process", session]);
    assert.ok(code === 0 || code === 4, stderr);
    const csvFolder = join(session, "exports", "csv");
    const checked: string[] = [];
    for (const name of (await readdir(csvFolder)).filter((name) => name.endsWith(".json"))) {
      const description = JSON.parse(await readFile(join(csvFolder, name), "utf8"));
      const { stream, reference_clock } = description as {
        stream: string;
        reference_clock: string;
      };
      if (!truth.streams.some(({ id }) => id === stream)) continue;
      const csv = await readFile(join(csvFolder, name.replace(/json$/, "csv")), "utf8");
      const errors = standardisedErrors(truth, reference_clock, stream, csv);
      const inside = errors.filter((error) => Math.abs(error) <= 1.96).length / errors.length;
      assert.ok(
        inside >= 0.93,
        `${stream}: ${(100 * inside).toFixed(1)} % within the 95 % interval`,
      );
      checked.push(stream);
    }
    assert.deepEqual(checked.sort(), truth.streams.map(({ id }) => id).sort());
  }));
