/**
 * Simulated sessions whose true times are known, and files with each fault that the catalogue knows.
 *
 * @module
 */
export { type ClockTruth, SimulatedClock } from "./clock.ts";
export { sessionIdOf } from "./context.ts";
export type { LossCounts } from "./delivery.ts";
export {
  type Fault,
  type FaultBase,
  type FaultCode,
  FAULTS,
  type FaultySession,
  faultySession,
  isFaultCode,
  simulateFault,
  WITHOUT_FAULT,
} from "./faults/mod.ts";
export { MemoryFolderSink } from "./memory_sink.ts";
export type {
  Channel,
  ClockPlan,
  ClockStep,
  ClockSwing,
  ClockWalk,
  DeliveryPlan,
  DevicePlan,
  EventPlan,
  GapPlan,
  MotionPlan,
  SamplingPlan,
  ShimmerPlan,
  SimulationPlan,
  StreamPlan,
  ThermalPlan,
  VideoPlan,
} from "./plan.ts";
export { defaultPlan, type DefaultPlanOptions } from "./plans/default_plan.ts";
export { demoPlan } from "./plans/demo_plan.ts";
export type { Runs } from "./runs.ts";
export type { SamplingTruth } from "./sampling.ts";
export { simulateSession } from "./simulate.ts";
export type { StampColumn } from "./tables/format.ts";
export {
  clockOfTruth,
  type EventTruth,
  type StreamTruth,
  trueTimeOf,
  TrueTimes,
  type Truth,
} from "./truth.ts";
