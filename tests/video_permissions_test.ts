import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { hasProgram } from "./support/ffmpeg.ts";
import { movingPicture, withVideo } from "./support/video.ts";

const PROBE = fileURLToPath(new URL("support/_decode_once.ts", import.meta.url));

/** Decodes a file in a process with certain permissions; gives what it printed. */
function decodeWith(permissions: readonly string[], path: string, decoder: string): string {
  const { stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", ...permissions, PROBE, path, decoder],
  }).outputSync();
  return new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
}

Deno.test({
  name: "decoders take the permissions that they have, and name the one that they lack",
  ignore: !hasProgram("ffmpeg"),
  fn: () =>
    withVideo([...movingPicture("96x64", 1), "-c:v", "libx264"], (path) => {
      const run = ["--allow-run=ffmpeg", "--allow-env=NODE_V8_COVERAGE"];
      const read = "--allow-read";
      assert.match(decodeWith([read, "--allow-ffi"], path, "auto"), /^30 node-webcodecs/);
      assert.match(decodeWith([read, ...run], path, "auto"), /^30 ffmpeg/);
      const bare = decodeWith([read], path, "auto");
      assert.match(bare, /^none VIDEO_NO_DECODER .*--allow-ffi.*--allow-run=ffmpeg/);
      assert.match(decodeWith([read, ...run], path, "embedded"), /^none .*--allow-ffi/);
      return Promise.resolve();
    }),
});
