import type { HandMaskMethod } from "../../../wasm/mod.ts";
import type { InferenceBackend } from "../../base/mod.ts";
import type { MediapipeModels, ModelManifest } from "../manifest/mod.ts";
import type { HandMethod } from "../model.ts";
import { MediapipeMethod, type MediapipeSettings, type TileChoice } from "./method.ts";
import { HandNetworks } from "./networks.ts";
import type { LandmarkMasker, NetworkPicture } from "./picture.ts";
import type { SmoothingOptions } from "./smoothing.ts";

/** Options of {@linkcode openMediapipe}. */
export interface MediapipeOptions<Picture extends NetworkPicture = NetworkPicture> {
  /** Holds the picture that is searched. */
  readonly image: Picture;
  /** Makes masks. Absent: landmarks only. */
  readonly masker?: LandmarkMasker<Picture> | undefined;
  readonly backend: InferenceBackend;
  readonly models: MediapipeModels;
  /** Most hands that are followed at once. @default {2} */
  readonly maxHands?: number | undefined;
  /** Least probability of a palm, 0 to 1. @default {0.5} */
  readonly confidence?: number | undefined;
  /** Least probability that a followed region still shows a hand, 0 to 1. @default {0.5} */
  readonly trackingConfidence?: number | undefined;
  /** While some, but fewer than `maxHands` hands are followed, every so many pictures are searched for others. @default {5} */
  readonly searchEvery?: number | undefined;
  /**
   * Whether a search looks at overlapping parts of the picture too, in which small hands are found. `auto`: in the
   * first picture, where the whole shows too few hands; later only while no hand is in sight. @default {"auto"}
   */
  readonly tiles?: TileChoice | undefined;
  /** With `auto`, while no hand is in sight parts are looked at every so many pictures. @default {30} */
  readonly tilesEvery?: number | undefined;
  /** How masks are made. @default {"adaptive"} */
  readonly mask?: HandMaskMethod | "none" | undefined;
  /** Steadies landmarks by a One-Euro filter, which lags a little; no time is moved. @default none */
  readonly smoothing?: SmoothingOptions | undefined;
  /** Threads of each network run. Last bits of results may depend on it. @default {1} */
  readonly threads?: number | undefined;
}

/**
 * Finds and follows hands by MediaPipe's networks: palms, then 21 landmarks of each hand, then masks.
 *
 * As in MediaPipe Hands (Zhang et al. 2020), the whole picture is searched only while fewer than `maxHands` hands
 * are followed. Handedness is that of a picture that is not mirrored: a right hand is a person's right hand.
 * A hand that is lost and found again nearby within 15 pictures keeps its id.
 *
 * Rejects with `IssueError` when a network cannot be used, and with `RangeError` for an option out of its range.
 *
 * @example
 * ```ts
 * import { findModels, type HandMethod, loadMediapipeModels, openMediapipe } from "session-process";
 * import type { MediapipeOptions } from "session-process";
 * import { openFolder, sha256 } from "session-process/runtime";
 * import { onnxBackend } from "session-process/onnx";
 * import assert from "node:assert/strict";
 *
 * // The method, if its networks are on this machine.
 * async function open(image: MediapipeOptions["image"]): Promise<HandMethod | undefined> {
 *   const folder = openFolder("models");
 *   const { models } = await loadMediapipeModels(folder, { sha256 });
 *   if (models === undefined) return undefined;
 *   return await openMediapipe({ image, backend: await onnxBackend(), models, maxHands: 1 });
 * }
 *
 * assert.equal(typeof open, "function");
 * const { models } = await findModels(openFolder("models"), { sha256 });
 * assert.ok(models.some(({ manifest }) => manifest.name === "opencv-zoo-palm"));
 * ```
 */
export async function openMediapipe<Picture extends NetworkPicture>(
  options: MediapipeOptions<Picture>,
): Promise<HandMethod> {
  const settings = checkedSettings(options);
  const { image, masker, backend, models, threads = 1 } = options;
  const networks = await HandNetworks.open(backend, models, threads);
  const parameters = {
    ...settings,
    smoothing: settings.smoothing ?? false,
    threads,
    backend: backend.name,
    models: [identity(models.detector.manifest), identity(models.landmarks.manifest)],
    handedness: "of the person, in a picture that is not mirrored",
  };
  return new MediapipeMethod({ image, masker, networks, settings, parameters });
}

function identity({ name, version, sha256 }: ModelManifest) {
  return { name, version, sha256 };
}

function checkedSettings<Picture extends NetworkPicture>(
  options: MediapipeOptions<Picture>,
): MediapipeSettings {
  const { maxHands = 2, confidence = 0.5, trackingConfidence = 0.5 } = options;
  const { searchEvery = 5, tilesEvery = 30, tiles = "auto", smoothing } = options;
  const { mask = options.masker === undefined ? "none" : "adaptive" } = options;
  for (const [name, value] of Object.entries({ maxHands, searchEvery, tilesEvery })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new RangeError(`${name} must be a whole number from 1 on: it is ${value}`);
  }
  for (const [name, value] of Object.entries({ confidence, trackingConfidence })) {
    if (value >= 0 && value <= 1) continue;
    throw new RangeError(`${name} must be from 0 to 1: it is ${value}`);
  }
  return {
    maxHands,
    confidence,
    trackingConfidence,
    searchEvery,
    tiles,
    tilesEvery,
    mask,
    smoothing,
  };
}
