import { throwIfCancelled } from "./errors.ts";

/** Random access to the bytes of one file. The only way that core reads data. */
export interface ByteSource {
  /** Size in bytes when it was opened. */
  readonly size: number;
  /**
   * Reads up to `length` bytes from `offset`; fewer only at the end of the file.
   * The bytes may be overwritten by the next read of the same source: copy what you keep.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Releases the file. Reading after it is an error. */
  close(): Promise<void>;
}

/** A file being written. Nothing appears under its name before {@linkcode ByteSink.commit}. */
export interface ByteSink {
  /** Number of bytes appended so far. */
  readonly position: number;
  /** Appends bytes; they are copied or written before the promise settles. */
  write(bytes: Uint8Array): Promise<void>;
  /** Overwrites bytes that were appended before. */
  writeAt(offset: number, bytes: Uint8Array): Promise<void>;
  /** Flushes to disk and gives the file its name, replacing an older one in one step. */
  commit(): Promise<void>;
  /** Deletes what was written. Does nothing after a commit. */
  abort(): Promise<void>;
}

/** Options of {@linkcode readChunks}. */
export interface ReadChunksOptions {
  /** @default {0} */
  readonly from?: number;
  /** @default {262144} */
  readonly chunkSize?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Yields a source from front to back in chunks. Each chunk is valid until the next is asked for.
 *
 * @example
 * ```ts
 * import { bytesSource, readAll, readChunks } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const source = bytesSource(Uint8Array.of(1, 2, 3, 4, 5));
 * const sizes = [];
 * for await (const chunk of readChunks(source, { from: 1, chunkSize: 3 })) sizes.push(chunk.length);
 * assert.deepEqual(sizes, [3, 1]);
 * assert.deepEqual(await readAll(source, 2), Uint8Array.of(1, 2));
 * ```
 */
export async function* readChunks(
  source: ByteSource,
  { from = 0, chunkSize = 1 << 18, signal }: ReadChunksOptions = {},
): AsyncGenerator<Uint8Array> {
  for (let offset = from; offset < source.size;) {
    throwIfCancelled(signal);
    const chunk = await source.read(offset, Math.min(chunkSize, source.size - offset));
    if (chunk.length === 0) return;
    offset += chunk.length;
    yield chunk;
  }
}

/** Reads all bytes of a source into memory of its own; at most `limit` bytes. */
export async function readAll(source: ByteSource, limit: number = Infinity): Promise<Uint8Array> {
  const wanted = Math.min(source.size, limit);
  const bytes = new Uint8Array(wanted);
  let filled = 0;
  while (filled < wanted) {
    const part = await source.read(filled, wanted - filled);
    if (part.length === 0) return bytes.slice(0, filled);
    bytes.set(part, filled);
    filled += part.length;
  }
  return bytes;
}

/** A source over bytes in memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
    close: () => Promise.resolve(),
  };
}
