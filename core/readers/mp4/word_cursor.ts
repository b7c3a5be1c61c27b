import type { ByteSource } from "../../base/mod.ts";

/** Words read at a time. */
const BLOCK_WORDS = 1 << 14;

/** Where a table of 32-bit words stands in the file. */
export interface TablePlace {
  /** Byte of the first word. */
  readonly offset: number;
  readonly words: number;
}

/** A table that is not there. */
export const NO_TABLE: TablePlace = { offset: 0, words: 0 };

/** Where the bytes of tables come from. */
export type ByteReader = Pick<ByteSource, "read">;

/** Reads big-endian 32-bit words of a table from front to back with bounded memory. */
export class WordCursor {
  readonly #source: ByteReader;
  readonly #place: TablePlace;
  #view = new DataView(new ArrayBuffer(0));
  /** Byte within the view. */
  #at = 0;
  /** Words that were loaded, including those of the view. */
  #loaded = 0;

  constructor(source: ByteReader, place: TablePlace) {
    this.#source = source;
    this.#place = place;
  }

  /** Whether `words` words can be taken without loading. */
  ready(words: number): boolean {
    return this.#at + 4 * words <= this.#view.byteLength;
  }

  /** Loads what follows and tells whether `words` words can be taken. */
  async load(words: number): Promise<boolean> {
    if (this.ready(words)) return true;
    const first = this.#loaded - (this.#view.byteLength - this.#at) / 4;
    const wanted = Math.min(BLOCK_WORDS, this.#place.words - first);
    if (wanted < words) return false;
    const bytes = await this.#source.read(this.#place.offset + 4 * first, 4 * wanted);
    const whole = bytes.length - (bytes.length % 4);
    this.#view = new DataView(bytes.slice(0, whole).buffer);
    this.#at = 0;
    this.#loaded = first + whole / 4;
    return this.ready(words);
  }

  /** Takes the next word as unsigned number. Only when {@linkcode WordCursor.ready}. */
  u32(): number {
    const value = this.#view.getUint32(this.#at);
    this.#at += 4;
    return value;
  }
}

/** Reads a table of run lengths and values. */
export class RunCursor {
  readonly #words: WordCursor;
  /** How often the value still holds. */
  left = 0;
  /** Value of the run, as unsigned number. */
  value = 0;

  constructor(source: ByteReader, place: TablePlace) {
    this.#words = new WordCursor(source, place);
  }

  /** Lets zero hold for all that follows. */
  end(): void {
    this.left = Infinity;
    this.value = 0;
  }

  /** Goes to the next run that is not empty. False at the end of the table. */
  async next(): Promise<boolean> {
    do {
      if (!this.#words.ready(2) && !(await this.#words.load(2))) return false;
      this.left = this.#words.u32();
      this.value = this.#words.u32();
    } while (this.left === 0);
    return true;
  }
}
