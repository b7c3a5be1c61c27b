import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { hasProgram } from "./support/ffmpeg.ts";
import { movingPicture, withVideo } from "./support/video.ts";

const PROBE = fileURLToPath(new URL("support/_decode_once.ts", import.meta.url));

Deno.test({
  name: "a process that stops reading a long video early ends",
  ignore: !hasProgram("ffmpeg"),
  fn: () =>
    withVideo(
      [...movingPicture("640x480", 8), "-c:v", "libx264", "-preset", "ultrafast"],
      async (path) => {
        for (const decoder of ["embedded", "ffmpeg"]) {
          // Far more than the pipe holds is left unread.
          const child = new Deno.Command(Deno.execPath(), {
            args: ["run", "-A", "--no-check", PROBE, path, decoder, "3"],
            stdout: "piped",
            stderr: "null",
          }).spawn();
          let late = false;
          const alarm = setTimeout(() => {
            late = true;
            child.kill("SIGKILL");
          }, 60_000);
          const { stdout } = await child.output();
          clearTimeout(alarm);
          assert.ok(!late, `${decoder} does not end`);
          assert.match(new TextDecoder().decode(stdout), /^3 /);
        }
      },
    ),
});
