import { BitReader } from "./bit_reader.ts";

/** What the sequence parameters of H.264 say of colours. */
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

/** Reads colours out of the first sequence parameters of an `avcC` box; undefined when they tell none. */
export function h264Color(avcC: Uint8Array): SignalledColor | undefined {
  try {
    const length = (avcC[6]! << 8) | avcC[7]!;
    if ((avcC[5]! & 0x1f) === 0) return undefined;
    // Behind the header of the unit.
    return readSequence(new BitReader(withoutEscapes(avcC.subarray(9, 8 + length))));
  } catch (error) {
    // Damage says nothing.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Takes out the bytes that keep start codes from appearing, 7.4.1. */
function withoutEscapes(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, at) => !(byte === 3 && bytes[at - 1] === 0 && bytes[at - 2] === 0));
}

function readSequence(bits: BitReader): SignalledColor | undefined {
  const profile = bits.u(8);
  bits.u(16); // constraints, level
  bits.ue(); // seq_parameter_set_id
  if (HIGH_PROFILES.includes(profile)) skipSampling(bits);
  bits.ue(); // log2_max_frame_num_minus4
  skipOrder(bits);
  bits.ue(); // max_num_ref_frames
  bits.u(1); // gaps_in_frame_num_value_allowed_flag
  bits.ue(); // width
  bits.ue(); // height
  if (!bits.flag()) bits.u(1); // frame_mbs_only_flag, mb_adaptive_frame_field_flag
  bits.u(1); // direct_8x8_inference_flag
  if (bits.flag()) { for (let side = 0; side < 4; side++) bits.ue(); // cropping
   }
  return bits.flag() ? readUsability(bits) : undefined;
}

/** Video usability information up to colours, E.1.1. */
function readUsability(bits: BitReader): SignalledColor | undefined {
  if (bits.flag() && bits.u(8) === EXTENDED_RATIO) bits.u(32);
  if (bits.flag()) bits.u(1); // overscan
  if (!bits.flag()) return undefined;
  bits.u(3); // video_format
  const fullRange = bits.flag();
  if (!bits.flag()) return { fullRange, matrix: undefined };
  bits.u(16); // primaries, transfer
  return { fullRange, matrix: bits.u(8) };
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
