import {
  type ByteSink,
  type CodedUnit,
  type ColorMatrix,
  type PictureEncoder,
  type PictureEncoding,
  pictureLayout,
  UsageError,
} from "../../base/mod.ts";
import { fromAnnexB } from "./annex_b.ts";
import { WholeLayout } from "./layouts.ts";
import { type AvcConfiguration, avcEntry, type MovieSize } from "./movie_boxes.ts";
import { SinkBuffer } from "./sink_buffer.ts";
import { tickOf } from "./ticks.ts";

/** Options of {@linkcode createClip}. */
export interface CreateClipOptions extends MovieSize {
  readonly encoder: PictureEncoder;
  /** Ticks per second in which times are written: those of the recording keep them exactly. @default {1000000} */
  readonly timescale?: number | undefined;
  /** How luma and chroma make colours; of limited range. @default {"bt709"} */
  readonly matrix?: ColorMatrix | undefined;
  /** Frames per second, by which bits are shared out; frames have their own times. @default {30} */
  readonly nominalFps?: number | undefined;
  /** Bits per second. @default 4 for each pixel of a second, as far as 8 million */
  readonly bitsPerSecond?: number | undefined;
}

/** Bits per pixel and second, and most bits per second, unless told otherwise. */
const BITS_PER_PIXEL = 4;
const MAX_BITS = 8_000_000;

/** Longest time that a frame can be shown, in ticks. */
const MAX_TICKS = 2n ** 32n - 1n;

/** Frames of one chunk. */
const FRAMES_PER_CHUNK = 30;

/**
 * Starts a short MP4 file of H.264 for looking at: a preview, or what was cut out of a recording.
 *
 * Gives a sentence when the encoder cannot be started. Sizes are made even by doubling the last column or row. Memory
 * grows by at most about 20 bytes per frame. The sink is left for the caller to commit.
 *
 * @example
 * ```ts
 * import { type ClipWriter, createClip } from "session-process";
 * import { embeddedEncoder } from "session-process/video";
 * import assert from "node:assert/strict";
 *
 * const encoder = await embeddedEncoder();
 * if (typeof encoder !== "string") {
 *   const written: number[] = [];
 *   const sink = {
 *     get position() { return written.length; },
 *     write: async (bytes: Uint8Array) => { written.push(...bytes); },
 *     writeAt: async (at: number, bytes: Uint8Array) => bytes.forEach((b, i) => written[at + i] = b),
 *     commit: async () => {},
 *     abort: async () => {},
 *   };
 *   const clip: ClipWriter | string = createClip(sink, { width: 32, height: 16, encoder });
 *   assert.ok(typeof clip !== "string");
 *   await clip.add(0n, new Uint8Array(32 * 16 * 3 / 2).fill(128));
 *   await clip.add(40_000_000n, new Uint8Array(32 * 16 * 3 / 2).fill(90));
 *   await clip.finish();
 *   assert.equal(String.fromCharCode(...written.slice(4, 8)), "ftyp");
 * }
 * ```
 */
export function createClip(sink: ByteSink, options: CreateClipOptions): ClipWriter | string {
  const { width, height, timescale = 1_000_000, nominalFps = 30, matrix = "bt709" } = options;
  if (!(Number.isInteger(timescale) && timescale >= 1 && timescale < 2 ** 32)) {
    throw new RangeError(`Timescale must be a whole number of ticks: it is ${timescale}`);
  }
  const { bitsPerSecond = Math.min(MAX_BITS, BITS_PER_PIXEL * width * height) } = options;
  const even = { width: width + width % 2, height: height + height % 2 };
  const encoding = options.encoder.open({
    ...even,
    framesPerSecond: nominalFps > 0 ? nominalFps : 30,
    bitsPerSecond,
  });
  if (typeof encoding === "string") return encoding;
  return new ClipWriter(sink, encoding, { width, height, timescale, matrix });
}

/** What does not change from frame to frame. */
interface ClipFacts extends MovieSize {
  readonly timescale: number;
  readonly matrix: ColorMatrix;
}

/** A clip that is being written. */
export class ClipWriter {
  readonly #encoding: PictureEncoding;
  readonly #size: MovieSize;
  readonly #even: MovieSize;
  readonly #matrix: ColorMatrix;
  readonly #timescale: number;
  readonly #layout: WholeLayout;
  /** Times of frames that the encoder has not given yet, by number. */
  readonly #ticks = new Map<number, bigint>();
  #configuration: AvcConfiguration | undefined;
  #firstTick = 0n;
  #lastTick: bigint | undefined;
  #lastDuration: bigint;
  #count = 0;
  #addedTick: bigint | undefined;
  #finished = false;

