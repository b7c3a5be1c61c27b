import assert from "node:assert/strict";
import { defaultPlan, MemoryFolderSink, simulateSession, type SimulationPlan } from "../mod.ts";

const PLAN: SimulationPlan = {
  ...defaultPlan({ seed: 9, durationSeconds: 30, phones: 1, sensors: 1 }),
  pcClock: { offsetSeconds: 0.25, driftPpm: 50, steps: [{ atSeconds: 15, bySeconds: -2 }] },
  events: [
    { kind: "marker", atSeconds: 5, label: "one" },
    { kind: "stimulus", atSeconds: 10, seconds: 8, media: "film.mp4" },
    { kind: "flash", atSeconds: 20, seconds: 0.5 },
  ],
};

/** What the PC's clock shows at a true time, in seconds since 1970. */
function pcSeconds(trueSeconds: number): number {
  const step = trueSeconds >= 15 ? -2 : 0;
  return Date.parse(PLAN.start) / 1000 + trueSeconds * (1 + 50e-6) + 0.25 + step;
}

/** A wall time of the PC, in seconds since 1970. */
function localSeconds(naive: string): number {
  return Date.parse(`${naive.slice(0, 19)}+02:00`) / 1000 + Number(`0${naive.slice(19)}` || 0);
}

/** Simulates the plan and gives the text of the file whose path ends as told. */
async function simulate(): Promise<(ending: string) => string> {
  const sink = new MemoryFolderSink();
  await simulateSession(PLAN, sink);
  const { files } = sink;
  return (ending) => {
    const path = [...files.keys()].find((name) => name.endsWith(ending))!;
    return new TextDecoder().decode(files.get(path));
  };
}

function near(found: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `${found} is not ${expected}`);
}

Deno.test("log and experiment log carry the PC's wall clock, its steps included", async () => {
  const read = await simulate();
  const log = JSON.parse(read("_log.json"));
  const stampOf = (type: string) =>
    log.events.find(({ event }: { event: string }) => event === type).timestamp;
  near(localSeconds(stampOf("session_start")), pcSeconds(0), 2e-6);
  near(localSeconds(stampOf("marker")), pcSeconds(5), 2e-6);
  near(localSeconds(stampOf("stimulus_play")), pcSeconds(10), 2e-6);
  near(localSeconds(stampOf("stimulus_stop")), pcSeconds(18), 2e-6);
  near(log.duration, pcSeconds(30) - pcSeconds(0), 2e-6);
  for (const { time, timestamp } of log.events) {
    assert.equal(
      time,
      `${timestamp.slice(11)}${timestamp.length === 19 ? ".000" : ""}`.slice(0, 12),
    );
  }
  const { experiment_info, events } = JSON.parse(read("experiment_log_20250731_143022.json"));
  near(experiment_info.start_time, pcSeconds(5), 2e-6);
  assert.deepEqual(
    events.map(({ event_type }: { event_type: string }) => event_type),
    ["event_marker", "stimulus_start", "stimulus_end", "event_marker"],
  );
  for (const { timestamp, timestamp_formatted } of events) {
    near(localSeconds(timestamp_formatted), timestamp, 2e-6);
  }
});

Deno.test("sync markers pair the phone's clock with the PC's, less the delay of the estimate", async () => {
  const marker = (await simulate())(".txt");
  const fields = new Map(
    marker.trim().split("\n").map((line) => line.split("=") as [string, string]),
  );
  const phone = Number(fields.get("device_time"));
  const pc = Number(fields.get("synced_time"));
  near(pc / 1000, pcSeconds(20) - 0.003, 0.001);
  near(phone / 1000, Date.parse(PLAN.start) / 1000 + 20, 0.1);
  assert.equal(fields.get("duration_ms"), "500");
});

Deno.test("both stamps of a PC's Shimmer table are the PC's clock at arrival", async () => {
  const table = (await simulate())("shimmer_1_gsr_20250731_143022.csv");
  const rows = table.trimEnd().split("\n").slice(1).map((line) => line.split(","));
  assert.equal(rows[0]!.length, 21);
  let latest = 0;
  rows.forEach(([timestamp, systemTime], row) => {
    const epoch = Number(timestamp);
    near(localSeconds(systemTime!), epoch, 2e-6);
    // A sample every 1/128 s from 0.1 s on, delayed by 10 ms and 2 ms on average, 40 at most.
    const sampled = 0.1 + row / 128;
    if (Math.abs(sampled - 15) < 0.1) return;
    const delay = epoch - pcSeconds(sampled);
    assert.ok(delay > 0.0095 && delay < 0.05, `row ${row} was delayed by ${delay} s`);
    assert.ok(epoch >= latest || sampled > 15, `row ${row} arrived before the one ahead`);
    latest = epoch;
  });
});

Deno.test("a phone's configuration states its own start and zone", async () => {
  const config = JSON.parse((await simulate())("session_config.json"));
  near(config.start_time / 1000, Date.parse(PLAN.start) / 1000 + 0.07, 0.1);
  const zoned = config.timestamp.replace(/(\d\d:\d\d:\d\d) GMT(\S+) (\d{4})/, "$3 $1 GMT$2");
  near(Date.parse(zoned) / 1000, config.start_time / 1000, 1);
  assert.match(config.session_id, /^session_2025-07-31_14-30-2[12]$/);
});
