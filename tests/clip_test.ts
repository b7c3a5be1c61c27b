import assert from "node:assert/strict";
import { createClip, pictureLayout } from "session-process";
import { createFile } from "session-process/runtime";
import { embeddedEncoder, ffmpegEncoder } from "session-process/video";
import { hasProgram, probeFramePts, probeStream, runProgram } from "./support/ffmpeg.ts";
import { decodeVideo } from "./support/video.ts";

const ignore = !hasProgram("ffmpeg");

/** A soft slope that wanders, as `I420`. */
function slope(width: number, height: number, step: number): Uint8Array {
  const { byteLength } = pictureLayout("I420", width, height);
  const picture = new Uint8Array(byteLength).fill(128);
  for (let at = 0; at < width * height; at++) {
    picture[at] = 40 + ((at % width) + Math.floor(at / width) + 3 * step) % 160;
  }
  picture.fill(100, width * height, (width * height + byteLength) / 2);
  return picture;
}

async function write(
  path: string,
  size: { width: number; height: number },
  times: readonly bigint[],
  timescale?: number,
  make: typeof embeddedEncoder | typeof ffmpegEncoder = embeddedEncoder,
): Promise<void> {
  const encoder = await make();
  assert.ok(typeof encoder !== "string", String(encoder));
  const sink = await createFile(path);
  const clip = createClip(sink, { ...size, encoder, timescale, bitsPerSecond: 2_000_000 });
  assert.ok(typeof clip !== "string", String(clip));
  for (const [step, time] of times.entries()) {
    await clip.add(time, slope(size.width, size.height, step));
  }
  await clip.finish();
  await sink.commit();
}

async function withFolder(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(`${folder}/clip.mp4`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Times in ticks of 1/12800 s, as a recorder that shows frames when they come writes them. */
const TICKS = Array.from(
  { length: 60 },
  (_, n) => 8960 + n * 427 + (n * n) % 97 + (n > 30 ? 90_000 : 0),
);
const nsOf = (tick: number) => (BigInt(tick) * 1_000_000_000n + 6400n) / 12_800n;

const encoders = [embeddedEncoder, ffmpegEncoder];
const CASES = encoders.flatMap((make) => [[160, 120, make], [61, 47, make]] as const);

for (const [width, height, make] of CASES) {
  Deno.test({
    name: `a clip of ${width} x ${height} by ${make.name} plays with the times given`,
    ignore,
    fn: () =>
      withFolder(async (path) => {
        await write(path, { width, height }, TICKS.map(nsOf), 12_800, make);
        const stream = probeStream(path);
        assert.equal(stream["codec_name"], "h264");
        assert.deepEqual([stream["color_space"], stream["color_range"]], ["bt709", "tv"]);
        assert.deepEqual([stream["width"], stream["height"]], [
          width + width % 2,
          height + height % 2,
        ]);
        // Without its start, which an edit list states.
        const raw = probeFramePts(path).map((tick) => Number(tick) - TICKS[0]!);
        assert.deepEqual(raw, TICKS.map((tick) => tick - TICKS[0]!));
        const { frames, issues } = await decodeVideo(path, "embedded");
        assert.deepEqual(frames.map(({ timeNs }) => timeNs), TICKS.map(nsOf));
        assert.ok(frames.every(({ matrix, fullRange }) => matrix === "bt709" && !fullRange));
        assert.deepEqual(issues.map(({ code }) => code), ["MP4_EDIT_LIST"]);
        assertAlike(path, width, height);
      }),
  });
}

/** Decoded luma is near what was given. */
function assertAlike(path: string, width: number, height: number): void {
  const args = ["-v", "error", "-i", path, "-fps_mode", "passthrough"];
  const decoded = runProgram("ffmpeg", [...args, "-f", "rawvideo", "-"]);
  const [coded, rows] = [width + width % 2, height + height % 2];
  const step = (coded * rows * 3) / 2;
  assert.equal(decoded.length, TICKS.length * step);
  let sum = 0;
  for (let nth = 0; nth < TICKS.length; nth++) {
    const given = slope(width, height, nth);
    for (let at = 0; at < width * height; at++) {
      const place = nth * step + Math.floor(at / width) * coded + at % width;
      sum += Math.abs(decoded[place]! - given[at]!);
    }
  }
  assert.ok(sum / (TICKS.length * width * height) < 6, `${sum / (TICKS.length * width * height)}`);
}

Deno.test({
  name: "a clip without frames is a file without video, and times must rise",
  ignore,
  fn: () =>
    withFolder(async (path) => {
      await write(path, { width: 16, height: 16 }, []);
      const { issues } = await decodeVideo(path, "embedded");
      assert.deepEqual(issues.map(({ code }) => code), ["MP4_NO_VIDEO_TRACK"]);
      const apart = /must be 1 to 4294967295 ticks apart: current value is/;
      await assert.rejects(write(path, { width: 16, height: 16 }, [5_000n, 5_200n]), apart);
      await assert.rejects(write(path, { width: 16, height: 16 }, [0n, -1_000_000n]), apart);
      const encoder = await embeddedEncoder();
      assert.ok(typeof encoder !== "string");
      const tiny = createClip(await createFile(path), { width: 2, height: 2, encoder });
      assert.equal(tiny, "the embedded encoder takes no 2 x 2 pixels");
      const clip = createClip(await createFile(path), { width: 16, height: 16, encoder });
      assert.ok(typeof clip !== "string");
      await assert.rejects(clip.add(0n, new Uint8Array(3)), /must have 384 bytes: it has 3/);
      clip.close();
      await assert.rejects(clip.add(0n, new Uint8Array(384)), /finished/);
    }),
});
