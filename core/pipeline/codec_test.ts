import assert from "node:assert/strict";
import { decodeState, encodeState } from "./codec.ts";

Deno.test("state survives being written and read", () => {
  const state = {
    big: -(2n ** 63n),
    nan: NaN,
    infinite: -Infinity,
    floats: new Float64Array([1.5, NaN, -0]),
    integers: new BigInt64Array([2n ** 62n, -1n]),
    counts: new Uint32Array([4294967295]),
    nested: [{ text: "é", none: null }],
  };
  const read = decodeState(encodeState(state)) as typeof state;
  assert.deepEqual(read, state);
  assert.ok(Object.is(read.floats[2], -0));
});

Deno.test("a long array survives", () => {
  const array = new Float64Array(20_000).map((_, index) => index / 7);
  assert.deepEqual(decodeState(encodeState(array)), array);
});

Deno.test("text that is no JSON is refused", () => {
  assert.throws(() => decodeState('{"a": '), SyntaxError);
});
