import assert from "node:assert/strict";
import { bytesSource, CancelledError, memoryFolder, openMp4, openVideo } from "session-process";
import { openFileFolder } from "session-process/runtime";
import { videoDecoders } from "session-process/video";
import { hasProgram, probeFramePts, probeStream, runProgram } from "./support/ffmpeg.ts";
import { type Decoder, decodeVideo, movingPicture, withVideo } from "./support/video.ts";

const ignore = !hasProgram("ffmpeg");
const BOTH: readonly Decoder[] = ["embedded", "ffmpeg"];
const X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "20"];
const H264 = [...movingPicture(), ...X264];
const FRONT = ["-movflags", "faststart"];

/** Rows of the stream of frames whose data are in the file, and where each frame lies by its sizes. */
async function rowsOf(bytes: Uint8Array): Promise<{ available: boolean[]; key: boolean[] }> {
  const source = bytesSource(bytes);
  const [stream] = await openMp4(source, { path: "a.mp4", device: "pc", name: "webcam" });
  const rows = { available: [] as boolean[], key: [] as boolean[] };
  for await (const { columns } of stream?.batches() ?? []) {
    rows.key.push(...[...columns[2]!].map(Boolean));
    rows.available.push(...[...columns[4]!].map(Boolean));
  }
  return rows;
}

/** Frames of 4:2:0 video whose codecs are damaged at one unit. */
const CODECS: Readonly<Record<string, readonly string[]>> = {
  "H.264": X264,
  HEVC: ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=20"],
  VP9: ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "20"],
};

for (const decoder of BOTH) {
  Deno.test({
    name: `all frames before a cut are used and the loss is reported, by ${decoder}`,
    ignore,
    fn: () =>
      withVideo([...H264, ...FRONT], async (path) => {
        const bytes = await Deno.readFile(path);
        const whole = await decodeVideo(path, "embedded");
        for (const share of [0.95, 0.7, 0.45, 0.2]) {
          const cut = bytes.slice(0, Math.floor(bytes.length * share));
          const { available } = await rowsOf(cut);
          assert.ok(available.includes(true) && available.includes(false));
          await Deno.writeFile(path, cut);
          const { frames, issues } = await decodeVideo(path, decoder);
          const expected = whole.frames.filter(({ index }) => available[index]);
          assert.deepEqual(frames, expected);
          const lost = issues.filter(({ code }) => code === "VIDEO_FRAMES_LOST");
          const count = lost.reduce((sum, { params }) => sum + Number(params["count"]), 0);
          assert.equal(count, whole.frames.length - expected.length);
          assert.ok(issues.some(({ code }) => code === "MP4_DATA_CUT"));
        }
      }),
  });
}

