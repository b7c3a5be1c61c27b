/**
 * One fault for each issue code that recorded data can raise.
 *
 * @module
 */
export type { Fault, FaultBase } from "./fault.ts";
export {
  type FaultCode,
  FAULTS,
  type FaultySession,
  faultySession,
  isFaultCode,
  simulateFault,
  WITHOUT_FAULT,
} from "./simulate_fault.ts";
