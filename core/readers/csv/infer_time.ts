import { createIssue, type Issue } from "../../base/mod.ts";
import { cellNumber, median } from "./cells.ts";
import {
  isStated,
  namedUtc,
  type ReadTimeColumn,
  readTimeColumn,
  type TimeContext,
} from "./time_columns.ts";
import { parseDateTime } from "./time_text.ts";
import type { RecognisedColumn, TimeReading, TimeRole } from "./types.ts";
import { nsExponent } from "./units.ts";

/** How the rows of a table are placed in time. */
export interface TimePlan {
  /** Column that times the samples; absent when none can. */
  readonly primary?: TimeReading;
  /** Column that pairs the samples with another clock. */
  readonly host?: TimeReading;
  /** Where the host time equals the time, the device gave no stamp: its clock is far from that of the host. */
  readonly repeatsHost: boolean;
  /** All time columns that can be read, these two among them. */
  readonly readings: readonly TimeReading[];
  readonly issues: readonly Issue[];
}

/** Local time lies at most this far from UTC, in s. */
const ZONE_LIMIT_S = 15 * 3600;

const SECONDS_PER_DAY = 86_400;

/** Shortest span, in s, over which a device is compared with its host. */
const PACE_SPAN_S = 2;

/** Roles that can time the samples, best first. */
const PRIMARY_ROLES: readonly TimeRole[] = [
  "device",
  "sample",
  "host",
  "monotonic",
  "local",
  "elapsed",
];

/** Roles that can pair the samples with a second clock, best first. */
const HOST_ROLES: readonly TimeRole[] = ["host", "sample", "local", "monotonic"];

/**
 * Chooses the columns that place the rows of a table in time, and reads their units and clocks.
 *
 * The counter of the sensor is preferred, because it stamps the sample and not its arrival; the stamps of
 * the host then tie it to the other clocks. A counter that repeats the stamps of the host is none.
 *
 * @param columns Recognised columns.
 * @param rows First rows, cell by cell.
 *
 * @example
 * ```ts
 * import { inferTime, recogniseColumns } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const rows = [["1753842118000", "2.5"], ["1753842118020", "2.6"]];
 * const { columns } = recogniseColumns(["timestamp_ms", "GSR_uS"], [], rows);
 * const context = { sensor: "shimmer_1", counter: "shimmer_1", host: "phone_1" };
 * const { primary } = inferTime(columns, rows, context);
 * assert.equal(primary?.clock.id, "phone_1/utc");
 * ```
 */
export function inferTime(
  columns: readonly RecognisedColumn[],
  rows: readonly (readonly string[])[],
  context: TimeContext,
): TimePlan {
  const timed = columns.filter(({ time }) => time !== undefined);
  const stated = columns.find((column) => isStated(column, context.stated));
  const read = readColumns(timed, rows, context);
  const issues = read.flatMap((column) => column.issues);
  const readings = read.flatMap(({ reading }) => reading ?? []);
  const corrected = correctNamedUtc(columns, readings, rows, context);
  const usable = withoutRepeats(corrected.readings, rows, context);
  const primary = usable.find(({ column }) => column === stated?.index) ??
    firstOfRole(usable, PRIMARY_ROLES);
  const host = primary === undefined
    ? undefined
    : firstOfRole(usable.filter(({ clock }) => clock.id !== primary.clock.id), HOST_ROLES);
  const isMissing = rows.length > 0 && primary === undefined && issues.length === 0;
  const missing = isMissing ? [noTimeColumn(columns)] : [];
  return {
    ...(primary === undefined ? {} : { primary }),
    ...(host === undefined ? {} : { host }),
    repeatsHost: isFarFrom(primary, host, rows, context),
    readings: corrected.readings,
    issues: [...issues, ...corrected.issues, ...missing],
  };
}

/** Reads the stamps of hosts, then with their help those of devices. */
function readColumns(
  timed: readonly RecognisedColumn[],
  rows: readonly (readonly string[])[],
  context: TimeContext,
): ReadTimeColumn[] {
  const isDevice = ({ time }: RecognisedColumn) => time === "device";
  const others = timed.filter((column) => !isDevice(column))
    .map((column) => readTimeColumn(column, rows, context));
  const host = firstOfRole(others.flatMap(({ reading }) => reading ?? []), HOST_ROLES);
  const devices = timed.filter(isDevice).map((column) => {
    const own = ownRows(column, timed, rows);
    const pace = host === undefined ? NaN : paceOf(column, host, own, context);
    return readTimeColumn(column, own, Number.isNaN(pace) ? context : { ...context, pace });
  });
  return [...others, ...devices];
}

/** Rows in which a device gave a stamp of its own, or all when it never did. */
function ownRows(
  column: RecognisedColumn,
  timed: readonly RecognisedColumn[],
  rows: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const hosts = timed.filter(({ time }) => time === "host" || time === "sample");
  const own = rows.filter((row) => !hosts.some(({ index }) => row[index] === row[column.index]));
  return own.length > 0 ? own : rows;
}

