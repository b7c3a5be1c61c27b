import { emptyMovie, fileType, fragmentedMovie, movie, type MovieFacts } from "./movie_boxes.ts";
import { box, fullBox, type Piece, raw, text, u32, u32Table, u64 } from "./pieces.ts";
import { SampleTable } from "./sample_table.ts";
import type { SinkBuffer } from "./sink_buffer.ts";

/** A picture as it is stored. */
export interface EncodedPicture {
  /** Units with their lengths in front. */
  readonly bytes: Uint8Array;
  /** Decoding can start here. */
  readonly sync: boolean;
}

/** How frames and their index are laid out in the file. */
export interface MovieLayout {
  /** Called before the first frame, when its time is known. */
  begin(facts: MovieFacts): Promise<void>;
  addSample(sample: EncodedPicture): Promise<void>;
  /** Tells how long the sample that was added last is shown. */
  addDuration(ticks: number): void;
  /** Called after the last frame and its duration; `facts` is absent when there was no frame. */
  finish(facts: MovieFacts | undefined): Promise<void>;
}

/** What an index needs that has no track. */
type EmptyFacts = Pick<MovieFacts, "timescale" | "creation">;

/** All media data in one `mdat` and the index behind it, or before it in space that was reserved. */
export class WholeLayout implements MovieLayout {
  readonly #out: SinkBuffer;
  readonly #empty: EmptyFacts;
  readonly #table: SampleTable;
  readonly #reserved: number;
  #ticks = 0n;
  #freeAt = -1;
  #dataAt = -1;

  /** @param reserved Bytes kept free for the index before the media data. */
  constructor(out: SinkBuffer, empty: EmptyFacts, samplesPerChunk: number, reserved: number) {
    this.#out = out;
    this.#empty = empty;
    this.#table = new SampleTable(samplesPerChunk);
    this.#reserved = reserved;
  }

  async begin(): Promise<void> {
    await this.#out.writePiece(fileType());
    if (this.#reserved > 0) {
      this.#freeAt = this.#out.position;
      await this.#out.writePiece(free(this.#reserved));
    }
    this.#dataAt = this.#out.position;
    await this.#out.writePiece(dataHeader(0n));
  }

  async addSample({ bytes, sync }: EncodedPicture): Promise<void> {
    this.#table.addSample(this.#out.position, bytes.length, sync);
    await this.#out.write(bytes);
  }

  addDuration(ticks: number): void {
    this.#table.addDuration(ticks);
    this.#ticks += BigInt(ticks);
  }

  async finish(facts: MovieFacts | undefined): Promise<void> {
    if (facts === undefined) await this.begin();
    const size = BigInt(this.#out.position - this.#dataAt);
    await this.#out.writePieceAt(this.#dataAt, dataHeader(size));
    const index = facts === undefined
      ? emptyMovie(this.#empty)
      : movie(facts, this.#table, this.#ticks);
    await this.#placeIndex(index);
    await this.#out.flush();
  }

  async #placeIndex(index: Piece): Promise<void> {
    const left = this.#reserved - index.size;
    if (left !== 0 && left < 8) return await this.#out.writePiece(index);
    await this.#out.writePieceAt(this.#freeAt, index);
    if (left > 0) await this.#out.writePieceAt(this.#freeAt + index.size, free(left));
  }
}

function free(size: number): Piece {
  return box("free", raw(new Uint8Array(size - 8)));
}

/** Header of `mdat` with a 64-bit size, which can be filled in when the data have been written. */
function dataHeader(size: bigint): Piece {
  const parts = [u32(1), text("mdat"), u64(size)];
  return {
    size: 16,
    *chunks() {
      for (const part of parts) yield* part.chunks();
    },
  };
}

/** A sample that waits for its fragment to be full. */
interface Waiting extends EncodedPicture {
  ticks: number;
}

/** The index first and the media data in fragments, each with its own part of the index. */
export class FragmentedLayout implements MovieLayout {
  readonly #out: SinkBuffer;
  readonly #empty: EmptyFacts;
  readonly #perFragment: number;
  #waiting: Waiting[] = [];
  #sequence = 0;
  #startTick = 0n;

  constructor(out: SinkBuffer, empty: EmptyFacts, perFragment: number) {
    this.#out = out;
    this.#empty = empty;
    this.#perFragment = perFragment;
  }

  async begin(facts: MovieFacts): Promise<void> {
    await this.#out.writePiece(fileType());
    await this.#out.writePiece(fragmentedMovie(facts));
  }

  async addSample({ bytes, sync }: EncodedPicture): Promise<void> {
    if (this.#waiting.length === this.#perFragment) await this.#writeFragment();
    this.#waiting.push({ bytes, sync, ticks: 0 });
  }

  addDuration(ticks: number): void {
    this.#waiting.at(-1)!.ticks = ticks;
  }

  async finish(facts: MovieFacts | undefined): Promise<void> {
    if (facts === undefined) {
      await this.#out.writePiece(fileType());
      await this.#out.writePiece(emptyMovie(this.#empty));
    }
    if (this.#waiting.length > 0) await this.#writeFragment();
    await this.#out.flush();
  }

  async #writeFragment(): Promise<void> {
    const samples = this.#waiting;
    const { size } = this.#header(samples, 0);
    await this.#out.writePiece(this.#header(samples, size + 8));
    await this.#out.writePiece(box("mdat", ...samples.map(({ bytes }) => raw(bytes))));
    this.#startTick = samples.reduce((sum, { ticks }) => sum + BigInt(ticks), this.#startTick);
    this.#sequence++;
    this.#waiting = [];
  }

  #header(samples: readonly Waiting[], dataOffset: number): Piece {
    const rows = u32Table(3 * samples.length, (index) => {
      const { ticks, bytes, sync } = samples[Math.floor(index / 3)]!;
      return [ticks, bytes.length, sync ? DEPENDS_ON_NONE : NON_SYNC][index % 3]!;
    });
    return box(
      "moof",
      fullBox("mfhd", 0, 0, u32(this.#sequence + 1)),
      box(
        "traf",
        fullBox("tfhd", 0, 0x020000, u32(1)), // offsets count from this moof
        fullBox("tfdt", 1, 0, u64(this.#startTick)),
        // Data offset, then duration, size and flags of each sample.
        fullBox("trun", 0, 0x000701, u32(samples.length, dataOffset), rows),
      ),
    );
  }
}

/** Sample flags, 14496-12 8.8.3.1: depends on no other; depends on others and is no sync sample. */
const DEPENDS_ON_NONE = 0x02000000;
const NON_SYNC = 0x01010000;
