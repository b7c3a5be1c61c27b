import assert from "node:assert/strict";
import {
  decodeLuma,
  hasProgram,
  probeFramePts,
  probePacketPts,
  probeStream,
} from "../../../tests/support/ffmpeg.ts";
import { MemorySink } from "../../../tests/support/memory_sink.ts";
import {
  grayPicture,
  Mp4Writer,
  type Mp4WriterOptions,
  paintFrameNumber,
  readFrameNumber,
} from "./mod.ts";

const SIZE = { width: 64, height: 48 };
const ignore = !(hasProgram("ffprobe") && hasProgram("ffmpeg"));

/** Irregular times as a phone writes them, with a gap; ticks of 1/90000 s stay exact. */
const TICKS = Array.from(
  { length: 100 },
  (_, n) => n * 3000 + (n * n) % 701 + (n > 60 ? 90000 : 0),
);

function nsOfTick(tick: number, timescale = 90_000): bigint {
  return (BigInt(tick) * 1_000_000_000n) / BigInt(timescale);
}

async function writeVideo(
  times: readonly bigint[],
  options: Partial<Mp4WriterOptions> = {},
): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = new Mp4Writer(sink, { ...SIZE, ...options });
  for (const [frame, time] of times.entries()) {
    const picture = grayPicture(options.width ? { ...SIZE, ...options } : SIZE, frame % 256);
    paintFrameNumber(picture.luma, options.width ?? SIZE.width, frame);
    await writer.addFrame(time, frame % 10 === 9 ? "repeat" : picture);
  }
  await writer.finish();
  return sink.bytes;
}

async function withFile(bytes: Uint8Array, use: (path: string) => void): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".mp4" });
  try {
    await Deno.writeFile(path, bytes);
    use(path);
  } finally {
    await Deno.remove(path);
  }
}

for (const index of ["end", "front", "fragments"] as const) {
  Deno.test({
    name: `ffmpeg sees the written times and pictures, index ${index}`,
    ignore,
    async fn() {
      const bytes = await writeVideo(TICKS.map((tick) => nsOfTick(tick)), {
        index,
        expectedFrames: 100,
        keyFrameInterval: 37,
        framesPerChunk: 7,
      });
      await withFile(bytes, (path) => {
        assert.deepEqual(probeFramePts(path), TICKS.map(BigInt));
        const frames = decodeLuma(path, SIZE.width, SIZE.height);
        assert.equal(frames.length, 100);
        for (const [frame, luma] of frames.entries()) {
          const shown = frame % 10 === 9 ? frame - 1 : frame;
          assert.equal(readFrameNumber(luma, SIZE.width), shown);
          assert.equal(luma.at(-1), shown, `level of frame ${frame}`);
        }
      });
    },
  });
}

Deno.test({
  name: "ffprobe reads size, codec, turn, creation time and a late start",
  ignore,
  async fn() {
    const times = TICKS.map((tick) => nsOfTick(tick) + 500_000_000n);
    const bytes = await writeVideo(times, {
      width: 70,
      height: 50,
      rotation: 90,
      creationUtcNs: 1_750_000_000_000_000_000n,
    });
    await withFile(bytes, (path) => {
      const stream = probeStream(path);
      assert.equal(stream["codec_name"], "h264");
      assert.equal(stream["profile"], "Constrained Baseline");
      assert.deepEqual([stream["width"], stream["height"]], [70, 50]);
      assert.equal(stream["start_time"], "0.500000");
      const [side] = stream["side_data_list"] as { rotation: number }[];
      assert.equal(side!.rotation, -90); // ffmpeg counts counterclockwise
      const tags = stream["tags"] as Record<string, string>;
      assert.equal(tags["creation_time"], "2025-06-15T15:06:40.000000Z");
    });
  },
});

Deno.test({
  name: "a start before zero is written as an edit into the media",
  ignore,
  async fn() {
    const zero = TICKS[3]!;
    const bytes = await writeVideo(TICKS.map((tick) => nsOfTick(tick) - nsOfTick(zero)));
    await withFile(bytes, (path) => {
      const media = probePacketPts(path, ["-ignore_editlist", "1"]);
      assert.deepEqual(media, TICKS.map(BigInt));
      const edited = probePacketPts(path);
      assert.equal(edited.at(-1), BigInt(TICKS.at(-1)! - zero));
    });
  },
});

Deno.test({
  name: "long videos at a fine timescale need 64-bit durations",
  ignore,
  async fn() {
    const times = Array.from({ length: 40 }, (_, n) => BigInt(n) * 3_500_000_001n);
    const bytes = await writeVideo(times, { timescale: 1_000_000_000 });
    await withFile(bytes, (path) => {
      assert.deepEqual(probeFramePts(path), times);
      assert.equal(probeStream(path)["duration"], "140.000000");
    });
  },
});

Deno.test("a repeated frame takes nine bytes and no index of times", async () => {
  const sizeOf = async (count: number) => {
    const sink = new MemorySink();
    const writer = new Mp4Writer(sink, { ...SIZE, keyFrameInterval: 1e9, framesPerChunk: 1e9 });
    for (let n = 0; n < count; n++) {
      await writer.addFrame(BigInt(n) * 100_000_000n, n === 0 ? grayPicture(SIZE, 1) : "repeat");
    }
    await writer.finish();
    return sink.position;
  };
  assert.equal(await sizeOf(1100) - await sizeOf(100), 1000 * (9 + 4));
});

Deno.test("an index that outgrows its reserved space goes to the end", async () => {
  const times = Array.from({ length: 400 }, (_, n) => BigInt(n * n) * 1_000_000n);
  const bytes = await writeVideo(times, { index: "front", expectedFrames: 0 });
  assert.deepEqual(topLevel(bytes), ["ftyp", "free", "mdat", "moov"]);
});

Deno.test("a video without frames has an index without tracks", async () => {
  assert.deepEqual(topLevel(await writeVideo([])), ["ftyp", "mdat", "moov"]);
  assert.deepEqual(topLevel(await writeVideo([], { index: "fragments" })), ["ftyp", "moov"]);
});

/** Types of the boxes of a file, walked by their sizes to its very end. */
function topLevel(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer);
  const types: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    types.push(new TextDecoder().decode(bytes.subarray(at + 4, at + 8)));
    const size = view.getUint32(at);
    at += size === 1 ? Number(view.getBigUint64(at + 8)) : size;
  }
  assert.equal(at, bytes.length);
  return types;
}

Deno.test("misuse is refused", async () => {
  const writer = new Mp4Writer(new MemorySink(), SIZE);
  await assert.rejects(writer.addFrame(0n, "repeat"), TypeError);
  assert.throws(() => new Mp4Writer(new MemorySink(), { width: 63, height: 48 }), RangeError);
  const other = new Mp4Writer(new MemorySink(), SIZE);
  await other.addFrame(5n, grayPicture(SIZE, 0));
  await assert.rejects(other.addFrame(-1_000_000_000n, "repeat"), RangeError);
  await assert.rejects(other.addFrame(6n, { luma: new Uint8Array(5) }), RangeError);
  await other.finish();
  await assert.rejects(other.addFrame(7n, "repeat"), TypeError);
});
