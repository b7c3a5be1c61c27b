import { type FileHandle, open } from "node:fs/promises";
import type { ByteSource } from "../core/base/mod.ts";

/** Opens a file of the file system for random access. Its buffer is reused from read to read. */
export async function openFile(path: string): Promise<ByteSource> {
  const handle = await open(path, "r");
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error(`Not a regular file: ${path}`);
    return new FileSource(handle, stats.size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A read that was begun before it was asked for. */
interface ReadAhead {
  readonly offset: number;
  readonly length: number;
  readonly bytes: Promise<Uint8Array>;
}

/**
 * A file with two buffers: while the caller works on what was read from one, the next part of a file that is read
 * from front to back is already read into the other.
 */
class FileSource implements ByteSource {
  readonly size: number;
  readonly #handle: FileHandle;
  #spare = new Uint8Array(0);
  #current = new Uint8Array(0);
  #ahead: ReadAhead | undefined;
  #expected = 0;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const isExpected = ahead?.offset === offset && ahead.length === length;
    if (!isExpected) await ahead?.bytes.catch(() => {});
    const bytes = await (isExpected ? ahead.bytes : this.#fill(offset, length));
    if (offset === this.#expected) this.#readAhead(offset + length, length);
    this.#expected = offset + length;
    return bytes;
  }

  async close(): Promise<void> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    await ahead?.bytes.catch(() => {});
    await this.#handle.close();
  }

  #readAhead(offset: number, wanted: number): void {
    const length = Math.min(wanted, this.size - offset);
    if (length <= 0) return;
    const bytes = this.#fill(offset, length);
    // A failure is told to whoever asks for these bytes, and to nobody else.
    bytes.catch(() => {});
    this.#ahead = { offset, length, bytes };
  }

  async #fill(offset: number, length: number): Promise<Uint8Array> {
    [this.#current, this.#spare] = [this.#spare, this.#current];
    if (this.#current.length < length) this.#current = new Uint8Array(length);
    const buffer = this.#current;
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#handle.read(
        buffer,
        filled,
        length - filled,
        offset + filled,
      );
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }
}
