import assert from "node:assert/strict";
import { MemorySink } from "../../../tests/support/memory_sink.ts";
import {
  findOctave,
  findPython,
  readMatWithOctave,
  readMatWithSciPy,
} from "../../../tests/support/oracles.ts";
import {
  type MatChunk,
  type MatColumn,
  type MatColumnClass,
  MatTextSizer,
  type MatValue,
  writeMat,
  type WriteMatOptions,
} from "./mod.ts";

function column(
  columnClass: MatColumnClass,
  length: number,
  chunks: readonly MatChunk[],
): MatColumn {
  return {
    kind: "column",
    class: columnClass,
    length,
    async *chunks() {
      yield* chunks;
    },
  };
}

function textColumn(values: readonly string[]): MatValue {
  const sizer = new MatTextSizer();
  sizer.add(values);
  return {
    kind: "text-column",
    length: sizer.length,
    bytes: sizer.bytes,
    async *chunks() {
      yield values.slice(0, 2);
      yield values.slice(2);
    },
  };
}

function hex(values: ArrayBufferView): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function text(value: string): string {
  return `char||${hex(new TextEncoder().encode(value))}`;
}

const DOUBLES = Float64Array.of(0, -0, 0.1, NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE);
const INT64 = BigInt64Array.of(2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n, 0n);
const STRINGS = ["", "a", "abcd", "abcde", "é", "中文", "emoji 😀 end", "line\nbreak"];

/** Each variable with the lines that a reader must give for it. */
const CASES: readonly (readonly [name: string, value: MatValue, lines: readonly string[]])[] = [
  ["number", 1 / 3, [`number|double|1x1|${hex(Float64Array.of(1 / 3))}`]],
  ["big", 2n ** 60n + 1n, [`big|int64|1x1|${hex(BigInt64Array.of(2n ** 60n + 1n))}`]],
  ["yes", true, ["yes|logical|1x1|01"]],
  ["no", false, ["no|logical|1x1|00"]],
  ["doubles", DOUBLES, [`doubles|double|8x1|${hex(DOUBLES)}`]],
  ["singles", Float32Array.of(0.1, NaN), [
    `singles|single|2x1|${hex(Float32Array.of(0.1, NaN))}`,
  ]],
  ["int32s", Int32Array.of(-1, 7, 8), [`int32s|int32|3x1|${hex(Int32Array.of(-1, 7, 8))}`]],
  ["int64s", INT64, [`int64s|int64|4x1|${hex(INT64)}`]],
  ["bytes", Uint8Array.of(1, 2, 255), ["bytes|uint8|3x1|0102ff"]],
  ["logicals", { kind: "logical", values: Uint8Array.of(1, 0, 1, 1, 0) }, [
    "logicals|logical|5x1|0100010100",
  ]],
  ["matrix", { kind: "matrix", rows: 2, columns: 3, values: Float64Array.of(1, 2, 3, 4, 5, 6) }, [
    `matrix|double|2x3|${hex(Float64Array.of(1, 2, 3, 4, 5, 6))}`,
  ]],
  ["nothing", new Float64Array(), ["nothing|double|0x0|"]],
  ...STRINGS.map((value, index) =>
    [`text${index}`, value, [`text${index}|${text(value)}`]] as const
  ),
  ["cellstr", STRINGS, [
    "cellstr|cell|8x1|",
    ...STRINGS.map((value, index) => `cellstr{${index + 1}}|${text(value)}`),
  ]],
  ["mixed", { kind: "cell", values: [1, "x", { kind: "cell", values: [] }] }, [
    "mixed|cell|3x1|",
    `mixed{1}|double|1x1|${hex(Float64Array.of(1))}`,
    `mixed{2}|${text("x")}`,
    "mixed{3}|cell|0x0|",
  ]],
  ["session", {
    kind: "struct",
    fields: [
      ["id", "s1"],
      ["devices", { kind: "struct", fields: [["a", 1], ["b", STRINGS.slice(0, 1)]] }],
      ["stream", column("double", 3, [Float64Array.of(1), Float64Array.of(2, NaN)])],
    ],
  }, [
    "session|struct|1x1|",
    `session(1).id|${text("s1")}`,
    "session(1).devices|struct|1x1|",
    `session(1).devices(1).a|double|1x1|${hex(Float64Array.of(1))}`,
    "session(1).devices(1).b|cell|1x1|",
    `session(1).devices(1).b{1}|${text("")}`,
    `session(1).stream|double|3x1|${hex(Float64Array.of(1, 2, NaN))}`,
  ]],
  ["array", { kind: "struct-array", names: ["x", "y"], elements: [[1, "p"], [2, "q"]] }, [
    "array|struct|1x2|",
    `array(1).x|double|1x1|${hex(Float64Array.of(1))}`,
    `array(1).y|${text("p")}`,
    `array(2).x|double|1x1|${hex(Float64Array.of(2))}`,
    `array(2).y|${text("q")}`,
  ]],
  ["streamed_int64", column("int64", 4, [INT64.subarray(0, 1), INT64.subarray(1)]), [
    `streamed_int64|int64|4x1|${hex(INT64)}`,
  ]],
  ["streamed_logical", column("logical", 3, [Uint8Array.of(1, 0), Uint8Array.of(1)]), [
    "streamed_logical|logical|3x1|010001",
  ]],
  ["streamed_uint8", column("uint8", 9, [new Uint8Array(9).fill(7)]), [
    `streamed_uint8|uint8|9x1|${"07".repeat(9)}`,
  ]],
  ["streamed_single", column("single", 1, [Float32Array.of(0.5)]), [
    `streamed_single|single|1x1|${hex(Float32Array.of(0.5))}`,
  ]],
  ["streamed_none", column("double", 0, []), ["streamed_none|double|0x1|"]],
  ["streamed_text", textColumn(STRINGS), [
    "streamed_text|cell|8x1|",
    ...STRINGS.map((value, index) => `streamed_text{${index + 1}}|${text(value)}`),
  ]],
];

const VARIABLES = Object.fromEntries(CASES.map(([name, value]) => [name, value]));
const EXPECTED = CASES.flatMap(([, , lines]) => lines);

async function writeTemp(
  variables: Readonly<Record<string, MatValue>>,
  options: WriteMatOptions,
): Promise<string> {
  const sink = new MemorySink();
  const { bytes, issues } = await writeMat(sink, variables, options);
  assert.equal(bytes, sink.bytes.length);
  assert.deepEqual(issues, []);
  assert.equal(sink.state, "committed");
  const path = await Deno.makeTempFile({ suffix: ".mat" });
  await Deno.writeFile(path, sink.bytes);
  return path;
}

for (const compressed of [false, true]) {
  const form = compressed ? "compressed" : "plain";

  Deno.test(`Octave reads every class of a ${form} file to the last bit`, async () => {
    const octave = findOctave();
    if (octave === undefined) return;
    const path = await writeTemp(VARIABLES, { compressed });
    assert.deepEqual(readMatWithOctave(octave, path), EXPECTED);
    await Deno.remove(path);
  });

  Deno.test(`SciPy reads every class of a ${form} file to the last bit`, async () => {
    const python = findPython();
    if (python === undefined) return;
    const path = await writeTemp(VARIABLES, { compressed });
    assert.deepEqual(readMatWithSciPy(python, path), EXPECTED);
    await Deno.remove(path);
  });
}
