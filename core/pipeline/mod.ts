/**
 * Processing of one session: what is done in which order, what is remembered, what is written.
 *
 * @module
 */
export { type AlignOptions, type AlignOutcome, alignSession } from "./align_session.ts";
export type { ManualAnchor, WrittenTime } from "./anchors.ts";
export { reportedClocks } from "./clock_report.ts";
export { loadSession, type LoadSessionOptions } from "./load_session.ts";
export { CONFIG_NAME, gradedIssues, type OpenedSession, openSession } from "./open_session.ts";
export { motionEvidence, type MotionEvidenceOptions } from "./motion_evidence.ts";
export { type MotionOverlay, type MotionOverlayOptions, motionOverlays } from "./motion_overlay.ts";
export { openStream, type OpenStreamOptions } from "./open_stream.ts";
export { type ProcessOptions, type ProcessOutcome, processSession } from "./process.ts";
export { type ScanOptions, scanSession, type StreamScan } from "./scan.ts";
export { type SettledScans, settleScans } from "./settle_scans.ts";
export { largestSigma } from "./stamp_sigma.ts";
export { fitSession, type SessionFit } from "./fit.ts";
export { type HashInputsOptions, hashTwins, type InputRecord } from "./inputs.ts";
export { spanOnReference, validateScans } from "./validate_step.ts";
export type { RunOptions } from "./start_run.ts";
export {
  DEFAULT_GRID_RATE_HZ,
  DEFAULT_WALL_CLOCK_SIGMA_S,
  EXPORT_FORMATS,
  type ExportFormat,
  type ProcessSettings,
  type ResolvedSettings,
  resolveSettings,
} from "./settings.ts";
export {
  type SynchronizedXdf,
  type SynchronizedXdfStream,
  synchronizeXdf,
  type SynchronizeXdfOptions,
} from "./synchronize_xdf.ts";
export { sharedEvidence, type SharedInstantsOptions } from "./shared_evidence.ts";
export {
  type EncodePng,
  type FramePlacer,
  type FrameTimes,
  handsFile,
  type HandsFileOptions,
  type HandsMetadata,
  type HandsOutcome,
  handsSession,
  type HandsSessionOptions,
  type HandTables,
  handTables,
  type OnHandTables,
  type OpenFrames,
  type RenderChoice,
  type RgbPicture,
  type TableFacts,
} from "./hands/mod.ts";