for (const [name, args] of Object.entries(CODECS)) {
  Deno.test({
    name: `damage inside ${name} costs no frame before it and none from the next start on`,
    ignore,
    fn: () =>
      withVideo([...movingPicture("160x96", 3), ...args], async (path) => {
        const bytes = await Deno.readFile(path);
        const { key } = await rowsOf(bytes);
        const starts = key.flatMap((start, row) => start ? [row] : []);
        assert.ok(starts.length >= 3, `${starts}`);
        const whole = await decodeVideo(path, "embedded");
        for (const place of [0.5, 0.55, 0.6]) {
          const damaged = bytes.slice();
          const at = Math.floor(bytes.length * place);
          damaged.fill(0, at, at + 600);
          await Deno.writeFile(path, damaged);
          const { frames, issues } = await decodeVideo(path, "embedded");
          const same = frames.filter(({ index, md5 }) => md5 === whole.frames[index]!.md5);
          const right = new Set(same.map(({ index }) => index));
          const wrong = key.flatMap((_, row) => right.has(row) ? [] : [row]);
          assert.ok(wrong.length > 0);
          // All that is wrong lies between two places where decoding can start.
          const start = starts.findLast((row) => row <= wrong[0]!)!;
          const end = starts.find((row) => row > wrong.at(-1)!) ?? key.length;
          assert.ok(end - start <= 40, `${wrong}`);
          const times = frames.map(({ index, timeNs }) => timeNs === whole.frames[index]!.timeNs);
          assert.ok(times.every(Boolean));
          const told = issues.reduce((sum, { code, params }) =>
            sum + (code === "VIDEO_FRAMES_LOST" ? Number(params["count"]) : 0), 0);
          assert.equal(told, key.length - frames.length);
        }
      }),
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

Deno.test({
  name: "flipped bits anywhere in a video are survived",
  ignore,
  fn: () =>
    withVideo([...H264, ...FRONT], async (path) => {
      const bytes = await Deno.readFile(path);
      const random = randomNumbers(5);
      for (let round = 0; round < 60; round++) {
        const damaged = bytes.slice();
        for (let count = 1 + random() * 5; count > 0; count--) {
          const at = Math.floor(random() * bytes.length);
          damaged[at] = damaged[at]! ^ (1 << Math.floor(random() * 8));
        }
        await Deno.writeFile(path, damaged);
        const { frames, issues } = await decodeVideo(path, "embedded");
        const indices = frames.map(({ index }) => index);
        assert.deepEqual(indices, [...new Set(indices)].sort((a, b) => a - b));
        assert.ok(frames.length === 60 || issues.length > 0, `round ${round}`);
      }
    }),
});

Deno.test({
  name: "files without pictures give no frames and say why",
  ignore,
  async fn() {
    const sound = ["-f", "lavfi", "-i", "sine=d=1"];
    await withVideo(sound, async (path) => {
      for (const decoder of BOTH) {
        const codes = (await decodeVideo(path, decoder)).issues.map(({ code }) => code);
        assert.deepEqual(codes, ["MP4_NO_VIDEO_TRACK"]);
      }
    });
    await withVideo(sound, async (path) => {
      const codes = (await decodeVideo(path, "auto")).issues.map(({ code }) => code);
      assert.deepEqual(codes, ["VIDEO_NO_DECODER"]);
    }, "mka");
    for (
      const [bytes, code] of [
        [new Uint8Array(), "FILE_EMPTY"],
        [new Uint8Array(5000), "VIDEO_NO_DECODER"],
        [
          new TextEncoder().encode("\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x08moov"),
          "MP4_NO_VIDEO_TRACK",
        ],
        [new TextEncoder().encode("\0\0\0\x10ftypisom\0\0\0\0"), "MP4_NO_MOOV"],
      ] as const
    ) {
      const path = await Deno.makeTempFile({ suffix: ".mp4" });
      await Deno.writeFile(path, bytes);
      for (const decoder of BOTH) {
        const { frames, issues } = await decodeVideo(path, decoder);
        assert.deepEqual([frames.length, issues.map((issue) => issue.code)], [0, [code]], decoder);
      }
      await Deno.remove(path);
    }
  },
});

Deno.test({
  name: "a part of the frames is the same as among all",
  ignore,
  fn: () =>
    withVideo(
      [...movingPicture("96x64", 8), ...X264, "-x264-params", "open-gop=1"],
      async (path) => {
        const whole = (await decodeVideo(path, "embedded")).frames;
        for (const decoder of BOTH) {
          for (
            const [from, to] of [[0, 3], [37, 45], [40, 41], [59, 60], [118, 122], [199, 207], [
              238,
              500,
            ], [7, 7]] as const
          ) {
            const { frames, issues } = await decodeVideo(path, decoder, { from, to });
            assert.deepEqual(frames, whole.slice(from, to), `${decoder} ${from} ${to}`);
            assert.deepEqual(issues.filter(({ code }) => code !== "MP4_EDIT_LIST"), []);
          }
        }
      },
    ),
});

/** The turn that ffprobe reads, clockwise. */
function turnOf(path: string): number {
  const list = probeStream(path)["side_data_list"] as { readonly rotation?: number }[];
  return (360 - (list.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0)) % 360;
}

for (const rotation of [90, 180, 270] as const) {
  Deno.test({
    name: `a turn of ${rotation} degrees is told and not made`,
    ignore,
    fn: () =>
      withVideo(H264, async (path) => {
        const flat = (await decodeVideo(path, "embedded")).frames;
        const turned = path.replace("a.mp4", "turned.mp4");
        const turn = ["-c", "copy", "-metadata:s:v:0", `rotate=${rotation}`];
        runProgram("ffmpeg", ["-v", "error", "-i", path, ...turn, turned]);
        const clockwise = turnOf(turned);
        for (const decoder of BOTH) {
          const { frames } = await decodeVideo(turned, decoder);
          assert.deepEqual(frames.map(({ md5 }) => md5), flat.map(({ md5 }) => md5));
          assert.ok(frames.every((frame) => frame.rotation === clockwise && frame.width === 96));
          const decoders = videoDecoders({ decoder });
          const source = await openVideo(openFileFolder(turned), "turned.mp4", { decoders });
          const size = rotation === 180 ? [96, 64] : [64, 96];
          assert.deepEqual([source?.width, source?.height], size);
          await source?.close();
        }
      }),
  });
}

for (
  const [extension, args] of [["webm", ["-c:v", "libvpx", "-cpu-used", "8"]], ["mkv", X264], [
    "avi",
    ["-c:v", "mpeg4"],
  ]] as const
) {
  Deno.test({
    name: `frames of ${extension} come from ffmpeg with their times`,
    ignore,
    fn: () =>
      withVideo([...movingPicture(), ...args], async (path) => {
        const input = ["-v", "error", "-copyts", "-i", path, "-fps_mode", "passthrough"];
        const text = new TextDecoder().decode(
          runProgram("ffmpeg", [...input, "-f", "framemd5", "-"]),
        );
        const expected = text.split("\n").filter((line) => /^\d/.test(line))
          .map((line) => line.split(",").map((field) => field.trim()));
        const times = probeFramePts(path);
        const [, scale] = String(probeStream(path)["time_base"]).split("/");
        const { frames, issues, decoder } = await decodeVideo(path, "auto");
        assert.match(decoder, /^ffmpeg /);
        assert.deepEqual(issues, []);
        assert.deepEqual(frames.map(({ md5 }) => md5), expected.map((fields) => fields[5]));
        for (const [nth, { timeNs, index }] of frames.entries()) {
          assert.equal(index, nth);
          const seconds = Number(times[nth]) / Number(scale);
          assert.ok(Math.abs(Number(timeNs) / 1e9 - seconds) < 1e-8, `${timeNs} ${seconds}`);
        }
        const part = await decodeVideo(path, "ffmpeg", { from: 10, to: 13 });
        assert.deepEqual(part.frames, frames.slice(10, 13));
      }, extension),
  });
}

Deno.test({
  name: "what the embedded decoder does not know is decoded by ffmpeg, or refused with the reason",
  ignore,
  fn: () =>
    withVideo([...movingPicture(), "-c:v", "mpeg4"], async (path) => {
      assert.match((await decodeVideo(path, "auto")).decoder, /^ffmpeg /);
      const { issues } = await decodeVideo(path, "embedded");
      const refusal = issues.find(({ code }) => code === "VIDEO_NO_DECODER");
      assert.equal(refusal?.params["codec"], "mp4v.20");
      assert.match(
        String(refusal?.params["reason"]),
        /does not know mp4v.20; ffmpeg was not asked/,
      );
    }),
});

Deno.test({
  name: "a file that lies nowhere is decoded by what is handed its pictures, and by nothing else",
  ignore,
  fn: () =>
    withVideo(H264, async (path) => {
      const folder = memoryFolder("memory", { "a.mp4": await Deno.readFile(path) });
      const issues: string[] = [];
      const options = { report: ({ code }: { code: string }) => void issues.push(code) };
      const open = (decoder: Decoder) =>
        openVideo(folder, "a.mp4", { ...options, decoders: videoDecoders({ decoder }) });
      let count = 0;
      for await (const _ of (await open("embedded"))!.frames()) count++;
      assert.equal(count, 60);
      assert.equal(await open("ffmpeg"), undefined);
      assert.ok(issues.includes("VIDEO_NO_DECODER"));
    }),
});

for (const decoder of BOTH) {
  Deno.test({
    name: `decoding by ${decoder} can be stopped, cancelled and begun anew`,
    ignore,
    fn: () =>
      withVideo([...movingPicture("640x480", 4), ...X264], async (path) => {
        const source = await openVideo(openFileFolder(path), "a.mp4", {
          decoders: videoDecoders({ decoder }),
        });
        assert.ok(source !== undefined);
        for await (const { index } of source.frames()) if (index === 5) break;
        const abort = new AbortController();
        let seen = 0;
        await assert.rejects(async () => {
          for await (const _ of source.frames({ signal: abort.signal })) {
            if (++seen === 10) abort.abort();
          }
        }, CancelledError);
        assert.ok(seen < 120);
        let count = 0;
        for await (const _ of source.frames()) count++;
        assert.equal(count, 120);
        await source.close();
      }),
  });
}
