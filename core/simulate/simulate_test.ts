import assert from "node:assert/strict";
import { bytesSource, CancelledError, type FolderSink } from "../base/mod.ts";
import {
  clockOfTruth,
  defaultPlan,
  demoPlan,
  MemoryFolderSink,
  sessionIdOf,
  simulateSession,
  type SimulationPlan,
  type StreamPlan,
  trueTimeOf,
  TrueTimes,
} from "./mod.ts";

/** Rows of a CSV file in memory as numbers by column; text becomes NaN. */
function columnsOf(sink: MemoryFolderSink, path: string): Map<string, number[]> {
  const text = new TextDecoder().decode(sink.files.get(path));
  const [header, ...rows] = text.trimEnd().split("\n").map((line) => line.split(","));
  return new Map(header!.map((name, at) => [name, rows.map((row) => Number(row[at]))]));
}

/** A plan of one phone with one stream. */
function onePhone(stream: StreamPlan, changes: Partial<SimulationPlan> = {}): SimulationPlan {
  const plan = defaultPlan({ seed: 7, durationSeconds: 20, phones: 1 });
  const clock = { offsetSeconds: -2.25, driftPpm: 25, steps: [{ atSeconds: 8, bySeconds: -0.5 }] };
  const device = { id: "phone_1", type: "android_phone", clock, streams: [stream] } as const;
  return { ...plan, devices: [device], ...changes };
}

const PHONE_PATH = "devices/phone_1/sensor_data/phone_1_";

Deno.test("the same plan gives the same bytes, another seed gives others", async () => {
  const [first, second, other] = [
    new MemoryFolderSink(),
    new MemoryFolderSink(),
    new MemoryFolderSink(),
  ];
  const plan = defaultPlan({ seed: 3, durationSeconds: 4, sensors: 1, video: true, thermal: true });
  await simulateSession(plan, first);
  await simulateSession(JSON.parse(JSON.stringify(plan)), second);
  await simulateSession({ ...plan, seed: 4 }, other);
  assert.deepEqual(first.files, second.files);
  for (const path of first.files.keys()) {
    if (path.endsWith(".csv")) assert.notDeepEqual(first.files.get(path), other.files.get(path));
  }
});

Deno.test("true times agree with both stamps of a phone's Shimmer table", async () => {
  const sink = new MemoryFolderSink();
  const plan = onePhone({
    kind: "shimmer_phone",
    name: "gsr",
    rateHz: 51.2,
    sensorClock: { offsetSeconds: 77.5, driftPpm: -35 },
    delivery: { packet: 6, minDelaySeconds: 0.015, meanDelaySeconds: 0.01 },
    gaps: [{ atSeconds: 5, seconds: 1 }],
    dropRate: 0.01,
    duplicateRate: 0.01,
    reorderRate: 0.05,
  });
  const truth = await simulateSession(plan, sink);
  const table = columnsOf(sink, `${PHONE_PATH}gsr_20250731_143022.csv`);
  const device = table.get("DeviceTime_ms")!;
  const system = table.get("SystemTime_ms")!;
  const sequence = table.get("SequenceNumber")!;
  const times = new TrueTimes(truth, "phone_1/gsr");
  const startMs = Date.parse(plan.start);
  assert.equal(device.length, times.stream.rows);
  for (let row = 0; row < device.length; row++) {
    const trueMs = times.relativeAt(row)! / 1e6;
    const sensorMs = 77_500 + trueMs * (1 - 35e-6);
    assert.ok(Math.abs(sensorMs - 77_600 - (sequence[row]! - 1) / 0.0512 + 0.0035) < 2e-6);
    assert.ok(Math.abs(sensorMs - device[row]! - 0.5) <= 0.500002, `row ${row}`);
    const arrived = system[row]! - startMs + 2250 + (trueMs > 8000 ? 500 : 0);
    assert.ok(arrived > trueMs * (1 + 25e-6) + 14 || Math.abs(trueMs - 8000) < 400, `row ${row}`);
    assert.equal(trueTimeOf(truth, "phone_1/gsr", row), times.at(row));
  }
  assert.equal(times.at(device.length), undefined);
  const { losses, runs } = times.stream;
  for (const count of Object.values(losses)) assert.ok(count > 0);
  const samples = times.stream.sampling.samples;
  assert.equal(device.length, samples - losses.dropped - losses.inGaps + losses.duplicated);
  assert.ok(runs.length < device.length);
});

