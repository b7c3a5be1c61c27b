/**
 * The networks of a machine: the folder in which they lie, and how they come there.
 *
 * @module
 */
export { download, type DownloadOptions, type RemoteFile } from "./download.ts";
export { type CachePlace, modelsFolder } from "./folder.ts";
