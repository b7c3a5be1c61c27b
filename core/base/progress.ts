/** How far a piece of long work has come. */
export interface Progress {
  /** What is being done, such as `Read phone_1/gsr`. */
  readonly task: string;
  /** Work done so far, in the unit of `total`. */
  readonly done: number;
  /** All the work, when it is known. */
  readonly total?: number;
  readonly unit?: "bytes" | "rows" | "frames" | "files" | "steps";
}

/** Receives progress. Called often; whoever shows it decides how often to draw. */
export type ReportProgress = (progress: Progress) => void;

/** What long work is given: a way to be cancelled and a way to tell how far it is. */
export interface WorkOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ReportProgress | undefined;
}
