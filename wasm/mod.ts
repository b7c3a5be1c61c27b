/**
 * Typed access to the compiled kernel. Nothing else may import the generated binary.
 *
 * @module
 */
export {
  LoudnessAccumulator,
  type LoudnessLine,
  loudnessLines,
  SoundComparer,
  type SoundDelay,
  type SoundPiece,
} from "./facade/audio.ts";
export {
  type CropBox,
  FrameImage,
  type Letterbox,
  type PictureRegion,
  rgbToI420,
  type TensorOptions,
} from "./facade/image.ts";
export {
  HandMasker,
  type HandMaskMethod,
  type KernelMask,
  type MaskResult,
  type ProbabilityOptions,
} from "./facade/image_mask.ts";
export {
  decodeCoco,
  encodeCoco,
  labelBitmap,
  type LabelledBitmap,
  maskBitmap,
  type MaskComponent,
  meanInside,
  morphBitmap,
} from "./facade/mask_runs.ts";
export type { DrawnHand, Paint } from "./facade/image_draw.ts";
export {
  type FinderLimits,
  type FoundHand,
  type HandCue,
  HandFinder,
} from "./facade/hand_finder.ts";
export { Kernel, type KernelBuffer } from "./facade/kernel.ts";
export { ComplexFft, fftSize, RealFft, type Spectrum } from "./facade/fft.ts";
export { type FormatColumn, RowFormatter, secondsSinceOrigin } from "./facade/format.ts";
export {
  type CsvColumn,
  type CsvColumnType,
  type CsvDefect,
  type CsvDefectKind,
  type CsvRows,
  CsvScanner,
  type CsvScannerOptions,
} from "./facade/csv_scanner.ts";
export {
  GravityAccumulator,
  type GravityStatistics,
  type NumberColumn,
  type NumberStatistics,
  NumberStatisticsAccumulator,
  RepeatMarker,
  SequenceAccumulator,
  type SequenceStatistics,
} from "./facade/column_stats.ts";
export {
  type AppliedTimes,
  type ApplierKnot,
  type ApplierSegment,
  Envelope,
  type EnvelopeBlocks,
  type EnvelopeJumps,
  SegmentApplier,
} from "./facade/clock.ts";
export {
  ActivityAccumulator,
  type AxisColumns,
  type CoarsePlace,
  CoarseSearch,
  measureMotion,
  type MotionActivity,
  NO_UNROLLED_TIME,
  StampUnroller,
  type UnrolledShift,
  WINDOW_MARGIN_SECONDS,
  type WindowReading,
  type WindowSamples,
  type WindowSearch,
} from "./facade/motion.ts";
export {
  type SampleGap,
  SamplingAccumulator,
  type SamplingOptions,
  type SamplingStatistics,
} from "./facade/sampling.ts";
export {
  type LatticeGap,
  type LatticeInstants,
  LatticePlacer,
  type LatticeSegment,
  type LatticeSkip,
  type LatticeSummary,
  LatticeSurvey,
  type PlacedRows,
} from "./facade/dejitter.ts";
export {
  type KernelTrain,
  type MatchedTrains,
  matchTrains,
  type TrainContest,
  type TrainOptions,
  type TrainStretch,
} from "./facade/events.ts";
export { ThermalFrameAnalyser, type ThermalFrameStatistics } from "./facade/thermal.ts";
export { ThermalView, type ThermalViewOptions } from "./facade/thermal_view.ts";
export {
  joinGridTicks,
  joinOneToOne,
  type KernelJoin,
  KernelJoiner,
  type KernelMatches,
} from "./facade/joiner.ts";
export { type KernelResample, KernelResampler } from "./facade/resampler.ts";
export { KernelSides } from "./facade/sides.ts";
export {
  type GridMethod,
  gridTicks,
  type KernelGrid,
  type ResampleMethod,
  TickSampler,
  type TickSamplerOptions,
} from "./facade/timeline.ts";
export {
  fitTrack,
  type KernelTrack,
  type TrackArrivals,
  type TrackAudit,
  type TrackJumps,
  type TrackReadings,
  type TrackSegment,
  type TrackStep,
} from "./facade/track.ts";
export {
  nanosecondsOf,
  type XdfEvent,
  type XdfFormat,
  type XdfMode,
  XdfParser,
  type XdfProblemKind,
  type XdfStreamLayout,
  type XdfTally,
} from "./facade/xdf.ts";
export { JumpSurvey } from "./facade/jump_survey.ts";
