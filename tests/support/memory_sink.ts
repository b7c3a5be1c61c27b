import type { ByteSink } from "../../core/base/mod.ts";

/** A sink that keeps what is written in memory. */
export class MemorySink implements ByteSink {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  state: "open" | "committed" | "aborted" = "open";

  get position(): number {
    return this.#length;
  }

  /** What was written so far. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  write(bytes: Uint8Array): Promise<void> {
    this.#reserve(this.#length + bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return Promise.resolve();
  }

  writeAt(offset: number, bytes: Uint8Array): Promise<void> {
    if (offset + bytes.length > this.#length) {
      return Promise.reject(new RangeError(`Cannot overwrite beyond the end: ${offset}`));
    }
    this.#bytes.set(bytes, offset);
    return Promise.resolve();
  }

  commit(): Promise<void> {
    this.state = "committed";
    return Promise.resolve();
  }

  abort(): Promise<void> {
    this.state = "aborted";
    return Promise.resolve();
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
