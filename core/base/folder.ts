import type { ByteSink, ByteSource } from "./bytes.ts";

/** What stands in a folder under one path. */
export interface FolderEntry {
  /** Path relative to the folder, with forward slashes, without `.` or `..`. */
  readonly path: string;
  readonly kind: "file" | "folder" | "symlink" | "other";
  /** Size in bytes; 0 for what is not a file. */
  readonly size: number;
  /** Last change, ns since 1970 UTC. */
  readonly modifiedNs: bigint;
  /** Where a symbolic link points, as written. */
  readonly target?: string;
  /** Why the entry cannot be read, when that is known. */
  readonly unreadable?: string;
}

/** A folder to read. Links are listed but never followed. */
export interface FolderSource {
  /** Name of the folder itself, without its parents. */
  readonly name: string;
  /** Lists everything below the folder, folders before their contents, sorted by path. */
  list(
    options?: { readonly signal?: AbortSignal | undefined; readonly maxDepth?: number },
  ): AsyncIterable<
    FolderEntry
  >;
  /** Opens a file. Rejects with `Error` when it does not exist, is not a file or cannot be read. */
  open(path: string): Promise<ByteSource>;
  /** Where a file lies on this machine, for programs that are given its name; absent where it lies in no file system. */
  locate?(path: string): string | undefined;
}

/** A folder to write. Parent folders are made as needed; a path that leaves the folder is refused. */
export interface FolderSink {
  /** Starts a file, which appears when it is committed. */
  create(path: string): Promise<ByteSink>;
  /** Opens a file that was committed, or returns undefined when there is none. */
  open(path: string): Promise<ByteSource | undefined>;
  /** Deletes a file or a folder with its contents, if it exists, and the folders around it that are then empty. */
  remove(path: string): Promise<void>;
}

/**
 * Several folders seen as one; all but the first appear under `@<name>/`.
 *
 * @example
 * ```ts
 * import { memoryFolder, stitchFolders } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const both = stitchFolders([
 *   memoryFolder("pc", { "log.json": new Uint8Array(2) }),
 *   memoryFolder("phone", { "a.csv": new Uint8Array(9) }),
 * ]);
 * const paths = [];
 * for await (const { path, kind } of both.list()) if (kind === "file") paths.push(path);
 * assert.deepEqual(paths, ["log.json", "@phone/a.csv"]);
 * ```
 */
export function stitchFolders(folders: readonly FolderSource[]): FolderSource {
  const [first, ...others] = folders;
  if (first === undefined) throw new RangeError("Cannot stitch folders: none were given");
  const prefixes = uniquePrefixes(others);
  return {
    name: first.name,
    async *list(options = {}) {
      yield* first.list(options);
      for (const [index, folder] of others.entries()) {
        for await (const entry of folder.list(options)) {
          yield { ...entry, path: `${prefixes[index]}/${entry.path}` };
        }
      }
    },
    open(path) {
      const index = prefixes.findIndex((prefix) => path.startsWith(`${prefix}/`));
      if (index < 0) return first.open(path);
      return others[index]!.open(path.slice(prefixes[index]!.length + 1));
    },
    locate(path) {
      const index = prefixes.findIndex((prefix) => path.startsWith(`${prefix}/`));
      if (index < 0) return first.locate?.(path);
      return others[index]!.locate?.(path.slice(prefixes[index]!.length + 1));
    },
  };
}

function uniquePrefixes(folders: readonly FolderSource[]): string[] {
  const seen = new Map<string, number>();
  return folders.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? `@${name}` : `@${name}~${count}`;
  });
}

/** One text file of a folder in memory: its contents as text or bytes. */
export type MemoryFiles = Readonly<Record<string, string | Uint8Array>>;

/** A folder in memory, for tests and for callers that hold their files already. */
export function memoryFolder(name: string, files: MemoryFiles): FolderSource {
  const encoder = new TextEncoder();
  const contents = new Map(
    Object.entries(files).map(([path, value]) =>
      [path, typeof value === "string" ? encoder.encode(value) : value] as const
    ),
  );
  return {
    name,
    async *list() {
      yield* memoryEntries(contents);
    },
    open(path) {
      const bytes = contents.get(path);
      if (bytes === undefined) return Promise.reject(new Error(`No such file: ${path}`));
      return Promise.resolve({
        size: bytes.length,
        read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
        close: () => Promise.resolve(),
      });
    },
  };
}

function memoryEntries(contents: ReadonlyMap<string, Uint8Array>): FolderEntry[] {
  const folders = new Set<string>();
  for (const path of contents.keys()) {
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join("/"));
  }
  const entries: FolderEntry[] = [...folders].map((path) => ({
    path,
    kind: "folder",
    size: 0,
    modifiedNs: 0n,
  }));
  for (const [path, { length }] of contents) {
    entries.push({ path, kind: "file", size: length, modifiedNs: 0n });
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}
