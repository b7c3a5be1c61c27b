import assert from "node:assert/strict";
import { TextWriter } from "./text_writer.ts";

function textOf(write: (writer: TextWriter) => void): string {
  const writer = new TextWriter(64);
  write(writer);
  return new TextDecoder().decode(writer.written());
}

Deno.test("whole numbers are written as the platform writes them", () => {
  for (const value of [0, 1, 9, 10, 999_999_999, 1e9, 1e9 + 1, 1753965022183, 2 ** 53 - 1, -42]) {
    assert.equal(textOf((writer) => writer.integer(value)), String(value));
  }
  assert.throws(() => textOf((writer) => writer.integer(1e18)), RangeError);
});

Deno.test("fixed decimals agree with toFixed where no tie is rounded", () => {
  for (let step = -3000; step < 3000; step++) {
    const value = step / 7.3;
    for (const decimals of [0, 1, 4]) {
      const expected = value.toFixed(decimals).replace(/^-(0(\.0+)?)$/, "$1");
      assert.equal(textOf((writer) => writer.fixed(value, decimals)), expected);
    }
  }
});

Deno.test("padding and overflow", () => {
  assert.equal(textOf((writer) => writer.padded(42, 6)), "000042");
  assert.throws(() => textOf((writer) => writer.text(new Uint8Array(65))), RangeError);
});
