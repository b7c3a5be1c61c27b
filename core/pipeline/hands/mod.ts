/**
 * Finding hands in the recordings of a session: search, resume, tables, masks and how they were made.
 *
 * @module
 */
export { handsFile, type HandsFileOptions } from "./hands_file.ts";
export {
  type HandsOutcome,
  handsSession,
  type HandsSessionOptions,
  type OpenFrames,
} from "./hands_session.ts";
export type { EncodePng } from "./hands_of_recording.ts";
export type { RenderChoice } from "./render_recording.ts";
export type { RgbPicture } from "./contact_sheet.ts";
export type { HandsMetadata } from "./metadata.ts";
export type { FramePlacer, FrameTimes } from "./frame_times.ts";
export { type HandTables, handTables, type OnHandTables, type TableFacts } from "./write_tables.ts";
