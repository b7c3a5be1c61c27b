import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import {
  type AudioSource,
  type Issue,
  type MediaDecoder,
  memoryFolder,
  type TimeNs,
} from "../base/mod.ts";
import type { Session, SessionEvent, StreamAnchor } from "../session/mod.ts";
import { defaultPlan, faultySession, MemoryFolderSink, simulateSession } from "../simulate/mod.ts";
import { audioEvidence } from "./audio_evidence.ts";
import { eventEvidence } from "./event_evidence.ts";
import { flashEvidence } from "./flash_evidence.ts";
import type { StepMemory } from "./memory.ts";
import { openSession } from "./open_session.ts";
import { scanSession } from "./scan.ts";
import { IssueLog } from "../base/mod.ts";

const kernel = new Kernel();
const START = 1_753_965_022_000_000_000n;
/** Seconds at which something happened, at uneven distances. */
const MOMENTS = [2, 3.7, 9.1, 11.6, 19.9, 23, 31.4, 37.2, 40.9, 52.3, 55.1, 61.8, 70.7, 73.4, 84.6];

function event(clock: string, ns: TimeNs, type: string, label?: string): SessionEvent {
  const kind = clock.endsWith("utc") ? "utc" as const : "monotonic" as const;
  return {
    type,
    time: { ns, clock: { id: clock, kind }, sigmaNs: 1e6, source: "test" },
    ...(label === undefined ? {} : { label }),
    details: {},
    path: `${clock}.json`,
  };
}

function at(seconds: number): TimeNs {
  return START + BigInt(Math.round(seconds * 1e3)) * 1_000_000n;
}

async function emptySession(): Promise<Session> {
  const { folder } = await faultySession("clean");
  return (await openSession(folder)).session;
}

Deno.test("events that two hosts logged under names of their own are paired", async () => {
  const session = await emptySession();
  const shift = 3_000_007_000_000n;
  const events = [
    ...MOMENTS.map((s) => event("pc/utc", at(s), "flash_trigger", "screen white")),
    event("pc/utc", at(5), "session_start"),
    // The phone missed two and saw one that nobody logged.
    ...MOMENTS.toSpliced(4, 2).map((s) => event("phone_1/monotonic", at(s) - shift, "flash_sync")),
    event("phone_1/monotonic", at(47) - shift, "flash_sync"),
  ];
  const found = eventEvidence({ session: { ...session, events }, kernel });
  assert.equal(found.length, 1);
  const [{ from, to, fromNs, toNs, kind }] = found as [typeof found[0]];
  assert.deepEqual([kind, from.id, to.id], ["events", "pc/utc", "phone_1/monotonic"]);
  assert.equal(fromNs.length, MOMENTS.length - 2);
  assert.ok(fromNs.every((time, index) => time - toNs[index]! === shift));
});

Deno.test("periodic events are paired only where wall clocks bound the offset", async () => {
  const session = await emptySession();
  const periodic = Array.from({ length: 20 }, (_, k) => 30 * k);
  const of = (first: string, second: string) => [
    ...periodic.map((s) => event(first, at(s), "sync_pulse")),
    ...periodic.map((s) => event(second, at(s) + 700_000_000n, "sync_pulse")),
  ];
  const options = (events: SessionEvent[]) => ({ session: { ...session, events }, kernel });
  assert.deepEqual(eventEvidence(options(of("pc/utc", "phone_1/monotonic"))), []);
  const [found] = eventEvidence(options(of("pc/utc", "phone_1/utc")));
  assert.ok(found!.fromNs.every((time, index) => found!.toNs[index]! - time === 700_000_000n));
  assert.match(found!.source, /both claim UTC/);
  assert.deepEqual(eventEvidence(options(of("pc/utc", "pc/monotonic"))), []);
});

/** Noise with bursts like speech, the same each time. */
function sound(rateHz: number, seconds: number): Float32Array {
  let state = 1;
  let level = 0;
  return Float32Array.from({ length: rateHz * seconds }, (_, n) => {
    state = (state * 48271) % 2147483647;
    if (n % 1000 === 0) level = state % 3 === 0 ? 0.4 : 0.01;
    return level * (state / 2147483647 - 0.5);
  });
}

function wav(samples: Float32Array, rateHz: number): Uint8Array {
  const file = new Uint8Array(44 + 2 * samples.length);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode("RIFF    WAVEfmt "));
  file.set(new TextEncoder().encode("data"), 36);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rateHz, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((value, index) =>
    view.setInt16(44 + 2 * index, Math.round(32_767 * value), true)
  );
  return file;
}

function counting(): { memory: StepMemory; made: string[] } {
  const made: string[] = [];
  const known = new Map<string, unknown>();
  const memory: StepMemory = {
    async recall<Value>(step: string, make: () => Promise<Value>): Promise<Value> {
      if (!known.has(step)) {
        made.push(step);
        known.set(step, await make());
      }
      return known.get(step) as Value;
    },
  };
  return { memory, made };
}

async function scanned(name: string, files: Map<string, Uint8Array>) {
  const folder = memoryFolder(name, Object.fromEntries(files));
  const opened = await openSession(folder);
  const issues = new IssueLog();
  const scans = await scanSession({ ...opened, folder, kernel, issues });
  return { ...opened, folder, kernel, scans, issues };
}

