import assert from "node:assert/strict";
import { MemorySink } from "../../../tests/support/memory_sink.ts";
import { hex } from "../../../tests/support/hex.ts";
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

/** A sink that counts what it is given and fails at a chosen size. */
function failingSink(limit: number): MemorySink {
  const sink = new MemorySink();
  const write = sink.write.bind(sink);
  sink.write = (bytes) =>
    sink.position + bytes.length > limit ? Promise.reject(new Error("Disk is full")) : write(bytes);
  return sink;
}

/** A column of pseudo-random doubles, which do not compress, and a count of the chunks asked for. */
function noise(length: number): { column: MatColumn; asked: () => number } {
  let asked = 0;
  const chunks = async function* () {
    let state = 1;
    for (let row = 0; row < length; row += 4096) {
      asked++;
      yield Float64Array.from({ length: Math.min(4096, length - row) }, () => {
        state = Math.imul(state, 1664525) + 1013904223 | 0;
        return state / 7;
      });
    }
  };
  return { column: { kind: "column", class: "double", length, chunks }, asked: () => asked };
}

for (const compressed of [false, true]) {
  Deno.test(`a failing disk ends a ${compressed ? "compressed" : "plain"} file`, async () => {
    const { column, asked } = noise(1 << 20);
    const sink = failingSink(100_000);
    await assert.rejects(writeMat(sink, { column }, { compressed }), /Disk is full/);
    assert.equal(sink.state, "aborted");
    assert.ok(asked() < 200, `${asked()} of 256 chunks were read`);
  });

  Deno.test(`a failing column ends a ${compressed ? "compressed" : "plain"} file`, async () => {
    const sink = new MemorySink();
    const bad: MatColumn = {
      kind: "column",
      class: "double",
      length: 9,
      async *chunks() {
        yield Float64Array.of(1);
        throw new Error("Cannot read any more");
      },
    };
    await assert.rejects(writeMat(sink, { bad }, { compressed }), /Cannot read any more/);
    assert.equal(sink.state, "aborted");
  });
}

Deno.test("a column that yields other than it declared is refused", async () => {
  const chunks = [Float64Array.of(1, 2)];
  for (
    const [length, message] of [[3, /24 bytes .*only 16/], [1, /8 bytes .*at least 16/]] as const
  ) {
    const sink = new MemorySink();
    await assert.rejects(writeMat(sink, { x: column("double", length, chunks) }), message);
    assert.equal(sink.state, "aborted");
  }
  for (const length of [-1, 1.5, NaN]) {
    await assert.rejects(
      writeMat(new MemorySink(), { x: column("double", length, []) }),
      RangeError,
    );
  }
});

Deno.test("a file of 2 GiB is refused before a column is read", async () => {
  for (const compressed of [false, true]) {
    const { column, asked } = noise(2 ** 28 - 6);
    const sink = new MemorySink();
    const { bytes, issues } = await writeMat(sink, { column }, { compressed });
    assert.deepEqual(issues.map(({ code, params }) => [code, params["limit"]]), [[
      "MAT_TOO_LARGE",
      2 ** 31,
    ]]);
    assert.deepEqual([bytes, sink.position, sink.state, asked()], [0, 0, "aborted", 0]);
  }
});

Deno.test("variables that together exceed 2 GiB are refused only when not compressed", async () => {
  const half = () => noise(2 ** 27).column;
  const { issues } = await writeMat(new MemorySink(), { a: half(), b: half() });
  assert.deepEqual(issues.map(({ code }) => code), ["MAT_TOO_LARGE"]);
});

Deno.test("equal data give equal files, however they are cut into chunks", async () => {
  const values = Float64Array.from({ length: 50_000 }, (_, row) => row / 3);
  const whole = new MemorySink();
  await writeMat(whole, { x: column("double", 50_000, [values]) });
  const parts = new MemorySink();
  const cut = [values.subarray(0, 1), values.subarray(1, 20_000), values.subarray(20_000)];
  await writeMat(parts, { x: column("double", 50_000, cut) });
  assert.deepEqual(parts.bytes, whole.bytes);
});

Deno.test("changed names are reported once and stay unique", async () => {
  const sink = new MemorySink();
  const fields = [["a b", 1], ["a_b", 2], ["a-b", 3], ["end", 4]] as const;
  const { issues } = await writeMat(sink, {
    s: { kind: "struct", fields },
    t: { kind: "struct", fields },
  });
  assert.deepEqual(issues.map(({ code, params }) => [code, params["name"], params["field"]]), [
    ["MAT_NAME_CHANGED", "a b", "a_b_2"],
    ["MAT_NAME_CHANGED", "a-b", "a_b_3"],
    ["MAT_NAME_CHANGED", "end", "end_"],
  ]);
});

Deno.test("values that the format cannot hold are refused", async () => {
  const matrix = { kind: "matrix", rows: 2, columns: 2, values: new Float64Array(3) } as const;
  const array = { kind: "struct-array", names: ["a"], elements: [[1, 2]] } as const;
  for (const value of [2n ** 63n, matrix, array]) {
    const sink = new MemorySink();
    await assert.rejects(writeMat(sink, { value }), RangeError);
    assert.equal(sink.state, "aborted");
  }
});

Deno.test("the description is ASCII and ends before the version", async () => {
  const sink = new MemorySink();
  await writeMat(sink, {}, { description: `é${"x".repeat(200)}` });
  const header = new TextDecoder("latin1").decode(sink.bytes);
  assert.equal(header.length, 128);
  assert.equal(header.slice(0, 116), `?${"x".repeat(115)}`);
  assert.deepEqual([...sink.bytes.subarray(116)], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x49, 0x4d]);
});

Deno.test("writing tells how far it is and stops when cancelled", async () => {
  for (const compressed of [false, true]) {
    const done: number[] = [];
    const { column } = noise(10_000);
    const progress = (step: { done: number }) => done.push(step.done);
    await writeMat(new MemorySink(), { column }, { compressed, progress });
    assert.deepEqual(done, [32768, 65536, 80000]);
    const controller = new AbortController();
    const sink = new MemorySink();
    const writing = writeMat(sink, { column: noise(1 << 20).column }, {
      compressed,
      signal: controller.signal,
      progress: () => controller.abort(),
    });
    await assert.rejects(writing, { name: "CancelledError" });
    assert.equal(sink.state, "aborted");
  }
});
