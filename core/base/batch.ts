import type { Issue } from "./issue.ts";
import type { ClockRef } from "./time.ts";

/**
 * How the values of a column are held.
 *
 * - `f64`: numbers; missing is NaN.
 * - `i64`: integers that a float cannot hold; missing is `MISSING_NS`.
 * - `bool`: 0 or 1; missing is 255.
 * - `text`: strings; missing is the empty string. Text is categorical: never interpolated.
 */
export type ColumnKind = "f64" | "i64" | "bool" | "text";

/** The values of one column, as its kind holds them. */
export type ColumnData = Float64Array | BigInt64Array | Uint8Array | readonly string[];

/** What a column means. */
export interface ColumnSpec {
  /** Name in the exports: lower case, ASCII, `_` between words, unique in its stream. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Unit in UCUM-like notation (`uS`, `m/s^2`, `deg/s`, `degC`, `mV`); absent when not known. */
  readonly unit?: string;
  /** Name in the recorded file, exactly as written. */
  readonly recordedAs?: string;
  /** Numbers that are labels, such as sequence numbers or ranges: never interpolated. */
  readonly categorical?: boolean;
}

/** What a stream of samples is. */
export interface StreamSchema {
  /** Unique in a session: `<device>/<stream>`. */
  readonly id: string;
  readonly device: string;
  /** Name of the stream within its device: lower case, ASCII, `_`, such as `gsr` or `rgb_video`. */
  readonly name: string;
  readonly columns: readonly ColumnSpec[];
  /** Clock of {@linkcode ColumnBatch.times}. */
  readonly clock: ClockRef;
  /** Clock of {@linkcode ColumnBatch.hostTimes}, when the file pairs two clocks. */
  readonly hostClock?: ClockRef;
  /** Samples per second that the recorder meant to take; absent for events and when not known. */
  readonly nominalRateHz?: number;
  /** Step of the recorded time stamps in ns: 1e6 for integer milliseconds. */
  readonly resolutionNs: number;
  /** Spread of the recorded stamps about the true sampling time, one sigma in ns, when known. */
  readonly stampSigmaNs?: number;
  /**
   * Stamps were given on arrival: standard uncertainty of the unknown time since the sample was taken, ns.
   * Absent where a sample is stamped when it is taken.
   */
  readonly arrivalSigmaNs?: number;
}

/** Some consecutive samples of one stream, column by column. Valid until the next batch is asked for. */
export interface ColumnBatch {
  /** Index of the first sample within its stream, from 0. */
  readonly firstRow: number;
  readonly length: number;
  /** Time of each sample in ns on the clock of the stream; `MISSING_NS` where it was not recorded. */
  readonly times: BigInt64Array;
  /** Time of arrival of each sample on the host clock of the stream. */
  readonly hostTimes?: BigInt64Array;
  /** Parallel to the columns of the schema. */
  readonly columns: readonly ColumnData[];
}

/** A batch whose samples have been placed on the reference clock. */
export interface AlignedBatch extends ColumnBatch {
  /** Time of each sample in ns on the reference clock; `MISSING_NS` where unknown. */
  readonly referenceTimes: BigInt64Array;
  /** Standard uncertainty of each reference time in ns; NaN where unknown. */
  readonly sigmas: Float64Array;
}

/** Receives each issue as it is found. */
export type ReportIssue = (issue: Issue) => void;

/** Options that every reader takes. */
export interface ReadOptions {
  /** Receives what is wrong with the data. */
  readonly report?: ReportIssue | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Most samples of one batch. @default {16384} */
  readonly batchRows?: number;
}

/** A stream that can be read from front to back as often as wished. */
export interface StreamReader {
  readonly schema: StreamSchema;
  /** Yields all samples in file order with bounded memory. */
  batches(options?: ReadOptions): AsyncIterable<ColumnBatch>;
  /** Releases the file. */
  close(): Promise<void>;
}
