import { type InferenceBackend, UsageError } from "../base/mod.ts";
import { FrameImage, HandMasker, type Kernel } from "../../wasm/mod.ts";
import { type ClassicalOptions, colorMethod, contourMethod } from "./classical/mod.ts";
import type {
  LoadedModel,
  MediapipeModels,
  ModelFile,
  SegmentationManifest,
} from "./manifest/mod.ts";
import { openMediapipe, type SmoothingOptions } from "./mediapipe/mod.ts";
import type { HandMethod, HandMethodName } from "./model.ts";
import { openSegmentationNet } from "./segmentation_net/mod.ts";

/** A network that results were made with. */
export type UsedModel = Pick<ModelFile, "name" | "version" | "sha256" | "licence">;

/** A method with everything it runs on, for one recording at a time. */
export interface HandEngine {
  /** Holds the picture that is searched. */
  readonly image: FrameImage;
  readonly method: HandMethod;
  readonly models: readonly UsedModel[];
  /** What runs the networks, when there are any. */
  readonly backend?: string;
  close(): Promise<void>;
}

/** How hands are found. What is absent is as the method has it. */
export interface HandOptions {
  /** @default {"mediapipe" with its networks, else "color_based"} */
  readonly method?: HandMethodName | undefined;
  /** Most hands in one picture. @default {2} */
  readonly maxHands?: number | undefined;
  /** Least certainty with which a hand counts as found, 0 to 1. @default {0.5} */
  readonly confidence?: number | undefined;
  /** Least certainty with which a hand is followed, 0 to 1. @default {0.5} */
  readonly trackingConfidence?: number | undefined;
  /** How masks are made of landmarks. @default {"adaptive"} */
  readonly mask?: "adaptive" | "capsule" | "hull" | undefined;
  /** Steadies landmarks; no time is moved. @default {none} */
  readonly smoothing?: SmoothingOptions | undefined;
  /** Threads of one run of a network. @default {1} */
  readonly threads?: number | undefined;
}

/** Networks for hands, and what runs them. */
export interface HandNetworks {
  readonly backend: InferenceBackend;
  readonly mediapipe?: MediapipeModels | undefined;
  /** A network of the user that tells the pixels of hands. */
  readonly segmentation?: LoadedModel<SegmentationManifest> | undefined;
}

/** What {@linkcode openHandEngine} needs. */
export interface HandEngineOptions extends HandOptions {
  readonly kernel: Kernel;
  /** Absent: only methods without networks can be used. */
  readonly networks?: HandNetworks | undefined;
}

/**
 * Opens a method to find hands with.
 *
 * Throws `UsageError` for a method whose networks are not given, and `RangeError` for an option out of its range.
 * Rejects with `IssueError` when a network cannot be used.
 *
 * @example
 * ```ts
 * import { Kernel, openHandEngine } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const engine = await openHandEngine({ kernel: new Kernel(), maxHands: 1 });
 * assert.equal(engine.method.name, "color_based");
 * await engine.close();
 * ```
 */
export async function openHandEngine(options: HandEngineOptions): Promise<HandEngine> {
  const image = new FrameImage(options.kernel);
  const masker = new HandMasker(options.kernel);
  const parts: Parts = { ...options, image, masker };
  const release = () => {
    image.dispose();
    masker.dispose();
  };
  try {
    const { method, models, backend } = await openMethod(parts);
    const close = async () => {
      try {
        await method.close();
      } finally {
        release();
      }
    };
    return { image, method, models, close, ...(backend === undefined ? {} : { backend }) };
  } catch (error) {
    release();
    throw error;
  }
}

/** What methods are opened with. */
interface Parts extends HandEngineOptions {
  readonly image: FrameImage;
  readonly masker: HandMasker;
}

type OpenedMethod = Pick<HandEngine, "method" | "models" | "backend">;

async function openMethod(parts: Parts): Promise<OpenedMethod> {
  const { networks } = parts;
  const method = parts.method ?? (networks?.mediapipe === undefined ? "color_based" : "mediapipe");
  switch (method) {
    case "mediapipe":
      return await openNetworks(parts);
    case "color_based":
      return { method: colorMethod(classicalOptions(parts)), models: [] };
    case "contour_based":
      return { method: contourMethod(classicalOptions(parts)), models: [] };
    case "model":
      return await openSegmentation(parts);
  }
}

async function openNetworks({ networks, ...parts }: Parts): Promise<OpenedMethod> {
  if (networks?.mediapipe === undefined) throw missingNetworks("mediapipe");
  const { backend, mediapipe: models } = networks;
  const method = await openMediapipe({ ...parts, backend, models });
  const used = [models.detector, models.landmarks].map(({ manifest }) => usedModel(manifest));
  return { method, models: used, backend: backend.name };
}

async function openSegmentation({ networks, ...parts }: Parts): Promise<OpenedMethod> {
  if (networks?.segmentation === undefined) throw missingNetworks("model");
  const { backend, segmentation: model } = networks;
  const method = await openSegmentationNet({ ...parts, backend, model });
  return { method, models: [usedModel(model.manifest)], backend: backend.name };
}

function classicalOptions({ kernel, image, maxHands, confidence }: Parts): ClassicalOptions {
  return {
    kernel,
    image,
    ...(maxHands === undefined ? {} : { maxHands }),
    ...(confidence === undefined ? {} : { confidence }),
  };
}

function usedModel({ name, version, sha256, licence }: ModelFile): UsedModel {
  return { name, version, sha256, licence };
}

function missingNetworks(method: HandMethodName): UsageError {
  return new UsageError(
    `Method "${method}" needs networks, and none were given`,
    "Get them with session-process models pull, or name their folder with --models",
  );
}
