import { createIssue, type Issue, NS_PER_SECOND, type TimeSpan } from "../../base/mod.ts";
import {
  agreeing,
  cellNumber,
  fractionDigits,
  isMissingCell,
  isNumberCell,
  median,
} from "./cells.ts";
import { parseDateTime, type WrittenTime } from "./time_text.ts";
import { findTimeUnit, type UnitVerdict } from "./time_unit.ts";
import type { RecognisedColumn, TimeReading } from "./types.ts";
import { nsExponent, TIME_UNITS, type TimeUnit, timeUnitOf } from "./units.ts";

/** Largest factor by which the arrival of samples distorts the pace of a device. */
const PACE_TOLERANCE = 1.2;

/** The same where the name states the unit: gaps may distort it more, ticks are 30 times off. */
const NAMED_PACE_TOLERANCE = 3;

/** Rows from which trailing zeros of stamps say something about their coarseness. */
const ROWS_FOR_COARSENESS = 8;

/** Dates before this are counts from an arbitrary zero that were written as dates: one year after 1970. */
const COUNTED_DATE_NS = 365n * 86_400n * NS_PER_SECOND;

/** Counts that begin below this many seconds start with the recording, whoever writes them. */
const COUNTED_FROM_ZERO_S = 3600;

/** What is known of a table whose times are looked for. */
export interface TimeContext {
  /** Sensor that the table belongs to, whose counter is the clock `<sensor>/device`. */
  readonly sensor: string;
  /** Name of the counter that stamps the rows of this table alone, whose clock is `<counter>/device`. */
  readonly counter: string;
  /** Host that stamped the rows: `pc`, a phone, or the device itself. */
  readonly host: string;
  /** Phone whose stamps, in ms, the host passed on in the column of its own. */
  readonly relay?: string;
  /** Numbers have a decimal comma. @default {false} */
  readonly decimalComma?: boolean;
  readonly sessionWindow?: TimeSpan;
  /** Rows of the whole table, about. */
  readonly estimatedRows?: number;
  /**
   * What the writer is known to stamp with: dates, even when its clock was never set, or time since boot.
   * @default {"unknown"}
   */
  readonly stamps?: "dates" | "uptime" | "unknown";
  /** Seconds that pass on the host for each unit of a device's count, when that is known. */
  readonly pace?: number;
  /** What the user states about the time column. */
  readonly stated?: StatedTime;
}

/** The time column of a table as its user knows it. */
export interface StatedTime {
  /** Header text or name in the exports. */
  readonly column: string;
  /** Found out when absent. */
  readonly unit?: TimeUnit | "iso";
  /** What its zero means; found out when absent. */
  readonly clock?: "utc" | "local" | "monotonic" | "device";
}

/** Whether the user's statement is about a column. */
export function isStated(
  { recordedAs, name }: RecognisedColumn,
  stated: StatedTime | undefined,
): boolean {
  return stated !== undefined && (stated.column === recordedAs || stated.column === name);
}

/** One time column read, or the reason why it cannot be. */
export interface ReadTimeColumn {
  readonly reading?: TimeReading;
  readonly issues: readonly Issue[];
}

/** Finds out how one time column is to be read. */
export function readTimeColumn(
  column: RecognisedColumn,
  rows: readonly (readonly string[])[],
  context: TimeContext,
): ReadTimeColumn {
  const cells = rows.map((row) => row[column.index] ?? "").filter((cell) => !isMissingCell(cell));
  if (cells.length === 0 || column.time === undefined) return { issues: [] };
  const read = readCells(column, cells, context);
  if (read.reading === undefined || !isStated(column, context.stated)) return read;
  return { ...read, reading: { ...read.reading, ...statedClock(context) } };
}

function readCells(
  column: RecognisedColumn,
  cells: readonly string[],
  context: TimeContext,
): ReadTimeColumn {
  const stated = isStated(column, context.stated);
  if (column.time === "counter" && !stated) return { issues: [] };
  const constant = stated ? undefined : constantValue(column, cells);
  if (constant !== undefined) {
    const params = { column: labelOf(column), value: constant };
    return { issues: [createIssue("TIME_CONSTANT", params)] };
  }
  const dates = agreeing(cells, (cell) => parseDateTime(cell) !== undefined);
  if (dates.length > 0) {
    return readDates(
      column,
      dates.map((cell) => parseDateTime(cell)!),
      context,
    );
  }
  const numbers = agreeing(cells, (cell) => isNumberCell(cell, context.decimalComma));
  if (numbers.length > 0) return readNumbers(column, numbers, context);
  const candidates = `text such as ${cells[0]!.slice(0, 40)}`;
  const params = { column: labelOf(column), candidates };
  return { issues: [createIssue("TIME_UNIT_AMBIGUOUS", params)] };
}

