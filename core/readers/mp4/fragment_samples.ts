import type { ByteSource } from "../../base/mod.ts";
import { type Box, type ReportBox, walkBoxes } from "./boxes.ts";
import { ByteWindow } from "./byte_window.ts";
import {
  type FragmentHeader,
  readDecodeTime,
  readFragmentHeader,
  readRunHeader,
  type RunHeader,
} from "./fragment_boxes.ts";
import { emptySample, type Sample, type SampleBlock } from "./sample_block.ts";
import type { Movie, Track } from "./track.ts";
import { WordCursor } from "./word_cursor.ts";

/** Bytes read at a time: enough for most headers of a fragment and the box behind. */
const HEADER_BLOCK = 1 << 12;

/** Sample flag that says decoding cannot start here, 14496-12 8.8.3.1. */
const NON_SYNC = 0x10000;

/** Samples of a run that takes no space in the file which are believed. */
const MAX_BARE_RUN = 1 << 16;

/** Where reading starts: behind the samples that the tables list. */
export interface FragmentStart {
  readonly index: number;
  readonly tick: number;
}

/** Reads the samples of a track that stand in fragments, in file order and with bounded memory. */
export class FragmentSamples {
  readonly #source: ByteSource;
  readonly #movie: Movie;
  readonly #track: Track;
  readonly #report: ReportBox;
  readonly #block: SampleBlock;
  readonly #sample: Sample = emptySample();
  #index: number;
  #dts: number;
  /** Byte behind the last sample of the run before. */
  #dataEnd = 0;

  /** @param block Filled, handed out and emptied over and over; may hold samples at first. */
  constructor(
    source: ByteSource,
    movie: Movie,
    track: Track,
    report: ReportBox,
    block: SampleBlock,
    start: FragmentStart,
  ) {
    this.#source = source;
    this.#movie = movie;
    this.#track = track;
    this.#report = report;
    this.#block = block;
    this.#index = start.index;
    this.#dts = start.tick;
  }

  /** Hands out the block whenever it is full, and at the end what is left. */
  async *blocks(): AsyncGenerator<SampleBlock> {
    const { size } = this.#source;
    const window = new ByteWindow(this.#source, size, HEADER_BLOCK);
    for await (const box of walkBoxes(window, 0, size, this.#report)) {
      if (box.type !== "moof") continue;
      if (box.cut) this.#report("moof", "it goes on behind the end of the file", box.start);
      yield* this.#fragment(window, box);
    }
    if (this.#block.length > 0) yield this.#block;
  }

  async *#fragment(window: ByteWindow, moof: Box): AsyncGenerator<SampleBlock> {
    for await (const box of walkBoxes(window, moof.body, moof.end, this.#report)) {
      if (box.type === "traf") yield* this.#trackFragment(window, box, moof.start);
    }
  }

  async *#trackFragment(window: ByteWindow, traf: Box, start: number): AsyncGenerator<SampleBlock> {
    let header: FragmentHeader | undefined;
    for await (const box of walkBoxes(window, traf.body, traf.end, this.#report)) {
      try {
        if (box.type === "tfhd") {
          header = this.#header(
            await window.view(box.body, Math.min(64, box.end - box.body)),
            start,
          );
          if (header.trackId !== this.#track.id) return;
        } else if (box.type === "tfdt") {
          this.#startAt(readDecodeTime(await window.view(box.body, 12)), box);
        } else if (box.type === "trun" && header !== undefined) {
          yield* this.#run(window, header, await readRunHeader(window, box), box);
        }
      } catch (thrown) {
        if (!(thrown instanceof RangeError)) throw thrown;
        this.#report(box.type, "contents are cut off or damaged", box.start);
      }
    }
  }

  #header(view: DataView, start: number): FragmentHeader {
    const none = { duration: 0, size: 0, flags: 0 };
    const header = readFragmentHeader(view, start, (id) => this.#movie.defaults.get(id) ?? none);
    this.#dataEnd = header.base;
    return header;
  }

  #startAt(tick: number, box: Box): void {
    if (tick < this.#dts && this.#index > 0) {
      this.#report("tfdt", `it goes back from tick ${this.#dts} to ${tick}`, box.start);
    }
    this.#dts = tick;
  }

  async *#run(
    window: ByteWindow,
    header: FragmentHeader,
    run: RunHeader,
    box: Box,
  ): AsyncGenerator<SampleBlock> {
    const count = this.#believedCount(run, box);
    const place = { offset: run.body, words: run.words * count };
    const words = new WordCursor(window, place);
    if (run.dataOffset !== undefined) this.#dataEnd = header.base + run.dataOffset;
    for (let nth = 0; nth < count; nth++) {
      if (!words.ready(run.words) && !(await words.load(run.words))) return;
      this.#take(header, run, words, nth);
      this.#block.push(this.#sample, this.#index++);
      if (!this.#block.full) continue;
      yield this.#block;
      this.#block.length = 0;
    }
  }

  #believedCount({ count, words, body }: RunHeader, box: Box): number {
    const room = words === 0
      ? MAX_BARE_RUN
      : Math.max(0, Math.floor((box.end - body) / (4 * words)));
    if (count <= room) return count;
    this.#report("trun", `it announces ${count} samples but has room for ${room}`, box.start);
    return room;
  }

  #take({ defaults }: FragmentHeader, run: RunHeader, words: WordCursor, nth: number): void {
    const sample = this.#sample;
    sample.duration = run.hasDuration ? words.u32() : defaults.duration;
    sample.size = run.hasSize ? words.u32() : defaults.size;
    const own = run.hasFlags ? words.u32() : defaults.flags;
    const flags = nth === 0 ? run.firstFlags ?? own : own;
    sample.dts = this.#dts;
    sample.pts = this.#dts + (run.hasOffset ? words.u32() | 0 : 0);
    sample.sync = flags & NON_SYNC ? 0 : 1;
    this.#dts += sample.duration;
    sample.offset = this.#dataEnd;
    this.#dataEnd += sample.size;
    sample.available = this.#dataEnd <= this.#source.size ? 1 : 0;
  }
}
