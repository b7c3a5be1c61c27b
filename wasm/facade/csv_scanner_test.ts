import assert from "node:assert/strict";
import { type CsvRows, CsvScanner, type CsvScannerOptions, Kernel } from "../mod.ts";

const MISSING = -(2n ** 63n);
const encoder = new TextEncoder();

function scan(text: string | Uint8Array, options: Partial<CsvScannerOptions>): CsvRows {
  const columns = options.columns ?? ["f64", "f64"];
  const scanner = new CsvScanner(new Kernel(), { separator: ",", ...options, columns });
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const [rows, ...more] = [...scanner.push(bytes), ...scanner.end()];
  scanner.dispose();
  assert.deepEqual(more, []);
  assert.ok(rows);
  return rows;
}

Deno.test("CsvScanner reads every column type", () => {
  const text = "1.5,9007199254740993,left,skipped,2020-07-28T10:56:50.034Z,1.595933810034E12\n" +
    "-inf,,,,,\n";
  const { columns, length } = scan(text, {
    columns: ["f64", "i64", "text", "skip", "iso", { timeExponent: 6 }],
  });
  const time = BigInt(Date.UTC(2020, 6, 28, 10, 56, 50, 34)) * 1_000_000n;
  assert.equal(length, 2);
  assert.deepEqual(columns, [
    Float64Array.of(1.5, -Infinity),
    BigInt64Array.of(9007199254740993n, MISSING),
    ["left", ""],
    undefined,
    BigInt64Array.of(time, MISSING),
    BigInt64Array.of(time, MISSING),
  ]);
});

Deno.test("CsvScanner scales decimal times without a float", () => {
  for (
    const [timeExponent, text, expected] of [
      [0, "754669601255291", 754669601255291n],
      [3, "1595933810034000.0005", 1595933810034000000n],
      [6, "1595933810034.000001", 1595933810034000001n],
      [9, "1595933810.0340000015", 1595933810034000002n],
      [9, "1595933810.0340000025", 1595933810034000002n],
      [9, "-0.0000000005", 0n],
      [9, "99999999999", MISSING],
    ] as const
  ) {
    const { columns } = scan(text, { columns: [{ timeExponent }] });
    assert.deepEqual(columns, [BigInt64Array.of(expected)], text);
  }
});

Deno.test("CsvScanner reads decimal commas and other separators", () => {
  const rows = scan("1,5;2,25e1;\r\n-,5;1.5;\r\n", { separator: ";", decimalComma: true });
  assert.deepEqual(rows.columns, [Float64Array.of(1.5, -0.5), Float64Array.of(22.5, NaN)]);
  assert.deepEqual(rows.defects, [{ kind: "invalid", line: 2, row: 1, column: 1, text: "1.5" }]);
  for (const separator of ["\t", "|", ";", " "]) {
    const { columns } = scan(["1", "2"].join(separator), { separator });
    assert.deepEqual(columns, [Float64Array.of(1), Float64Array.of(2)]);
  }
});

Deno.test("CsvScanner takes the words for missing and infinite values", () => {
  const words = ["NaN", "nan", " NA ", "N/A", "null", "None", "-inf", "+Infinity", "INF", "x"];
  const rows = scan(words.join("\n"), { columns: ["f64"] });
  assert.deepEqual(rows.columns, [
    Float64Array.of(NaN, NaN, NaN, NaN, NaN, NaN, -Infinity, Infinity, Infinity, NaN),
  ]);
  assert.deepEqual(rows.defects, [{ kind: "invalid", line: 10, row: 9, column: 0, text: "x" }]);
});

Deno.test("CsvScanner reports each kind of defect with its place", () => {
  const text = encoder.encode('1,2\n3\n4,5,6\n7\0,8\n9,"q\0\n');
  const rows = scan(text, { columns: ["f64", "text"], firstLine: 3 });
  assert.deepEqual(rows.columns[0], Float64Array.of(1, 3, 4, 7, 9));
  assert.deepEqual(rows.columns[1], ["2", "", "5", "8", '"q']);
  assert.deepEqual(rows.defects, [
    { kind: "short", line: 4, row: 1, found: 1 },
    { kind: "long", line: 5, row: 2, found: 3 },
    { kind: "nul", line: 6, row: 3, found: 1 },
    { kind: "quote-unclosed", line: 7, row: 4, column: 1 },
    { kind: "nul", line: 7, row: 4, found: 1 },
  ]);
  assert.equal(rows.defectCount, 5);
});

