import assert from "node:assert/strict";
import { Kernel } from "../../wasm/mod.ts";
import { segmentHands } from "./segment_hands.ts";

Deno.test("choices of pictures that choose nothing by mistake are refused", async () => {
  const picture = { width: 8, height: 8, data: new Uint8Array(3 * 64) };
  for (const choice of [{ every: 0 }, { every: 1.5 }, { fromSeconds: NaN }, { toSeconds: NaN }]) {
    const found = segmentHands([picture], { kernel: new Kernel(), ...choice });
    await assert.rejects(found.next(), RangeError, JSON.stringify(choice));
  }
});

Deno.test("pictures without times are chosen by their numbers alone", async () => {
  const picture = { width: 8, height: 8, data: new Uint8Array(3 * 64) };
  const chosen: number[] = [];
  const choice = { every: 2, fromSeconds: 10, toSeconds: 20 };
  for await (
    const { frame } of segmentHands(new Array(5).fill(picture), { kernel: new Kernel(), ...choice })
  ) chosen.push(frame);
  assert.deepEqual(chosen, [0, 2, 4]);
});
