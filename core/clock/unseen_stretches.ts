import { median, rootSumSquares, type TimeNs } from "../base/mod.ts";
import type { ClockSegment, ReadingVerdict, StampJumps } from "./model.ts";
import { offsetAt, rounded } from "./relation.ts";
import { inRange, piecesOf, type StampPiece } from "./stamp_pieces.ts";

/** Readings in file order, and what became of each. */
export interface JudgedReadings {
  readonly deviceNs: BigInt64Array;
  readonly referenceNs: BigInt64Array;
  /** How many samples of the stream were recorded before each. */
  readonly rows: Float64Array;
  readonly verdicts: readonly ReadingVerdict[];
  /** One sigma of a reading, ns. */
  readonly noiseNs: number;
}

/** A stretch of a clock behind the last reading that the fit could use. */
export interface UnseenStretch {
  readonly segment: ClockSegment;
  /** Its first sample. */
  readonly row: number;
  /** Change of the offset where it begins, ns. */
  readonly changeNs: number;
  /** How much more than usual the stamps advance there, ns. */
  readonly jumpNs: number;
  /** One sigma of what is not known of the change, ns. */
  readonly sigmaNs: number;
  /** Readings that tell the change together; none when it rests on the stamps alone. */
  readonly readings: readonly number[];
}

/** Readings that are nearer to each other than this tell the same, ns. */
const SAME_NS = 1e7;
/** Gaps of samples are common, clocks that are set forward are not: shorter jumps are taken for gaps, ns. */
const LEAST_FORWARD_NS = 1e9;
/** Stamps that jump more often are no clock that was set. */
const MOST_PIECES = 256;
/** Stamps go back by at least this many periods, where samples that are lost elsewhere make periods look longer. */
const BACK_PERIODS = 1.5;
/** Jumps this many times as large as the smallest that a survey finds are no pauses between events. */
const CLEARLY = 4;
/** One sigma of the pause while a clock begins again, of which nothing is known, ns. */
const RESTART_NS = 60e9;
/** Half of the width of a 95 % interval, in sigmas. */
const WITHIN = 1.96;

/**
 * Finds the stretches behind the last used reading that the stamps of samples show by themselves.
 *
 * Stamps that go back prove that the clock was set. What passed meanwhile is told by readings that are too few for
 * a step of their own, when they agree with each other; else samples are taken to run on, after the last time that the
 * recorder noted in between, and sigma says how long a pause may have been. Stamps that jump ahead are a gap
 * or a clock that was set: samples stay where a gap puts them, and the interval holds both.
 */
export function unseenStretches(
  segments: readonly ClockSegment[],
  readings: JudgedReadings,
  jumps: StampJumps,
): UnseenStretch[] {
  const last = readings.verdicts.lastIndexOf("used");
  if (last < 0 || segments.length === 0) return [];
  const pieces = piecesOf(jumps);
  if (pieces.length > MOST_PIECES) return [];
  const pace = paceOf(readings);
  const first = pieces.findLastIndex((piece) => isBehind(readings, last, piece, pace)) + 1;
  const found: UnseenStretch[] = [];
  let before = segments.at(-1)!;
  for (const [index, piece] of pieces.slice(first).entries()) {
    const next = pieces[first + index + 1];
    const stretch = stretchOf(before, piece, next, { readings, last, pace, jumps });
    if (stretch === undefined) continue;
    found.push(stretch);
    before = stretch.segment;
  }
  return found;
}

/** Typical time in ns and samples from reading to reading. */
interface Pace {
  readonly intervalNs: number;
  readonly rows: number;
  /** Time from sample to sample, ns. */
  readonly periodNs: number;
}

interface Context {
  readonly readings: JudgedReadings;
  /** The last used reading. */
  readonly last: number;
  readonly pace: Pace;
  readonly jumps: StampJumps;
}

function paceOf({ referenceNs, rows, verdicts }: JudgedReadings): Pace {
  const [times, counts]: [number[], number[]] = [[], []];
  let before = -1;
  for (const [index, verdict] of verdicts.entries()) {
    if (verdict !== "used") continue;
    if (before >= 0) {
      times.push(Math.abs(Number(referenceNs[index]! - referenceNs[before]!)));
      counts.push(rows[index]! - rows[before]!);
    }
    before = index;
  }
  if (times.length === 0) return { intervalNs: 0, rows: 0, periodNs: 0 };
  const periods = times.flatMap((time, index) => counts[index]! > 0 ? [time / counts[index]!] : []);
  const periodNs = periods.length === 0 ? 0 : median(periods);
  return { intervalNs: median(times), rows: median(counts), periodNs };
}

/**
 * Whether a reading was taken behind a jump of the stamps: recorded after the sample that jumps, or, where samples are
 * written later than readings, by a clock that had jumped already.
 */
function isBehind(
  { deviceNs, rows }: JudgedReadings,
  index: number,
  { row, startNs, beforeNs }: StampPiece,
  pace: Pace,
): boolean {
  if (rows[index]! > row) return true;
  if (!(rows[index]! > row - pace.rows)) return false;
  const off = (time: TimeNs) => Math.abs(Number(deviceNs[index]! - time));
  return Math.abs(Number(startNs - beforeNs)) > 2 * pace.intervalNs &&
    off(startNs) < off(beforeNs);
}

