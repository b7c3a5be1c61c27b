import type { ReportIssue } from "../../base/mod.ts";
import type { Calibration, SessionEvent, SessionLog, StoredClockPair } from "../../session/mod.ts";

/** What the logs, markers and calibration results of a session hold. */
export interface LogContents {
  readonly logs: readonly SessionLog[];
  readonly events: readonly SessionEvent[];
  readonly clockPairs: readonly StoredClockPair[];
  readonly calibrations: readonly Calibration[];
}

/** A log file with its contents in memory. */
export interface LogFile {
  readonly path: string;
  /** The phone that wrote it, or `pc`. */
  readonly host: string;
  readonly bytes: Uint8Array;
  readonly report: ReportIssue;
}

/** What one reader found; what is absent is empty. */
export type LogPart = Partial<LogContents>;

/** Puts the findings of several readers together, in their order. */
export function mergeContents(parts: readonly LogPart[]): LogContents {
  return {
    logs: parts.flatMap(({ logs = [] }) => logs),
    events: parts.flatMap(({ events = [] }) => events),
    clockPairs: parts.flatMap(({ clockPairs = [] }) => clockPairs),
    calibrations: parts.flatMap(({ calibrations = [] }) => calibrations),
  };
}
