import type { ByteSource } from "../../base/mod.ts";
import type { Track } from "./track.ts";
import { NO_TABLE, WordCursor } from "./word_cursor.ts";

/** Tells which samples decoding can start at. */
export class SyncCursor {
  readonly #words: WordCursor | undefined;
  /** 1-based number of the next one. */
  #next: number | undefined;

  constructor(source: ByteSource, { tables }: Track) {
    this.#words = tables.stss && new WordCursor(source, tables.stss);
  }

  /** Whether the next sample can be told without loading. */
  get ready(): boolean {
    return this.#words === undefined || this.#next !== undefined;
  }

  async load(): Promise<void> {
    if (this.ready) return;
    this.#next = await this.#words!.load(1) ? this.#words!.u32() : Infinity;
  }

  /** 1 when decoding can start at the sample with this 1-based number, else 0. */
  take(number: number): 0 | 1 {
    if (this.#words === undefined) return 1;
    if (number < this.#next!) return 0;
    const found = number === this.#next;
    this.#next = undefined;
    return found ? 1 : 0;
  }
}

/** Tells where in the file samples lie, from the tables of chunks. */
export class PlaceCursor {
  readonly #offsets: WordCursor;
  readonly #wordsPerOffset: 1 | 2;
  readonly #runs: WordCursor;
  #perChunk = 0;
  /** 1-based number of the chunk from which the next run holds. */
  #nextRunFirst = 1;
  #nextPerChunk = 0;
  #chunk = 0;
  /** Samples left in the chunk. */
  #left = 0;
  #offset = 0;

  constructor(source: ByteSource, { tables }: Track) {
    this.#wordsPerOffset = tables.co64 === undefined ? 1 : 2;
    this.#offsets = new WordCursor(source, tables.co64 ?? tables.stco ?? NO_TABLE);
    this.#runs = new WordCursor(source, tables.stsc ?? NO_TABLE);
  }

  /** Whether the next sample can be placed without loading. */
  get ready(): boolean {
    return this.#left > 0;
  }

  /** Goes to the next chunk that holds samples; where there is none, all others lie nowhere. */
  async load(): Promise<void> {
    while (this.#left === 0) {
      this.#chunk++;
      await this.#advanceRuns();
      if (!(await this.#offsets.load(this.#wordsPerOffset))) {
        this.#offset = Infinity;
        this.#left = Infinity;
        return;
      }
      const high = this.#wordsPerOffset === 2 ? this.#offsets.u32() : 0;
      this.#offset = high * 2 ** 32 + this.#offsets.u32();
      this.#left = this.#perChunk;
    }
  }

  /** Goes on by one sample of `size` bytes and gives the byte behind it. */
  take(size: number): number {
    this.#left--;
    this.#offset += size;
    return this.#offset;
  }

  async #advanceRuns(): Promise<void> {
    while (this.#nextRunFirst <= this.#chunk) {
      this.#perChunk = this.#nextPerChunk;
      if (!(await this.#runs.load(3))) {
        this.#nextRunFirst = Infinity;
        return;
      }
      this.#nextRunFirst = this.#runs.u32();
      this.#nextPerChunk = this.#runs.u32();
      this.#runs.u32(); // sample description
    }
  }
}
