import {
  createIssue,
  type FolderEntry,
  type FolderSource,
  type Issue,
  IssueError,
  readAll,
  readChunks,
  reasonOf,
  type StartSha256,
  throwIfCancelled,
} from "../../base/mod.ts";
import { KNOWN_MODELS } from "./known_models.ts";
import type { LoadedModel, ModelManifest } from "./model_manifest.ts";
import { parseManifest } from "./parse_manifest.ts";

/** How the names of descriptions that lie beside networks end. */
export const MANIFEST_SUFFIX = ".model.json";
/** Descriptions are a few hundred bytes; what is much longer is none. */
const LONGEST_MANIFEST = 1 << 16;

/** Options of {@linkcode findModels}. */
export interface FindModelsOptions {
  readonly sha256: StartSha256;
  readonly signal?: AbortSignal | undefined;
}

/** A network that is known, and whether its file is there. */
export interface FoundModel {
  readonly manifest: ModelManifest;
  /** `ready` when the file is there and its hash is right, `damaged` when it is not right. */
  readonly state: "ready" | "absent" | "damaged";
  /** The file within the folder; undefined when it is absent. */
  readonly path: string | undefined;
  /** The description came with the network, not with the toolkit. */
  readonly added: boolean;
}

/** The networks of a folder. */
export interface FoundModels {
  readonly models: readonly FoundModel[];
  readonly issues: readonly Issue[];
}

/**
 * Looks which networks lie in a folder: those that the toolkit knows, by their name or else by their contents, and
 * those that are described there. A file whose hash is wrong is an issue and not used.
 */
export async function findModels(
  folder: FolderSource,
  options: FindModelsOptions,
): Promise<FoundModels> {
  const files = await listFiles(folder, options.signal);
  const search = new ModelSearch(folder, files, options);
  const models: FoundModel[] = [];
  for (const manifest of KNOWN_MODELS) models.push(await search.find(manifest, false));
  for (const { path, size } of files) {
    if (!path.endsWith(MANIFEST_SUFFIX)) continue;
    const manifest = await search.describe(path, size);
    if (manifest !== undefined) models.push(await search.find(manifest, true));
  }
  return { models, issues: search.issues };
}

/** Files of the folder itself; none of a folder that is not there. */
async function listFiles(
  folder: FolderSource,
  signal: AbortSignal | undefined,
): Promise<FolderEntry[]> {
  const files: FolderEntry[] = [];
  try {
    for await (const entry of folder.list({ signal, maxDepth: 1 })) {
      if (entry.kind === "file" && entry.unreadable === undefined) files.push(entry);
    }
  } catch {
    throwIfCancelled(signal);
  }
  return files;
}

/** Files of a folder, whose hashes are computed once and only when asked for. */
class ModelSearch {
  readonly issues: Issue[] = [];
  readonly #folder: FolderSource;
  readonly #files: readonly FolderEntry[];
  readonly #options: FindModelsOptions;
  readonly #hashes = new Map<string, string | undefined>();

  constructor(
    folder: FolderSource,
    files: readonly FolderEntry[],
    options: FindModelsOptions,
  ) {
    this.#folder = folder;
    this.#files = files;
    this.#options = options;
  }

  async find(manifest: ModelManifest, added: boolean): Promise<FoundModel> {
    const named = this.#files.find(({ path }) => path === manifest.fileName);
    if (named !== undefined && await this.#isRight(named, manifest)) {
      return { manifest, state: "ready", path: named.path, added };
    }
    for (const file of this.#files) {
      if (file === named || !file.path.endsWith(".onnx")) continue;
      if (await this.#isRight(file, manifest)) {
        return { manifest, state: "ready", path: file.path, added };
      }
    }
    if (named === undefined) return { manifest, state: "absent", path: undefined, added };
    const found = await this.#hash(named.path);
    if (found !== undefined) this.issues.push(wrongHash(manifest, named.path, found));
    return { manifest, state: "damaged", path: named.path, added };
  }

