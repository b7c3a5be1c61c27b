import { BitReader } from "./bit_reader.ts";

/** What the sequence parameters of H.264 say, as far as it is used. */
export interface SequenceParameters {
  /** Colours; undefined where they are left away. */
  readonly color: SignalledColor | undefined;
  /** Pictures that others may be made of. */
  readonly references: number;
  /** Bit of the flag that says whether usability information follows, and whether it does. */
  readonly usabilityAt: number;
  readonly hasUsability: boolean;
  /** Bit of the flag that says whether limits on the order of pictures follow, and whether they do. */
  readonly limitsAt: number;
  readonly hasLimits: boolean;
}

/** What is signalled of colours. */
export interface SignalledColor {
  readonly fullRange: boolean;
  /** Matrix coefficients of ITU-T H.273; undefined where they are left away. */
  readonly matrix: number | undefined;
}

/** Profiles whose parameters tell chroma, depth and scaling, ITU-T H.264 7.3.2.1.1. */
const HIGH_PROFILES: readonly number[] = [
  ...[100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135],
];

/** Number of an aspect ratio that is written out. */
const EXTENDED_RATIO = 255;

/** Bytes of an `avcC` box before its first parameters, and before those a header of one byte. */
const BEFORE_UNIT = 8;

/** The first sequence parameters of an `avcC` box without header and escapes; undefined when there are none. */
export function firstSequence(avcC: Uint8Array): Uint8Array | undefined {
  const length = ((avcC[6] ?? 0) << 8) | (avcC[7] ?? 0);
  if (((avcC[5] ?? 0) & 0x1f) === 0 || length < 4 || BEFORE_UNIT + length > avcC.length) {
    return undefined;
  }
  return withoutEscapes(avcC.subarray(BEFORE_UNIT + 1, BEFORE_UNIT + length));
}

/** Reads sequence parameters, ITU-T H.264 7.3.2.1.1; undefined when they are damaged. */
export function readSequence(bytes: Uint8Array): SequenceParameters | undefined {
  try {
    return readParameters(new BitReader(bytes));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Takes out the bytes that keep start codes from appearing, 7.4.1. */
function withoutEscapes(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, at) => !(byte === 3 && bytes[at - 1] === 0 && bytes[at - 2] === 0));
}

function readParameters(bits: BitReader): SequenceParameters {
  const profile = bits.u(8);
  bits.u(16); // constraints, level
  bits.ue(); // seq_parameter_set_id
  if (HIGH_PROFILES.includes(profile)) skipSampling(bits);
  bits.ue(); // log2_max_frame_num_minus4
  skipOrder(bits);
  const references = bits.ue();
  bits.u(1); // gaps_in_frame_num_value_allowed_flag
  bits.ue(); // width
  bits.ue(); // height
  if (!bits.flag()) bits.u(1); // frame_mbs_only_flag, mb_adaptive_frame_field_flag
  bits.u(1); // direct_8x8_inference_flag
  if (bits.flag()) { for (let side = 0; side < 4; side++) bits.ue(); // cropping
   }
  const usabilityAt = bits.position;
  const hasUsability = bits.flag();
  const color = hasUsability ? readUsability(bits) : undefined;
  const limitsAt = bits.position;
  const hasLimits = hasUsability && bits.flag();
  return { color, references, usabilityAt, hasUsability, limitsAt, hasLimits };
}

/** Video usability information up to the limits, E.1.1; gives its colours. */
function readUsability(bits: BitReader): SignalledColor | undefined {
  if (bits.flag() && bits.u(8) === EXTENDED_RATIO) bits.u(32);
  if (bits.flag()) bits.u(1); // overscan
  const color = bits.flag() ? readColor(bits) : undefined;
  if (bits.flag()) { for (let field = 0; field < 2; field++) bits.ue(); // place of chroma
   }
  if (bits.flag()) bits.u(65); // timing
  const buffers = [0, 1].filter(() => skipBuffer(bits));
  if (buffers.length > 0) bits.u(1); // low_delay_hrd_flag
  bits.u(1); // pic_struct_present_flag
  return color;
}

function readColor(bits: BitReader): SignalledColor {
  bits.u(3); // video_format
  const fullRange = bits.flag();
  if (!bits.flag()) return { fullRange, matrix: undefined };
  bits.u(16); // primaries, transfer
  return { fullRange, matrix: bits.u(8) };
}

/** Parameters of a reference decoder, E.1.2; tells whether there are any. */
function skipBuffer(bits: BitReader): boolean {
  if (!bits.flag()) return false;
  const count = bits.ue() + 1;
  bits.u(8); // scales
  for (let nth = 0; nth < count; nth++) {
    bits.ue();
    bits.ue();
    bits.u(1);
  }
  bits.u(20); // lengths of delays
  return true;
}

function skipSampling(bits: BitReader): void {
  const chroma = bits.ue();
  if (chroma === 3) bits.u(1); // separate_colour_plane_flag
  bits.ue(); // bit_depth_luma_minus8
  bits.ue(); // bit_depth_chroma_minus8
  bits.u(1); // qpprime_y_zero_transform_bypass_flag
  if (!bits.flag()) return;
  for (let list = 0; list < (chroma === 3 ? 12 : 8); list++) {
    if (bits.flag()) skipScaling(bits, list < 6 ? 16 : 64);
  }
}

/** 7.3.2.1.1.1: a list ends early when its next factor would be 0. */
function skipScaling(bits: BitReader, size: number): void {
  let last = 8;
  for (let nth = 0; nth < size; nth++) {
    const next = (last + bits.se() + 256) % 256;
    if (next === 0) return;
    last = next;
  }
}

/** How the order of pictures is told. */
function skipOrder(bits: BitReader): void {
  const type = bits.ue();
  if (type === 0) bits.ue(); // log2_max_pic_order_cnt_lsb_minus4
  if (type !== 1) return;
  bits.u(1); // delta_pic_order_always_zero_flag
  bits.se(); // offset_for_non_ref_pic
  bits.se(); // offset_for_top_to_bottom_field
  for (let left = bits.ue(); left > 0; left--) bits.se();
}