  /** @param encoding Works at the size made even. */
  constructor(
    sink: ByteSink,
    encoding: PictureEncoding,
    { timescale, matrix, ...size }: ClipFacts,
  ) {
    this.#encoding = encoding;
    this.#size = size;
    this.#matrix = matrix;
    this.#even = { width: size.width + size.width % 2, height: size.height + size.height % 2 };
    this.#timescale = timescale;
    this.#lastDuration = BigInt(Math.max(1, Math.round(timescale / 30)));
    const empty = { timescale, creation: 0n };
    this.#layout = new WholeLayout(new SinkBuffer(sink), empty, FRAMES_PER_CHUNK, 0);
  }

  /**
   * Adds a frame.
   *
   * @param timeNs When it is shown; at least a tick later than the one before, and no later than 2^32 ticks after it.
   * @param picture Its planes as `I420` without gaps.
   */
  async add(timeNs: bigint, picture: Uint8Array): Promise<void> {
    if (this.#finished) throw new UsageError("Cannot add a frame to a clip that is finished");
    const { byteLength } = pictureLayout("I420", this.#size.width, this.#size.height);
    if (picture.length !== byteLength) {
      throw new RangeError(`Frame must have ${byteLength} bytes: it has ${picture.length}`);
    }
    const tick = tickOf(timeNs, this.#timescale);
    const step = tick - (this.#addedTick ?? tick - 1n);
    if (step < 1n || step > MAX_TICKS) {
      throw new RangeError(
        `Frames must be 1 to ${MAX_TICKS} ticks apart: current value is ${step}`,
      );
    }
    this.#addedTick = tick;
    const number = this.#count++;
    this.#ticks.set(number, tick);
    const even = evenPicture(picture, this.#size, this.#even);
    await this.#store(await this.#encoding.encode(even, number, number === 0));
  }

  /** Writes the index and hands everything to the sink, which stays open. */
  async finish(): Promise<void> {
    if (this.#finished) throw new UsageError("Cannot finish a clip twice");
    this.#finished = true;
    try {
      await this.#store(await this.#encoding.flush());
    } finally {
      this.#encoding.close();
    }
    if (this.#configuration === undefined) return await this.#layout.finish(undefined);
    this.#layout.addDuration(Number(this.#lastDuration));
    await this.#layout.finish({
      size: this.#even,
      timescale: this.#timescale,
      rotation: 0,
      creation: 0n,
      entry: avcEntry(this.#even, this.#configuration, this.#matrix),
      firstTick: this.#firstTick,
    });
  }

  /** Lets go of the encoder without finishing. */
  close(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#encoding.close();
  }

  async #store(units: readonly CodedUnit[]): Promise<void> {
    for (const { number, key, data } of units) {
      const { bytes, configuration } = fromAnnexB(data);
      if (this.#configuration === undefined) {
        // Before its parameters nothing can be decoded.
        if (configuration === undefined) continue;
        this.#configuration = configuration;
        await this.#layout.begin();
      }
      const tick = this.#ticks.get(number);
      if (tick === undefined) continue;
      this.#ticks.delete(number);
      if (this.#lastTick === undefined) this.#firstTick = tick;
      else {
        this.#lastDuration = tick - this.#lastTick;
        this.#layout.addDuration(Number(this.#lastDuration));
      }
      this.#lastTick = tick;
      await this.#layout.addSample({ bytes, sync: key });
    }
  }
}

/** A picture whose odd sizes are made even; chroma of odd sizes is there already. */
function evenPicture(picture: Uint8Array, from: MovieSize, to: MovieSize): Uint8Array {
  if (from.width === to.width && from.height === to.height) return picture;
  const luma = from.width * from.height;
  const out = new Uint8Array(to.width * to.height + picture.length - luma);
  for (let y = 0; y < to.height; y++) {
    const row = Math.min(y, from.height - 1) * from.width;
    out.set(picture.subarray(row, row + from.width), y * to.width);
    if (to.width > from.width) out[y * to.width + from.width] = picture[row + from.width - 1]!;
  }
  out.set(picture.subarray(luma), to.width * to.height);
  return out;
}