function statedClock({ counter, host, stated }: TimeContext): Partial<TimeReading> {
  const kind = stated?.clock;
  if (kind === undefined) return {};
  return { clock: { id: `${kind === "device" ? counter : host}/${kind}`, kind } };
}

/** What a message calls a column. */
function labelOf({ recordedAs, name }: RecognisedColumn): string {
  return recordedAs === "" ? name : recordedAs;
}

/** The value of a secondary time column that never changes. The time of the sample itself may stand still. */
function constantValue({ time }: RecognisedColumn, cells: readonly string[]): string | undefined {
  const zeros = cells.every((cell) => /^0*(?:[.,]0*)?$/.test(cell));
  const same = cells.length > 1 && cells.every((cell) => cell === cells[0]);
  if (zeros && (time !== "sample" || cells.length > 1)) return cells[0];
  return same && time !== "sample" && time !== "host" ? cells[0] : undefined;
}

function readDates(
  column: RecognisedColumn,
  dates: readonly WrittenTime[],
  context: TimeContext,
): ReadTimeColumn {
  const zoned = dates.filter((date) => date.zoned).length;
  if (zoned > 0 && zoned < dates.length) {
    const params = {
      column: labelOf(column),
      candidates: "UTC in some rows, local time in others",
    };
    return { issues: [createIssue("TIME_UNIT_AMBIGUOUS", params)] };
  }
  const clock = dateClock(dates, zoned > 0 || namedUtc(column), context);
  const digits = Math.max(...dates.map((date) => date.digits));
  const resolutionNs = 10 ** (9 - Math.min(9, digits));
  const reading: TimeReading = {
    column: column.index,
    role: column.time!,
    unit: "iso",
    clock,
    resolutionNs,
  };
  return { reading, issues: dateIssues(column, reading) };
}

/** Whether the name of a column says that it is in UTC. */
export function namedUtc({ recordedAs }: RecognisedColumn): boolean {
  return /utc$/i.test(recordedAs.trim());
}

function dateClock(
  dates: readonly WrittenTime[],
  zoned: boolean,
  { counter, host }: TimeContext,
): TimeReading["clock"] {
  if (zoned) return { id: `${host}/utc`, kind: "utc" };
  if (dates[0]!.ns < COUNTED_DATE_NS) return { id: `${counter}/device`, kind: "device" };
  return { id: `${host}/local`, kind: "local" };
}

function dateIssues(column: RecognisedColumn, { clock }: TimeReading): Issue[] {
  const label = labelOf(column);
  const named = timeUnitOf(column.unit);
  if (named !== undefined) {
    const params = { column: label, named, found: "dates with time of day" };
    return [createIssue("TIME_UNIT_CONFLICT", params)];
  }
  if (clock.kind === "utc") return [];
  const reason = clock.kind === "local"
    ? "its dates state no time zone"
    : "its dates count from 1970, which is an arbitrary zero";
  const params = { column: label, unit: "date and time", clock: clock.id, reason };
  return [createIssue("TIME_UNIT_INFERRED", params)];
}

function readNumbers(
  column: RecognisedColumn,
  cells: readonly string[],
  context: TimeContext,
): ReadTimeColumn {
  const verdict = verdictOf(column, cells, context);
  if (verdict.kind === "ambiguous") {
    const params = { column: labelOf(column), candidates: verdict.candidates.join(" or ") };
    return { issues: [createIssue("TIME_UNIT_AMBIGUOUS", params)] };
  }
  const first = cellNumber(cells[0]!, context.decimalComma);
  const firstSeconds = first * 10 ** (nsExponent(verdict.unit) - 9);
  const reading: TimeReading = {
    column: column.index,
    role: column.time!,
    unit: verdict.unit,
    clock: numberClock(column, verdict, firstSeconds, context),
    resolutionNs: coarseness(cells, verdict.unit),
  };
  return { reading, issues: numberIssues(column, verdict, reading) };
}

