/**
 * What a person reads about a processed session.
 *
 * @module
 */
export { type ReportedStream, type ReportInput, sessionReport } from "./markdown.ts";
export {
  type ClockExplanation,
  type ClockSession,
  type ClockStream,
  type ClockSummary,
  driftText,
  durationText,
  evidenceText,
  explainClock,
  type ExplainedGap,
  type ExplainedReading,
  type ExplainedStep,
  type Judgement,
  type KindCount,
  offsetText,
  plotClock,
  type ReadingRun,
  readingRuns,
  type ReportedClock,
  signedText,
  type StepSummary,
  type StreamGaps,
  summariseClock,
  type Verdict,
  VERDICT_LIMITS,
  widthText,
} from "./clocks/mod.ts";
export {
  type OverlayOptions,
  type OverlayStretch,
  type OverlayTrace,
  plotOverlay,
  relativeLengths,
} from "./overlay_plot.ts";
