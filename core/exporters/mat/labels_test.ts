import assert from "node:assert/strict";
import { LabelCoder } from "./labels.ts";

async function codesOf(coder: LabelCoder, batches: readonly string[][]): Promise<number[]> {
  const struct = coder.struct(0, async function* () {
    for (const batch of batches) yield await Promise.resolve(batch);
  });
  const codes = struct.fields[1]![1] as { chunks(): AsyncIterable<Int32Array> };
  const found: number[] = [];
  for await (const chunk of codes.chunks()) found.push(...chunk);
  return found;
}

Deno.test("labels and codes give the column back", async () => {
  const batches = [["b", "a", "b"], ["", "a"]];
  const coder = new LabelCoder();
  for (const batch of batches) coder.add(batch);
  const labels = coder.struct(5, async function* () {}).fields[0]![1] as string[];
  const codes = await codesOf(coder, batches);
  assert.deepEqual(codes.map((code) => labels[code - 1]), batches.flat());
});

Deno.test("columns that are short or repeat little stay plain", () => {
  const few = new LabelCoder();
  few.add(["a", "a"]);
  assert.equal(few.isWorthwhile(2), false);
  assert.equal(few.isWorthwhile(1000), true);
  const many = new LabelCoder();
  many.add(Array.from({ length: 2000 }, (_, index) => String(index)));
  assert.equal(many.isWorthwhile(1_000_000), false);
});
