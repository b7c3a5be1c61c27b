import type { ByteSource } from "../../base/mod.ts";

/** A stretch of a file that is read in blocks of its own, so that small reads near each other are cheap. */
export class ByteWindow {
  readonly #source: ByteSource;
  readonly #blockSize: number;
  readonly #end: number;
  #start = 0;
  #block = new Uint8Array();

  /** @param end First byte that is not to be read. @param blockSize Bytes to read at a time. */
  constructor(source: ByteSource, end: number, blockSize: number) {
    this.#source = source;
    this.#end = Math.min(end, source.size);
    this.#blockSize = blockSize;
  }

  /** A view of `length` bytes from `offset`, or of fewer at the end. Valid until the next one. */
  async view(offset: number, length: number): Promise<DataView> {
    const wanted = Math.max(0, Math.min(length, this.#end - offset));
    if (offset < this.#start || offset + wanted > this.#start + this.#block.length) {
      await this.#load(offset, wanted);
    }
    const from = offset - this.#start;
    const { buffer, byteOffset, length: held } = this.#block;
    return new DataView(buffer, byteOffset + from, Math.min(wanted, held - from));
  }

  /** The bytes of a {@linkcode ByteWindow.view}. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const { buffer, byteOffset, byteLength } = await this.view(offset, length);
    return new Uint8Array(buffer, byteOffset, byteLength);
  }

  async #load(offset: number, wanted: number): Promise<void> {
    const length = Math.min(Math.max(wanted, this.#blockSize), this.#end - offset);
    this.#block = (await this.#source.read(offset, Math.max(0, length))).slice();
    this.#start = offset;
  }
}
