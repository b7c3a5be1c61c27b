import assert from "node:assert/strict";
import { CancelledError, createIssue } from "../../base/mod.ts";
import { MemoryFolderSink } from "../../simulate/mod.ts";
import { sha256 } from "../../../runtime/mod.ts";
import { decodeCoco, Kernel } from "../../../wasm/mod.ts";
import { brightColumns, columnEngine, SIDE } from "./_pictures.ts";
import { OWN_TIMES, rowTimes } from "./frame_times.ts";
import {
  handPlaces,
  handsOfRecording,
  type RecordingHandsOptions,
  recordsFolder,
  unreported,
} from "./hands_of_recording.ts";
import { RecordStore } from "./record_store.ts";
import type { HandTables } from "./write_tables.ts";

const MEDIA = { id: "pc/clip/media", kind: "media" } as const;

function optionsOf(more: Partial<RecordingHandsOptions> = {}): RecordingHandsOptions {
  return {
    output: new MemoryFolderSink(),
    kernel: new Kernel(),
    sha256,
    version: "1",
    name: "pc.clip",
    input: { path: "clip.mp4", size: 3, hashed: "whole", sha256: "0" },
    source: brightColumns(30),
    engine: columnEngine(),
    placer: OWN_TIMES,
    facts: {
      device: "pc",
      name: "clip",
      clock: MEDIA,
      referenceClock: MEDIA,
      originNs: 0n,
      maxHands: 2,
    },
    ...more,
  };
}

function textOf(options: RecordingHandsOptions, name: string): string {
  const { files } = options.output as MemoryFolderSink;
  return new TextDecoder().decode(files.get(`processing/hand_segmentation/pc.clip/${name}`));
}

function tableOf(options: RecordingHandsOptions, name: string): Record<string, string>[] {
  const [header = "", ...lines] = textOf(options, name).trimEnd().split("\n");
  return lines.map((line) => {
    const values = line.split(",");
    return Object.fromEntries(header.split(",").map((key, index) => [key, values[index]!]));
  });
}

Deno.test("hands of a recording are written as tables, one row a hand and one row a picture", async () => {
  const options = optionsOf();
  const { metadata } = await handsOfRecording(options);
  const hands = tableOf(options, "hands.csv");
  assert.equal(hands.length, 20);
  // Two hands in each three pictures: the fifth is in picture 6, at 0.6 s, in column 6.
  const { frame, time_s, device_ns, hand_id, box_x, area, sigma_s } = hands[4]!;
  assert.deepEqual([frame, time_s, device_ns], ["6", "0.6", "600000000"]);
  assert.deepEqual([hand_id, box_x, area, sigma_s], ["2", "6", String(SIDE), "0"]);
  const frames = tableOf(options, "frames.csv");
  assert.deepEqual(frames.map(({ hands }) => hands).slice(0, 4), ["1", "1", "0", "1"]);
  assert.deepEqual([frames[6]!["hand_1_x"], frames[8]!["hand_1_x"]], ["6.5", ""]);
  assert.deepEqual([metadata.frames.with_hands, metadata.frames.detected_share], [20, 2 / 3]);
  assert.deepEqual(metadata.hands, { detections: 20, ids: 10 });
});

Deno.test("whoever asks for the tables is given the rows that are written", async () => {
  const given: HandTables[] = [];
  const options = optionsOf({
    source: brightColumns(300),
    onTables: (tables) => Promise.resolve(void given.push(tables)),
  });
  await handsOfRecording(options);
  assert.deepEqual(given.map(({ frames }) => [frames.firstRow, frames.length]), [[0, 256], [
    256,
    44,
  ]]);
  const columnOf = (name: string) => {
    const at = given[0]!.handSchema.columns.findIndex((column) => column.name === name);
    return given.flatMap(({ hands }) => [...hands.columns[at]!].map(String));
  };
  const rows = tableOf(options, "hands.csv");
  assert.equal(rows.length, 200);
  for (const name of ["hand_id", "box_x", "area"]) {
    assert.deepEqual(columnOf(name), rows.map((row) => row[name]), name);
  }
  assert.deepEqual(
    given.flatMap(({ hands }) => [...hands.times].map(String)),
    rows.map(({ device_ns }) => device_ns),
  );
});

