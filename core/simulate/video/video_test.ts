import assert from "node:assert/strict";
import { decodeLuma, hasProgram, probeFramePts } from "../../../tests/support/ffmpeg.ts";
import { readFrameNumber } from "../media/mod.ts";
import { clockOfTruth, defaultPlan, MemoryFolderSink, simulateSession, TrueTimes } from "../mod.ts";

const ignore = !hasProgram("ffprobe");

async function withFile<Result>(bytes: Uint8Array, use: (path: string) => Result): Promise<Result> {
  const path = await Deno.makeTempFile({ suffix: ".mp4" });
  try {
    await Deno.writeFile(path, bytes);
    return use(path);
  } finally {
    await Deno.remove(path);
  }
}

function framePts(bytes: Uint8Array): Promise<bigint[]> {
  return withFile(bytes, probeFramePts);
}

function cameraPlan(changes: { readonly declaredRateHz?: number }) {
  const plan = defaultPlan({ seed: 5, durationSeconds: 10, phones: 1, video: true });
  const devices = plan.devices.map((device) => ({
    ...device,
    streams: device.streams.map((stream) =>
      stream.kind === "rgb_video" ? { ...stream, ...changes, dropRate: 0.05 } : stream
    ),
  }));
  return { ...plan, devices };
}

Deno.test({
  name: "frame times of a video are true times on the phone's crystal, to a tick",
  ignore,
  async fn() {
    const sink = new MemoryFolderSink();
    const truth = await simulateSession(cameraPlan({}), sink);
    const times = new TrueTimes(truth, "phone_1/rgb_video");
    const phone = clockOfTruth(truth, "phone_1/utc");
    const pts = await framePts(sink.files.get(times.stream.path)!);
    assert.equal(pts.length, times.stream.rows);
    assert.ok(times.stream.losses.dropped > 5);
    const zero = phone.crystalAt(times.relativeAt(0)!);
    for (const [frame, ticks] of pts.entries()) {
      const seconds = (phone.crystalAt(times.relativeAt(frame)!) - zero) / 1e9;
      assert.ok(Math.abs(Number(ticks) / 90_000 - seconds) <= 0.5001 / 90_000, `frame ${frame}`);
    }
  },
});

Deno.test({
  name: "a declared rate hides true frame times",
  ignore,
  async fn() {
    const sink = new MemoryFolderSink();
    const truth = await simulateSession(cameraPlan({ declaredRateHz: 25 }), sink);
    const times = new TrueTimes(truth, "phone_1/rgb_video");
    const pts = await framePts(sink.files.get(times.stream.path)!);
    assert.deepEqual(pts, pts.map((_, frame) => BigInt(frame * 3600)));
    assert.deepEqual([times.stream.stamps.length, times.stream.declaredRateHz], [0, 25]);
  },
});

Deno.test("thermal frames carry the phone's time of arrival", async () => {
  const sink = new MemoryFolderSink();
  const truth = await simulateSession(
    defaultPlan({ seed: 5, durationSeconds: 10, phones: 1, thermal: true }),
    sink,
  );
  const times = new TrueTimes(truth, "phone_1/thermal");
  const phone = clockOfTruth(truth, "phone_1/utc");
  const bytes = sink.files.get(times.stream.path)!;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const header = 20 + view.getInt32(16);
  for (let frame = 0; frame < times.stream.rows; frame++) {
    const ms = Number(view.getBigInt64(header + frame * (8 + 2 * 32 * 24)));
    const delay = ms - Number(phone.readingAt(times.relativeAt(frame)!)) / 1e6;
    assert.ok(delay >= 19 && delay < 100, `frame ${frame} is ${delay} ms late`);
  }
});

Deno.test({
  name: "frames show their sample number, and the flashes at their true times",
  ignore,
  async fn() {
    const sink = new MemoryFolderSink();
    const truth = await simulateSession(cameraPlan({}), sink);
    const times = new TrueTimes(truth, "phone_1/rgb_video");
    const frames = await withFile(
      sink.files.get(times.stream.path)!,
      (path) => decodeLuma(path, 64, 48),
    );
    assert.equal(frames.length, times.stream.rows);
    const flashes = truth.events.filter(({ kind }) => kind === "flash");
    assert.equal(flashes.length, 2);
    const { firstNs, periodNs } = times.stream.sampling;
    const camera = clockOfTruth(truth, times.stream.sampling.clock);
    let lit = 0;
    frames.forEach((luma, frame) => {
      const trueNs = times.relativeAt(frame)!;
      const sample = Math.round((camera.crystalAt(trueNs) - firstNs) / periodNs);
      assert.equal(readFrameNumber(luma, 64), sample);
      const inFlash = flashes.some((flash) =>
        trueNs >= flash.trueNs && trueNs < flash.trueNs + flash.lengthNs!
      );
      assert.equal(luma.at(-1)! > 128, inFlash, `frame ${frame}`);
      if (inFlash) lit++;
    });
    assert.ok(lit >= 20 && lit <= 31, `${lit} frames of two flashes of half a second`);
  },
});
