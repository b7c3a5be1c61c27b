import assert from "node:assert/strict";
import { type AlignedBatch, bytesSource, type StreamSchema } from "../base/mod.ts";
import { MemorySink } from "../../tests/support/memory_sink.ts";
import { AlignedStore, AlignedStoreWriter } from "./aligned_store.ts";

const SCHEMA: StreamSchema = {
  id: "a/b",
  device: "a",
  name: "b",
  clock: { id: "a/utc", kind: "utc" },
  resolutionNs: 1,
  columns: [
    { name: "value", kind: "f64" },
    { name: "count", kind: "i64" },
    { name: "flag", kind: "bool" },
    { name: "label", kind: "text" },
  ],
};

function batch(firstRow: number, length: number): AlignedBatch {
  const rows = Array.from({ length }, (_, index) => firstRow + index);
  return {
    firstRow,
    length,
    times: BigInt64Array.from(rows, BigInt),
    referenceTimes: BigInt64Array.from(rows, (row) => BigInt(row) + 10n ** 18n),
    sigmas: Float64Array.from(rows, (row) => row / 3),
    columns: [
      Float64Array.from(rows, (row) => row % 2 === 0 ? row / 7 : NaN),
      BigInt64Array.from(rows, (row) => BigInt(row) * 2n ** 40n),
      Uint8Array.from(rows, (row) => row % 3),
      rows.map((row) => `é "${row}"\n`),
    ],
  };
}

async function storeOf(batches: readonly AlignedBatch[]): Promise<AlignedStore> {
  const sink = new MemorySink();
  const writer = new AlignedStoreWriter(sink);
  for (const one of batches) await writer.write(one);
  await writer.finish();
  assert.equal(sink.state, "committed");
  return await AlignedStore.open(bytesSource(sink.bytes), SCHEMA);
}

Deno.test("a store gives rows back batch by batch, and columns from front to back", async () => {
  const batches = [batch(0, 5), batch(5, 0), batch(5, 3)];
  const store = await storeOf(batches);
  assert.equal(store.rows, 8);
  const read = await Array.fromAsync(store.batches([0, 1, 2, 3]));
  assert.deepEqual(read, [batches[0], batches[2]]);
  const labels = await Array.fromAsync(store.part(3));
  assert.deepEqual(labels, [batches[0]!.columns[3], batches[2]!.columns[3]]);
  const sigmas = await Array.fromAsync(store.part("sigmas"));
  assert.deepEqual(sigmas, [batches[0]!.sigmas, batches[2]!.sigmas]);
});

Deno.test("a store without a sample is a store", async () => {
  const store = await storeOf([]);
  assert.equal(store.rows, 0);
  assert.deepEqual(await Array.fromAsync(store.batches([])), []);
});

Deno.test("a store that was cut off is refused", async () => {
  const sink = new MemorySink();
  const writer = new AlignedStoreWriter(sink);
  await writer.write(batch(0, 5));
  await writer.finish();
  const cut = sink.bytes.subarray(0, sink.bytes.length - 9);
  await assert.rejects(AlignedStore.open(bytesSource(cut), SCHEMA));
});

Deno.test("texts that repeat, or look like counts, come back as they were", async () => {
  for (const texts of [["a", "a", "a", "", "", "2"], ["2", "2", "2"], ["x"], ["", ""]]) {
    const one = { ...batch(0, texts.length) };
    const store = await storeOf([{ ...one, columns: [...one.columns.slice(0, 3), texts] }]);
    assert.deepEqual(await Array.fromAsync(store.part(3)), [texts]);
    for await (const { columns } of store.batches([3, 1])) {
      assert.deepEqual(columns, [texts, one.columns[1]]);
    }
  }
});
