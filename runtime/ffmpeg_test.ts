import assert from "node:assert/strict";
import { hasProgram, runProgram } from "../tests/support/ffmpeg.ts";
import { ffmpegDecoder } from "./ffmpeg.ts";

const ignore = !hasProgram("ffmpeg");

/** A film of 4 s: grey, white from 2 s on; its sound is silent until a tone begins at 1.5 s. */
function makeFilm(path: string): void {
  const video = "color=gray:s=64x48:r=25:d=2[a];color=white:s=64x48:r=25:d=2[b];[a][b]concat[v]";
  const sound =
    "sine=frequency=1000:sample_rate=48000:duration=2.5,adelay=1500:all=1,asetnsamples=1024[s]";
  const streams = ["-map", "[v]", "-map", "[s]", "-c:v", "mpeg4", "-q:v", "2", "-c:a", "aac"];
  runProgram("ffmpeg", [
    "-v",
    "error",
    "-filter_complex",
    `${video};${sound}`,
    ...streams,
    "-y",
    path,
  ]);
}

Deno.test({
  name: "sound and brightness of a film are decoded with their times",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const film = `${folder}/-odd name.mp4`;
      makeFilm(film);
      const decoder = await ffmpegDecoder({ locate: (path) => `${folder}/${path}` });
      assert.match(decoder.name, /^ffmpeg \d|^ffmpeg \S/);
      const audio = await decoder.openAudio("-odd name.mp4", 16_000);
      const samples: number[] = [];
      for await (const block of audio!.samples()) samples.push(...block);
      assert.ok(Math.abs(samples.length / 16_000 - 4) < 0.1, `${samples.length} samples`);
      const first = samples.findIndex((value) => Math.abs(value) > 0.02);
      assert.ok(Math.abs(first / 16_000 - 1.5) < 0.005, `tone at ${first / 16_000} s`);
      const later: number[] = [];
      for await (const block of audio!.samples({ from: 20_000 })) later.push(...block);
      assert.deepEqual(later.slice(0, 9), samples.slice(20_000, 20_009));
      const levels: number[] = [];
      for await (const block of decoder.brightness("-odd name.mp4")) levels.push(...block);
      assert.equal(levels.length, 100);
      assert.ok(levels.slice(0, 50).every((level) => Math.abs(level - 0.5) < 0.03), `${levels}`);
      assert.ok(levels.slice(50).every((level) => level > 0.95));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "a file without sound has none, a file that is none fails, and decoding can be cancelled",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const source = ["-f", "lavfi", "-i", "color=gray:s=64x48:r=25:d=60", "-c:v", "mpeg4"];
      runProgram("ffmpeg", ["-v", "error", ...source, `${folder}/mute.mp4`]);
      const decoder = await ffmpegDecoder({ locate: (path) => `${folder}/${path}` });
      assert.equal(await decoder.openAudio("mute.mp4", 16_000), undefined);
      await Deno.writeTextFile(`${folder}/text.mp4`, "no film");
      await assert.rejects(async () => {
        for await (const _ of decoder.brightness("text.mp4"));
      }, /failed/);
      const controller = new AbortController();
      await assert.rejects(async () => {
        const { signal } = controller;
        for await (const _ of decoder.brightness("mute.mp4", { signal })) controller.abort();
      }, { name: "CancelledError" });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("a program that is not there is told", async () => {
  const locate = (path: string) => path;
  await assert.rejects(ffmpegDecoder({ program: "./no-such-ffmpeg", locate }), {
    name: "UsageError",
  });
});