/** Seconds of the host for each unit of the device; NaN when the rows are too short for an answer. */
function paceOf(
  column: RecognisedColumn,
  host: TimeReading,
  rows: readonly (readonly string[])[],
  context: TimeContext,
): number {
  const hosts = rows.map((row) => secondsOf(host, row, context));
  const counts = rows.map((row) => cellNumber(row[column.index] ?? "", context.decimalComma));
  // Far apart, so that the scatter of arrival is small; many pairs, so that a restart does no harm.
  const lag = rows.length >> 2;
  const spans = hosts.slice(lag).map((seconds, row) => seconds - hosts[row]!);
  if (!(median(spans) >= PACE_SPAN_S)) return NaN;
  return median(spans.map((span, row) => span / (counts[row + lag]! - counts[row]!)));
}

function noTimeColumn(columns: readonly RecognisedColumn[]): Issue {
  const names = columns.slice(0, 20).map(({ recordedAs, name }) => recordedAs || name);
  return createIssue("TIME_COLUMN_MISSING", { columns: names.join(", ") });
}

function firstOfRole(
  readings: readonly TimeReading[],
  roles: readonly TimeRole[],
): TimeReading | undefined {
  for (const role of roles) {
    const found = readings.find((reading) => reading.role === role);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Seconds of a cell as its column is read; NaN when it holds no time. */
function secondsOf(reading: TimeReading, row: readonly string[], context: TimeContext): number {
  const cell = row[reading.column] ?? "";
  if (reading.unit !== "iso") {
    return cellNumber(cell, context.decimalComma) * 10 ** (nsExponent(reading.unit) - 9);
  }
  const date = parseDateTime(cell);
  return date === undefined ? NaN : Number(date.ns) / 1e9;
}

/** Leaves out device stamps that are the stamps of the host again. */
function withoutRepeats(
  readings: readonly TimeReading[],
  rows: readonly (readonly string[])[],
  context: TimeContext,
): TimeReading[] {
  const hosts = readings.filter(({ role }) => role === "host" || role === "sample");
  return readings.filter((reading) =>
    reading.role !== "device" ||
    !hosts.some((host) =>
      rows.every((row) => {
        const [device, other] = [secondsOf(reading, row, context), secondsOf(host, row, context)];
        return device === other || Number.isNaN(device);
      })
    )
  );
}

/** Whether the counter of a device and the clock of its host are more than a day apart. */
function isFarFrom(
  primary: TimeReading | undefined,
  host: TimeReading | undefined,
  rows: readonly (readonly string[])[],
  context: TimeContext,
): boolean {
  if (primary?.role !== "device" || host === undefined) return false;
  const distances = rows.map((row) =>
    Math.abs(secondsOf(primary, row, context) - secondsOf(host, row, context))
  );
  return Math.max(...distances.filter((distance) => !Number.isNaN(distance))) > SECONDS_PER_DAY;
}

/**
 * A column of dates that is named UTC is local time all the same when it states no zone and differs from
 * other stamps in UTC by whole quarters of an hour.
 */
function correctNamedUtc(
  columns: readonly RecognisedColumn[],
  readings: readonly TimeReading[],
  rows: readonly (readonly string[])[],
  context: TimeContext,
): { readonly readings: readonly TimeReading[]; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const corrected = readings.map((reading): TimeReading => {
    const column = columns.find(({ index }) => index === reading.column)!;
    const other = readings.find((utc) => utc !== reading && utc.clock.kind === "utc");
    if (!isUnzonedUtc(column, reading, rows) || other === undefined) return reading;
    const hours = zoneOffset(reading, other, rows, context);
    if (Number.isNaN(hours) || hours === 0) return reading;
    const found = `local time, ${hours} h ahead`;
    issues.push(
      createIssue("TIME_UNIT_CONFLICT", { column: column.recordedAs, named: "UTC", found }),
    );
    return { ...reading, role: "local", clock: { id: `${context.host}/local`, kind: "local" } };
  });
  return { readings: corrected, issues };
}

function isUnzonedUtc(
  column: RecognisedColumn,
  { unit }: TimeReading,
  rows: readonly (readonly string[])[],
): boolean {
  if (unit !== "iso" || !namedUtc(column)) return false;
  return rows.some((row) => parseDateTime(row[column.index] ?? "")?.zoned === false);
}

/** Hours of local time ahead of UTC, to a quarter; NaN when the difference is no time zone. */
function zoneOffset(
  local: TimeReading,
  utc: TimeReading,
  rows: readonly (readonly string[])[],
  context: TimeContext,
): number {
  const differences = rows.map((row) =>
    secondsOf(local, row, context) - secondsOf(utc, row, context)
  );
  const seconds = median(differences);
  return Math.abs(seconds) > ZONE_LIMIT_S ? NaN : Math.round(seconds / 900) / 4;
}
