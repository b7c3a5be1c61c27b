import assert from "node:assert/strict";
import { matData } from "./mod.ts";

Deno.test("plain data take the shape that MATLAB users expect", () => {
  assert.deepEqual(matData([1, 2]), Float64Array.of(1, 2));
  assert.deepEqual(matData(null), new Float64Array());
  assert.deepEqual(matData([]), new Float64Array());
  assert.deepEqual(matData(["a", ""]), ["a", ""]);
  assert.deepEqual(matData([[1, 2, 3], [4, 5, 6]]), {
    kind: "matrix",
    rows: 2,
    columns: 3,
    values: Float64Array.of(1, 4, 2, 5, 3, 6),
  });
  assert.deepEqual(matData([{ a: 1, b: 2n }, { b: 3n, a: 4 }]), {
    kind: "struct-array",
    names: ["a", "b"],
    elements: [[1, 2n], [4, 3n]],
  });
  assert.deepEqual(matData([{ a: 1 }, "x", [1, [2]]]), {
    kind: "cell",
    values: [
      { kind: "struct", fields: [["a", 1]] },
      "x",
      { kind: "cell", values: [1, Float64Array.of(2)] },
    ],
  });
  assert.deepEqual(matData({ a: undefined, b: true }), { kind: "struct", fields: [["b", true]] });
  assert.deepEqual(matData(Uint32Array.of(2 ** 32 - 1)), Float64Array.of(2 ** 32 - 1));
  assert.deepEqual(matData(Int32Array.of(-1)), Int32Array.of(-1));
  assert.equal(matData(2n ** 70n), String(2n ** 70n));
});

Deno.test("data that nest without end become text instead of a crash", () => {
  const nested = (depth: number): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < depth; level++) value = [value, "x"];
    return value;
  };
  assert.match(JSON.stringify(matData(nested(20))), /\[\[\[\[1,/);
  assert.doesNotThrow(() => matData(nested(200_000)));
});

Deno.test("what is not data is refused", () => {
  for (const value of [() => 1, new Map(), new Date(0), new DataView(new ArrayBuffer(8))]) {
    assert.throws(() => matData({ value }), TypeError);
    assert.throws(() => matData([value, value]), TypeError);
  }
});
