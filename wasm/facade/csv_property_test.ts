import assert from "node:assert/strict";
import {
  type CsvColumnType,
  type CsvDefect,
  type CsvRows,
  CsvScanner,
  type CsvScannerOptions,
  Kernel,
} from "../mod.ts";
import { Random, readReference } from "./_support.ts";

const kernel = new Kernel();
const encoder = new TextEncoder();

interface Scanned {
  readonly rows: readonly string[][];
  readonly defects: readonly CsvDefect[];
  readonly defectCount: number;
}

/** Scans bytes in pieces whose sizes a function draws. */
function scan(bytes: Uint8Array, options: CsvScannerOptions, size: () => number): Scanned {
  const scanner = new CsvScanner(kernel, options);
  const batches: CsvRows[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + size();
    batches.push(...scanner.push(bytes.subarray(at, end)));
    at = end;
  }
  batches.push(...scanner.end());
  scanner.dispose();
  return {
    rows: batches.flatMap(({ length, columns }) =>
      Array.from({ length }, (_, row) => columns.map((column) => String(column?.[row])))
    ),
    defects: batches.flatMap(({ defects }) => defects),
    defectCount: batches.reduce((sum, batch) => sum + batch.defectCount, 0),
  };
}

/** Random text made of what tables are made of, and of what they should not be made of. */
function randomTable(random: Random, pieces: readonly string[], length: number): string {
  return Array.from({ length }, () => random.pick(pieces)).join("");
}

const WELL_FORMED = [
  "1",
  "2.5",
  "abc",
  ",",
  ",",
  ",",
  "\n",
  "\r\n",
  "\r",
  " ",
  '"a,b"',
  '"x\ny"',
  "é",
];
/** Rows that the scanner reads in blocks, mixed with those that end a block. */
const REGULAR = [
  "1,2.5,x\n",
  "-3,0.25,y\n",
  "1,2.5,x,\n",
  "12345678901234567.25,1e3,\r\n",
  "4,5\n",
  "\n",
  "a,1,\u00e9\n",
];
const SOUP = [...WELL_FORMED, '"', '""', "\0", "\ufeff", "-", "NaN", "e5", "\t", ";", '"\r\n"'];

/** Rows, short ones, long ones and the cut one, as the reference reader finds them. */
function expectedTable(text: string, columns: number): Scanned | undefined {
  const { rows, unclosed } = readReference(text, ",");
  if (unclosed) return undefined;
  const defects: CsvDefect[] = [];
  const filled = rows.map(({ line, cells, open }, row) => {
    const found = cells.length;
    const extra = found === columns + 1 && cells[columns] === "";
    const cut = open && found < columns;
    if (cut) {
      const text = cells[found - 1] ?? "";
      defects.push({
        kind: "last-line-cut",
        line,
        row,
        column: found - 1,
        found,
        ...(text ? { text } : {}),
      });
    } else if (found < columns) defects.push({ kind: "short", line, row, found });
    else if (found > columns && !extra) defects.push({ kind: "long", line, row, found });
    const present = cells.slice(0, cut ? found - 1 : columns);
    return Array.from({ length: columns }, (_, column) => present[column] ?? "");
  });
  return { rows: filled, defects, defectCount: defects.length };
}

Deno.test("CsvScanner finds the rows, cells and lines that a reader by character finds", () => {
  const random = new Random(11);
  let compared = 0;
  for (let round = 0; round < 4000; round++) {
    const columns = 1 + random.below(4);
    const text = randomTable(
      random,
      round % 2 ? WELL_FORMED : [...WELL_FORMED, '"', '""'],
      random.below(60),
    );
    const expected = expectedTable(text, columns);
    if (expected === undefined) continue;
    const types: CsvColumnType[] = Array(columns).fill("text");
    const options = { separator: ",", columns: types, windowBytes: random.pick([1, 20, 1000]) };
    const actual = scan(encoder.encode(text), options, () => 1e9);
    // A cell cut off within quotes is reported as it is written.
    const cut = actual.defects.at(-1)?.text?.includes('"');
    if (cut) continue;
    assert.deepEqual(actual, expected, JSON.stringify(text));
    compared++;
  }
  assert.ok(compared > 2500, `${compared} tables compared`);
});

