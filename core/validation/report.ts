import type { StreamSchema, TimeNs, TimeSpan } from "../base/mod.ts";
import type { Stream } from "../session/mod.ts";
import type { GravityStatistics, SequenceStatistics } from "../../wasm/mod.ts";

/** Facts about one column of a stream, gathered in one pass. Summaries are NaN where there is no number. */
export interface ColumnStatistics {
  /** Name of the column in its schema. */
  readonly column: string;
  /** Values that are there. */
  readonly count: number;
  readonly missing: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
  /** Value of the first row; NaN or the empty string when it is missing. */
  readonly first: number | string;
  /** All values that are there are equal, and there is at least one. */
  readonly constant: boolean;
  /** Values outside what the sensor can measure. */
  readonly outside: number;
  /** Share of the values, from 0 to 1, in runs of at least three at the minimum. */
  readonly clippedLow: number;
  /** Share of the values, from 0 to 1, in runs of at least three at the maximum. */
  readonly clippedHigh: number;
}

/** Which columns make an acceleration vector, and how often its length is gravity in which unit. */
export interface AccelerationStatistics extends GravityStatistics {
  /** Names of the x, y and z columns. */
  readonly columns: readonly [string, string, string];
}

/** Facts about the rows of a stream, gathered in one pass. */
export interface TableStatistics {
  readonly rows: number;
  /** Parallel to the columns of the schema. */
  readonly columns: readonly ColumnStatistics[];
  readonly accelerations: readonly AccelerationStatistics[];
  /** Holes in the sequence numbers, when the stream has a column of them. */
  readonly sequence?: SequenceStatistics;
  /** Rows that equal the row before them in time and every value. */
  readonly repeatedRows: number;
}

/** What the checks need to know of the times of a stream; sampling statistics fit. */
export interface SamplingFacts {
  /** Samples with a time. */
  readonly count: number;
  readonly missingTimes: number;
  /** Absent without a time. */
  readonly minNs?: TimeNs | undefined;
  readonly maxNs?: TimeNs | undefined;
  readonly medianIntervalNs: number;
  readonly rateHz: number;
  /** Median distance of the intervals from the median interval, ns. */
  readonly jitterNs: number;
  /** Samples with the time of the sample before them. */
  readonly duplicates: number;
  /** Samples that lie before the sample ahead of them. */
  readonly backwards: number;
  readonly worstBackwardsNs: number;
  readonly gaps: number;
  readonly missingSamples: number;
  readonly longestGapNs: number;
  /** Step of which all times are multiples, ns; 1 or 0 when there is none. */
  readonly quantumNs: number;
}

/** What the checks need to know of a video. */
export interface VideoFacts {
  /** As in RFC 6381, such as `avc1.42c00a`, or its first four characters. */
  readonly codec: string;
  /** When it was made; absent when the file does not say. */
  readonly creationUtcNs?: TimeNs;
  readonly frames: number;
  readonly durationSeconds: number;
  /** Frames per second that the file declares; NaN when it does not. */
  readonly nominalFps: number;
  /** Every frame lasts exactly as long as the others: the recorder wrote no real frame times. */
  readonly constantRate: boolean;
}

/** Everything that the checks know of one stream after one pass over it. */
export interface StreamReport extends TableStatistics {
  readonly stream: Stream;
  readonly schema: StreamSchema;
  readonly sampling: SamplingFacts;
  /** When it ran in UTC, as far as its clock could be placed. */
  readonly spanUtc?: TimeSpan;
  /** What the index of a video says. */
  readonly video?: VideoFacts;
}
