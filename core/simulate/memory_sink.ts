import { type ByteSink, type ByteSource, bytesSource, type FolderSink } from "../base/mod.ts";

/**
 * A folder in memory that files can be written to: for small simulations and for tests.
 *
 * @example
 * ```ts
 * import { MemoryFolderSink } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const folder = new MemoryFolderSink();
 * const file = await folder.create("notes/a.txt");
 * await file.write(new TextEncoder().encode("a"));
 * assert.equal(folder.files.size, 0);
 * await file.commit();
 * assert.deepEqual([...folder.files.keys()], ["notes/a.txt"]);
 * ```
 */
export class MemoryFolderSink implements FolderSink {
  /** Contents of the committed files by path. */
  readonly files: Map<string, Uint8Array> = new Map();

  create(path: string): Promise<ByteSink> {
    return Promise.resolve(new MemoryFile((bytes) => this.files.set(path, bytes)));
  }

  open(path: string): Promise<ByteSource | undefined> {
    const bytes = this.files.get(path);
    return Promise.resolve(bytes && bytesSource(bytes));
  }

  remove(path: string): Promise<void> {
    for (const name of this.files.keys()) {
      if (name === path || name.startsWith(`${path}/`)) this.files.delete(name);
    }
    return Promise.resolve();
  }
}

class MemoryFile implements ByteSink {
  readonly #commit: (bytes: Uint8Array) => void;
  #bytes = new Uint8Array(4096);
  #length = 0;

  constructor(commit: (bytes: Uint8Array) => void) {
    this.#commit = commit;
  }

  get position(): number {
    return this.#length;
  }

  write(bytes: Uint8Array): Promise<void> {
    const needed = this.#length + bytes.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = needed;
    return Promise.resolve();
  }

  writeAt(offset: number, bytes: Uint8Array): Promise<void> {
    if (offset < 0 || offset + bytes.length > this.#length) {
      return Promise.reject(
        new RangeError(`Cannot overwrite bytes that were not written: offset is ${offset}`),
      );
    }
    this.#bytes.set(bytes, offset);
    return Promise.resolve();
  }

  commit(): Promise<void> {
    this.#commit(this.#bytes.slice(0, this.#length));
    return Promise.resolve();
  }

  abort(): Promise<void> {
    return Promise.resolve();
  }
}
