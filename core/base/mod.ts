/**
 * The vocabulary that every part of the toolkit shares: issues, times, byte and folder ports, batches.
 *
 * @module
 */
export * from "./arithmetic.ts";
export * from "./audio.ts";
export * from "./batch.ts";
export * from "./bytes.ts";
export * from "./errors.ts";
export * from "./folder.ts";
export * from "./group.ts";
export * from "./hash.ts";
export * from "./inference.ts";
export * from "./issue.ts";
export * from "./issue_log.ts";
export { ISSUES } from "./issues/catalogue.ts";
export * from "./nearest.ts";
export * from "./media.ts";
export * from "./picture_layout.ts";
export * from "./pictures.ts";
export * from "./progress.ts";
export * from "./quantile.ts";
export * from "./responsive.ts";
export * from "./time.ts";
