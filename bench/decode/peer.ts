/**
 * Decodes a video once by one of the decoders and says how long it took.
 *
 * `deno run -A bench/decode/peer.ts embedded|ffmpeg VIDEO time|check`
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import process from "node:process";
import { openVideo } from "../../mod.ts";
import { openFileFolder } from "../../runtime/mod.ts";
import { videoDecoders } from "../../runtime/video/mod.ts";
import { peakMemory, print } from "../support/process.ts";

/** What one run says of itself. */
export interface PeerResult {
  readonly frames: number;
  readonly wallMs: number;
  /** Of this process alone, without what it runs. */
  readonly cpuMs: number;
  readonly peakBytes: number;
  /** MD5 of all planes, one frame after the other; empty when times are taken. */
  readonly md5: string;
}

const [decoder, path = "", task] = Deno.args;
if (decoder !== "embedded" && decoder !== "ffmpeg") throw new Error(`No such decoder: ${decoder}`);
const start = performance.now();
const frames = await openVideo(openFileFolder(path), basename(path), {
  decoders: videoDecoders({ decoder }),
});
if (frames === undefined) throw new Error(`Cannot decode ${path} by ${decoder}`);
const hash = createHash("md5");
let count = 0;
for await (const { data } of frames.frames()) {
  count++;
  if (task === "check") hash.update(data);
}
await frames.close();
const { user, system } = process.cpuUsage();
const result: PeerResult = {
  frames: count,
  wallMs: performance.now() - start,
  cpuMs: (user + system) / 1000,
  peakBytes: peakMemory(),
  md5: task === "check" ? hash.digest("hex") : "",
};
print(JSON.stringify(result));
