import type { InferenceBackend } from "../../base/mod.ts";
import type { LoadedModel, SegmentationManifest } from "../manifest/mod.ts";
import type { NetworkPicture } from "../mediapipe/mod.ts";
import type { HandMethod } from "../model.ts";
import { Network } from "../network.ts";
import { type ProbabilityMasker, SegmentationMethod } from "./method.ts";

/** Options of {@linkcode openSegmentationNet}. */
export interface SegmentationNetOptions {
  /** Holds the picture that is searched. */
  readonly image: NetworkPicture;
  readonly masker: ProbabilityMasker;
  readonly backend: InferenceBackend;
  readonly model: LoadedModel<SegmentationManifest>;
  /** Most hands in a picture: the largest spots of the mask. @default {2} */
  readonly maxHands?: number | undefined;
  /** Least probability of a hand, 0 to 1. @default {that of the description, else 0.5} */
  readonly confidence?: number | undefined;
  /** Threads of each network run. @default {1} */
  readonly threads?: number | undefined;
}

/**
 * Masks hands by a segmentation network of the user: picture in, mask out. Each part of the mask that hangs together
 * is a hand; its id is that of the hand whose place it takes.
 *
 * Rejects with `IssueError` when the network cannot be used, and with `RangeError` for an option out of its range.
 *
 * @example
 * ```ts
 * import { loadSegmentationModel, openSegmentationNet } from "session-process";
 * import type { HandMethod, SegmentationNetOptions } from "session-process";
 * import { openFolder, sha256 } from "session-process/runtime";
 * import { onnxBackend } from "session-process/onnx";
 * import assert from "node:assert/strict";
 *
 * // The method, if a network was added to the folder.
 * type Parts = Pick<SegmentationNetOptions, "image" | "masker">;
 * async function open(parts: Parts): Promise<HandMethod | undefined> {
 *   const { models: model } = await loadSegmentationModel(openFolder("models"), { sha256 });
 *   if (model === undefined) return undefined;
 *   return await openSegmentationNet({ ...parts, backend: await onnxBackend(), model });
 * }
 *
 * assert.equal(typeof open, "function");
 * ```
 */
export async function openSegmentationNet(options: SegmentationNetOptions): Promise<HandMethod> {
  const { image, masker, backend, model, maxHands = 2, threads = 1 } = options;
  const { manifest } = model;
  const threshold = options.confidence ?? manifest.outputs.mask.threshold ?? 0.5;
  if (!(Number.isInteger(maxHands) && maxHands >= 1)) {
    throw new RangeError(`maxHands must be a whole number from 1 on: it is ${maxHands}`);
  }
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new RangeError(`confidence must be from 0 to 1: it is ${threshold}`);
  }
  const network = await Network.open(backend, model, threads);
  const { name, version, sha256 } = manifest;
  const parameters = {
    maxHands,
    confidence: threshold,
    threads,
    backend: backend.name,
    models: [{ name, version, sha256 }],
  };
  return new SegmentationMethod({
    image,
    masker,
    network,
    manifest,
    maxHands,
    threshold,
    parameters,
  });
}
