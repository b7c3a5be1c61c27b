/**
 * Adapters between the toolkit and a machine: files and hashes on `node:` built-ins, so that they run on
 * Deno, Node and Bun.
 *
 * @module
 */
export { ffmpegDecoder, type FfmpegOptions } from "./ffmpeg.ts";
export { openFile } from "./file_source.ts";
export { createFile, PARTIAL_SUFFIX } from "./file_sink.ts";
export { openFileFolder, openFolder, openOutput } from "./folders.ts";
export { sha256 } from "./hash.ts";
export {
  type CachePlace,
  download,
  type DownloadOptions,
  modelsFolder,
  type RemoteFile,
} from "./models/mod.ts";
