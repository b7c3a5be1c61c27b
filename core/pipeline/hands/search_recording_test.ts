import assert from "node:assert/strict";
import { CancelledError } from "../../base/mod.ts";
import type { HandRecord } from "../../hands/mod.ts";
import { MemoryFolderSink } from "../../simulate/mod.ts";
import { brightColumns, columnEngine } from "./_pictures.ts";
import { RecordStore } from "./record_store.ts";
import { searchRecording } from "./search_recording.ts";

async function recordsOf(store: RecordStore): Promise<HandRecord[]> {
  const found: HandRecord[] = [];
  for await (const records of store.read()) found.push(...records);
  return found;
}

Deno.test("every picture is searched once, and what was found is counted", async () => {
  const store = await RecordStore.open(new MemoryFolderSink(), "hands", { key: "key", about: 1 });
  const engine = columnEngine();
  const notes = await searchRecording({ source: brightColumns(30), engine, store, name: "clip" });
  assert.deepEqual(engine.seen, Array.from({ length: 30 }, (_, index) => index));
  assert.deepEqual(
    [notes.decoded, notes.searched, notes.withHands, notes.hands, notes.whole, notes.lastId],
    [30, 30, 20, 20, 15, 9],
  );
  assert.equal(store.progress.finished, true);
});

Deno.test("a search that is cut short goes on at its frame with what the method knew", async () => {
  const whole = await RecordStore.open(new MemoryFolderSink(), "hands", { key: "key", about: 1 });
  const options = { name: "clip", every: 2, fromSeconds: 0.3 };
  await searchRecording({
    ...options,
    source: brightColumns(600),
    engine: columnEngine(),
    store: whole,
  });

  const output = new MemoryFolderSink();
  const store = await RecordStore.open(output, "hands", { key: "key", about: 1 });
  const cut = { ...options, source: brightColumns(600, 333), engine: columnEngine(), store };
  await assert.rejects(searchRecording(cut), CancelledError);
  const again = await RecordStore.open(output, "hands", { key: "key", about: 1 });
  assert.equal(again.progress.nextFrame, 333);
  const engine = columnEngine();
  await searchRecording({ ...options, source: brightColumns(600), engine, store: again });
  assert.equal(engine.seen[0], 334);
  assert.deepEqual(await recordsOf(again), await recordsOf(whole));
  assert.deepEqual(again.progress.notes, whole.progress.notes);
});

Deno.test("seconds choose pictures by their times, counted from the first of the recording", async () => {
  const store = await RecordStore.open(new MemoryFolderSink(), "hands", { key: "key", about: 1 });
  const engine = columnEngine();
  const choice = { fromSeconds: 1, toSeconds: 2, every: 3 };
  await searchRecording({ source: brightColumns(50), engine, store, name: "clip", ...choice });
  assert.deepEqual(engine.seen, [12, 15, 18]);
});

Deno.test("a search that is finished is not done again", async () => {
  const store = await RecordStore.open(new MemoryFolderSink(), "hands", { key: "key", about: 1 });
  const options = { source: brightColumns(5), store, name: "clip" };
  const notes = await searchRecording({ ...options, engine: columnEngine() });
  const engine = columnEngine();
  assert.deepEqual(await searchRecording({ ...options, engine }), notes);
  assert.deepEqual(engine.seen, []);
});

Deno.test("a picture that was decoded when the search was cancelled counts once", async () => {
  const output = new MemoryFolderSink();
  const store = await RecordStore.open(output, "hands", { key: "key", about: 1 });
  const source = brightColumns(9);
  const cancel = new AbortController();
  const engine = columnEngine();
  const cut = { source, engine, store, name: "clip", signal: cancel.signal };
  const onFrame = ({ frame }: HandRecord) => frame === 4 && cancel.abort();
  await assert.rejects(searchRecording({ ...cut, onFrame }), CancelledError);
  const again = await RecordStore.open(output, "hands", { key: "key", about: 1 });
  const notes = await searchRecording({ source, engine, store: again, name: "clip" });
  assert.deepEqual([notes.decoded, notes.searched], [9, 9]);
});
