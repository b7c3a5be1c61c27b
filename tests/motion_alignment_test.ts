import assert from "node:assert/strict";
import { alignSession, applyClock, Kernel, memoryFolder, MemoryFolderSink } from "session-process";
import { sha256 } from "session-process/runtime";
import { record, type SensorPlan, shaking, shown } from "../core/clock/motion/_simulation.ts";

const MS = 1e6;
/** Five minutes, shaken near start and end. */
const SECONDS = 300;
const SHAKES = [{ start: 20, seconds: 20 }, { start: 250, seconds: 20 }];

/** Two sensors on one wrist: mounted anyhow, in other units, with clocks that nothing else ties. */
function plansOf(seed: number): readonly [SensorPlan, SensorPlan] {
  const common = { from: 0, to: SECONDS };
  return [
    { ...common, rateHz: 50, startNs: 31_000_000n, driftPpm: -30, seed: 2 * seed + 100 },
    {
      ...common,
      rateHz: 100,
      startNs: 77_123_456_789n,
      driftPpm: 45,
      seed: 2 * seed + 101,
      from: -8,
    },
  ];
}

/** A time as a sensor without a calendar writes it. */
function written(timeNs: bigint): string {
  const date = new Date(Number(timeNs / 1_000_000n)).toISOString().replace("T", " ").slice(0, -4);
  return `${date}${String(timeNs % 1_000_000_000n).padStart(9, "0")}`;
}

function tableOf(seed: number, plan: SensorPlan): string {
  const { timesNs, accel: [x, y, z] } = record(shaking(seed, SHAKES), plan);
  const lines = Array.from(
    timesNs,
    (time, row) => [written(time), ...[x, y, z].map((axis) => axis[row]!.toFixed(5))].join(","),
  );
  return ["Time,Accel X,Accel Y,Accel Z", ...lines, ""].join("\n");
}

function sessionOf(seed: number, [wrist, strap]: readonly [SensorPlan, SensorPlan]) {
  const path = (device: string) =>
    `devices/${device}/sensor_data/${device}_motion_19700101_000000.csv`;
  const device = { device_type: "imu", capabilities: ["motion_data"] };
  return memoryFolder("shaken_19700101_000000", {
    "session_metadata.json": JSON.stringify({
      session_id: "shaken_19700101_000000",
      session_name: "shaken",
      start_time: "1970-01-01T00:00:00",
      devices: { wrist: device, strap: device },
    }),
    [path("wrist")]: tableOf(seed, wrist),
    [path("strap")]: tableOf(seed, strap),
  });
}

Deno.test("devices that were shaken together are aligned within the interval that is stated", async () => {
  const kernel = new Kernel();
  let [inside, count] = [0, 0];
  for (const seed of [1, 2, 3]) {
    const plans = plansOf(seed);
    const output = new MemoryFolderSink();
    const { fit, plots } = await alignSession({
      folder: sessionOf(seed, plans),
      output,
      kernel,
      sha256,
      version: "test",
      plots: true,
    });
    const [wrist, strap] = plans;
    // The strap has more samples, so that its clock is the reference.
    assert.equal(fit.referenceClock.id, "strap/motion/device");
    const model = fit.models.get("wrist/motion/device")!;
    const seconds = Array.from({ length: SECONDS + 1 }, (_, second) => second);
    const times = BigInt64Array.from(seconds, (second) => shown(wrist, second));
    const { referenceTimes, sigmas } = applyClock(kernel, model, times);
    for (const second of seconds) {
      const error = Math.abs(Number(referenceTimes[second]! - shown(strap, second)));
      assert.ok(error < 2 * MS, `seed ${seed}, ${second} s: ${error / MS} ms`);
      assert.ok(error < 3 * sigmas[second]!, `seed ${seed}, ${second} s: ${error / MS} ms`);
      inside += Number(error < 1.96 * sigmas[second]!);
      count++;
    }
    assert.ok(plots.some(({ path }) => path.endsWith("/movement.wrist.motion.strap.motion.svg")));
  }
  assert.ok(inside / count > 0.9, `${inside} of ${count}`);
});
