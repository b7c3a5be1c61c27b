import assert from "node:assert/strict";
import { IssueLog, memoryFolder } from "../base/mod.ts";
import { Kernel } from "../../wasm/mod.ts";
import { fitSession, type SessionFit } from "./fit.ts";
import { loadSession } from "./load_session.ts";
import { scanSession } from "./scan.ts";
import { resolveSettings } from "./settings.ts";

const NAME = "session_20250731_143022";
/** 2025-07-31T12:30:22Z, which is 14:30:22 in the zone of the recording. */
const START_MS = 1_753_965_022_000;

async function fit(files: Record<string, string>): Promise<SessionFit> {
  const folder = memoryFolder(NAME, files);
  const kernel = new Kernel();
  const session = await loadSession(folder);
  const scans = await scanSession({ folder, kernel, session, config: {}, issues: new IssueLog() });
  return fitSession({ session, settings: resolveSettings({}, {}, session), kernel }, scans);
}

function table(startMs: number, header = "timestamp_ms"): string {
  const rows = Array.from({ length: 500 }, (_, index) => `${startMs + 20 * index},${index % 7}`);
  return [`${header},gsr_conductance_us`, ...rows, ""].join("\n");
}

function elapsedTable(): string {
  const rows = Array.from(
    { length: 500 },
    (_, index) => `${(0.01 * index).toFixed(2)},0.1,0.2,9.8`,
  );
  return ["timestamp,accel_x,accel_y,accel_z", ...rows, ""].join("\n");
}

Deno.test("a clock that only a file name shows is placed as well as the name allows", async () => {
  const { models, issues } = await fit({
    "shimmer_1_gsr_20250731_143022.csv": table(START_MS + 1000),
    "phone_1_motion_20250731_143024.csv": elapsedTable(),
  });
  const model = models.get("phone_1/motion/device")!;
  const { sigmaNs, offsetNs } = model.segments[0]!.knots[0]!;
  assert.ok(sigmaNs < 2e9, `${sigmaNs}`);
  assert.equal(offsetNs, BigInt(START_MS + 2000) * 1_000_000n);
  // The zone is reported once, as such, and not for each clock that rests on it.
  assert.deepEqual(issues.map(({ code, params }) => [code, params["clock"]]), [
    ["TIME_NAIVE", undefined],
    ["CLOCK_ANCHOR_ONLY", "phone_1/motion/device"],
  ]);
});

Deno.test("a stream whose clock was never set does not move the zero of all times", async () => {
  const { originNs } = await fit({
    "shimmer_1_gsr_20250731_143022.csv": table(START_MS + 1000),
    "shimmer_2_gsr_20250731_143022.csv": table(1_000_000_000),
  });
  assert.equal(originNs, BigInt(START_MS) * 1_000_000n);
});

/** A Shimmer at 50 Hz whose counter began at a time of its own, with stamps of the phone when samples arrive. */
function sensorTable(deviceMs: number, delayMs: number): string {
  const rows = Array.from({ length: 1000 }, (_, index) => {
    const arrival = START_MS + 1000 + 20 * index + delayMs + (index * 7) % 5;
    return `${arrival},${deviceMs + 20 * index},${arrival},0,A,${index + 1},2.${index % 9}`;
  });
  const header =
    "Timestamp_ms,DeviceTime_ms,SystemTime_ms,SessionTime_ms,DeviceId,SequenceNumber,GSR_Conductance_uS";
  return [header, ...rows, ""].join("\n");
}

Deno.test("sensors of one phone are not placed by each other's counters", async () => {
  const { models } = await fit({
    "devices/phone_1/sensor_data/shimmer_A1_gsr_20250731_143022.csv": sensorTable(1000, 0),
    "devices/phone_1/sensor_data/shimmer_B2_gsr_20250731_143022.csv": sensorTable(900_000, 0),
  });
  for (const [clock, deviceMs] of [["phone_1/device", 1000], ["phone_1/gsr_2/device", 900_000]]) {
    const { offsetNs } = models.get(`${clock}`)!.segments[0]!.knots[0]!;
    const error = Number(offsetNs) / 1e6 - (START_MS + 1000 - Number(deviceMs));
    assert.ok(Math.abs(error) < 30, `${clock}: ${error} ms`);
  }
});

Deno.test("a table without rows asks for no clock", async () => {
  const { issues } = await fit({
    "shimmer_1_gsr_20250731_143022.csv": table(START_MS + 1000),
    "shimmer_2_gsr_20250731_143022.csv": "sample,gsr_value\n",
  });
  assert.deepEqual(issues.map(({ code }) => code), ["TIME_NAIVE"]);
});
