import type { AudioSource } from "../../base/mod.ts";

/** From this many seconds on a gap is jumped over rather than read through. */
const JUMP_SECONDS = 2;

/** Gives pieces of a sound one after the other, each beginning no earlier than the one before, in bounded memory. */
export class WindowReader {
  readonly #audio: AudioSource;
  readonly #signal: AbortSignal | undefined;
  #blocks: AsyncIterator<Float32Array> | undefined;
  /** Samples at hand, and the index of the first. */
  #held = new Float32Array(0);
  #start = 0;
  #ended = false;

  constructor(audio: AudioSource, signal: AbortSignal | undefined) {
    this.#audio = audio;
    this.#signal = signal;
  }

  /** Samples from an index on; fewer at the end, and silence before the beginning. */
  async piece(from: number, count: number): Promise<Float32Array> {
    const first = Math.max(from, 0);
    await this.#seek(first);
    const parts = [this.#held];
    let end = this.#start + this.#held.length;
    while (end < from + count && !this.#ended) {
      const next = await this.#next();
      if (next === undefined) break;
      // What lies before the piece is passed over.
      const skipped = Math.max(0, Math.min(next.length, first - end));
      if (end + next.length <= first) {
        this.#start = end + next.length;
        parts.length = 0;
      } else {
        if (parts.length === 0 || end <= first) this.#start = end + skipped;
        if (end <= first) parts.length = 0;
        parts.push(next.slice(skipped));
      }
      end += next.length;
    }
    this.#held = joined(parts);
    return this.#cut(from, count);
  }

  #cut(from: number, count: number): Float32Array {
    const piece = new Float32Array(Math.max(0, count));
    const begin = Math.max(from, this.#start);
    const end = Math.min(from + count, this.#start + this.#held.length);
    if (end > begin) {
      piece.set(this.#held.subarray(begin - this.#start, end - this.#start), begin - from);
    }
    return piece;
  }

  /** Drops what lies before an index, and begins anew further on where that is cheaper. */
  async #seek(first: number): Promise<void> {
    const end = this.#start + this.#held.length;
    const far = first - end > JUMP_SECONDS * this.#audio.rateHz && this.#audio.seekable;
    if (this.#blocks === undefined || far) {
      await this.close();
      this.#start = this.#audio.seekable ? first : 0;
      this.#held = new Float32Array(0);
      this.#ended = false;
      const blocks = this.#audio.samples({ from: this.#start, signal: this.#signal });
      this.#blocks = blocks[Symbol.asyncIterator]();
      return;
    }
    const dropped = Math.max(0, Math.min(this.#held.length, first - this.#start));
    this.#held = this.#held.slice(dropped);
    this.#start += dropped;
  }

  async #next(): Promise<Float32Array | undefined> {
    const result = await this.#blocks?.next();
    if (result === undefined || result.done === true) {
      this.#ended = true;
      return undefined;
    }
    return result.value;
  }

  /** Whether the end was reached. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Ends the reading. */
  async close(): Promise<void> {
    await this.#blocks?.return?.();
    this.#blocks = undefined;
  }
}

function joined(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
