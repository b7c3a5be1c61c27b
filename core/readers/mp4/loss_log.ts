import { createIssue, type ReportIssue } from "../../base/mod.ts";

/** Options of {@linkcode LossLog}. */
export interface LossOptions {
  readonly path: string;
  /** First frame that counts. */
  readonly from: number;
  readonly report: ReportIssue;
}

/** Gathers frames that gave no picture into runs, and reports each run. */
export class LossLog {
  readonly #options: LossOptions;
  /** Why frames are lost that are added without a reason. */
  reason = "";
  #run:
    | { readonly first: number; last: number; count: number; readonly reason: string }
    | undefined;

  constructor(options: LossOptions) {
    this.#options = options;
  }

  /** Adds a frame; frames come in the order shown. */
  add(row: number, why = this.reason): void {
    if (row < this.#options.from) return;
    const run = this.#run;
    if (run !== undefined && run.reason === why && row === run.last + 1) {
      run.last = row;
      run.count++;
      return;
    }
    this.end();
    this.#run = { first: row, last: row, count: 1, reason: why };
  }

  /** Reports what was gathered. */
  end(): void {
    if (this.#run === undefined) return;
    const params = { ...this.#run, reason: this.#run.reason || SILENT };
    this.#options.report(createIssue("VIDEO_FRAMES_LOST", params, { path: this.#options.path }));
    this.#run = undefined;
  }
}

/** What is said of a decoder that said nothing. */
const SILENT = "the decoder gave none";
