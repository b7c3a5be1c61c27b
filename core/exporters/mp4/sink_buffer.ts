import type { ByteSink } from "../../base/mod.ts";
import type { Piece } from "./pieces.ts";

/** Bytes gathered before they are handed to the sink. */
const CAPACITY = 1 << 16;

/** Gathers small writes to a sink into larger ones. */
export class SinkBuffer {
  readonly #sink: ByteSink;
  readonly #pending = new Uint8Array(CAPACITY);
  #filled = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Where in the file the next byte goes. */
  get position(): number {
    return this.#sink.position + this.#filled;
  }

  /** Appends bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#filled + bytes.length > CAPACITY) await this.flush();
    if (bytes.length > CAPACITY) return await this.#sink.write(bytes);
    this.#pending.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** Appends a piece. */
  async writePiece(piece: Piece): Promise<void> {
    for (const chunk of piece.chunks()) await this.write(chunk);
  }

  /** Overwrites bytes that were appended before. */
  async writePieceAt(offset: number, piece: Piece): Promise<void> {
    await this.flush();
    let at = offset;
    for (const chunk of piece.chunks()) {
      await this.#sink.writeAt(at, chunk);
      at += chunk.length;
    }
  }

  /** Hands everything to the sink. */
  async flush(): Promise<void> {
    if (this.#filled > 0) await this.#sink.write(this.#pending.subarray(0, this.#filled));
    this.#filled = 0;
  }
}