Deno.test("CsvScanner empties the cell at which a file stops", () => {
  const rows = scan("1,2,3\n4,15", { columns: ["f64", { timeExponent: 6 }, "text"] });
  assert.deepEqual(rows.columns[1], BigInt64Array.of(2_000_000n, MISSING));
  assert.deepEqual(rows.defects, [
    { kind: "last-line-cut", line: 2, row: 1, column: 1, found: 2, text: "15" },
  ]);
  assert.deepEqual(scan("1,2\n3,4", {}).defects, []);
});

Deno.test("CsvScanner replaces text that is not UTF-8 and says so", () => {
  const rows = scan(Uint8Array.of(0x61, 0xff, 0x0a, 0xc3, 0xa9), { columns: ["text"] });
  assert.deepEqual(rows.columns, [["a\ufffd", "é"]]);
  assert.deepEqual(rows.defects, [
    { kind: "encoding", line: 1, row: 0, column: 0, text: "a\ufffd" },
  ]);
});

Deno.test("CsvScanner skips lines that are too long and keeps a few defects of many", () => {
  const rows = scan(`1,${"2".repeat(3_000_000)}\n1,2\n${"x,2\n".repeat(1000)}`, {});
  assert.equal(rows.length, 1001);
  assert.deepEqual(rows.defects[0], { kind: "line-too-long", line: 1, row: 0 });
  assert.equal(rows.defects.length, 126);
  assert.equal(rows.defectCount, 1001);
});

Deno.test("CsvScanner hands out batches in order and remembers texts between them", () => {
  const lines = Array.from({ length: 100_000 }, (_, row) => `${row},device_${row % 3},t${row}`);
  const scanner = new CsvScanner(new Kernel(), {
    separator: ",",
    columns: ["f64", "text", "text"],
  });
  const batches = [...scanner.push(encoder.encode(lines.join("\n"))), ...scanner.end()];
  let row = 0;
  for (const { firstRow, length, columns } of batches) {
    assert.equal(firstRow, row);
    assert.ok(length <= 16_384);
    for (let index = 0; index < length; index++, row++) {
      assert.equal(columns.map((column) => column?.[index]).join(), lines[row]);
    }
  }
  assert.equal(row, lines.length);
  scanner.dispose();
});

Deno.test("CsvScanner refuses options that cannot be met and use after its end", () => {
  const kernel = new Kernel();
  for (const separator of ["", ",,", '"', "\n", "5", "é", "."]) {
    assert.throws(() => new CsvScanner(kernel, { separator, columns: ["f64"] }), RangeError);
  }
  assert.throws(() => new CsvScanner(kernel, { separator: ",", columns: [] }), RangeError);
  const scanner = new CsvScanner(kernel, { separator: ",", columns: ["f64"] });
  assert.deepEqual(scanner.end(), []);
  assert.throws(() => scanner.push(new Uint8Array(1)), /current state of the scanner is ended/);
  scanner.dispose();
  scanner.dispose();
  assert.throws(() => scanner.end(), TypeError);
});

Deno.test("CsvScanner that reuses memory gives the same batches, also several of one push", () => {
  const rows = Array.from({ length: 100 }, (_, row) => `${row / 8},${row},${row % 3}`);
  const options = {
    separator: ",",
    columns: ["f64", "i64", "text"],
    batchRows: 7,
    windowBytes: 256,
  } as const;
  const chunk = encoder.encode(`${rows.join("\n")}\n`);
  for (const reuse of [false, true]) {
    const scanner = new CsvScanner(new Kernel(), { ...options, reuse });
    const found: string[] = [];
    const take = (batches: readonly CsvRows[]) => {
      for (const { columns: [a, b, c], length } of batches) {
        for (let row = 0; row < length; row++) found.push(`${a![row]},${b![row]},${c![row]}`);
      }
    };
    for (let at = 0; at < chunk.length; at += 300) take(scanner.push(chunk.subarray(at, at + 300)));
    take(scanner.end());
    scanner.dispose();
    assert.deepEqual(found, rows);
  }
});
