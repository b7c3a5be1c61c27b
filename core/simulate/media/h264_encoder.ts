import { UsageError } from "../../base/mod.ts";
import type { EncodedPicture } from "../../exporters/mod.ts";
import { BitWriter } from "./bit_writer.ts";
import { FRAME_NUM_BITS, NAL, nalUnit, type PictureSize } from "./h264_syntax.ts";

/** `mb_type` of I_PCM in an I slice; in a P slice it follows the five inter types. Tables 7-11, 7-13. */
const I_PCM = 25;
const I_PCM_IN_P = 30;

/** A picture to encode: grey levels row by row, or the one before once more. */
export type Picture = { readonly luma: Uint8Array } | "repeat";

/**
 * Encodes small grey pictures without loss as H.264 Constrained Baseline (ITU-T H.264).
 *
 * A key picture holds every macroblock as I_PCM. Others hold only the macroblocks that changed and
 * skip the rest, so that an unchanged picture takes nine bytes.
 */
export class H264Encoder {
  readonly #size: PictureSize;
  readonly #interval: number;
  readonly #columns: number;
  readonly #rows: number;
  /** Picture before, padded to whole macroblocks. */
  readonly #luma: Uint8Array;
  readonly #repeats: (Uint8Array | undefined)[] = [];
  #sinceKey = -1;
  #keyCount = 0;

  /**
   * @param size Even width and height in pixels.
   * @param keyFrameInterval Pictures from one key picture to the next.
   */
  constructor(size: PictureSize, keyFrameInterval: number) {
    for (const length of [size.width, size.height]) {
      if (!(Number.isInteger(length) && length >= 2 && length % 2 === 0)) {
        throw new RangeError(
          `Cannot encode a picture with odd sides: current size is ${size.width} x ${size.height}`,
        );
      }
    }
    if (!(keyFrameInterval >= 1)) {
      throw new RangeError(`Key frame interval must be at least 1: it is ${keyFrameInterval}`);
    }
    this.#size = size;
    this.#interval = keyFrameInterval;
    this.#columns = Math.ceil(size.width / 16);
    this.#rows = Math.ceil(size.height / 16);
    this.#luma = new Uint8Array(256 * this.#columns * this.#rows);
  }

  /** Encodes the next picture. */
  encode(picture: Picture): EncodedPicture {
    const first = this.#sinceKey < 0;
    if (first && picture === "repeat") {
      throw new UsageError("Cannot repeat a picture before the first", "Give the first as luma");
    }
    const changed = picture === "repeat" ? [] : this.#update(picture.luma);
    if (first || this.#sinceKey + 1 >= this.#interval) return this.#encodeKey();
    this.#sinceKey++;
    const frameNum = this.#sinceKey % (1 << FRAME_NUM_BITS);
    if (changed.length > 0) return { bytes: this.#encodeChanges(frameNum, changed), sync: false };
    const bytes = this.#repeats[frameNum] ??= this.#encodeChanges(frameNum, []);
    return { bytes, sync: false };
  }

  /** Takes over a picture and tells which macroblocks changed, in raster order. */
  #update(luma: Uint8Array): number[] {
    const { width, height } = this.#size;
    if (luma.length !== width * height) {
      throw new RangeError(`Picture must have ${width * height} values: it has ${luma.length}`);
    }
    const changed: number[] = [];
    for (let index = 0; index < this.#columns * this.#rows; index++) {
      if (this.#updateBlock(index, luma)) changed.push(index);
    }
    return changed;
  }

  #updateBlock(index: number, luma: Uint8Array): boolean {
    const { width, height } = this.#size;
    const left = 16 * (index % this.#columns);
    const top = 16 * Math.floor(index / this.#columns);
    const block = this.#block(index);
    let changed = false;
    for (let offset = 0; offset < 256; offset++) {
      const x = Math.min(left + (offset & 15), width - 1);
      const y = Math.min(top + (offset >> 4), height - 1);
      const value = luma[y * width + x]!;
      changed ||= block[offset] !== value;
      block[offset] = value;
    }
    return changed;
  }

  #block(index: number): Uint8Array {
    return this.#luma.subarray(256 * index, 256 * index + 256);
  }

  #encodeKey(): EncodedPicture {
    const writer = new BitWriter(400 * this.#columns * this.#rows);
    writer.ue(0); // first_mb_in_slice
    writer.ue(7); // slice_type: all slices of the picture are I
    writer.ue(0); // pic_parameter_set_id
    writer.bits(0, FRAME_NUM_BITS);
    writer.ue(this.#keyCount++ % 2); // idr_pic_id: neighbours must differ
    writer.bits(0, 2); // no_output_of_prior_pics_flag, long_term_reference_flag
    writeFilter(writer);
    for (let index = 0; index < this.#columns * this.#rows; index++) {
      writeBlock(writer, I_PCM, this.#block(index));
    }
    writer.trailing();
    this.#sinceKey = 0;
    return { bytes: withLength(nalUnit(NAL.idrSlice, 3, writer.bytes())), sync: true };
  }

  #encodeChanges(frameNum: number, changed: readonly number[]): Uint8Array {
    const writer = new BitWriter(64 + 400 * changed.length);
    writer.ue(0); // first_mb_in_slice
    writer.ue(5); // slice_type: all slices of the picture are P
    writer.ue(0); // pic_parameter_set_id
    writer.bits(frameNum, FRAME_NUM_BITS);
    writer.bits(0, 3); // no list override, no list modification, sliding window
    writeFilter(writer);
    let next = 0;
    for (const index of changed) {
      writer.ue(index - next); // mb_skip_run
      writeBlock(writer, I_PCM_IN_P, this.#block(index));
      next = index + 1;
    }
    const rest = this.#columns * this.#rows - next;
    if (rest > 0) writer.ue(rest);
    writer.trailing();
    return withLength(nalUnit(NAL.slice, 2, writer.bytes()));
  }
}

/** `slice_qp_delta` 0 and no deblocking, which would blur what I_PCM keeps exact. */
function writeFilter(writer: BitWriter): void {
  writer.se(0);
  writer.ue(1); // disable_deblocking_filter_idc
}

/** Both chroma planes of a grey macroblock. */
const GREY = new Uint8Array(128).fill(128);

function writeBlock(writer: BitWriter, type: number, luma: Uint8Array): void {
  writer.ue(type);
  writer.align();
  writer.append(luma);
  writer.append(GREY);
}

function withLength(unit: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + unit.length);
  new DataView(bytes.buffer).setUint32(0, unit.length);
  bytes.set(unit, 4);
  return bytes;
}
