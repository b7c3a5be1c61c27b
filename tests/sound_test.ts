import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AlignmentRecord, applyClock, Kernel, readAlignment } from "session-process";
import { runCli } from "./support/cli.ts";
import { hasProgram, runProgram } from "./support/ffmpeg.ts";
import { inTemporaryFolder } from "./support/folders.ts";
import { SOUND_RATE, speech } from "./support/shared_moments.ts";

const ignore = !hasProgram("ffmpeg");
/** Seconds by which the second film began later. */
const LATER = 3.2875;
const PERMISSIONS = [
  ...["--allow-read", "--allow-write"],
  ...["--allow-run=ffmpeg", "--allow-env=NODE_V8_COVERAGE"],
];

/** A film whose sound begins with a sample. */
async function film(path: string, sound: Int16Array): Promise<void> {
  const raw = `${path}.raw`;
  await writeFile(raw, new Uint8Array(sound.buffer, sound.byteOffset, sound.byteLength));
  const seconds = sound.length / SOUND_RATE;
  const picture = ["-f", "lavfi", "-i", `color=gray:s=64x48:r=10:d=${seconds}`];
  const heard = ["-f", "s16le", "-ar", `${SOUND_RATE}`, "-ac", "1", "-i", raw];
  const coded = ["-c:v", "mpeg4", "-c:a", "aac", "-b:a", "96k", "-y", path];
  runProgram("ffmpeg", ["-v", "error", ...picture, ...heard, ...coded]);
  await Deno.remove(raw);
}

async function makeSession(folder: string): Promise<void> {
  await mkdir(folder);
  const whole = speech(40);
  await film(join(folder, "phone_1_rgb_video_20250731_143022.mp4"), whole);
  const later = whole.subarray(SOUND_RATE * LATER);
  await film(join(folder, "phone_2_rgb_video_20250731_143026.mp4"), later);
}

Deno.test({
  name: "align ties two films by their sound when it may decode them",
  ignore,
  fn: () =>
    inTemporaryFolder(async (parent) => {
      const folder = join(parent, "pilot_20250731_143022");
      await makeSession(folder);
      const { code, stdout, stderr } = await runCli(["align", folder, "--ffmpeg", "ffmpeg"], {
        permissions: PERMISSIONS,
      });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^phone_1\/rgb_video\/media .* audio \d/m);
      const path = join(folder, "processing/synchronized_data/alignment.json");
      const models = readAlignment(JSON.parse(await readFile(path, "utf8")) as AlignmentRecord);
      const kernel = new Kernel();
      const placed = (device: string, seconds: readonly number[]) => {
        const model = models.find(({ clock }) => clock.id === `${device}/rgb_video/media`)!;
        const times = BigInt64Array.from(seconds, (s) => BigInt(Math.round(s * 1e9)));
        return applyClock(kernel, model, times).referenceTimes;
      };
      const seconds = [1, 9, 17, 25, 33];
      const first = placed("phone_1", seconds.map((s) => s + LATER));
      const second = placed("phone_2", seconds);
      for (const [index, time] of second.entries()) {
        const off = Number(time - first[index]!);
        assert.ok(Math.abs(off) < 0.5e6, `${off} ns`);
      }
    }),
});
