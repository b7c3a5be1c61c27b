import assert from "node:assert/strict";
import {
  clockOfTruth,
  defaultPlan,
  demoPlan,
  Kernel,
  memoryFolder,
  MemoryFolderSink,
  processSession,
  sessionIdOf,
  simulateSession,
  type SimulationPlan,
  TrueTimes,
  type Truth,
} from "session-process";
import { sha256 } from "session-process/runtime";
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

/** Simulates and processes a session; every stream must be aligned within its stated 95 % interval. */
async function checkAlignment(plan: SimulationPlan): Promise<void> {
  const recorded = new MemoryFolderSink();
  const truth = await simulateSession(plan, recorded);
  const output = new MemoryFolderSink();
  const { referenceClock } = await processSession({
    folder: memoryFolder(sessionIdOf(plan), Object.fromEntries(recorded.files)),
    output,
    kernel: new Kernel(),
    sha256,
    version: "test",
    settings: { formats: ["csv"] },
  });
  for (const { id } of truth.streams) {
    const bytes = output.files.get(`exports/csv/${id.replace("/", ".")}.csv`);
    assert.ok(bytes !== undefined, `${id} was not exported`);
    const csv = new TextDecoder().decode(bytes);
    const errors = standardisedErrors(truth, referenceClock.id, id, csv);
    const inside = errors.filter((error) => Math.abs(error) <= 1.96).length / errors.length;
    assert.ok(inside >= 0.93, `${id}: ${(100 * inside).toFixed(1)} % within the 95 % interval`);
  }
}

Deno.test("the demo session is aligned within its stated uncertainty, stream by stream", () =>
  checkAlignment(demoPlan()));

for (const seed of [1, 2, 3]) {
  Deno.test(`a session with every kind of device is aligned within its uncertainty: seed ${seed}`, () =>
    checkAlignment(
      defaultPlan({ seed, durationSeconds: 20, sensors: 1, video: true, thermal: true }),
    ));
}

Deno.test("a phone whose clock is set back is aligned in all its streams, whose times then occur twice", () => {
  const plan = defaultPlan({ seed: 4, durationSeconds: 120, sensors: 1 });
  const steps = [{ atSeconds: 61, bySeconds: -0.3 }];
  const devices = plan.devices.map((device) =>
    device.id === "phone_2" ? { ...device, clock: { ...device.clock, steps } } : device
  );
  return checkAlignment({ ...plan, devices });
});
