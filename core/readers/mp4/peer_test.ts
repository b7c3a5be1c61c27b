import assert from "node:assert/strict";
import { createFile, MP4BoxBuffer } from "mp4box";
import { MemorySink } from "../../../tests/support/memory_sink.ts";
import { bytesSource } from "../../base/mod.ts";
import { grayPicture, Mp4Writer } from "../../simulate/media/mod.ts";
import { openMp4, readMp4Info } from "./mod.ts";

const SIZE = { width: 32, height: 32 };

async function video(index: "end" | "fragments"): Promise<Uint8Array<ArrayBuffer>> {
  const sink = new MemorySink();
  const writer = new Mp4Writer(sink, { ...SIZE, index, keyFrameInterval: 13, framesPerChunk: 9 });
  for (let n = 0; n < 100; n++) {
    const time = (BigInt(n * 3000 + (n * n) % 97) * 1_000_000_000n) / 90_000n;
    await writer.addFrame(time, n === 0 ? grayPicture(SIZE, 200) : "repeat");
  }
  await writer.finish();
  return sink.bytes;
}

for (const index of ["end", "fragments"] as const) {
  Deno.test(`samples are those that mp4box lists, index ${index}`, async () => {
    const bytes = await video(index);
    const peer = createFile();
    peer.appendBuffer(MP4BoxBuffer.fromArrayBuffer(bytes.buffer, 0));
    peer.flush();
    const samples = peer.getTrackSamplesInfo(1);
    assert.equal(samples.length, 100);
    const source = bytesSource(bytes);
    const [reader] = await openMp4(source, { path: "a.mp4", device: "pc", name: "webcam" });
    for await (const batch of reader!.batches()) {
      const [, , keys, sizes] = batch.columns;
      for (const [row, sample] of samples.entries()) {
        const ns = Math.round((sample.cts * 1e9) / 90_000);
        assert.equal(batch.times[row], BigInt(ns));
        assert.equal(keys![row], sample.is_sync ? 1 : 0);
        assert.equal(sizes![row], sample.size);
      }
    }
    const info = await readMp4Info(source);
    assert.equal(info.tracks[0]!.codec, peer.getInfo().tracks[0]!.codec);
  });
}