Deno.test("stamps in ns are the true times on the phone's clock, swing and steps included", async () => {
  const sink = new MemoryFolderSink();
  const swing = { amplitudeSeconds: 0.01, periodSeconds: 30, phase: 0.2 };
  const motion = { kind: "motion", name: "motion", rateHz: 100, stampUnit: "ns" } as const;
  const plan = onePhone({ ...motion, jitterSeconds: 0.001 });
  const [phone] = plan.devices;
  const devices = [{ ...phone!, clock: { ...phone!.clock, swing } }];
  const truth = await simulateSession({ ...plan, devices }, sink);
  const text = new TextDecoder().decode(sink.files.get(`${PHONE_PATH}motion_20250731_143022.csv`));
  const times = new TrueTimes(truth, "phone_1/motion");
  text.trimEnd().split("\n").slice(1).forEach((line, row) => {
    const trueNs = times.relativeAt(row)!;
    const turn = 2 * Math.PI;
    const angle = turn * (trueNs / 30e9 + 0.2);
    const error = trueNs * 25e-6 + 1e7 * (Math.sin(angle) - Math.sin(turn * 0.2)) - 2.25e9;
    const step = trueNs >= 8e9 ? -5e8 : 0;
    const expected = BigInt(Date.parse(plan.start)) * 1_000_000n + BigInt(trueNs) +
      BigInt(Math.round(error + step));
    const difference = Number(BigInt(line.split(",")[0]!) - expected);
    assert.ok(Math.abs(difference) <= 1, `row ${row} differs by ${difference} ns`);
  });
});

Deno.test("packets arrive as a whole, in order, after their delay and after stalls", async () => {
  const sink = new MemoryFolderSink();
  const plan = onePhone({
    kind: "shimmer_phone",
    name: "gsr",
    rateHz: 100,
    sensorClock: {},
    delivery: {
      packet: 10,
      minDelaySeconds: 0.02,
      meanDelaySeconds: 0.03,
      stalls: [{ atSeconds: 3, seconds: 2 }],
    },
  }, { durationSeconds: 60 });
  const [phone] = plan.devices;
  await simulateSession({ ...plan, devices: [{ ...phone!, clock: {} }] }, sink);
  const table = columnsOf(sink, `${PHONE_PATH}gsr_20250731_143022.csv`);
  const arrivals = table.get("SystemTime_ms")!.map((ms) => ms - Date.parse(plan.start));
  const delays: number[] = [];
  for (let row = 0; row < arrivals.length; row++) {
    const packetEnd = Math.min(row - (row % 10) + 9, arrivals.length - 1);
    assert.equal(arrivals[row], arrivals[packetEnd]);
    assert.ok(arrivals[row]! >= arrivals[Math.max(0, row - 1)]!);
    assert.ok(arrivals[row]! < 3000 || arrivals[row]! >= 5000);
    const sent = 100 + packetEnd * 10;
    if (row % 10 === 0 && (sent < 2800 || sent > 6000)) delays.push(arrivals[row]! - sent);
  }
  assert.equal(Math.min(...delays), 20);
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
  // Waiting behind a slow packet lengthens the mean a little; four sigma of 560 delays is 5 ms.
  assert.ok(mean > 45 && mean < 57, `mean delay is ${mean} ms`);
});

Deno.test("true times stay exact to 1 ns over a day without a number per row", async () => {
  const plan = onePhone({ kind: "motion", name: "motion", rateHz: 1, stampUnit: "ns" });
  const small = await simulateSession(plan, new MemoryFolderSink());
  const samples = 86_400 * 128;
  const [stream] = small.streams;
  const sampling = { ...stream!.sampling, periodNs: 1e9 / 128, samples };
  const runs = [0, 0, 5_000_000, 5_000_000, 5_000_128, samples - 5_000_128];
  const truth = { ...small, streams: [{ ...stream!, sampling, runs }] };
  const times = new TrueTimes(truth, "phone_1/motion");
  for (let row = 0; row < samples - 128; row += 9973) {
    const sample = row < 5_000_000 ? row : row + 128;
    const trueNs = BigInt(times.relativeAt(row)!);
    // Reading times 40,000: t * (1 + 25 ppm) without rounding.
    const reading = trueNs * 40_001n;
    const due = (BigInt(sampling.firstNs) - 750_000_000n) * 40_000n +
      BigInt(sample) * 312_500_000_000n;
    const difference = reading - due;
    assert.ok(difference <= 40_000n && difference >= -40_000n, `row ${row}: ${difference}`);
  }
  assert.equal(times.at(samples - 128), undefined);
});

Deno.test("writes are small however long the session, and memory is freed by the sink", async () => {
  let largest = 0;
  let total = 0;
  const sink: FolderSink = {
    create: () => {
      let position = 0;
      return Promise.resolve({
        get position() {
          return position;
        },
        write(bytes: Uint8Array) {
          largest = Math.max(largest, bytes.length);
          total += bytes.length;
          position += bytes.length;
          return Promise.resolve();
        },
        writeAt: () => Promise.resolve(),
        commit: () => Promise.resolve(),
        abort: () => Promise.resolve(),
      });
    },
    open: () => Promise.resolve(bytesSource(new Uint8Array())),
    remove: () => Promise.resolve(),
  };
  const truth = await simulateSession(defaultPlan({ durationSeconds: 1200, phones: 1 }), sink);
  assert.ok(total > 15e6);
  assert.ok(largest < 1 << 20, `largest write is ${largest} bytes`);
  assert.ok(JSON.stringify(truth).length < 10_000);
});

