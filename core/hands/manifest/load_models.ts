import {
  createIssue,
  type FolderSource,
  type Issue,
  nearestName,
  UsageError,
} from "../../base/mod.ts";
import { findModels, type FindModelsOptions, type FoundModel, readModel } from "./find_models.ts";
import type {
  DetectorManifest,
  LandmarksManifest,
  LoadedModel,
  MediapipeModels,
  SegmentationManifest,
} from "./model_manifest.ts";

/** Networks that a method needs, if the folder has them, and what is wrong with its files. */
export interface ModelsForMethod<Models> {
  readonly models: Models | undefined;
  readonly issues: readonly Issue[];
}

/** Options of {@linkcode loadMediapipeModels} and {@linkcode loadSegmentationModel}. */
export interface LoadModelsOptions extends FindModelsOptions {
  /** Family of the two networks, or name of the one. Absent: the first that is there, added ones first. */
  readonly name?: string | undefined;
}

/**
 * Loads the two networks of the method `mediapipe` from a folder. Where they are not there, nothing is thrown: an
 * issue says so, and another method can be used.
 *
 * Throws `UsageError` when a family is asked for that is not known.
 *
 * @example
 * ```ts
 * import { loadMediapipeModels } from "session-process";
 * import { openFolder, sha256 } from "session-process/runtime";
 * import assert from "node:assert/strict";
 *
 * const { models, issues } = await loadMediapipeModels(openFolder("no-such-folder"), { sha256 });
 * assert.equal(models, undefined);
 * assert.deepEqual(issues.map(({ code }) => code), ["MODEL_MISSING"]);
 * ```
 */
export async function loadMediapipeModels(
  folder: FolderSource,
  options: LoadModelsOptions,
): Promise<ModelsForMethod<MediapipeModels>> {
  const { models, issues } = await findModels(folder, options);
  const wanted = models.filter(({ manifest }) => manifest.kind !== "segmentation");
  const families = [...new Set(addedFirst(wanted).map(({ manifest }) => manifest.family))];
  for (const family of choose(options.name, families)) {
    const of = wanted.filter(({ manifest }) => manifest.family === family);
    const detector = of.find(isReady("detector"));
    const landmarks = of.find(isReady("landmarks"));
    if (detector === undefined || landmarks === undefined) continue;
    return {
      models: {
        detector: await readModel(folder, detector.manifest, detector.path, options.sha256),
        landmarks: await readModel(folder, landmarks.manifest, landmarks.path, options.sha256),
      },
      issues,
    };
  }
  const name = otherHalf(wanted) ?? options.name ?? "mediapipe";
  return { models: undefined, issues: [...issues, missing(folder, name)] };
}

/**
 * Loads a segmentation network, which a user has added, from a folder. Where there is none an issue says so.
 *
 * Throws `UsageError` when a name is asked for that is not known.
 */
export async function loadSegmentationModel(
  folder: FolderSource,
  options: LoadModelsOptions,
): Promise<ModelsForMethod<LoadedModel<SegmentationManifest>>> {
  const { models, issues } = await findModels(folder, options);
  const wanted = models.filter(({ manifest }) => manifest.kind === "segmentation");
  const names = choose(options.name, wanted.map(({ manifest }) => manifest.name));
  for (const name of names) {
    const found = wanted.filter(({ manifest }) => manifest.name === name)
      .find(isReady("segmentation"));
    if (found === undefined) continue;
    return { models: await readModel(folder, found.manifest, found.path, options.sha256), issues };
  }
  return {
    models: undefined,
    issues: [...issues, missing(folder, options.name ?? "segmentation")],
  };
}

/** Of two networks of a family of which one is there, the other. */
function otherHalf(wanted: readonly FoundModel[]): string | undefined {
  const half = wanted.find(({ state }) => state === "ready");
  const other = wanted.find(({ manifest, state }) =>
    manifest.family === half?.manifest.family && state !== "ready"
  );
  return other?.manifest.name;
}

interface ManifestOfKind {
  readonly detector: DetectorManifest;
  readonly landmarks: LandmarksManifest;
  readonly segmentation: SegmentationManifest;
}

/** Tells networks of a kind whose files are there. */
function isReady<Kind extends keyof ManifestOfKind>(kind: Kind) {
  return (
    found: FoundModel,
  ): found is FoundModel & { readonly manifest: ManifestOfKind[Kind]; readonly path: string } =>
    found.state === "ready" && found.path !== undefined && found.manifest.kind === kind;
}

/** What a user added is meant to be used. */
function addedFirst(models: readonly FoundModel[]): FoundModel[] {
  return [...models.filter(({ added }) => added), ...models.filter(({ added }) => !added)];
}

function choose(name: string | undefined, known: readonly string[]): readonly string[] {
  if (name === undefined) return known;
  if (known.includes(name)) return [name];
  const near = nearestName(name, known);
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw new UsageError(`No network is called "${name}"${hint}`, `Known are ${known.join(", ")}`);
}

function missing(folder: FolderSource, name: string): Issue {
  const place = folder.locate?.("x")?.replace(/[\\/]x$/, "") ?? folder.name;
  return createIssue("MODEL_MISSING", { name, folder: place });
}
