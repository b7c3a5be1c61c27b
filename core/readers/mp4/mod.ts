/**
 * Frame times and facts of MP4 video files, read from their index alone.
 *
 * @module
 */
export { creationAnchor, type CreationAnchorOptions } from "./anchor.ts";
export { readMp4Info, type TrackInfo, type TrackKind, type VideoInfo } from "./info.ts";
export type { Mp4InfoOptions } from "./inspect.ts";
export { type Mp4Options, openMp4 } from "./open.ts";
export {
  DistinctIssues,
  type Mp4PicturesOptions,
  type OpenedPictures,
  openMp4Pictures,
} from "./open_pictures.ts";
export { type JoinMp4Options, joinMp4Pictures } from "./program_pictures.ts";
