/**
 * Clock evidence, clock models and their application.
 *
 * @module
 */
export {
  type AppliedTimes,
  JumpSurvey,
  type LatticeGap,
  type LatticeInstants,
  type LatticeSegment,
  type LatticeSkip,
  type LatticeSummary,
  type PlacedRows,
  type SampleGap,
  SamplingAccumulator,
  type SamplingOptions,
  type SamplingStatistics,
} from "../../wasm/mod.ts";
export { type AppliedStream, ClockApplier } from "./apply.ts";
export { applyClock, type ApplyClockOptions } from "./apply_clock.ts";
export {
  dejitter,
  type DejitteredTimes,
  Dejitterer,
  type DejitterOptions,
  DejitterSurvey,
  type SolveDejitterOptions,
} from "./dejitter.ts";
export {
  type AudioMatch,
  type AudioMatchOptions,
  type AudioRecording,
  audioSeries,
  type AudioSeriesOptions,
  type AudioWindow,
  matchAudio,
} from "./audio/mod.ts";
export {
  type BarcodeFormat,
  type BarcodeLevels,
  type Barcodes,
  decodeBarcodes,
  type EventMatch,
  type EventMatchOptions,
  eventSeries,
  type EventSeriesOptions,
  type EventStretch,
  type EventTrain,
  matchEvents,
} from "./events/mod.ts";
export {
  correlateMotion,
  correlateMotionStreams,
  type MotionCorrelation,
  type MotionOptions,
  type MotionOutcome,
  type MotionQuantity,
  type MotionReadings,
  motionReadings,
  motionSeries,
  type MotionSeriesOptions,
  type MotionSignal,
  type MotionSource,
  type MotionVerdict,
  type MotionWindow,
} from "./motion/mod.ts";
export { detectFlashes, type FlashOptions, type FlashTrain } from "./flash/mod.ts";
export { OneWayAccumulator, type OneWayOptions } from "./evidence.ts";
export { fitGraph, type FitGraphOptions, type FittedGraph } from "./fit_graph.ts";
export { EVIDENCE_KINDS, type EvidenceKind, evidenceKindOf } from "./kinds.ts";
export { type ClockFit, type ClockReadings, fitClock, type FitClockOptions } from "./fit_clock.ts";
export { largestModelSigma } from "./largest_sigma.ts";
export type {
  ClockEvidence,
  ClockJumps,
  ClockKnot,
  ClockModel,
  ClockSegment,
  DelayBounds,
  EvidenceAudit,
  EvidenceSummary,
  HoldOutCheck,
  LoopClosure,
  ModelStep,
  OneWayEvidence,
  PointEvidence,
  ReadingVerdict,
  SeriesEvidence,
  StampJumps,
} from "./model.ts";
export {
  type AlignedStreamSummary,
  type AlignmentRecord,
  type ClockRecord,
  type KnotRecord,
  readAlignment,
  type SegmentRecord,
  type StreamRecord,
  writeAlignment,
} from "./record.ts";
export { offsetAt } from "./relation.ts";
export { isSeries } from "./series.ts";
