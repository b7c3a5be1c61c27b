import assert from "node:assert/strict";
import { CancelledError } from "../../base/mod.ts";
import { MemoryFolderSink } from "../../simulate/mod.ts";
import { brightColumns, columnEngine, SIDE } from "./_pictures.ts";
import type { OpenClip, PictureClip } from "./clips.ts";
import { RecordStore } from "./record_store.ts";
import { type RenderOptions, renderRecording } from "./render_recording.ts";
import { searchRecording } from "./search_recording.ts";

/** A video of which only the times and the first bytes of its pictures are kept, as text. */
const openClip: OpenClip = async (create, { width, height }) => {
  const sink = await create("txt");
  const write = (line: string) => sink.write(new TextEncoder().encode(`${line}\n`));
  await write(`${width}x${height}`);
  const writer: PictureClip = {
    add: (rgb, timeNs) => write(`${timeNs} ${rgb.length} ${Math.max(...rgb) > 200}`),
    finish: () => sink.commit(),
    abort: () => sink.abort(),
  };
  return writer;
};

/** Renders thirty pictures; each hand is seen in two of them. */
async function rendered(more: Partial<RenderOptions> = {}) {
  const output = new MemoryFolderSink();
  const store = await RecordStore.open(output, "work", { key: "key", about: 1 });
  const engine = columnEngine();
  await searchRecording({ source: brightColumns(30), engine, store, name: "clip" });
  const options: RenderOptions = {
    output,
    folder: "results",
    records: "work",
    name: "clip",
    source: brightColumns(30),
    image: engine.image,
    store,
    openClip,
    ...more,
  };
  const textOf = (path: string) => new TextDecoder().decode(output.files.get(path));
  return { options, output, textOf, written: await renderRecording(options) };
}

Deno.test("an overlay has every picture that was searched, at its time and in its size", async () => {
  const { textOf, written } = await rendered({ overlay: true });
  assert.deepEqual(written.map(({ path }) => path), ["results/overlay.txt"]);
  const [shape, ...pictures] = textOf("results/overlay.txt").trimEnd().split("\n");
  assert.equal(shape, `${SIDE}x${SIDE}`);
  assert.deepEqual(
    pictures.map((line) => line.split(" ")[0]),
    Array.from({ length: 30 }, (_, index) => String(index * 100_000_000)),
  );
});

Deno.test("each hand has a video, and the index says which pictures are in it", async () => {
  const { textOf, written } = await rendered({ cropSide: 32 });
  assert.equal(written.length, 11);
  assert.equal(
    textOf("results/crops/hand_2.txt"),
    `32x32\n600000000 ${3 * 32 * 32} true\n700000000 ${3 * 32 * 32} true\n`,
  );
  const [header, ...rows] = textOf("results/crops/index.csv").trimEnd().split("\n");
  assert.equal(header, "hand_id,clip,clip_frame,frame,device_ns");
  assert.deepEqual(rows.slice(4, 6), ["2,hand_2,0,6,600000000", "2,hand_2,1,7,700000000"]);
});

Deno.test("videos that are there are not made again, others are", async () => {
  const { options, output } = await rendered({ overlay: true });
  let opened = 0;
  const counting: OpenClip = (...args) => {
    opened++;
    return openClip(...args);
  };
  const again = { ...options, openClip: counting };
  await renderRecording(again);
  assert.equal(opened, 0);
  output.files.delete("results/overlay.txt");
  await renderRecording(again);
  assert.equal(opened, 1);
  await renderRecording({ ...again, cropSide: 16 });
  assert.equal(opened, 12);
});

Deno.test("what is cancelled leaves no video behind that is not whole", async () => {
  const { options, output } = await rendered();
  const before = [...output.files.keys()];
  const cut = { ...options, source: brightColumns(30, 4), overlay: true, cropSide: 16 };
  await assert.rejects(renderRecording(cut), CancelledError);
  // The first hand was seen for the last time before that: its video is whole.
  assert.deepEqual([...output.files.keys()], [...before, "results/crops/hand_0.txt"]);
});

Deno.test("an overlay keeps the size of its first picture, and begins with pictures timed since 1970", async () => {
  const { options, textOf } = await rendered();
  const epoch = 1_753_790_000_000_000_000n;
  async function* frames() {
    for await (const frame of brightColumns(30).frames()) {
      const timeNs = epoch + (frame.timeNs ?? 0n);
      // The right half is gone from the tenth picture on.
      yield frame.index < 10 ? { ...frame, timeNs } : { ...frame, timeNs, width: SIDE / 2 };
    }
  }
  const records = { ...options.source, frames };
  const bare = async function* () {
    for await (const some of options.store.read()) {
      yield some.map((record) => ({ ...record, hands: [] }));
    }
  };
  const store = Object.assign(Object.create(options.store), { read: bare });
  Object.defineProperty(store, "progress", { value: options.store.progress });
  await renderRecording({ ...options, source: records, store, overlay: true });
  const [shape, ...pictures] = textOf("results/overlay.txt").trimEnd().split("\n");
  assert.equal(shape, `${SIDE}x${SIDE}`);
  assert.deepEqual(
    pictures.map((line) => line.split(" ").slice(0, 2)),
    Array.from(
      { length: 30 },
      (_, index) => [String(index * 100_000_000), String(3 * SIDE * SIDE)],
    ),
  );
});

Deno.test("videos of hands that are no longer found are deleted", async () => {
  const { options, output } = await rendered({ cropSide: 16 });
  const stale = await output.create("results/crops/hand_99.txt");
  await stale.commit();
  await renderRecording({ ...options, cropSide: 32 });
  assert.equal(output.files.has("results/crops/hand_99.txt"), false);
  assert.ok(output.files.has("results/crops/hand_9.txt"));
});
