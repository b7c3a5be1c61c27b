/**
 * Frame times and facts of MP4 video files, read from their index alone.
 *
 * @module
 */
export { creationAnchor, type CreationAnchorOptions } from "./anchor.ts";
export { readMp4Info, type TrackInfo, type TrackKind, type VideoInfo } from "./info.ts";
export type { Mp4InfoOptions } from "./inspect.ts";
export { type Mp4Options, openMp4 } from "./open.ts";
