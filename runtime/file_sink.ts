import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { ByteSink } from "../core/base/mod.ts";

/** Ends the names of files that are being written. */
export const PARTIAL_SUFFIX = ".partial";

/** How many bytes are gathered before the file system is asked to write them. */
const BUFFER_BYTES = 1 << 20;

/** Starts a file that appears under its name when it is committed. */
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
      await this.#writeFully(bytes, this.#flushed);
      this.#flushed += bytes.length;
      return;
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
    await this.#handle.sync();
    this.#closed = true;
    await this.#handle.close();
    await rename(this.#temporary, this.#path);
    await syncFolder(dirname(this.#path));
  }

  async abort(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#handle.close();
    await rm(this.#temporary, { force: true });
  }

  async #flush(): Promise<void> {
    if (this.#buffered === 0) return;
    await this.#writeFully(this.#buffer.subarray(0, this.#buffered), this.#flushed);
    this.#flushed += this.#buffered;
    this.#buffered = 0;
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
