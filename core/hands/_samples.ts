/** The recorded hands that tests compare with, where they are at hand, and pictures of them as ffmpeg decodes them. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { onnxBackend } from "../../runtime/onnx/mod.ts";
import type { InferenceBackend, Picture } from "../base/mod.ts";
import {
  type DetectorManifest,
  KNOWN_MODELS,
  type LandmarksManifest,
  type LoadedModel,
  type MediapipeModels,
} from "./manifest/mod.ts";

const SAMPLES = new URL("../../../shared/data/hands/", import.meta.url);

/** Path of a sample. */
export function samplePath(name: string): string {
  return fileURLToPath(new URL(name, SAMPLES));
}

/** Runs a test when the samples are there. Under `CI=true` they must be. */
export function testWithSamples(name: string, run: () => Promise<void>): void {
  const isAbsent = !existsSync(SAMPLES) && process.env["CI"] !== "true";
  Deno.test({
    name: isAbsent ? `${name} (skipped: ../shared/data/hands is absent)` : name,
    ignore: isAbsent,
    fn: run,
  });
}

async function loadKnown(name: string): Promise<LoadedModel> {
  const manifest = KNOWN_MODELS.find((model) => model.name === name)!;
  return { manifest, contents: await readFile(samplePath(`models/${manifest.fileName}`)) };
}

/** The networks of MediaPipe in their lite form. */
export async function liteModels(): Promise<MediapipeModels> {
  return {
    detector: await loadKnown("mediapipe-lite-palm") as LoadedModel<DetectorManifest>,
    landmarks: await loadKnown("mediapipe-lite-hand") as LoadedModel<LandmarksManifest>,
  };
}

/** ONNX Runtime that counts the runs of each network, by file name. */
export async function countingBackend(): Promise<
  { backend: InferenceBackend; runs: Map<string, number> }
> {
  const inner = await onnxBackend();
  const runs = new Map<string, number>();
  const backend: InferenceBackend = {
    name: inner.name,
    async load(contents, options) {
      const session = await inner.load(contents, options);
      return {
        inputs: session.inputs,
        outputs: session.outputs,
        run(inputs) {
          runs.set(options.name, (runs.get(options.name) ?? 0) + 1);
          return session.run(inputs);
        },
        close: () => session.close(),
      };
    },
  };
  return { backend, runs };
}

/** Interleaved RGB as a picture. */
export function rgbPicture(data: Uint8Array, width: number, height: number): Picture {
  return {
    format: "RGB",
    width,
    height,
    data,
    planes: [{ offset: 0, stride: 3 * width }],
    matrix: "bt601",
    fullRange: true,
    rotation: 0,
  };
}

/** Frames of a video or picture as RGB, one after the other in the same memory. */
export async function* decodeRgb(
  path: string,
  width: number,
  height: number,
  filters: readonly string[] = [],
): AsyncGenerator<Uint8Array> {
  const size = width * height * 3;
  const filter = filters.length === 0 ? [] : ["-vf", filters.join(",")];
  const args = ["-v", "error", "-i", path, ...filter, "-fps_mode", "passthrough"];
  const child = new Deno.Command("ffmpeg", {
    args: [...args, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
    stdout: "piped",
  }).spawn();
  const frame = new Uint8Array(size);
  let filled = 0;
  for await (const block of child.stdout) {
    for (let at = 0; at < block.length;) {
      const taken = Math.min(block.length - at, size - filled);
      frame.set(block.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < size) continue;
      filled = 0;
      yield frame;
    }
  }
  await child.status;
}
