import assert from "node:assert/strict";
import { type FormatColumn, Kernel, RowFormatter } from "../mod.ts";

function formatText(columns: readonly FormatColumn[], length: number): string {
  const formatter = new RowFormatter(new Kernel());
  const decoder = new TextDecoder();
  let text = "";
  for (const piece of formatter.format(columns, length)) {
    text += decoder.decode(piece, { stream: true });
  }
  formatter.dispose();
  return text;
}

/** Xorshift (Marsaglia 2003) on 64 bits, two 32-bit words at a time. */
function randomWords(count: number): Uint32Array {
  const words = new Uint32Array(count);
  let state = 0x9e3779b9;
  for (let index = 0; index < count; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return words;
}

/** Compares the kernel's text of each value with the platform's own, which is the shortest there is. */
function assertLikePlatform(values: Float64Array): void {
  const lines = formatText([{ kind: "f64", values }], values.length).split("\n");
  assert.equal(lines.length, values.length + 1);
  for (const [row, value] of values.entries()) {
    const expected = Number.isNaN(value) ? "" : Object.is(value, -0) ? "-0" : String(value);
    if (lines[row] !== expected) assert.equal(lines[row], expected, `row ${row}`);
    if (!Number.isNaN(value) && !Object.is(Number(lines[row]), value)) {
      assert.fail(`${lines[row]} does not read back as ${value}`);
    }
  }
}

Deno.test("a million random bit patterns read back equal and are written as the platform does", () => {
  assertLikePlatform(new Float64Array(randomWords(2_000_000).buffer));
});

Deno.test("measured values, integers, powers and their neighbours are written as the platform does", () => {
  const values: number[] = [0, -0, Infinity, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE];
  for (let power = -30; power <= 30; power++) {
    for (const factor of [1, 1.5, 9.99, 1 / 3, 123456789]) values.push(factor * 10 ** power);
  }
  for (let power = -1074; power < 1024; power++) {
    values.push(2 ** power, 2 ** power * (1 + 2 ** -52));
  }
  for (const word of randomWords(200_000)) {
    values.push(word / 1000, word / 1e6, word / 1e9, -word / 128, word * 1.7e9, word / 2 ** 20);
  }
  assertLikePlatform(Float64Array.from(values));
});

Deno.test("int64, booleans and exact seconds are written with empty fields for missing values", () => {
  const missing = -(2n ** 63n);
  const text = formatText([
    { kind: "i64", values: BigInt64Array.of(2n ** 63n - 1n, missing, -(2n ** 53n) - 1n) },
    { kind: "bool", values: Uint8Array.of(1, 255, 0) },
    {
      kind: "seconds",
      values: BigInt64Array.of(1_595_933_810_034_000_001n, missing, 1_595_933_809_034_000_000n),
      originNs: 1_595_933_810_034_000_000n,
    },
    { kind: "ns-as-seconds", values: Float64Array.of(1_500_000, NaN, 0) },
  ], 3);
  assert.equal(
    text,
    "9223372036854775807,1,0.000000001,0.0015\n,,,\n-9007199254740993,0,-1,0\n",
  );
});

Deno.test("text is quoted only where it must be and keeps every character", () => {
  const values = [
    "plain",
    "",
    "a,b",
    'say "x"',
    "two\nlines",
    "cr\r",
    " é 中 😀 ",
    "plain",
    "\ud800",
  ];
  const text = formatText([{ kind: "text", values }, { kind: "text", values }], values.length);
  const cells = [
    "plain",
    "",
    '"a,b"',
    '"say ""x"""',
    '"two\nlines"',
    '"cr\r"',
    " é 中 😀 ",
    "plain",
    "\ufffd",
  ];
  assert.equal(text, cells.map((cell) => `${cell},${cell}\n`).join(""));
});

Deno.test("large output comes in bounded pieces, however often a long string is repeated", () => {
  const long = "x".repeat(100_000);
  const formatter = new RowFormatter(new Kernel());
  let bytes = 0;
  for (const piece of formatter.format([{ kind: "text", values: Array(200).fill(long) }], 200)) {
    assert.ok(piece.length < 1_200_000, `${piece.length}`);
    bytes += piece.length;
  }
  assert.equal(bytes, 200 * 100_001);
  formatter.dispose();
});

Deno.test("misuse of the formatter is refused", () => {
  const formatter = new RowFormatter(new Kernel());
  const short: FormatColumn = { kind: "f64", values: new Float64Array(2) };
  assert.throws(() => [...formatter.format([short], 3)], RangeError);
  formatter.dispose();
  formatter.dispose();
  assert.throws(() => [...formatter.format([short], 2)], TypeError);
});
