import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { ByteSink } from "../core/base/mod.ts";

/** Ends the names of files that are being written. */
export const PARTIAL_SUFFIX = ".partial";

/** How many bytes are gathered before the file system is asked to write them. */
const BUFFER_BYTES = 1 << 20;

/** How many bytes may wait for the disk before it is told to take them while more are made. */
const SYNC_BYTES = 16 << 20;

/**
 * Starts a file that appears under its name when it is committed.
 *
 * @example
 * ```ts
 * import { createFile } from "session-process/runtime";
 * import assert from "node:assert/strict";
 * import { mkdtemp, readdir, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 *
 * const folder = await mkdtemp(join(tmpdir(), "example-"));
 * const sink = await createFile(join(folder, "a.bin"));
 * await sink.write(Uint8Array.of(1));
 * assert.deepEqual(await readdir(folder), ["a.bin.partial"]);
 * await sink.commit();
 * assert.deepEqual(await readdir(folder), ["a.bin"]);
 * await rm(folder, { recursive: true });
 * ```
 */
export async function createFile(path: string): Promise<ByteSink> {
  const temporary = `${path}${PARTIAL_SUFFIX}`;
  await rm(temporary, { recursive: true, force: true });
  return new FileSink(path, temporary, await open(temporary, "wx"));
}

class FileSink implements ByteSink {
  readonly #path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #buffered = 0;
  #flushed = 0;
  #closed = false;
  /** Bytes that the disk was told to take, and when it has. */
  #synced = 0;
  #syncing: Promise<void> | undefined;

  constructor(path: string, temporary: string, handle: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  get position(): number {
    return this.#flushed + this.#buffered;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#buffered + bytes.length > BUFFER_BYTES) await this.#flush();
    if (bytes.length > BUFFER_BYTES) {
      await this.#append(bytes);
      return await this.#syncBehind();
    }
    this.#buffer.set(bytes, this.#buffered);
    this.#buffered += bytes.length;
  }

  async writeAt(offset: number, bytes: Uint8Array): Promise<void> {
    if (offset + bytes.length > this.position) {
      throw new RangeError(`Cannot overwrite bytes that were not written: offset is ${offset}`);
    }
    await this.#flush();
    await this.#writeFully(bytes, offset);
  }

  async commit(): Promise<void> {
    await this.#flush();
    await this.#syncing;
    await this.#handle.sync();
    this.#closed = true;
    await this.#handle.close();
    await rename(this.#temporary, this.#path);
    await syncFolder(dirname(this.#path));
  }

  async abort(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled([this.#syncing]);
    await this.#handle.close();
    await rm(this.#temporary, { force: true });
  }

  async #flush(): Promise<void> {
    if (this.#buffered === 0) return;
    await this.#append(this.#buffer.subarray(0, this.#buffered));
    this.#buffered = 0;
    await this.#syncBehind();
  }

  async #append(bytes: Uint8Array): Promise<void> {
    await this.#writeFully(bytes, this.#flushed);
    this.#flushed += bytes.length;
  }

  /** Has the disk take what was written, while the next bytes are made; waits for it when it is behind. */
  async #syncBehind(): Promise<void> {
    if (this.#flushed - this.#synced < SYNC_BYTES) return;
    await this.#syncing;
    this.#synced = this.#flushed;
    this.#syncing = this.#handle.datasync();
    // A failure is thrown where the promise is awaited; until then it is not unhandled.
    this.#syncing.catch(() => {});
  }

  async #writeFully(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#handle.write(
        bytes,
        done,
        bytes.length - done,
        position + done,
      );
      done += bytesWritten;
    }
  }
}

/** Makes a rename durable. Some file systems refuse to sync a folder; the rename is then as safe as they make it. */
async function syncFolder(path: string): Promise<void> {
  try {
    const handle = await open(path, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    return;
  }
}
