import assert from "node:assert/strict";
import { BitReader } from "./bit_reader.ts";
import { withReorder } from "./h264_reorder.ts";
import { firstSequence, readSequence } from "./h264_parameters.ts";

function assertSensible(avcC: Uint8Array): void {
  const sequence = firstSequence(avcC);
  const matrix = (sequence && readSequence(sequence))?.color?.matrix ?? 0;
  assert.ok(Number.isInteger(matrix) && matrix >= 0 && matrix <= 255);
  withReorder(avcC, 2);
}

Deno.test("numbers of variable length are those of ITU-T H.264 table 9-2 and 9-3", () => {
  // 1 010 011 00100 00101 000010001
  const bits = new BitReader(Uint8Array.of(0b10100110, 0b01000010, 0b10000100, 0b01000000));
  assert.deepEqual([bits.ue(), bits.ue(), bits.ue(), bits.ue(), bits.ue()], [0, 1, 2, 3, 4]);
  assert.equal(bits.ue(), 16);
  const signed = new BitReader(Uint8Array.of(0b10100110, 0b01000010, 0b10000000));
  assert.deepEqual([signed.se(), signed.se(), signed.se(), signed.se(), signed.se()], [
    0,
    1,
    -1,
    2,
    -2,
  ]);
  assert.throws(() => new BitReader(new Uint8Array(9)).ue(), RangeError);
  assert.throws(() => new BitReader(new Uint8Array(1)).u(9), RangeError);
});

Deno.test("damaged or cut parameters say nothing of colours, or something, and never harm", () => {
  const avcC = Uint8Array.from({ length: 60 }, (_, at) => (at * 89 + 17) & 255);
  for (let length = 0; length <= avcC.length; length++) {
    assertSensible(avcC.subarray(0, length));
  }
  for (let round = 0; round < 2000; round++) {
    const bytes = avcC.map((byte, at) =>
      (byte ^ Math.imul(round + 1, at * 40_503 + 12_345) >>> 7) & 255
    );
    bytes[5] = 0xe1;
    bytes[6] = 0;
    bytes[7] = 50;
    bytes[9] = round % 2 === 0 ? 100 : 66;
    assertSensible(bytes);
  }
});