function verdictOf(
  column: RecognisedColumn,
  cells: readonly string[],
  context: TimeContext,
): UnitVerdict {
  const values = cells.map((cell) => cellNumber(cell, context.decimalComma));
  const isIt = isStated(column, context.stated);
  const stated = isIt ? timeUnitOf(context.stated?.unit) : undefined;
  const named = stated ?? timeUnitOf(column.unit);
  if (stated === undefined && context.pace !== undefined) return verdictOfPace(context.pace, named);
  const { sessionWindow, estimatedRows } = context;
  const verdict = findTimeUnit(values, {
    ...(named === undefined ? {} : { named }),
    ...(sessionWindow === undefined ? {} : { sessionWindow }),
    ...(estimatedRows === undefined ? {} : { estimatedRows }),
  });
  if (stated === undefined || (verdict.kind !== "ambiguous" && verdict.unit === stated)) {
    return verdict;
  }
  const isEpoch = median(values) * 10 ** (nsExponent(stated) - 9) > 9e8;
  return { kind: isEpoch ? "epoch" : "counter", unit: stated, reason: "it was stated" };
}

/** The decimal unit in which a device counts as fast as its host; roughly, when its name states that unit. */
function verdictOfPace(pace: number, named: TimeUnit | undefined): UnitVerdict {
  const unit = TIME_UNITS.find((candidate) => {
    const ratio = pace / 10 ** (nsExponent(candidate) - 9);
    const tolerance = candidate === named ? NAMED_PACE_TOLERANCE : PACE_TOLERANCE;
    return ratio > 1 / tolerance && ratio < tolerance;
  });
  if (unit !== undefined) return { kind: "counter", unit, reason: "it runs as fast as its host" };
  const rate = Number((1 / pace).toPrecision(4));
  return {
    kind: "ambiguous",
    candidates: [`a count of ${rate} per second, which is no unit of time`],
  };
}

function numberClock(
  { time }: RecognisedColumn,
  verdict: Exclude<UnitVerdict, { kind: "ambiguous" }>,
  firstSeconds: number,
  context: TimeContext,
): TimeReading["clock"] {
  const { sensor, counter, host, relay = host, stamps } = context;
  const fromZero = firstSeconds < COUNTED_FROM_ZERO_S;
  if (time === "device") return { id: `${sensor}/device`, kind: "device" };
  if (verdict.kind === "epoch") {
    return { id: `${verdict.unit === "ms" ? relay : host}/utc`, kind: "utc" };
  }
  if (time === "monotonic" || stamps === "uptime") {
    return { id: `${host}/monotonic`, kind: "monotonic" };
  }
  if (stamps === "dates" && time !== "elapsed" && !fromZero) {
    return { id: `${host}/utc`, kind: "utc" };
  }
  if (time === "host") return { id: `${host}/monotonic`, kind: "monotonic" };
  return { id: `${counter}/device`, kind: "device" };
}

function numberIssues(
  column: RecognisedColumn,
  verdict: Exclude<UnitVerdict, { kind: "ambiguous" }>,
  { clock }: TimeReading,
): Issue[] {
  const label = labelOf(column);
  const named = timeUnitOf(column.unit);
  if (named !== undefined && named !== verdict.unit && verdict.reason !== "it was stated") {
    return [createIssue("TIME_UNIT_CONFLICT", { column: label, named, found: verdict.unit })];
  }
  const obvious = named !== undefined && (verdict.kind === "epoch" || column.time === "device");
  if (obvious) return [];
  const { unit, reason } = verdict;
  return [createIssue("TIME_UNIT_INFERRED", { column: label, unit, clock: clock.id, reason })];
}

/** Step of the stamps in ns: the finest digit that any of them uses, at least the unit itself. */
function coarseness(cells: readonly string[], unit: TimeUnit): number {
  const used = Math.max(...cells.map(fractionDigits));
  const written = Math.max(
    ...cells.map((cell) => cell.split(/[.,]/)[1]?.replace(/e.*$/i, "").length ?? 0),
  );
  const scientific = cells.some((cell) => /e/i.test(cell));
  const digits = cells.length < ROWS_FOR_COARSENESS && !scientific ? written : used;
  return Math.max(1, 10 ** (nsExponent(unit) - digits));
}