Deno.test("masks are COCO annotations whose run lengths cover the pixels of the hand", async () => {
  const options = optionsOf();
  await handsOfRecording(options);
  const { images, annotations, categories } = JSON.parse(textOf(options, "masks.json"));
  assert.deepEqual([images.length, annotations.length, categories.length], [30, 20, 1]);
  const found = annotations[4];
  assert.deepEqual([found.image_id, found.area, found.bbox], [7, SIDE, [6, 0, 1, SIDE]]);
  assert.deepEqual(found.segmentation.size, [SIDE, SIDE]);
  const counts = decodeCoco(options.kernel, found.segmentation.counts)!;
  assert.deepEqual([...counts], [6 * SIDE, SIDE, SIDE]);
});

Deno.test("pictures are placed by the rows of their stream, and those it does not list have no time", async () => {
  async function* rows() {
    for (const firstRow of [0, 10]) {
      await Promise.resolve();
      const times = BigInt64Array.from({ length: 10 }, (_, row) => BigInt(firstRow + row) * 7n);
      yield {
        firstRow,
        times,
        referenceTimes: times.map((time) => time + 1000n),
        sigmas: new Float64Array(10).fill(2e6),
      };
    }
  }
  const options = optionsOf({ placer: rowTimes(rows()), every: 3 });
  await handsOfRecording(options);
  const frames = tableOf(options, "frames.csv");
  const last = frames.find(({ frame }) => frame === "18")!;
  assert.deepEqual([last["time_ns"], last["sigma_s"], last["device_ns"]], ["1126", "0.002", "126"]);
  const beyond = frames.find(({ frame }) => frame === "21")!;
  assert.deepEqual([beyond["time_ns"], beyond["sigma_s"]], ["", ""]);
});

Deno.test("a run that was cut short ends with the bytes of an undisturbed one", async () => {
  const whole = optionsOf({ source: brightColumns(700) });
  await handsOfRecording(whole);
  const cut = optionsOf({ source: brightColumns(700, 300) });
  await assert.rejects(handsOfRecording(cut), CancelledError);
  const again = { ...cut, source: brightColumns(700), engine: columnEngine() };
  await handsOfRecording(again);
  for (const name of ["hands.csv", "frames.csv", "masks.json", "processing_metadata.json"]) {
    assert.equal(textOf(again, name), textOf(whole, name), name);
  }
});

Deno.test("there are as many places as hands are found, unless others are asked for", () => {
  const engine = columnEngine();
  const method = { ...engine.method, parameters: { maxHands: 4 } };
  assert.equal(handPlaces({}, engine), 2);
  assert.equal(handPlaces({}, { method }), 4);
  assert.equal(handPlaces({ maxHands: 3 }, { method }), 3);
});

Deno.test("other parameters begin anew", async () => {
  const options = optionsOf();
  await handsOfRecording(options);
  const engine = columnEngine();
  await handsOfRecording({ ...options, engine, every: 2 });
  assert.equal(engine.seen.length, 15);
});

Deno.test("what was wrong with pictures is told again by a run that need not decode them", async () => {
  const lost = createIssue(
    "VIDEO_FRAMES_LOST",
    { count: 2, first: 3, last: 4, reason: "damage" },
    { path: "clip.mp4" },
  );
  const options = optionsOf({ source: brightColumns(30, Infinity, [lost]) });
  const first = await handsOfRecording(options);
  assert.deepEqual(unreported(first), []);
  const again = await handsOfRecording({ ...options, source: brightColumns(30) });
  assert.deepEqual(unreported(again), [lost]);
  assert.deepEqual(again.metadata, first.metadata);
});

Deno.test("the clock of a recording need not be what it was when its hands were found", async () => {
  const options = optionsOf();
  await handsOfRecording(options);
  const facts = { ...options.facts, clock: { id: "pc/other", kind: "media" } as const };
  await handsOfRecording({ ...options, facts });
  const store = await RecordStore.find(options.output, recordsFolder(options.name));
  assert.deepEqual(store?.about, facts);
});
