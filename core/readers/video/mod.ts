/**
 * The pictures of recorded video, whatever container they are in and whatever decodes them.
 *
 * @module
 */
export { openImages } from "./images.ts";
export { openVideo, type OpenVideoOptions } from "./open_video.ts";
