import { joinBytes } from "./layout.ts";
import type { MatPart } from "./plan.ts";

/** Pieces smaller than this are gathered before they are handed on. */
const BLOCK_BYTES = 1 << 16;

/** Hands on many small pieces as few larger ones. */
class Gatherer {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  /** @param write Takes the bytes before its promise settles. */
  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  /** Adds a piece; it is copied or handed on before the promise settles. */
  async add(piece: Uint8Array): Promise<void> {
    if (this.#bytes + piece.length > BLOCK_BYTES) await this.flush();
    if (piece.length > BLOCK_BYTES) return await this.#write(piece);
    this.#pieces.push(piece.slice());
    this.#bytes += piece.length;
  }

  /** Hands on what is left. */
  async flush(): Promise<void> {
    if (this.#bytes === 0) return;
    const block = joinBytes(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    await this.#write(block);
  }
}

/** Writes parts in order, streams as they come. */
export async function writeParts(
  parts: readonly MatPart[],
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const gatherer = new Gatherer(write);
  for (const part of parts) {
    if (part instanceof Uint8Array) await gatherer.add(part);
    else for await (const chunk of part.chunks()) await gatherer.add(chunk);
  }
  await gatherer.flush();
}

/** A transform of bytes, such as a `CompressionStream`. */
export interface ByteTransform {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<BufferSource>;
}

/** Sends parts through a transform and writes what comes out. Both ends stop when one fails. */
export async function writeTransformed(
  parts: readonly MatPart[],
  { readable, writable }: ByteTransform,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  await Promise.all([feed(parts, writable), drain(readable, write)]);
}

async function feed(
  parts: readonly MatPart[],
  writable: WritableStream<BufferSource>,
): Promise<void> {
  const writer = writable.getWriter();
  try {
    await writeParts(parts, (bytes) => writer.write(bytes as Uint8Array<ArrayBuffer>));
    await writer.close();
  } catch (reason) {
    await writer.abort(reason).catch(() => {});
    throw reason;
  }
}

async function drain(
  readable: ReadableStream<Uint8Array>,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      await write(value);
    }
  } catch (reason) {
    await reader.cancel(reason).catch(() => {});
    throw reason;
  }
}