Deno.test("the demo is small and has the trouble that it promises", async () => {
  const sink = new MemoryFolderSink();
  const truth = await simulateSession(demoPlan(), sink);
  const bytes = [...sink.files.values()].reduce((sum, file) => sum + file.length, 0);
  assert.ok(bytes < 6e6, `demo has ${bytes} bytes`);
  const lossesOf = (id: string) => truth.streams.find((stream) => stream.id === id)!.losses;
  assert.ok(lossesOf("phone_2/motion").inGaps >= 299);
  assert.ok(lossesOf("phone_1/rgb_video").dropped > 0 && lossesOf("phone_2/rgb_video").dropped > 0);
  const phone = clockOfTruth(truth, "phone_2/utc");
  const jump = phone.relativeAt(33e9) - phone.relativeAt(33e9 - 1);
  assert.ok(Math.abs(jump - 0.35e9) <= 2);
  assert.equal(sessionIdOf(demoPlan()), "demo_20250731_143022");
  assert.equal(trueTimeOf(truth, "phone_1/gsr", 0), undefined);
});

Deno.test("metadata list every file with its size", async () => {
  const sink = new MemoryFolderSink();
  const truth = await simulateSession(defaultPlan({ durationSeconds: 3, video: true }), sink);
  const metadata = JSON.parse(new TextDecoder().decode(sink.files.get("session_metadata.json")));
  const listed: { file_path: string; file_size: number }[] = Object.values<never[]>(metadata.files)
    .flat();
  assert.deepEqual(listed.map((file) => file.file_path), truth.streams.map(({ path }) => path));
  for (const file of listed) {
    assert.equal(sink.files.get(file.file_path)!.length, file.file_size);
  }
  assert.equal(metadata.session_id, truth.sessionId);
  assert.equal(metadata.start_time, "2025-07-31T14:30:22.012000");
});

Deno.test("a cancelled simulation leaves no stream behind", async () => {
  const sink = new MemoryFolderSink();
  const signal = AbortSignal.abort();
  await assert.rejects(simulateSession(defaultPlan(), sink, { signal }), CancelledError);
  assert.equal(sink.files.size, 0);
});

function withVideo(changes: { duplicateRate: number }): SimulationPlan {
  const plan = defaultPlan({ durationSeconds: 1, phones: 0, video: true });
  const [camera] = plan.devices;
  return { ...plan, devices: [{ ...camera!, streams: [{ ...camera!.streams[0]!, ...changes }] }] };
}

Deno.test("metadata can follow the documented layout, accelerations another unit", async () => {
  const plan = onePhone({
    kind: "shimmer_phone",
    name: "gsr",
    rateHz: 51.2,
    sensorClock: {},
    accelUnit: "m/s^2",
  }, { metadata: "M2", durationSeconds: 4 });
  const sink = new MemoryFolderSink();
  await simulateSession(plan, sink);
  const metadata = JSON.parse(new TextDecoder().decode(sink.files.get("session_metadata.json")));
  assert.equal(metadata.post_processing.synchronization_completed, false);
  const table = columnsOf(sink, `${PHONE_PATH}gsr_20250731_143022.csv`);
  const [x, y, z] = ["X", "Y", "Z"].map((axis) => table.get(`Accel_${axis}_g`)![0]!);
  assert.ok(Math.abs(Math.hypot(x!, y!, z!) - 9.80665) < 0.5);
});

Deno.test("plans that make no sense are refused", async () => {
  const plan = defaultPlan({ durationSeconds: 1 });
  const [phone] = plan.devices;
  const bad: SimulationPlan[] = [
    { ...plan, seed: -1 },
    { ...plan, durationSeconds: 0 },
    { ...plan, name: "../up" },
    { ...plan, start: "2025-07-31T12:30:22" },
    { ...plan, zoneMinutes: 0.5 },
    { ...plan, devices: [phone!, phone!] },
    { ...plan, devices: [{ ...phone!, streams: [phone!.streams[0]!, phone!.streams[0]!] }] },
    { ...plan, devices: [{ ...phone!, streams: [{ ...phone!.streams[0]!, rateHz: 0 }] }] },
    { ...plan, devices: [{ ...phone!, streams: [{ ...phone!.streams[0]!, dropRate: 1.5 }] }] },
    { ...plan, pcClock: { driftPpm: NaN } },
    withVideo({ duplicateRate: 0.1 }),
  ];
  for (const refused of bad) {
    await assert.rejects(simulateSession(refused, new MemoryFolderSink()), RangeError);
  }
});
