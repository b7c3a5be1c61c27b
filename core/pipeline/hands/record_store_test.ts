import assert from "node:assert/strict";
import { MemoryFolderSink } from "../../simulate/mod.ts";
import type { HandRecord } from "../../hands/mod.ts";
import { RecordStore } from "./record_store.ts";

function recordOf(frame: number): HandRecord {
  const hand = {
    id: 3,
    confidence: 0.1 + frame / 3,
    box: { x: 1, y: 2, width: 3, height: 4 },
    area: 5,
    landmarks: Float32Array.of(0.1, frame),
    mask: { width: 8, height: 8, counts: Uint32Array.of(3, 5, 56) },
  };
  return {
    frame,
    timeNs: BigInt(frame) << 60n,
    width: 8,
    height: 8,
    hands: [hand],
    searched: true,
  };
}

async function readAll(store: RecordStore): Promise<HandRecord[]> {
  const found: HandRecord[] = [];
  for await (const records of store.read()) found.push(...records);
  return found;
}

Deno.test("records are read back as they were, in order, from as many files as they take", async () => {
  const output = new MemoryFolderSink();
  const store = await RecordStore.open(output, "hands", { key: "key", about: 1 });
  const records = Array.from({ length: 600 }, (_, frame) => recordOf(frame));
  for (const [index, record] of records.entries()) {
    const progress = { nextFrame: index + 1, method: { seen: index }, finished: false, notes: 1n };
    if (store.add(record)) await store.commit(progress);
  }
  await store.commit({ nextFrame: 600, method: undefined, finished: true, notes: NaN });
  const again = await RecordStore.open(output, "hands", { key: "key", about: 1 });
  assert.equal(again.length, 600);
  assert.deepEqual(await readAll(again), records);
  assert.equal(again.progress.finished, true);
  assert.equal(again.progress.notes, NaN);
});

Deno.test("what was not committed is not there afterwards", async () => {
  const output = new MemoryFolderSink();
  const store = await RecordStore.open(output, "hands", { key: "key", about: 1 });
  store.add(recordOf(0));
  await store.commit({ nextFrame: 1, method: [1], finished: false, notes: undefined });
  store.add(recordOf(1));
  const again = await RecordStore.open(output, "hands", { key: "key", about: 1 });
  assert.deepEqual(await readAll(again), [recordOf(0)]);
  assert.deepEqual([again.progress.nextFrame, again.progress.method], [1, [1]]);
});

Deno.test("a damaged index is an empty store, and a lost file of records is told", async () => {
  const output = new MemoryFolderSink();
  const store = await RecordStore.open(output, "hands", { key: "key", about: 1 });
  store.add(recordOf(0));
  await store.commit({ nextFrame: 1, method: undefined, finished: true, notes: undefined });
  await output.remove("hands/records_000000.json");
  await assert.rejects(
    readAll(await RecordStore.open(output, "hands", { key: "key", about: 1 })),
    /records_000000\.json/,
  );
  const sink = await output.create("hands/index.json");
  await sink.write(new TextEncoder().encode('{"chunks":"none"'));
  await sink.commit();
  assert.equal((await RecordStore.open(output, "hands", { key: "key", about: 1 })).length, 0);
});

Deno.test("records of another key are deleted", async () => {
  const output = new MemoryFolderSink();
  const store = await RecordStore.open(output, "hands", { key: "key", about: 1 });
  store.add(recordOf(0));
  await store.commit({ nextFrame: 1, method: undefined, finished: true, notes: undefined });
  assert.equal((await RecordStore.find(output, "hands"))?.key, "key");
  assert.equal((await RecordStore.open(output, "hands", { key: "other", about: 1 })).length, 0);
  assert.deepEqual([...output.files.keys()], []);
  assert.equal(await RecordStore.find(output, "hands"), undefined);
});
