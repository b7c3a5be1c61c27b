/**
 * Speed of both video decoders against plain `ffmpeg -f null`, which decodes and throws away.
 *
 * `deno run -A bench/decode/run.ts [--seconds 20] [--rounds 3] [--video PATH]` writes a video of 1280 x 720 with B-frames
 * to a temporary folder, or takes the one given, compares all pixels, and only then times each side in a process
 * of its own: the best of several rounds, which take turns. Wall time counts from the start of reading, without that
 * of the runtime, but for ffmpeg from the start of its process.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { option, output, print } from "../support/process.ts";
import type { PeerResult } from "./peer.ts";

const PEER = fileURLToPath(new URL("peer.ts", import.meta.url));
const DECODERS = ["embedded", "ffmpeg"] as const;

function peer(decoder: string, path: string, task: string): PeerResult {
  const command = [Deno.execPath(), "run", "-A", "--no-check", PEER, decoder, path, task];
  return JSON.parse(output(command)) as PeerResult;
}

function writeVideo(path: string, seconds: number): void {
  const source = ["-f", "lavfi", "-i", `testsrc2=d=${seconds}:s=1280x720:r=30`];
  const encoder = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-pix_fmt", "yuv420p"];
  output(["ffmpeg", "-v", "error", "-y", ...source, ...encoder, path]);
}

/** MD5 of all planes as ffmpeg decodes them. */
function expectedMd5(path: string): string {
  const args = ["-v", "error", "-noautorotate", "-i", path, "-map", "0:v:0"];
  const raw = new Deno.Command("ffmpeg", {
    args: [...args, "-fps_mode", "passthrough", "-f", "rawvideo", "-"],
  }).outputSync().stdout;
  return createHash("md5").update(raw).digest("hex");
}

/** Milliseconds that ffmpeg takes to decode and throw away. */
function plainMs(path: string): number {
  const start = performance.now();
  output(["ffmpeg", "-v", "error", "-i", path, "-map", "0:v:0", "-f", "null", "-"]);
  return performance.now() - start;
}

const folder = Deno.makeTempDirSync();
try {
  const given = Deno.args[Deno.args.indexOf("--video") + 1];
  const path = Deno.args.includes("--video") && given !== undefined ? given : `${folder}/a.mp4`;
  if (path !== given) writeVideo(path, option("seconds", 20));
  const expected = expectedMd5(path);
  for (const decoder of DECODERS) {
    if (peer(decoder, path, "check").md5 === expected) continue;
    throw new Error(`Cannot time ${decoder}: its pixels are not those of ffmpeg`);
  }
  const plain: number[] = [];
  const best = new Map<string, PeerResult>();
  for (let round = 0; round < option("rounds", 3); round++) {
    plain.push(plainMs(path));
    for (const decoder of DECODERS) {
      const result = peer(decoder, path, "time");
      const before = best.get(decoder);
      if (before === undefined || result.wallMs < before.wallMs) best.set(decoder, result);
    }
  }
  const frames = best.get("embedded")?.frames ?? NaN;
  const base = Math.min(...plain);
  print(`${frames} frames, all pixels equal to those of ffmpeg`);
  print(`ffmpeg -f null   ${(frames / base * 1000).toFixed(0).padStart(6)} frames/s`);
  for (const [decoder, { wallMs, peakBytes }] of best) {
    const rate = (frames / wallMs * 1000).toFixed(0).padStart(6);
    const ratio = (base / wallMs).toFixed(2);
    const peak = (peakBytes / 1e6).toFixed(0);
    print(`${decoder.padEnd(16)} ${rate} frames/s, ${ratio} of it, ${peak} MB`);
  }
} finally {
  Deno.removeSync(folder, { recursive: true });
}