function stretchOf(
  before: ClockSegment,
  piece: StampPiece,
  next: StampPiece | undefined,
  context: Context,
): UnseenStretch | undefined {
  const { readings, last, pace, jumps } = context;
  // The clock was read within the jump, before it was set: so far it ran on.
  const lastNs = readings.rows[last]! >= piece.row ? readings.deviceNs[last]! : piece.beforeNs;
  const fromNs = piece.sizeNs > 0 && lastNs > piece.beforeNs ? lastNs : piece.beforeNs;
  const jumpNs = Math.min(piece.sizeNs, Number(piece.startNs - fromNs));
  const least = Math.max(LEAST_FORWARD_NS, CLEARLY * (jumps.smallestNs ?? 0));
  if (jumpNs > 0 ? jumpNs < least : -jumpNs < BACK_PERIODS * pace.periodNs) return undefined;
  const base = offsetAt(before, fromNs);
  const skew = before.knots.at(-1)!.skew;
  const isInside = (index: number) =>
    isBehind(readings, index, piece, pace) &&
    (next === undefined || !isBehind(readings, index, next, pace));
  const pauses = pausesOf(context, { offsetNs: base.offsetNs, skew, piece, jumpNs, isInside });
  const told = toldBy(pauses, readings.noiseNs) ?? assumed(jumpNs, piece, base.offsetNs, context);
  const changeNs = told.pauseNs - jumpNs;
  const ends = told.readings.map((index) => readings.deviceNs[index]!);
  return {
    segment: {
      fromNs: piece.startNs,
      toNs: [next?.beforeNs ?? piece.startNs, ...ends].reduce((a, b) => a > b ? a : b),
      firstRows: {},
      knots: [{
        deviceNs: piece.startNs,
        offsetNs: inRange(base.offsetNs + rounded(changeNs)),
        skew,
        sigmaNs: rootSumSquares(base.sigmaNs, told.sigmaNs),
        skewSigma: before.knots.at(-1)!.skewSigma ?? 0,
      }],
    },
    row: piece.row,
    changeNs,
    jumpNs: piece.sizeNs,
    sigmaNs: told.sigmaNs,
    readings: told.readings,
  };
}

/** How long no sample was taken, and which readings tell it. */
interface Pause {
  readonly pauseNs: number;
  readonly sigmaNs: number;
  readonly readings: readonly number[];
}

/** The pause that each reading behind a jump tells, where it can be one. Copies of a reading tell nothing. */
function pausesOf(
  { readings: { deviceNs, referenceNs, verdicts }, last }: Context,
  { offsetNs, skew, piece, jumpNs, isInside }: {
    readonly offsetNs: TimeNs;
    readonly skew: number;
    readonly piece: StampPiece;
    readonly jumpNs: number;
    readonly isInside: (index: number) => boolean;
  },
): { index: number; pauseNs: number }[] {
  const difference = (index: number) => referenceNs[index]! - deviceNs[index]!;
  const longest = jumpNs > 0 ? jumpNs + SAME_NS : Infinity;
  return verdicts.flatMap((verdict, index) => {
    if (index <= last || verdict === "used" || !isInside(index)) return [];
    if (index > 0 && difference(index) === difference(index - 1)) return [];
    const run = skew * Number(deviceNs[index]! - piece.startNs);
    const pauseNs = Number(difference(index) - offsetNs) - run + jumpNs;
    return pauseNs >= -SAME_NS && pauseNs <= longest ? [{ index, pauseNs }] : [];
  });
}

/** The pause that most readings agree on. A single one may be late by all that it tells. */
function toldBy(
  pauses: readonly { readonly index: number; readonly pauseNs: number }[],
  noiseNs: number,
): Pause | undefined {
  if (pauses.length === 0) return undefined;
  const pauseNs = median(pauses.map((one) => one.pauseNs));
  const near = pauses.filter((one) => Math.abs(one.pauseNs - pauseNs) <= SAME_NS);
  const readings = near.map(({ index }) => index);
  if (pauses.length === 1) {
    return { pauseNs, sigmaNs: rootSumSquares(noiseNs, pauseNs / WITHIN), readings };
  }
  if (2 * near.length <= pauses.length) return undefined;
  const off = Math.max(...near.map((one) => Math.abs(one.pauseNs - pauseNs)));
  return { pauseNs, sigmaNs: rootSumSquares(noiseNs, off), readings };
}

/** What is assumed of a pause that nothing tells. */
function assumed(
  jumpNs: number,
  piece: StampPiece,
  offsetNs: TimeNs,
  context: Context,
): Pause {
  // Stamps scatter, and so does the size of the jump.
  if (jumpNs > 0) return { pauseNs: jumpNs, sigmaNs: 1.05 * jumpNs / WITHIN, readings: [] };
  const { intervalNs } = context.pace;
  const pauseNs = notedPause(piece, offsetNs, context);
  const unknown = Math.min(Math.max(-jumpNs, intervalNs), Math.max(RESTART_NS, intervalNs));
  return { pauseNs, sigmaNs: Math.max(unknown, pauseNs), readings: [] };
}

/**
 * How long the recorder went on to note times before the sample behind a jump came: it also does when nothing answers,
 * and writes its last offset again.
 */
function notedPause(
  { row, beforeNs }: StampPiece,
  offsetNs: TimeNs,
  { readings: { referenceNs, rows }, last, pace: { intervalNs } }: Context,
): number {
  let latest = referenceNs[last]!;
  for (let index = last + 1; index < rows.length && rows[index]! <= row; index++) {
    const passed = Number(referenceNs[index]! - latest);
    if (passed > 0 && passed <= 3 * intervalNs) latest = referenceNs[index]!;
  }
  return Math.max(Number(latest - (beforeNs + offsetNs)), 0);
}
