/**
 * Aligned streams as XDF files.
 *
 * @module
 */
export { type XdfStreamOptions, XdfWriter, type XdfWriterOptions } from "./writer.ts";
