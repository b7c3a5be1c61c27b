import { createIssue, type DecodedPicture, type ReportIssue } from "../../base/mod.ts";
import { LossLog } from "./loss_log.ts";
import type { DecodingStart, ShownRow } from "./shown_rows.ts";

/** A picture and the frame of the index that it is. */
export interface PlacedPicture {
  readonly picture: DecodedPicture;
  readonly row: ShownRow;
}

/** Pictures after which the delay of a decoder has settled. */
const SETTLED = 64;

/** Frames among which a picture whose number is known is looked for. */
const MAX_AHEAD = 256;

/** Why frames gave no picture when the decoder was not even asked. */
const NO_DATA = "their data are not in the file";

/** Options of {@linkcode FramePairing}. */
export interface PairingOptions {
  readonly path: string;
  readonly start: DecodingStart;
  /** First frame that is asked for; losses before it are not reported. */
  readonly from: number;
  readonly report: ReportIssue;
}

/**
 * Matches the pictures of a decoder to the frames of the index.
 *
 * Decoders give pictures in the order shown, so that the next picture belongs to the frame with the next smallest
 * presentation time among those that were handed to the decoder. What could not be handed over or decoded is left
 * out and reported. A flushed decoder tells what its last pictures were made of: a decoder that lost pictures
 * without a word is caught by that.
 */
export class FramePairing {
  readonly #rows: AsyncIterator<ShownRow>;
  readonly #options: PairingOptions;
  readonly #losses: LossLog;
  /** Rows that were looked at and belong to later pictures. */
  readonly #ahead: ShownRow[] = [];
  /** Where decoding started last: what was decoded before and is not shown yet will not come. */
  #start: DecodingStart;
  /** Since then: units handed over, pictures given, units refused, most units that waited, last row given. */
  #fed = 0;
  #given = 0;
  #refused = 0;
  #mostWaiting = 0;
  #lastRow: number;
  /** Row from which pictures may be those of other frames. */
  #doubtedFrom: number | undefined;

  constructor(rows: AsyncIterator<ShownRow>, options: PairingOptions) {
    this.#rows = rows;
    this.#options = options;
    this.#losses = new LossLog(options);
    this.#start = options.start;
    this.#lastRow = options.start.row - 1;
  }

  /** Whether the decoder seems to have lost pictures without saying so. */
  get doubted(): boolean {
    return this.#doubtedFrom !== undefined;
  }

  /** Whether a unit builds on nothing before the place where decoding started. */
  accepts({ number, pts }: { readonly number: number; readonly pts: number }): boolean {
    return number >= this.#start.number && pts >= this.#start.pts;
  }

  /** Notes that a unit was handed over, and whether the decoder refused it or one before. */
  fed(error: string | undefined): void {
    this.#fed++;
    if (error === undefined) return;
    this.#refused++;
    this.#losses.reason = error;
  }

  /** Finds the frame of the next picture. Undefined when there is none; the picture is closed then. */
  async place(picture: DecodedPicture): Promise<PlacedPicture | undefined> {
    this.#given++;
    const row = picture.unit === undefined
      ? await this.#nextRow()
      : await this.#rowOf(picture.unit);
    if (row === undefined) {
      picture.close();
      return undefined;
    }
    // Losses before a frame that was found are told at once: reading may end with it.
    this.#losses.end();
    this.#watch(row);
    return { picture, row };
  }

  /** Notes that the decoder was emptied: `first` is the first row that it gave then. */
  emptied(first: number | undefined): void {
    // One unit is one picture. What a refused unit takes with it lies behind the last picture given before.
    const missing = Math.abs(this.#fed - this.#given);
    const unnoticed = this.#doubtedFrom === undefined && this.#refused > 0 ? 0 : missing;
    const last = (first ?? this.#lastRow + 1) - 1;
    const from = this.#doubtedFrom ?? this.#start.row;
    if (unnoticed > 0 && last >= from) {
      const where = { path: this.#options.path };
      const params = { count: unnoticed, first: from, last };
      this.#options.report(createIssue("VIDEO_FRAMES_UNCERTAIN", params, where));
    }
    this.#doubtedFrom = undefined;
    this.#fed =
      this.#given =
      this.#refused =
      this.#mostWaiting =
        0;
  }

  /** Notes that decoding starts anew; nothing that was handed over before comes any more. */
  startAt({ number, pts }: { readonly number: number; readonly pts: number }, why: string): void {
    this.#start = { row: this.#lastRow + 1, number, pts };
    this.#losses.reason = why;
  }

  /** Notes that nothing comes any more, but for what lies behind the last frame that is asked for. */
  async finish(to: number, why: string): Promise<void> {
    this.#losses.reason = why;
    for (
      let row = await this.#take();
      row !== undefined && row.row < to;
      row = await this.#take()
    ) {
      this.#lose(row);
    }
    this.#losses.end();
  }

  /** The decoder held back as many units as now before, unless it has swallowed one. */
  #watch({ row }: ShownRow): void {
    this.#lastRow = row;
    const waiting = this.#fed - this.#given;
    if (this.#given > SETTLED && waiting > this.#mostWaiting) this.#doubtedFrom ??= row;
    this.#mostWaiting = Math.max(this.#mostWaiting, waiting);
  }

  async #nextRow(): Promise<ShownRow | undefined> {
    for (let row = await this.#take(); row !== undefined; row = await this.#take()) {
      if (row.usable && this.accepts(row)) return row;
      this.#lose(row);
    }
    return undefined;
  }

  async #rowOf(unit: number): Promise<ShownRow | undefined> {
    for (let at = 0; at < MAX_AHEAD; at++) {
      const row = this.#ahead[at] ?? await this.#read();
      if (row === undefined) return undefined;
      if (at === this.#ahead.length) this.#ahead.push(row);
      if (row.number !== unit) continue;
      for (const passed of this.#ahead.splice(0, at + 1).slice(0, -1)) this.#lose(passed);
      return row;
    }
    return undefined;
  }

  async #take(): Promise<ShownRow | undefined> {
    return this.#ahead.shift() ?? await this.#read();
  }

  async #read(): Promise<ShownRow | undefined> {
    for (;;) {
      const { done, value } = await this.#rows.next();
      if (done) return undefined;
      if (value.row >= this.#options.start.row) return value;
    }
  }

  #lose({ row, usable }: ShownRow): void {
    this.#losses.add(row, usable ? undefined : NO_DATA);
  }
}
