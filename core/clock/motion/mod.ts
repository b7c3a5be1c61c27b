/**
 * Clock readings from movements that two sensors felt together.
 *
 * @module
 */
export { correlateMotion, correlateMotionStreams } from "./correlate.ts";
export type { MotionOptions } from "./options.ts";
export {
  type MotionCorrelation,
  type MotionOutcome,
  type MotionReadings,
  motionReadings,
  motionSeries,
  type MotionSeriesOptions,
  type MotionVerdict,
  type MotionWindow,
} from "./result.ts";
export type { MotionQuantity, MotionSignal, MotionSource } from "./signal.ts";
