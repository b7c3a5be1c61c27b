import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LANDMARK_NAMES } from "session-process";
import { inTemporaryFolder } from "./support/folders.ts";
import { MODELS, readJson, readRows, resultsOf, runHands } from "./support/hands.ts";
import { findPycocotools, findPython, runPython } from "./support/oracles.ts";
import { testWithRecording } from "./support/shared_data.ts";

/** The landmarks of a row of `hands.csv` in pixels. */
function landmarksOf(row: Record<string, string>): [number, number][] {
  return LANDMARK_NAMES.map((name) => [Number(row[`${name}_x`]), Number(row[`${name}_y`])]);
}

const distance = ([x1, y1]: readonly number[], [x2, y2]: readonly number[]) =>
  Math.sqrt((x1! - x2!) * (x1! - x2!) + (y1! - y2!) * (y1! - y2!));

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Prints the number of rows and ids, and the mean place of a finger tip, as pandas reads them. */
const PANDAS = `
import sys, pandas
hands = pandas.read_csv(sys.argv[1], float_precision="round_trip")
assert (hands.time_ns.diff().dropna() > 0).all() and (hands.time_ns == hands.device_ns).all()
assert set(hands.handedness) <= {"left", "right"} and hands.confidence.between(0, 1).all()
print(len(hands), hands.hand_id.nunique(), float(hands.index_finger_tip_x.mean()).hex())
`;

/** Prints area and box of each mask, first as pycocotools measures them, then as the file states them. */
const COCO = `
import sys, contextlib, os
from pycocotools.coco import COCO
import pycocotools.mask as rle
with contextlib.redirect_stdout(open(os.devnull, "w")):
    coco = COCO(sys.argv[1])
for one in coco.loadAnns(coco.getAnnIds()):
    mask = coco.annToMask(one)
    image = coco.imgs[one["image_id"]]
    assert mask.shape == (image["height"], image["width"])
    assert int(mask.sum()) == one["area"], (int(mask.sum()), one["area"])
    print(int(rle.area(one["segmentation"])), *map(int, rle.toBbox(one["segmentation"])),
          one["area"], *one["bbox"], one["image_id"], one["hand_id"])
`;

testWithRecording(
  "a signing hand is followed through every picture, within 9 px of the reference",
  "hands/rgb/asl_hand.25fps.mp4",
  (path) =>
    inTemporaryFolder(async (folder) => {
      const args = ["--models", MODELS, "--max-hands", "1"];
      const { code, stderr } = await runHands(path, folder, args);
      assert.equal(code, 0, stderr);
      const results = resultsOf(folder, "asl_hand.25fps");
      const { frames, hands } = await readJson(join(results, "processing_metadata.json"));
      assert.deepEqual([frames.listed, frames.searched, frames.with_hands], [325, 325, 325]);
      assert.deepEqual([frames.whole_picture_searches, hands.ids], [1, 1]);
      const rows = await readRows(join(results, "hands.csv"));
      assert.deepEqual(
        rows.map(({ frame }) => Number(frame)),
        Array.from({ length: 325 }, (_, i) => i),
      );
      const truth: number[][][] = await readJson(join(dirname(path), "asl_hand.full.json"));
      const errors = rows.flatMap((row, frame) =>
        landmarksOf(row).map((place, index) => distance(place, truth[frame]![index]!))
      );
      assert.ok(mean(errors) <= 9, `${mean(errors)} px`);
      compareWithPandas(join(results, "hands.csv"), rows);
      compareWithCoco(join(results, "masks.json"), rows);
    }),
);

function compareWithPandas(path: string, rows: Record<string, string>[]): void {
  const python = findPython();
  if (python === undefined) return;
  const [line] = runPython(python, PANDAS, [path]);
  const [count, ids, tip] = line!.split(" ");
  assert.deepEqual([Number(count), Number(ids)], [rows.length, 1]);
  const expected = mean(rows.map((row) => Number(row["index_finger_tip_x"])));
  assert.ok(Math.abs(hexFloat(tip!) - expected) < 1e-9);
}

