import { lstat, readdir, readlink, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  type ByteSource,
  type FolderEntry,
  type FolderSink,
  type FolderSource,
  reasonOf,
  throwIfCancelled,
} from "../core/base/mod.ts";
import { createFile } from "./file_sink.ts";
import { openFile } from "./file_source.ts";
import { hasRealParents, makeParents, safeSegments } from "./paths.ts";

/** Folders below this depth are not listed: it stops runaway trees. */
const DEFAULT_DEPTH = 12;

/** What a folder listing needs on its way down. */
interface Walk {
  readonly root: string;
  readonly maxDepth: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * A folder of the file system to read. Symbolic links are listed and never followed.
 *
 * @param path Absolute or relative to the working directory.
 */
export function openFolder(path: string): FolderSource {
  const root = resolve(path);
  return {
    name: basename(root),
    list: ({ signal, maxDepth = DEFAULT_DEPTH } = {}) => walk({ root, maxDepth, signal }, "", 1),
    async open(file) {
      return await openFile(join(root, ...safeSegments(file)));
    },
    locate: (file) => join(root, ...safeSegments(file)),
  };
}

/**
 * A folder that holds one file of the file system, under its own name, and is called like it without extension.
 *
 * @param path Absolute or relative to the working directory.
 *
 * @example
 * ```ts
 * import { openFileFolder } from "session-process/runtime";
 * import assert from "node:assert/strict";
 * import { fileURLToPath } from "node:url";
 *
 * const folder = openFileFolder(fileURLToPath(import.meta.url));
 * for await (const { kind } of folder.list()) assert.equal(kind, "file");
 * ```
 */
export function openFileFolder(path: string): FolderSource {
  const file = resolve(path);
  const name = basename(file);
  return {
    name: name.replace(/(?<=.)\.[^.]*$/, ""),
    async *list() {
      yield await describe(dirname(file), name);
    },
    async open(wanted) {
      if (wanted !== name) throw new Error(`No such file: ${wanted}`);
      return await openFile(file);
    },
    locate: (wanted) => wanted === name ? file : undefined,
  };
}

async function* walk(context: Walk, folder: string, depth: number): AsyncGenerator<FolderEntry> {
  const names = await readdir(join(context.root, folder));
  for (const name of names.sort()) {
    throwIfCancelled(context.signal);
    const path = folder === "" ? name : `${folder}/${name}`;
    const entry = await describe(context.root, path);
    yield entry;
    if (entry.kind !== "folder" || entry.unreadable !== undefined) continue;
    if (depth < context.maxDepth) yield* guarded(context, entry, depth + 1);
  }
}

/** Lists a folder; one that cannot be listed is told once more with the reason. */
async function* guarded(
  context: Walk,
  entry: FolderEntry,
  depth: number,
): AsyncGenerator<FolderEntry> {
  try {
    yield* walk(context, entry.path, depth);
  } catch (error) {
    throwIfCancelled(context.signal);
    yield { ...entry, unreadable: reasonOf(error) };
  }
}

async function describe(root: string, path: string): Promise<FolderEntry> {
  const absolute = join(root, path);
  try {
    const stats = await lstat(absolute, { bigint: true });
    // Not every runtime tells more than milliseconds, and all of them must see the same.
    const modifiedNs = stats.mtimeMs * 1_000_000n;
    if (stats.isSymbolicLink()) {
      const target = await readlink(absolute);
      return { path, kind: "symlink", size: 0, modifiedNs, target };
    }
    if (stats.isDirectory()) return { path, kind: "folder", size: 0, modifiedNs };
    if (!stats.isFile()) return { path, kind: "other", size: 0, modifiedNs };
    return { path, kind: "file", size: Number(stats.size), modifiedNs };
  } catch (error) {
    return { path, kind: "other", size: 0, modifiedNs: 0n, unreadable: reasonOf(error) };
  }
}

/**
 * A folder of the file system to write. Files appear complete or not at all; paths cannot leave it.
 *
 * @param path Absolute or relative to the working directory; made when the first file is.
 *
 * @example
 * ```ts
 * import { readAll } from "session-process";
 * import { openFile, openFolder, openOutput } from "session-process/runtime";
 * import assert from "node:assert/strict";
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 *
 * const path = await mkdtemp(join(tmpdir(), "example-"));
 * const file = await openOutput(path).create("exports/a.txt");
 * await file.write(Uint8Array.of(1, 2));
 * await file.commit();
 * const entries = [];
 * for await (const entry of openFolder(path).list()) entries.push(entry.path);
 * assert.deepEqual(entries, ["exports", "exports/a.txt"]);
 * const source = await openFile(join(path, "exports/a.txt"));
 * assert.deepEqual(await readAll(source), Uint8Array.of(1, 2));
 * await source.close();
 * await rm(path, { recursive: true });
 * ```
 */
export function openOutput(path: string): FolderSink {
  const root = resolve(path);
  return {
    async create(file) {
      const segments = safeSegments(file);
      await makeParents(root, segments);
      return await createFile(join(root, ...segments));
    },
    async open(file) {
      return await openIfPresent(join(root, ...safeSegments(file)));
    },
    async remove(file) {
      const segments = safeSegments(file);
      if (!(await hasRealParents(root, segments))) return;
      await rm(join(root, ...segments), { recursive: true, force: true });
      await removeEmpty(root, segments.slice(0, -1));
    },
  };
}

/** Deletes a folder below the root and those around it, up to the first that holds something. */
async function removeEmpty(root: string, segments: readonly string[]): Promise<void> {
  for (let depth = segments.length; depth > 0; depth--) {
    const isGone = await rmdir(join(root, ...segments.slice(0, depth))).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}

async function openIfPresent(path: string): Promise<ByteSource | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isFile() ? await openFile(path) : undefined;
}
