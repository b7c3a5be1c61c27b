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
  durationText,
  explainClock,
  type ExplainedReading,
  type ExplainedStep,
  type Judgement,
  type KindCount,
  type ReadingRun,
  readingRuns,
  type ReportedClock,
  signedText,
  type StepSummary,
  type StreamGaps,
  summariseClock,
  type Verdict,
  VERDICT_LIMITS,
} from "./clocks/mod.ts";