/** What Python writes of a normal number: 0x1.8p+3. */
function hexFloat(text: string): number {
  const [, digits, exponent] = /^0x1\.([0-9a-f]+)p([+-]\d+)$/.exec(text)!;
  return (1 + parseInt(digits!, 16) / 16 ** digits!.length) * 2 ** Number(exponent);
}

function compareWithCoco(path: string, rows: Record<string, string>[]): void {
  const python = findPycocotools();
  if (python === undefined) return;
  const found = runPython(python, COCO, [path]).map((line) => line.split(" ").map(Number));
  assert.equal(found.length, rows.length);
  for (const [index, [area, x, y, width, height, ...stated]] of found.entries()) {
    const row = rows[index]!;
    const measured = [area, x, y, width, height];
    assert.deepEqual(stated, [...measured, Number(row["frame"]) + 1, Number(row["hand_id"])]);
    const { area: inTable, box_x, box_y, box_width, box_height } = row;
    assert.deepEqual([inTable, box_x, box_y, box_width, box_height].map(Number), measured);
  }
}

/** The places of landmarks in a text protobuf, relative to the picture. */
async function prototxt(path: string): Promise<[number, number][]> {
  const text = await readFile(path, "utf8");
  return [...text.matchAll(/x: (\S+)\s+y: (\S+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

testWithRecording(
  "landmarks of a photograph are within 0.03 of MediaPipe's",
  "hands/rgb/hands.jpg",
  (path) =>
    inTemporaryFolder(async (folder) => {
      const { code, stderr } = await runHands(path, folder);
      assert.equal(code, 0, stderr);
      const results = resultsOf(folder, "hands");
      const rows = await readRows(join(results, "hands.csv"));
      const { input } = await readJson(join(results, "processing_metadata.json"));
      assert.deepEqual([input.width, input.height, rows.length], [720, 382, 2]);
      for (const name of ["up", "down"]) {
        const file = `expected_left_${name}_hand_landmarks.prototxt`;
        const expected = await prototxt(join(dirname(path), "..", "expected", file));
        assert.equal(expected.length, 21);
        const worst = rows.map((row) =>
          Math.max(
            ...landmarksOf(row).flatMap(([x, y], index) => [
              Math.abs(x / 720 - expected[index]![0]),
              Math.abs(y / 382 - expected[index]![1]),
            ]),
          )
        );
        assert.ok(Math.min(...worst) <= 0.03, `${name}: ${worst}`);
      }
    }),
);

testWithRecording(
  "both hands are found in each thermal picture",
  "hands/thermal",
  (path) =>
    inTemporaryFolder(async (folder) => {
      const { code, stderr } = await runHands(path, folder);
      assert.equal(code, 0, stderr);
      const results = resultsOf(folder, "thermal");
      const frames = await readRows(join(results, "frames.csv"));
      assert.deepEqual(frames.map(({ hands }) => hands), new Array(8).fill("2"));
      const { images, annotations } = await readJson(join(results, "masks.json"));
      assert.deepEqual([images.length, annotations.length], [8, 16]);
    }),
);

for (
  const [name, args, first, count] of [
    ["hand_landmarker__test_video", [], 0, 202],
    ["gesture_recognizer__test_video", ["--from", "3", "--to", "4"], 75, 25],
  ] as const
) {
  testWithRecording(
    `every picture of ${name} is searched`,
    `hands/rgb/${name}.mp4`,
    (path) =>
      inTemporaryFolder(async (folder) => {
        const { code, stderr } = await runHands(path, folder, ["--models", MODELS, ...args]);
        assert.equal(code, 0, stderr);
        const frames = await readRows(join(resultsOf(folder, name), "frames.csv"));
        const expected = Array.from({ length: count }, (_, index) => first + index);
        assert.deepEqual(frames.map(({ frame }) => Number(frame)), expected);
        const found = frames.filter(({ hands }) => Number(hands) > 0).length;
        assert.ok(found >= 0.9 * count, `${found} of ${count}`);
      }),
  );
}