Deno.test("sound files of two devices tie their clocks", async () => {
  const { name, files } = await faultySession("clean");
  const whole = sound(8000, 30);
  for (const [device, from] of [["phone_1", 0], ["phone_2", 8000 * 1.25]] as const) {
    const path = `devices/${device}/sensor_data/${device}_audio_20250731_143022.wav`;
    files.set(path, wav(whole.subarray(from), 8000));
  }
  const session = await scanned(name, files);
  const ids = session.scans.filter(({ stream }) => stream.format === "wav").map(({ schema }) =>
    schema.id
  );
  assert.deepEqual(ids.sort(), ["phone_1/audio", "phone_2/audio"]);
  const { memory, made } = counting();
  const [found, ...others] = await audioEvidence({ ...session, memory });
  assert.equal(others.length, 0);
  assert.deepEqual([found!.kind, found!.from.id, found!.to.id], [
    "audio",
    "phone_1/audio/media",
    "phone_2/audio/media",
  ]);
  for (const [index, fromNs] of found!.fromNs.entries()) {
    const off = Number(found!.toNs[index]! - fromNs) + 1.25e9;
    assert.ok(Math.abs(off) < 2e3, `${off} ns`);
  }
  assert.deepEqual(await audioEvidence({ ...session, memory }), [found]);
  assert.equal(made.length, 1);
});

/** Pictures of a video that is dark but at some of its own times. */
function decoder(frames: number, lit: (frame: number) => boolean): MediaDecoder {
  return {
    name: "test",
    openAudio: () => Promise.resolve<AudioSource | undefined>(undefined),
    async *brightness() {
      yield await Promise.resolve(
        Float64Array.from({ length: frames }, (_, k) => lit(k) ? 0.7 : 0.2),
      );
    },
  };
}

Deno.test("flashes in a video are found in the log of another clock", async () => {
  const sink = new MemoryFolderSink();
  const plan = defaultPlan({ seed: 1, durationSeconds: 60 });
  const streams = [{
    kind: "rgb_video",
    name: "rgb_video",
    rateHz: 15,
    width: 16,
    height: 16,
  }] as const;
  const devices = [{ id: "phone_1", type: "android_phone", streams }] as const;
  await simulateSession({ ...plan, devices, events: [] }, sink);
  const folder = memoryFolder("session_20250731_143022", Object.fromEntries(sink.files));
  const opened = await openSession(folder);
  const scans = await scanSession({ ...opened, folder, kernel, issues: new IssueLog() });
  const video = scans.find(({ stream }) => stream.format === "mp4")!;
  const frames = video.sampling.count;
  const first = video.sampling.firstNs!;
  const period = Number(video.sampling.lastNs! - first) / (frames - 1);
  // Flashes of two frames at uneven distances, each logged 100.5 s later by the computer's clock.
  const lit = MOMENTS.map((seconds) => Math.round(seconds * 10)).filter((frame) =>
    frame + 2 < frames
  );
  assert.equal(lit.length, MOMENTS.length, `${frames} frames`);
  const events = lit.map((frame) =>
    event(
      "pc/monotonic",
      first + BigInt(Math.round((frame - 0.5) * period)) + 100_500_000_000n,
      "flash",
    )
  );
  const session = { ...opened.session, events };
  const options = { ...opened, session, folder, kernel, scans: [video] };
  const [found] = await flashEvidence({
    ...options,
    decoder: decoder(frames, (frame) => lit.some((on) => frame === on || frame === on + 1)),
  });
  assert.equal(found?.kind, "flash");
  assert.equal(found.fromNs.length, lit.length);
  for (const [index, fromNs] of found.fromNs.entries()) {
    const off = Number(found.toNs[index]! - fromNs) - 100.5e9;
    assert.ok(Math.abs(off) < 1e6 + 0.1 * period, `${off} ns`);
    const [sigma, frame] = [found.sigmasNs![index]!, period / Math.sqrt(12)];
    assert.ok(Math.abs(sigma - frame) < 0.1 * frame, `${sigma}`);
  }
  // Together they are no better than the delay of a log, 20 ms.
  assert.equal(found.commonSigmaNs, 20e6);
  const issues: Issue[] = [];
  const fewer = await flashEvidence({
    ...options,
    decoder: decoder(frames - 1, () => false),
    report: (issue) => issues.push(issue),
  });
  assert.deepEqual([fewer, issues[0]?.code], [[], "VIDEO_PICTURES_DIFFER"]);
  assert.deepEqual(await flashEvidence(options), []);
});

Deno.test("a Broadcast Wave file is placed by what it says of its beginning", async () => {
  const { name, files } = await faultySession("clean");
  const plain = wav(sound(8000, 2), 8000);
  const chunk = new Uint8Array(8 + 602);
  chunk.set(new TextEncoder().encode("bext"));
  new DataView(chunk.buffer).setUint32(4, 602, true);
  chunk.set(new TextEncoder().encode("2025-07-3114:30:25"), 8 + 320);
  const file = new Uint8Array(plain.length + chunk.length);
  file.set(plain.subarray(0, 12));
  file.set(chunk, 12);
  file.set(plain.subarray(12), 12 + chunk.length);
  files.set("devices/phone_1/sensor_data/phone_1_audio_20250731_143022.wav", file);
  const { scans } = await scanned(name, files);
  const [{ at, time }] = scans.find(({ stream }) => stream.format === "wav")!.anchors as [
    StreamAnchor,
  ];
  assert.deepEqual([at, time.clock.kind], ["start", "local"]);
  assert.equal(time.ns, BigInt(Date.UTC(2025, 6, 31, 14, 30, 25)) * 1_000_000n);
});
