import type { ColumnData, ColumnSpec } from "../../base/mod.ts";
import { LANDMARK_COUNT } from "../model.ts";
import type { HandRecord, MeasuredHand } from "../record.ts";
import { LANDMARK_NAMES } from "./landmark_names.ts";

/** One hand of one picture. */
interface HandRow {
  readonly frame: number;
  readonly hand: MeasuredHand;
}

/** A column with how its value is had from a hand. */
interface Column extends ColumnSpec {
  readonly value: (row: HandRow) => number | string;
}

const MEASURES: readonly Column[] = [
  { name: "frame", kind: "f64", categorical: true, value: ({ frame }) => frame },
  { name: "hand_id", kind: "f64", categorical: true, value: ({ hand }) => hand.id },
  { name: "handedness", kind: "text", value: ({ hand }) => hand.handedness ?? "" },
  { name: "handedness_score", kind: "f64", value: ({ hand }) => hand.handednessScore ?? NaN },
  { name: "confidence", kind: "f64", value: ({ hand }) => hand.confidence },
  { name: "box_x", kind: "f64", unit: "px", value: ({ hand }) => hand.box.x },
  { name: "box_y", kind: "f64", unit: "px", value: ({ hand }) => hand.box.y },
  { name: "box_width", kind: "f64", unit: "px", value: ({ hand }) => hand.box.width },
  { name: "box_height", kind: "f64", unit: "px", value: ({ hand }) => hand.box.height },
  {
    name: "area",
    kind: "f64",
    unit: "px2",
    value: ({ hand }) => hand.mask === undefined ? NaN : hand.area,
  },
  {
    name: "mean_temperature",
    kind: "f64",
    unit: "degC",
    value: ({ hand }) => hand.meanTemperature ?? NaN,
  },
];

function coordinates(
  suffix: string,
  unit: string,
  values: (hand: MeasuredHand) => Float32Array | undefined,
): Column[] {
  return Array.from({ length: 3 * LANDMARK_COUNT }, (_, index) => ({
    name: `${LANDMARK_NAMES[Math.floor(index / 3)]}${suffix}_${"xyz"[index % 3]}`,
    kind: "f64",
    unit,
    value: ({ hand }) => values(hand)?.[index] ?? NaN,
  }));
}

const COLUMNS: readonly Column[] = [
  ...MEASURES,
  ...coordinates("", "px", ({ landmarks }) => landmarks),
  ...coordinates("_world", "m", ({ worldLandmarks }) => worldLandmarks),
];

/** Columns of {@linkcode handRows}: what is known of a hand, then its landmarks in pixels and in metres. */
export const HAND_COLUMNS: readonly ColumnSpec[] = COLUMNS.map(specOf);

/**
 * One row for each hand of each picture, as columns in the order of {@linkcode HAND_COLUMNS}. Numbers that are not
 * known are NaN, texts empty.
 *
 * @example
 * ```ts
 * import { HAND_COLUMNS, type HandRecord, handRows } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const box = { x: 4, y: 2, width: 20, height: 30 };
 * const hands = [{ id: 0, confidence: 0.9, box, area: 0 }];
 * const record: HandRecord = { frame: 7, timeNs: 0n, width: 64, height: 48, hands, searched: true };
 * const rows = handRows([record]);
 * const column = HAND_COLUMNS.findIndex(({ name }) => name === "box_width");
 * assert.deepEqual([...rows[column]!], [20]);
 * ```
 */
export function handRows(records: readonly HandRecord[]): ColumnData[] {
  const rows = records.flatMap(({ frame, hands }) => hands.map((hand) => ({ frame, hand })));
  return COLUMNS.map((column) => columnOf(column, rows));
}

function specOf({ value: _value, ...spec }: Column): ColumnSpec {
  return spec;
}

function columnOf({ kind, value }: Column, rows: readonly HandRow[]): ColumnData {
  if (kind === "text") return rows.map((row) => String(value(row)));
  return Float64Array.from(rows, (row) => Number(value(row)));
}
