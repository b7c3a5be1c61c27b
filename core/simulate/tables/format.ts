import type { TextWriter } from "./text_writer.ts";

/** One sample on its way into a row. */
export interface Sample {
  /** Number of the sample, as its sensor counts them. */
  index: number;
  /** When it was taken: ns since the start of the session. */
  trueNs: number;
  /** When it reached the host, in the same unit. */
  arrivalNs: number;
}

/** A time column of a table: which clock it shows at which moment. */
export interface StampColumn {
  readonly column: string;
  readonly clock: string;
  readonly of: "sampling" | "arrival";
  /** Step of the stamps in ns; they are rounded down to it. */
  readonly resolutionNs: number;
}

/** How the rows of one kind of table are written. */
export interface TableFormat {
  /** First line, without its end. */
  readonly header: string;
  /** Upper bound of the length of a row in bytes. */
  readonly maxRowBytes: number;
  readonly stamps: readonly StampColumn[];
  /** Line behind the header that is not a sample. */
  readonly fabricatedRow?: string;
  /** Writes one row with its line end. */
  writeRow(writer: TextWriter, sample: Sample): void;
}

export const COMMA = 44;
export const NEWLINE = 10;
