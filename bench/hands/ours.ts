/**
 * The `hands` step without its files: decodes a video, finds, follows and masks its hands, and prints how long that
 * took and where the landmarks are.
 *
 * usage: ours.ts VIDEO MODELS THREADS HANDS
 *
 * @module
 */
import { basename, dirname } from "node:path";
import process from "node:process";
import { openVideo } from "../../core/readers/mod.ts";
import { loadMediapipeModels, openMediapipe } from "../../core/hands/mod.ts";
import { openFolder, sha256 } from "../../runtime/mod.ts";
import { onnxBackend } from "../../runtime/onnx/mod.ts";
import { videoDecoders } from "../../runtime/video/mod.ts";
import { FrameImage, HandMasker, Kernel } from "../../wasm/mod.ts";
import { peakMemory, print } from "../support/process.ts";

const [video = "", folder = "", threads = "1", hands = "1"] = Deno.args;
const { models } = await loadMediapipeModels(openFolder(folder), { sha256 });
if (models === undefined) throw new Error(`No networks are in ${folder}`);
const kernel = new Kernel();
const [image, masker] = [new FrameImage(kernel), new HandMasker(kernel)];
const method = await openMediapipe({
  image,
  masker,
  backend: await onnxBackend(),
  models,
  maxHands: Number(hands),
  threads: Number(threads),
});
const started = performance.now();
const before = process.cpuUsage();
const source = await openVideo(openFolder(dirname(video)), basename(video), {
  decoders: videoDecoders(),
});
if (source === undefined) throw new Error(`Cannot decode ${video}`);
const frames: number[][][][] = [];
const stages = { load: 0, method: 0 };
for await (const frame of source.frames()) {
  const loading = performance.now();
  image.load(frame);
  const finding = performance.now();
  const found = await method.process({ index: frame.index, timeNs: frame.timeNs });
  stages.load += finding - loading;
  stages.method += performance.now() - finding;
  frames.push(
    found.hands.map(({ landmarks }) =>
      Array.from({ length: 21 }, (_, index) => [...landmarks!.subarray(3 * index, 3 * index + 2)])
    ),
  );
}
await source.close();
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(before);
await method.close();
print(JSON.stringify({
  seconds,
  processor: (user + system) / 1e6,
  peak: peakMemory() / 2 ** 20,
  stages: { load: stages.load / 1000, method: stages.method / 1000 },
  decoder: source.decoder,
  frames,
}));
