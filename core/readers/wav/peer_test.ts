import assert from "node:assert/strict";
import { hasProgram, runProgram } from "../../../tests/support/ffmpeg.ts";
import { bytesSource, type Issue } from "../../base/mod.ts";
import { openWav } from "./open.ts";

const ignore = !hasProgram("ffmpeg");

/** Two channels of different tones, so that a wrong mix or order shows. */
const SOUND = [
  "-f",
  "lavfi",
  "-i",
  "aevalsrc=0.4*sin(2*PI*440*t)|0.3*sin(2*PI*1234*t+1):s=44100:d=0.7",
];

for (
  const { codec, more = [] } of [
    { codec: "pcm_u8" },
    { codec: "pcm_s16le" },
    { codec: "pcm_s24le" },
    { codec: "pcm_s32le" },
    { codec: "pcm_f32le" },
    { codec: "pcm_f64le" },
    { codec: "pcm_s16le", more: ["-rf64", "always"] },
    { codec: "pcm_s24le", more: ["-write_bext", "1", "-metadata", "origination_date=2025-07-31"] },
  ]
) {
  Deno.test({
    name: `ffmpeg's ${codec} ${more.join(" ")} is read as ffmpeg reads it`,
    ignore,
    async fn() {
      const folder = await Deno.makeTempDir();
      try {
        const path = `${folder}/a.wav`;
        runProgram("ffmpeg", ["-v", "error", ...SOUND, "-c:a", codec, ...more, path]);
        const mix = ["-af", "pan=mono|c0=0.5*c0+0.5*c1", "-c:a", "pcm_f64le", "-f", "f64le", "-"];
        const raw = runProgram("ffmpeg", ["-v", "error", "-i", path, ...mix]);
        const expected = new Float64Array(raw.slice().buffer);
        const issues: Issue[] = [];
        const [wav] = await openWav(bytesSource(await Deno.readFile(path)), {
          path: "a.wav",
          device: "pc",
          name: "audio",
          report: (issue) => issues.push(issue),
        });
        assert.deepEqual(issues, []);
        const found: number[] = [];
        for await (const block of wav!.audio.samples()) found.push(...block);
        assert.deepEqual([found.length, wav!.info.channels], [expected.length, 2]);
        // ffmpeg rounds the mix of integers to a step of their own.
        const step = codec === "pcm_u8" ? 1 / 128 : codec === "pcm_s16le" ? 1 / 32_768 : 1e-6;
        const worst = found.reduce(
          (most, value, index) => Math.max(most, Math.abs(value - expected[index]!)),
          0,
        );
        assert.ok(worst <= step, `${worst}`);
        assert.ok(found.some((value) => Math.abs(value) > 0.3));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
