import assert from "node:assert/strict";
import { detectDialect } from "./dialect.ts";
import { readTable } from "./_support.ts";

Deno.test("detectDialect finds separators by the cells that lines agree on", () => {
  for (
    const [separator, comma] of [[",", false], [";", true], ["\t", true], ["|", false]] as const
  ) {
    const number = (text: string) => comma ? text.replace(".", ",") : text;
    const head = ["time,ecg,note", "0.5,1.25,a", "1.5,1.5,b", "2.5,1.75,c"].map((line) =>
      line.split(",").map(number).join(separator)
    ).join("\n");
    const dialect = detectDialect(head);
    assert.equal(dialect.separator, separator);
    assert.equal(dialect.decimalComma, comma);
    assert.equal(dialect.headerLine, 1);
    assert.equal(dialect.dataLine, 2);
  }
});

Deno.test("detectDialect obeys a sep= line, quoted or not", () => {
  for (const line of ['"sep=;"', "sep=;", "SEP=;"]) {
    const dialect = detectDialect(`${line}\r\na_b,c;d\r\n1;2\r\n`);
    assert.equal(dialect.separator, ";");
    assert.equal(dialect.separatorLine, true);
    assert.equal(dialect.headerLine, 2);
    assert.equal(dialect.dataLine, 3);
  }
  assert.equal(detectDialect('"sep=\t"\ntime\tecg\n1\t2\n').separator, "\t");
});

Deno.test("detectDialect finds units, trailing separators, comments and text above the header", () => {
  const head = "# recorder 1.2\n\nSubject: anonymous\ntime;accel_x;\nms;m/(s^2);\n1;2;\n3;4;\n";
  assert.deepEqual(detectDialect(head), {
    separator: ";",
    separatorLine: false,
    decimalComma: false,
    trailingSeparator: "header-and-rows",
    headerLine: 4,
    unitsLine: 5,
    dataLine: 6,
  });
  assert.equal(detectDialect("time,ecg\n1,2,\n3,4,\n").trailingSeparator, "rows");
  assert.equal(detectDialect("time,ecg,\n1,2\n3,4\n").trailingSeparator, "header");
  assert.equal(detectDialect("time,ecg,\n1,2,\n3,4,5\n").trailingSeparator, "none");
});

Deno.test("detectDialect sees that a header is missing, or written as a comment", () => {
  assert.equal(detectDialect("1,2,3\n4,5,6\n").headerLine, undefined);
  assert.equal(detectDialect("1,2,3\n4,5,6\n").dataLine, 1);
  const commented = detectDialect("# time,x,y\n1,2,3\n4,5,6\n");
  assert.equal(commented.headerLine, 1);
  assert.equal(commented.dataLine, 2);
});

Deno.test("Columns may be called by numbers beside a named time", async () => {
  const table = await readTable("timestamp_ms,1,2\n1753842118000,5,6\n1753842118008,7,8\n");
  assert.deepEqual(table.values["column_1"], [5, 7]);
  assert.equal(table.times[1], 1753842118008000000n);
});

Deno.test("Lines may end with a carriage return alone", async () => {
  const table = await readTable("timestamp_ms,ecg\r1753842118000,1.5\r1753842118008,2.5\r");
  assert.deepEqual(table.values["ecg"], [1.5, 2.5]);
});

Deno.test("A table without a header gets numbered columns", async () => {
  const table = await readTable("2025-07-30T02:21:58.000Z,2.5\n2025-07-30T02:21:58.008Z,2.75\n");
  assert.deepEqual(table.values["column_2"], [2.5, 2.75]);
  assert.equal(table.times[0], 1753842118000000000n);
  assert.deepEqual(table.codes, ["CSV_HEADER_MISSING"]);
  const numbers = await readTable("1753842118000,2.5\n1753842118008,2.75\n");
  assert.deepEqual(numbers.times, [1753842118000000000n, 1753842118008000000n]);
  assert.deepEqual(numbers.values["time"], numbers.times);
});

Deno.test("Decimal commas in quotes under a comma separator", async () => {
  const table = await readTable('time_s,gsr\n"0,008","2,5"\n"0,016","2,75"\n"0,024","3,0"\n');
  assert.deepEqual(table.values["gsr"], [2.5, 2.75, 3]);
  assert.deepEqual(table.times, [8_000_000n, 16_000_000n, 24_000_000n]);
  assert.ok(table.codes.includes("CSV_DECIMAL_COMMA"));
});

Deno.test("Trailing separators make no column, unless something stands behind them", async () => {
  const trailing = await readTable(
    "timestamp_ms;ecg_mV;\n1753842118000;1.5;\n1753842118008;1.75;\n",
  );
  assert.deepEqual(Object.keys(trailing.values), ["timestamp", "ecg"]);
  assert.deepEqual(trailing.codes, ["CSV_TRAILING_SEPARATOR"]);
  const rowsOnly = await readTable(
    "timestamp_ms,ecg_mV\n1753842118000,1.5,\n1753842118008,1.75,\n",
  );
  assert.deepEqual(rowsOnly.codes, ["CSV_TRAILING_SEPARATOR"]);
  const filled = await readTable(
    "timestamp_ms,ecg_mV,\n1753842118000,1.5,7\n1753842118008,1.75,8\n",
  );
  assert.deepEqual(filled.values["column_3"], [7, 8]);
});
