import assert from "node:assert/strict";
import type { ByteSource } from "../../base/mod.ts";
import { openTable } from "./_support.ts";

const HEADER = "timestamp_ms,device_id,ecg_mV,emg_mV,sequence\n";
const ROWS = 200_000;
const START_MS = 1_753_842_118_000;

/** A row of fixed length, so that any byte can be made from its place. */
function rowText(row: number): string {
  const ecg = ((row * 37) % 1000) / 8;
  return `${START_MS + 8 * row},s1,${ecg.toFixed(3).padStart(8, "0")},${
    row % 3 === 0 ? "        " : ecg.toFixed(6).slice(0, 8).padStart(8, "0")
  },${String(row).padStart(8, "0")}\n`;
}

/** A table that is made while it is read; each read poisons the bytes of the one before. */
function generatedSource(): ByteSource & { readonly largestRead: number; readonly reads: number } {
  const encoder = new TextEncoder();
  const width = rowText(0).length;
  let largestRead = 0;
  let reads = 0;
  let last = new Uint8Array(0);
  const byteAt = (offset: number, bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) {
      const place = offset + at - HEADER.length;
      const text = place < 0 ? HEADER : rowText(Math.floor(place / width));
      const from = place < 0 ? offset + at : place % width;
      const part = encoder.encode(text.slice(from, from + bytes.length - at));
      bytes.set(part, at);
      at += part.length;
    }
  };
  return {
    size: HEADER.length + width * ROWS,
    get largestRead() {
      return largestRead;
    },
    get reads() {
      return reads;
    },
    read(offset, length) {
      last.fill(0xff);
      last = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
      byteAt(offset, last);
      largestRead = Math.max(largestRead, length);
      reads++;
      return Promise.resolve(last);
    },
    close: () => Promise.resolve(),
  };
}

Deno.test("A large table is read in bounded chunks, as often as wished", async () => {
  const source = generatedSource();
  const { reader, issues } = await openTable(source);
  assert.deepEqual(reader?.schema.clock.kind, "utc");
  // Closed forms: ecg runs through all multiples of 1/8 below 125 in a cycle of 1000 rows.
  const cycleSum = (999 * 1000) / 2 / 8;
  for (let pass = 0; pass < 2; pass++) {
    let [count, ecg, sequence, missing, largest] = [0, 0, 0, 0, 0];
    let lastTime = 0n;
    for await (const batch of reader!.batches({ batchRows: 5000 })) {
      assert.equal(batch.firstRow, count);
      count += batch.length;
      largest = Math.max(largest, batch.length);
      for (const value of batch.columns[2] as Float64Array) ecg += value;
      for (const value of batch.columns[3] as Float64Array) missing += Number.isNaN(value) ? 1 : 0;
      for (const value of batch.columns[4] as Float64Array) sequence += value;
      lastTime = batch.times.at(-1)!;
    }
    assert.equal(count, ROWS);
    assert.equal(largest, 5000);
    assert.equal(ecg, cycleSum * (ROWS / 1000));
    assert.equal(sequence, (ROWS * (ROWS - 1)) / 2);
    assert.equal(missing, Math.ceil(ROWS / 3));
    assert.equal(lastTime, BigInt(START_MS + 8 * (ROWS - 1)) * 1_000_000n);
  }
  assert.ok(source.largestRead <= 1 << 18, `${source.largestRead}`);
  assert.ok(source.reads > 20);
  assert.deepEqual(issues, []);
});

Deno.test("A very wide table keeps its batches small", async () => {
  const width = 49_152;
  const names = Array.from({ length: width }, (_, n) => `v${n}`);
  const row = (n: number) =>
    `${754669601255291 + n * 4e7},256,192,${names.map((_, i) => (i * n) % 7)}\n`;
  const text = `timestamp_ns,w,h,${names}\n` + [0, 1, 2].map(row).join("");
  const { reader, issues } = await openTable(text);
  const sums: number[] = [];
  for await (const { length, columns } of reader!.batches()) {
    for (let at = 0; at < length; at++) {
      let sum = 0;
      for (const column of columns.slice(3)) sum += (column as Float64Array)[at]!;
      sums.push(sum);
    }
  }
  const expected = [0, 1, 2].map((n) => names.reduce((sum, _, i) => sum + (i * n) % 7, 0));
  assert.deepEqual(sums, expected);
  assert.equal(issues.filter(({ code }) => code === "COLUMN_UNKNOWN").length, 17);
});
