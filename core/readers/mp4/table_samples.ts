import type { ByteSource } from "../../base/mod.ts";
import { PlaceCursor, SyncCursor } from "./place_cursor.ts";
import { emptySample, type Sample, type SampleBlock } from "./sample_block.ts";
import type { Track } from "./track.ts";
import { NO_TABLE, RunCursor, WordCursor } from "./word_cursor.ts";

/** Samples without a size of their own that are believed whatever the size of the file. */
const MIN_BELIEVED = 1 << 20;

/** Reads the samples that the tables of a track list, in decoding order and with bounded memory. */
export class TableSamples {
  /** Samples that the tables announce, as far as that can be believed. */
  readonly count: number;
  readonly #durations: RunCursor;
  readonly #offsets: RunCursor | undefined;
  readonly #sizes: WordCursor | undefined;
  readonly #commonSize: number;
  readonly #syncs: SyncCursor;
  readonly #places: PlaceCursor;
  readonly #sourceSize: number;
  readonly #sample: Sample = emptySample();
  #index = 0;
  #dts = 0;

  constructor(source: ByteSource, track: Track) {
    const { stts = NO_TABLE, ctts, stsz = NO_TABLE } = track.tables;
    this.count = believedCount(source.size, track);
    this.#commonSize = track.commonSize;
    this.#durations = new RunCursor(source, stts);
    this.#offsets = ctts && new RunCursor(source, ctts);
    this.#sizes = track.commonSize > 0 ? undefined : new WordCursor(source, stsz);
    this.#syncs = new SyncCursor(source, track);
    this.#places = new PlaceCursor(source, track);
    this.#sourceSize = source.size;
  }

  /** Samples that were read so far. */
  get index(): number {
    return this.#index;
  }

  /** Decoding time at which the sample after the last begins, in ticks. */
  get endTick(): number {
    return this.#dts;
  }

  /** Appends samples until the block is full or there are no more; tells whether it is full. */
  async fill(block: SampleBlock): Promise<boolean> {
    while (!block.full) {
      if (this.#index >= this.count) return false;
      if (!this.#ready() && !(await this.#load())) return false;
      this.#take();
      block.push(this.#sample, this.#index++);
    }
    return true;
  }

  #ready(): boolean {
    return this.#durations.left > 0 && this.#sizes?.ready(1) !== false && this.#syncs.ready &&
      this.#places.ready && this.#offsets?.left !== 0;
  }

  /** Loads whatever the next sample needs; false when durations or sizes have come to their end. */
  async #load(): Promise<boolean> {
    if (this.#durations.left === 0 && !(await this.#durations.next())) return false;
    if (this.#sizes !== undefined && !(await this.#sizes.load(1))) return false;
    await this.#syncs.load();
    await this.#places.load();
    if (this.#offsets?.left === 0 && !(await this.#offsets.next())) this.#offsets.end();
    return true;
  }

  #take(): void {
    const sample = this.#sample;
    const durations = this.#durations;
    sample.dts = this.#dts;
    // Offsets are signed in version 1; recorders write negative ones in version 0, too.
    sample.pts = this.#dts + (this.#offsets === undefined ? 0 : this.#offsets.value | 0);
    sample.duration = durations.value;
    sample.size = this.#sizes?.u32() ?? this.#commonSize;
    sample.sync = this.#syncs.take(this.#index + 1);
    const end = this.#places.take(sample.size);
    sample.offset = end - sample.size;
    sample.available = end <= this.#sourceSize ? 1 : 0;
    this.#dts += durations.value;
    durations.left--;
    if (this.#offsets !== undefined) this.#offsets.left--;
  }
}

/** Samples of equal size cost no space in the index, so a damaged count must be held against the file. */
function believedCount(fileSize: number, { sampleCount, commonSize }: Track): number {
  if (commonSize === 0) return sampleCount;
  return Math.min(sampleCount, Math.max(MIN_BELIEVED, Math.floor(fileSize / commonSize)));
}
