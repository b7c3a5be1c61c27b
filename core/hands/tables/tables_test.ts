import assert from "node:assert/strict";
import type { HandRecord, MeasuredHand } from "../record.ts";
import { HAND_COLUMNS, handRows, LANDMARK_NAMES, signalColumns, SignalTable } from "./mod.ts";

function handOf(id: number, more: Partial<MeasuredHand> = {}): MeasuredHand {
  return { id, confidence: 0.5, box: { x: 10 * id, y: 2, width: 4, height: 6 }, area: 0, ...more };
}

function recordOf(frame: number, hands: readonly MeasuredHand[]): HandRecord {
  return { frame, timeNs: 0n, width: 8, height: 4, hands, searched: frame === 0 };
}

function column(rows: ReturnType<typeof handRows>, name: string) {
  return [...rows[HAND_COLUMNS.findIndex((spec) => spec.name === name)]!];
}

Deno.test("landmarks have the names and the order of MediaPipe", () => {
  // https://ai.google.dev/edge/mediapipe/solutions/vision/hand_landmarker
  assert.equal(LANDMARK_NAMES.length, 21);
  const known = {
    wrist: 0,
    thumb_tip: 4,
    index_finger_mcp: 5,
    middle_finger_pip: 10,
    pinky_tip: 20,
  };
  for (const [name, index] of Object.entries(known)) assert.equal(LANDMARK_NAMES[index], name);
});

Deno.test("a table of hands has a row for each hand, and empty values where nothing is known", () => {
  const landmarks = Float32Array.from({ length: 63 }, (_, index) => index);
  const worldLandmarks = landmarks.map((value) => -value);
  const rows = handRows([
    recordOf(0, [handOf(0, { handedness: "left", landmarks, worldLandmarks }), handOf(1)]),
    recordOf(1, []),
    recordOf(2, [handOf(1, { meanTemperature: 31.5 })]),
  ]);
  assert.deepEqual(column(rows, "frame"), [0, 0, 2]);
  assert.deepEqual(column(rows, "hand_id"), [0, 1, 1]);
  assert.deepEqual(column(rows, "handedness"), ["left", "", ""]);
  assert.deepEqual(column(rows, "area"), [NaN, NaN, NaN]);
  assert.deepEqual(column(rows, "mean_temperature"), [NaN, NaN, 31.5]);
  assert.deepEqual(column(rows, "thumb_tip_y"), [13, NaN, NaN]);
  assert.deepEqual(column(rows, "pinky_tip_world_z"), [-62, NaN, NaN]);
});

Deno.test("signals keep a hand in its place while it is there and give its place to the next", () => {
  const table = new SignalTable(2);
  const first = table.rows([
    recordOf(0, [handOf(0)]),
    recordOf(1, [handOf(1), handOf(0)]),
    recordOf(2, [handOf(1)]),
  ]);
  const second = table.rows([recordOf(3, [handOf(2), handOf(1)]), recordOf(4, [])]);
  const names = signalColumns(2).map(({ name }) => name);
  const ids = (place: number) => {
    const index = names.indexOf(`hand_${place}_id`);
    return [...first[index]!, ...second[index]!];
  };
  assert.deepEqual(ids(1), [0, 0, NaN, 2, NaN]);
  assert.deepEqual(ids(2), [NaN, 1, 1, 1, NaN]);
  assert.deepEqual([...first[names.indexOf("hands")]!], [1, 2, 1]);
  assert.deepEqual([...first[names.indexOf("searched")]!], [1, 0, 0]);
  assert.deepEqual(names.length, first.length);
});

Deno.test("the place of a hand is the middle of its mask, or of its box without one", () => {
  // Pixels (1, 3), (2, 0) and (2, 1) of a picture of 8 x 4: their centres are half a pixel further.
  const mask = { width: 8, height: 4, counts: Uint32Array.of(7, 3, 22) };
  const rows = new SignalTable(2).rows([recordOf(0, [handOf(3, { mask, area: 3 }), handOf(1)])]);
  const value = (name: string) =>
    rows[signalColumns(2).findIndex((spec) => spec.name === name)]![0];
  assert.equal(value("hand_1_x"), (1.5 + 2.5 + 2.5) / 3);
  assert.equal(value("hand_1_y"), (3.5 + 0.5 + 1.5) / 3);
  assert.equal(value("hand_1_area"), 3);
  assert.deepEqual([value("hand_2_x"), value("hand_2_y")], [12, 5]);
});

Deno.test("hands for which there is no place are counted but have no signals", () => {
  const rows = new SignalTable(1).rows([recordOf(0, [handOf(4), handOf(5)])]);
  assert.deepEqual(rows.map((values) => values[0]).slice(0, 4), [0, 2, 1, 4]);
});
