/**
 * What a person reads about one clock: a line, everything behind it, and a verdict.
 *
 * @module
 */
export type { ClockSession, ClockStream, ReportedClock } from "./facts.ts";
export {
  type ClockExplanation,
  explainClock,
  type ExplainedGap,
  type ExplainedReading,
  type ExplainedStep,
  type ReadingRun,
  readingRuns,
  type StreamGaps,
} from "./explanation.ts";
export { plotClock } from "./plot.ts";
export { type ClockSummary, type KindCount, type StepSummary, summariseClock } from "./summary.ts";
export { durationText, signedText } from "./units.ts";
export { type Judgement, type Verdict, VERDICT_LIMITS } from "./verdict.ts";
export { driftText, evidenceText, offsetText, widthText } from "./words.ts";
