/**
 * Writers of MP4 files (ISO/IEC 14496-12) with one track of H.264.
 *
 * @module
 */
export { ClipWriter, createClip, type CreateClipOptions } from "./clip_writer.ts";
export { type EncodedPicture, FragmentedLayout, type MovieLayout, WholeLayout } from "./layouts.ts";
export {
  type AvcConfiguration,
  avcEntry,
  type MovieFacts,
  type MovieRotation,
  type MovieSize,
} from "./movie_boxes.ts";
export { SinkBuffer } from "./sink_buffer.ts";
export { tickOf } from "./ticks.ts";
