import { type ByteSink, NS_PER_SECOND, UsageError } from "../../base/mod.ts";
import {
  avcEntry,
  FragmentedLayout,
  type MovieFacts,
  type MovieLayout,
  type MovieRotation,
  SinkBuffer,
  tickOf,
  WholeLayout,
} from "../../exporters/mod.ts";
import { H264Encoder, type Picture } from "./h264_encoder.ts";
import { pictureParameters, type PictureSize, sequenceParameters } from "./h264_syntax.ts";

/** Options of {@linkcode Mp4Writer}. */
export interface Mp4WriterOptions extends PictureSize {
  /** Ticks per second in which times are written. @default {90000} */
  readonly timescale?: number;
  /** When it was made, ns since 1970 UTC; written to the second. Absent: written as 0, not known. */
  readonly creationUtcNs?: bigint;
  /** Clockwise turn that players are told to make. @default {0} */
  readonly rotation?: MovieRotation;
  /**
   * Where the index stands: behind the media data, before them, or in pieces among them.
   * @default {"end"}
   */
  readonly index?: "end" | "front" | "fragments";
  /** Number of frames to reserve space for when the index stands in front. @default {0} */
  readonly expectedFrames?: number;
  /** Frames of one chunk or fragment. @default {30} */
  readonly framesPerChunk?: number;
  /** Frames from one key picture to the next. @default {900} */
  readonly keyFrameInterval?: number;
  /** How long the last frame is shown. Absent: as long as the one before, or 1/30 s. */
  readonly lastDurationNs?: bigint;
}

/** Seconds from 1904-01-01, where MP4 counts from, to 1970-01-01. */
const MP4_EPOCH_SECONDS = 2_082_844_800n;

/** Largest duration of one frame in ticks. */
const MAX_DURATION = 2 ** 32 - 1;

/** Most bytes of index for a frame: size, run and duration, place in the list of key frames, chunk. */
const INDEX_BYTES_PER_FRAME = 24;

/** Bytes of index that do not depend on the number of frames, rounded up. */
const INDEX_BYTES_FIXED = 2048;

/**
 * Writes an MP4 file (ISO/IEC 14496-12) with one H.264 track, frame by frame as they come.
 *
 * Presentation times are those given, rounded to ticks of the timescale. A first frame later than 0
 * is written with an empty edit, one before 0 with an edit that skips the media before 0.
 * Memory grows by at most about 20 bytes per frame; fragments need none.
 * The sink is left for the caller to commit.
 *
 * @example
 * ```ts
 * import { grayPicture, Mp4Writer } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const written: number[] = [];
 * const sink = {
 *   get position() { return written.length; },
 *   write: async (bytes: Uint8Array) => { written.push(...bytes); },
 *   writeAt: async (at: number, bytes: Uint8Array) => bytes.forEach((b, i) => written[at + i] = b),
 *   commit: async () => {},
 *   abort: async () => {},
 * };
 * const writer = new Mp4Writer(sink, { width: 64, height: 48 });
 * await writer.addFrame(0n, grayPicture({ width: 64, height: 48 }, 128));
 * await writer.addFrame(33_333_333n, "repeat");
 * await writer.finish();
 * assert.equal(String.fromCharCode(...written.slice(4, 8)), "ftyp");
 * ```
 */
export class Mp4Writer {
  readonly #options: Mp4WriterOptions;
  readonly #timescale: number;
  readonly #encoder: H264Encoder;
  readonly #layout: MovieLayout;
  #facts: MovieFacts | undefined;
  #lastTick = 0n;
  #lastDuration: number;
  #finished = false;

  constructor(sink: ByteSink, options: Mp4WriterOptions) {
    this.#options = options;
    this.#timescale = options.timescale ?? 90_000;
    if (!(Number.isInteger(this.#timescale) && this.#timescale >= 1 && this.#timescale < 2 ** 32)) {
      throw new RangeError(`Timescale must be a whole number of ticks: it is ${this.#timescale}`);
    }
    this.#encoder = new H264Encoder(options, options.keyFrameInterval ?? 900);
    this.#layout = createLayout(new SinkBuffer(sink), options, this.#empty());
    this.#lastDuration = Math.max(1, Math.round(this.#timescale / 30));
  }

  /**
   * Adds a frame.
   *
   * @param ptsNs Presentation time in ns from the start of the file; later than that of the frame before.
   * @param picture Grey levels, or `"repeat"` for the picture before.
   */
  async addFrame(ptsNs: bigint, picture: Picture): Promise<void> {
    if (this.#finished) throw new UsageError("Cannot add a frame to a video that is finished");
    const tick = this.#tick(ptsNs);
    if (this.#facts === undefined) await this.#begin(tick);
    else this.#addDuration(tick - this.#lastTick);
    this.#lastTick = tick;
    await this.#layout.addSample(this.#encoder.encode(picture));
  }

  /** Writes the index and hands everything to the sink, which stays open. */
  async finish(): Promise<void> {
    if (this.#finished) throw new UsageError("Cannot finish a video twice");
    this.#finished = true;
    if (this.#facts !== undefined) {
      const { lastDurationNs } = this.#options;
      const last = lastDurationNs === undefined
        ? BigInt(this.#lastDuration)
        : this.#tick(lastDurationNs);
      this.#addDuration(last);
    }
    await this.#layout.finish(this.#facts);
  }

  #tick(ns: bigint): bigint {
    return tickOf(ns, this.#timescale);
  }

  async #begin(firstTick: bigint): Promise<void> {
    this.#facts = {
      ...this.#empty(),
      size: this.#options,
      rotation: this.#options.rotation ?? 0,
      entry: avcEntry(this.#options, {
        sequence: sequenceParameters(this.#options),
        picture: pictureParameters(),
      }),
      firstTick,
    };
    await this.#layout.begin(this.#facts);
  }

  #empty(): Pick<MovieFacts, "timescale" | "creation"> {
    const made = this.#options.creationUtcNs;
    const creation = made === undefined ? 0n : made / NS_PER_SECOND + MP4_EPOCH_SECONDS;
    return { timescale: this.#timescale, creation };
  }

  #addDuration(ticks: bigint): void {
    if (ticks < 0n || ticks > MAX_DURATION) {
      throw new RangeError(
        `A frame must last 0 to ${MAX_DURATION} ticks of 1/${this.#timescale} s: current value is ${ticks}`,
      );
    }
    this.#lastDuration = Number(ticks);
    this.#layout.addDuration(this.#lastDuration);
  }
}

function createLayout(
  out: SinkBuffer,
  { index = "end", expectedFrames = 0, framesPerChunk = 30 }: Mp4WriterOptions,
  empty: Pick<MovieFacts, "timescale" | "creation">,
): MovieLayout {
  if (!(Number.isInteger(framesPerChunk) && framesPerChunk >= 1)) {
    throw new RangeError(
      `A chunk must hold at least one frame: current value is ${framesPerChunk}`,
    );
  }
  if (index === "fragments") return new FragmentedLayout(out, empty, framesPerChunk);
  const reserved = index === "front"
    ? INDEX_BYTES_FIXED + INDEX_BYTES_PER_FRAME * expectedFrames
    : 0;
  return new WholeLayout(out, empty, framesPerChunk, reserved);
}
