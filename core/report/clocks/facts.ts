import type { ClockRef, Issue, TimeNs } from "../../base/mod.ts";
import type { ClockModel, EvidenceKind, SamplingStatistics } from "../../clock/mod.ts";

/** A stream as the report of its clock shows it. */
export interface ClockStream {
  readonly id: string;
  readonly sampling: SamplingStatistics;
  /** Spread and coarseness of the recorded stamps, one sigma in ns. */
  readonly stampSigmaNs: number;
}

/** What the report of one clock is written from. */
export interface ReportedClock {
  readonly model: ClockModel;
  /** The streams whose samples it stamps. */
  readonly streams: readonly ClockStream[];
  /** Clocks that evidence ties it to. */
  readonly ties: readonly ClockRef[];
  /** Kinds of evidence that were left out by choice. */
  readonly excluded: readonly EvidenceKind[];
  /** What was found about it. */
  readonly issues: readonly Issue[];
}

/** The models of a session and where its time begins. */
export interface ClockSession {
  readonly models: ReadonlyMap<string, ClockModel>;
  /** Zero of all relative times, on the reference clock. */
  readonly originNs: TimeNs;
}
