import type { ColumnData, ColumnSpec } from "../../base/mod.ts";
import { centroid, type HandRecord, type MeasuredHand } from "../record.ts";

/** What the signals of one hand are called behind `hand_1_`. */
const SIGNALS: readonly (Omit<ColumnSpec, "kind"> & {
  readonly value: (hand: MeasuredHand) => number;
})[] = [
  { name: "id", categorical: true, value: ({ id }) => id },
  { name: "x", unit: "px", value: (hand) => placeOf(hand).x },
  { name: "y", unit: "px", value: (hand) => placeOf(hand).y },
  { name: "area", unit: "px2", value: ({ mask, area }) => mask === undefined ? NaN : area },
  { name: "confidence", value: ({ confidence }) => confidence },
  { name: "temperature", unit: "degC", value: ({ meanTemperature }) => meanTemperature ?? NaN },
];

/** The middle of the mask, or of the box where there is no mask. */
function placeOf({ mask, box }: MeasuredHand): { readonly x: number; readonly y: number } {
  const middle = mask && centroid(mask);
  return middle ?? { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/**
 * Columns of {@linkcode SignalTable}: one row for each picture, hands side by side.
 *
 * @param maxHands Number of places for hands.
 */
export function signalColumns(maxHands: number): ColumnSpec[] {
  const places = Array.from(
    { length: maxHands },
    (_, place) =>
      SIGNALS.map(({ value: _value, name, ...spec }): ColumnSpec => ({
        ...spec,
        kind: "f64",
        name: `hand_${place + 1}_${name}`,
      })),
  );
  return [
    { name: "frame", kind: "f64", categorical: true },
    { name: "hands", kind: "f64" },
    { name: "searched", kind: "bool" },
    ...places.flat(),
  ];
}

/**
 * Makes signals of hands that come and go: a hand keeps its place while it is followed, and a new one
 * takes the first that is free. Pictures are given in order.
 *
 * @example
 * ```ts
 * import { type HandRecord, signalColumns, SignalTable } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const box = { x: 10, y: 0, width: 20, height: 30 };
 * const hands = [{ id: 5, confidence: 0.9, box, area: 0 }];
 * const record: HandRecord = { frame: 0, timeNs: 0n, width: 64, height: 48, hands, searched: true };
 * const rows = new SignalTable(2).rows([record]);
 * const x = signalColumns(2).findIndex(({ name }) => name === "hand_1_x");
 * assert.deepEqual([...rows[x]!], [20]);
 * ```
 */
export class SignalTable {
  /** Id of the hand that has each place. */
  readonly #places: (number | undefined)[];

  constructor(maxHands: number) {
    this.#places = new Array<number | undefined>(maxHands).fill(undefined);
  }

  /** The rows of the next pictures, as columns in the order of {@linkcode signalColumns}. */
  rows(records: readonly HandRecord[]): ColumnData[] {
    const seated = records.map(({ hands }) => this.#seat(hands));
    const signals = this.#places.flatMap((_, place) =>
      SIGNALS.map(({ value }) =>
        Float64Array.from(seated, (hands) => {
          const hand = hands[place];
          return hand === undefined ? NaN : value(hand);
        })
      )
    );
    return [
      Float64Array.from(records, ({ frame }) => frame),
      Float64Array.from(records, ({ hands }) => hands.length),
      Uint8Array.from(records, ({ searched }) => searched ? 1 : 0),
      ...signals,
    ];
  }

  /** The hands of a picture by place. Those for which there is none are left out. */
  #seat(hands: readonly MeasuredHand[]): (MeasuredHand | undefined)[] {
    const there = new Map(hands.map((hand) => [hand.id, hand]));
    for (const [place, id] of this.#places.entries()) {
      if (id !== undefined && !there.has(id)) this.#places[place] = undefined;
    }
    for (const id of there.keys()) {
      if (this.#places.includes(id)) continue;
      const free = this.#places.indexOf(undefined);
      if (free >= 0) this.#places[free] = id;
    }
    return this.#places.map((id) => id === undefined ? undefined : there.get(id));
  }
}
