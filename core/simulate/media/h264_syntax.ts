import { BitWriter } from "./bit_writer.ts";

/** Size of a picture in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** `nal_unit_type` of what the encoder writes, ITU-T H.264 table 7-1. */
export const NAL = { slice: 1, idrSlice: 5, sequence: 7, picture: 8 } as const;

/** Baseline, as `profile_idc`. */
export const PROFILE_BASELINE = 66;

/** `constraint_set0_flag` and `constraint_set1_flag`: also conforms to Constrained Baseline. */
export const CONSTRAINTS = 0xc0;

/** Bits of `frame_num`; few, since only the frame before is ever referred to. */
export const FRAME_NUM_BITS = 4;

/** `MaxFS` in macroblocks by `level_idc`, ITU-T H.264 table A-1. */
const LEVELS: readonly (readonly [macroblocks: number, level: number])[] = [
  [99, 10],
  [396, 11],
  [792, 21],
  [1620, 22],
  [3600, 31],
  [5120, 32],
  [8192, 40],
  [22080, 50],
  [36864, 51],
];

/** Lowest level whose pictures may be as large. Throws `RangeError` beyond all levels. */
export function levelFor({ width, height }: PictureSize): number {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const found = LEVELS.find(([limit]) => macroblocks <= limit);
  if (found === undefined) {
    throw new RangeError(
      `Cannot encode a picture beyond level 5.1: current size is ${width} x ${height}`,
    );
  }
  return found[1];
}

/** Sequence parameter set, 7.3.2.1.1. */
export function sequenceParameters(size: PictureSize): Uint8Array {
  const writer = new BitWriter();
  writer.append(Uint8Array.of(PROFILE_BASELINE, CONSTRAINTS, levelFor(size)));
  writer.ue(0); // seq_parameter_set_id
  writer.ue(FRAME_NUM_BITS - 4);
  writer.ue(2); // pic_order_cnt_type: pictures are shown in the order in which they are decoded
  writer.ue(1); // max_num_ref_frames
  writer.bits(0, 1); // gaps_in_frame_num_value_allowed_flag
  writer.ue(Math.ceil(size.width / 16) - 1);
  writer.ue(Math.ceil(size.height / 16) - 1);
  writer.bits(0b11, 2); // frame_mbs_only_flag, direct_8x8_inference_flag
  writeCropping(writer, size);
  writer.bits(0, 1); // vui_parameters_present_flag
  writer.trailing();
  return nalUnit(NAL.sequence, 3, writer.bytes());
}

function writeCropping(writer: BitWriter, { width, height }: PictureSize): void {
  const right = (16 - (width % 16)) % 16;
  const bottom = (16 - (height % 16)) % 16;
  writer.bits(right + bottom > 0 ? 1 : 0, 1);
  if (right + bottom === 0) return;
  writer.ue(0);
  writer.ue(right / 2); // in chroma samples
  writer.ue(0);
  writer.ue(bottom / 2);
}

/** Picture parameter set, 7.3.2.2: CAVLC, one slice group, one reference, deblocking said per slice. */
export function pictureParameters(): Uint8Array {
  const writer = new BitWriter();
  writer.ue(0); // pic_parameter_set_id
  writer.ue(0); // seq_parameter_set_id
  writer.bits(0, 2); // entropy_coding_mode_flag, bottom_field_pic_order_in_frame_present_flag
  for (let count = 0; count < 3; count++) writer.ue(0); // slice groups, list 0, list 1
  writer.bits(0, 3); // weighted_pred_flag, weighted_bipred_idc
  for (let count = 0; count < 3; count++) writer.se(0); // init_qp, init_qs, chroma_qp_index_offset
  writer.bits(0b100, 3); // deblocking_filter_control_present_flag
  writer.trailing();
  return nalUnit(NAL.picture, 3, writer.bytes());
}

/** Wraps a payload as NAL unit, with emulation prevention bytes, 7.3.1. */
export function nalUnit(type: number, refIdc: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + payload.length + Math.ceil(payload.length / 2));
  bytes[0] = (refIdc << 5) | type;
  let length = 1;
  let zeros = 0;
  for (const byte of payload) {
    if (zeros === 2 && byte <= 3) {
      bytes[length++] = 3;
      zeros = 0;
    }
    bytes[length++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return bytes.slice(0, length);
}
