/**
 * The pictures of recorded video, whatever container they are in and whatever decodes them.
 *
 * @module
 */
export { openVideo, type OpenVideoOptions } from "./open_video.ts";