Deno.test("CsvScanner gives the same result however the bytes are cut", () => {
  const random = new Random(12);
  const columns: CsvColumnType[] = ["f64", "text", "skip", "i64", "iso", { timeExponent: 6 }];
  for (let round = 0; round < 8000; round++) {
    const pieces = randomTable(random, random.pick([SOUP, REGULAR]), random.below(300));
    const bytes = encoder.encode(pieces);
    for (let flips = random.below(3); flips > 0 && bytes.length > 0; flips--) {
      bytes[random.below(bytes.length)] = random.below(256);
    }
    const options = {
      separator: ",",
      columns: columns.slice(0, 1 + random.below(columns.length)),
      maxLineBytes: random.pick([5, 20, 100, 1 << 20]),
      batchRows: random.pick([1, 3, 1000]),
    };
    const whole = scan(bytes, options, () => 1e9);
    const limit = random.pick([1, 3, 40]);
    const windowBytes = random.pick([1, 2, 3, 10, 64, 200]);
    const cut = scan(bytes, { ...options, windowBytes }, () => 1 + random.below(limit));
    assert.deepEqual(cut, whole, JSON.stringify(new TextDecoder().decode(bytes)));
  }
});

Deno.test("CsvScanner gives the same result when the window is full at any byte", () => {
  const random = new Random(13);
  const line = '12.5,"left, ""right""",x\r\n';
  for (let round = 0; round < 6; round++) {
    const lead = "9".repeat(random.below(40));
    const text = `${lead},a,b\r\n${line.repeat(40_000)}`;
    const scanned = scan(encoder.encode(text), {
      separator: ",",
      columns: ["f64", "text", "text"],
    }, () => 1 + random.below(100_000));
    assert.equal(scanned.rows.length, 40_001);
    assert.deepEqual(new Set(scanned.rows.slice(1).map((row) => row.join("|"))).size, 1);
    assert.deepEqual(scanned.rows.at(-1), ["12.5", 'left, "right"', "x"]);
    assert.equal(scanned.defectCount, 0);
  }
});

Deno.test("CsvScanner survives random bytes of every value", () => {
  const random = new Random(14);
  for (let round = 0; round < 300; round++) {
    const bytes = Uint8Array.from({ length: random.below(5000) }, () => random.below(256));
    const options: CsvScannerOptions = {
      separator: ",",
      columns: ["text", "f64", "iso"],
      windowBytes: 99,
    };
    const { rows } = scan(bytes, options, () => 1 + random.below(700));
    // Without quotes every line that is not blank is a row.
    const plain = bytes.map((byte) => byte === 0x22 ? 0x27 : byte);
    const lines = new TextDecoder("latin1").decode(plain).replaceAll("\0", "").split(/\r\n|\r|\n/);
    const expected = lines.filter((line) => /[^ \t]/.test(line)).length;
    assert.equal(scan(plain, options, () => 1 + random.below(700)).rows.length, expected);
    assert.ok(rows.length <= expected);
  }
});

Deno.test("CsvScanner passes long quoted cells and zero-filled ends in small pieces", () => {
  const cell = "line\n".repeat(100_000);
  const text = `1,"${cell}"\n2,b\n${"\0".repeat(600_000)}`;
  const scanned = scan(
    encoder.encode(text),
    { separator: ",", columns: ["f64", "text"] },
    () => 37,
  );
  assert.deepEqual(scanned.rows, [["1", cell], ["2", "b"]]);
  assert.deepEqual(scanned.defects, [{ kind: "nul", line: 100_003, row: 2, found: 600_000 }]);
});