  /** The description of a file, or none and an issue. */
  async describe(path: string, size: number): Promise<ModelManifest | undefined> {
    try {
      if (size > LONGEST_MANIFEST) throw new Error(`it has ${size} bytes`);
      const source = await this.#folder.open(path);
      const bytes = await readAll(source).finally(() => source.close());
      return parseManifest(new TextDecoder().decode(bytes));
    } catch (error) {
      const reason = reasonOf(error);
      this.issues.push(createIssue("MODEL_DESCRIPTION_INVALID", { reason }, { path }));
      return undefined;
    }
  }

  async #isRight({ path, size }: FolderEntry, manifest: ModelManifest): Promise<boolean> {
    return size === manifest.bytes && await this.#hash(path) === manifest.sha256;
  }

  /** Undefined, and an issue, when the file cannot be read. */
  async #hash(path: string): Promise<string | undefined> {
    if (this.#hashes.has(path)) return this.#hashes.get(path);
    const hash = await hashOf(this.#folder, path, this.#options).catch((error) => {
      throwIfCancelled(this.#options.signal);
      const reason = reasonOf(error);
      this.issues.push(createIssue("FILE_UNREADABLE", { reason }, { path }));
      return undefined;
    });
    this.#hashes.set(path, hash);
    return hash;
  }
}

async function hashOf(
  folder: FolderSource,
  path: string,
  { sha256, signal }: FindModelsOptions,
): Promise<string> {
  const source = await folder.open(path);
  try {
    const hash = sha256();
    for await (const chunk of readChunks(source, { signal })) hash.update(chunk);
    return hash.hex();
  } finally {
    await source.close();
  }
}

function wrongHash({ name, sha256 }: ModelManifest, path: string, found: string): Issue {
  return createIssue("MODEL_HASH_MISMATCH", { name, found, expected: sha256 }, { path });
}

/**
 * Reads a network that was found. Rejects with `IssueError` when its contents are no longer those of the search.
 *
 * @example
 * ```ts
 * import { findModels, memoryFolder, parseManifest, readModel } from "session-process";
 * import { loadSegmentationModel } from "session-process";
 * import { sha256 } from "session-process/runtime";
 * import assert from "node:assert/strict";
 *
 * const network = Uint8Array.of(1, 2, 3);
 * const hash = sha256();
 * hash.update(network);
 * const description = JSON.stringify({
 *   kind: "segmentation", name: "mine", version: "1", family: "mine", fileName: "mine.onnx",
 *   bytes: 3, sha256: hash.hex(), licence: "MIT", source: "my own", downloads: [],
 *   input: { width: 64, height: 64, layout: "nchw" },
 *   outputs: { mask: { output: 0, layout: "nchw", activation: "sigmoid" } },
 * });
 * assert.equal(parseManifest(description).kind, "segmentation");
 * const folder = memoryFolder("models", {
 *   "mine.onnx": network,
 *   "mine.model.json": new TextEncoder().encode(description),
 * });
 * const { models } = await findModels(folder, { sha256 });
 * const mine = models.find(({ added }) => added)!;
 * assert.equal(mine.state, "ready");
 * const { contents } = await readModel(folder, mine.manifest, mine.path!, sha256);
 * assert.deepEqual(contents, network);
 * const loaded = await loadSegmentationModel(folder, { sha256 });
 * assert.equal(loaded.models?.manifest.name, "mine");
 * ```
 */
export async function readModel<Manifest extends ModelManifest>(
  folder: FolderSource,
  manifest: Manifest,
  path: string,
  sha256: StartSha256,
): Promise<LoadedModel<Manifest>> {
  const source = await folder.open(path);
  const contents = await readAll(source).finally(() => source.close());
  const hash = sha256();
  hash.update(contents);
  const found = hash.hex();
  if (found !== manifest.sha256) throw new IssueError(wrongHash(manifest, path, found));
  return { manifest, contents };
}
