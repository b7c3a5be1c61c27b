import assert from "node:assert/strict";
import { MemorySink } from "../../../tests/support/memory_sink.ts";
import { bytesSource } from "../../base/mod.ts";
import { grayPicture, Mp4Writer } from "../../simulate/media/mod.ts";
import { openMp4, readMp4Info } from "./mod.ts";

const SIZE = { width: 16, height: 16 };
const LAYOUTS = ["front", "fragments", "end"] as const;

async function smallVideo(index: (typeof LAYOUTS)[number]): Promise<Uint8Array> {
  const sink = new MemorySink();
  const options = { ...SIZE, index, expectedFrames: 1, framesPerChunk: 4 };
  const writer = new Mp4Writer(sink, options);
  for (let n = 0; n < 10; n++) {
    const time = BigInt(n) * 33_000_000n + 100_000_000n;
    await writer.addFrame(time, n === 0 ? grayPicture(SIZE, 50) : "repeat");
  }
  await writer.finish();
  return sink.bytes;
}

/** Reads everything and gives the number of frames; the issues must render. */
async function readEverything(bytes: Uint8Array): Promise<{ frames: number; codes: string[] }> {
  const codes: string[] = [];
  const readers = await openMp4(bytesSource(bytes), {
    path: "a.mp4",
    device: "pc",
    name: "webcam",
    report: ({ code }) => codes.push(code),
  });
  let frames = 0;
  for (const reader of readers) {
    for await (const batch of reader.batches()) {
      assert.equal(batch.times.length, batch.length);
      frames += batch.length;
    }
  }
  return { frames, codes };
}

for (const index of LAYOUTS) {
  Deno.test(`a video cut at any byte is read as far as it goes, index ${index}`, async () => {
    const whole = await smallVideo(index);
    for (let length = 0; length < whole.length; length++) {
      const { frames, codes } = await readEverything(whole.slice(0, length));
      assert.ok(frames <= 10);
      assert.ok(index === "fragments" || codes.length > 0, `nothing reported at ${length}`);
    }
    assert.equal((await readEverything(whole)).frames, 10);
  });
}

/** Numbers from 0 to below 1, the same at each run (Marsaglia's xorshift32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

for (const index of LAYOUTS) {
  Deno.test(`a video with wrong bytes is read without harm, index ${index}`, async () => {
    const whole = await smallVideo(index);
    const random = randomNumbers(index.length);
    for (let round = 0; round < 3000; round++) {
      const damaged = whole.slice();
      for (let count = 1 + Math.floor(random() * 4); count > 0; count--) {
        const at = Math.floor(random() * damaged.length);
        damaged[at] = random() < 0.5
          ? damaged[at]! ^ (1 << Math.floor(random() * 8))
          : [0, 1, 0x7f, 0x80, 0xff][Math.floor(random() * 5)]!;
      }
      const { frames } = await readEverything(damaged);
      assert.ok(frames <= 1 << 20, `${frames} frames in round ${round}`);
    }
  });
}

Deno.test("a few bytes cannot announce millions of frames", async () => {
  const whole = await smallVideo("fragments");
  const text = new TextDecoder("latin1").decode(whole);
  const run = text.indexOf("trun") + 4;
  const view = new DataView(whole.buffer);
  view.setUint32(run, 0); // no field per sample
  view.setUint32(run + 4, 0xffffffff);
  const { frames, codes } = await readEverything(whole);
  assert.ok(frames < 100_000);
  assert.ok(codes.includes("MP4_BOX_INVALID"));
});

Deno.test("random bytes are no video", async () => {
  const random = randomNumbers(7);
  for (let round = 0; round < 500; round++) {
    const bytes = Uint8Array.from({ length: round }, () => random() * 256);
    const info = await readMp4Info(bytesSource(bytes));
    assert.deepEqual(info.tracks, []);
  }
});

Deno.test("tables that disagree are reported", async () => {
  const whole = await smallVideo("end");
  const stts = new TextDecoder("latin1").decode(whole).indexOf("stts") + 4;
  new DataView(whole.buffer).setUint32(stts + 8, 7); // run length
  const { frames, codes } = await readEverything(whole);
  assert.equal(frames, 7);
  assert.ok(codes.includes("MP4_BOX_INVALID"));
});
