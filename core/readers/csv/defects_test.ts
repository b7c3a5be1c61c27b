import assert from "node:assert/strict";
import { type ByteSource, CancelledError, type Issue, MISSING_NS } from "../../base/mod.ts";
import { openTable, readTable } from "./_support.ts";

const HEADER = "timestamp_ms,device_id,ecg_mV\n";
const row = (n: number) => `${1753842118000 + 8 * n},s1,${n}.5\n`;
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => row(from + n)).join("");

function only(issues: readonly Issue[], code: Issue["code"]): Issue {
  const found = issues.filter((issue) => issue.code === code);
  assert.equal(found.length, 1, `${code} in ${issues.map((issue) => issue.code)}`);
  return found[0]!;
}

Deno.test("Short, long and unreadable rows are reported with their lines and never shifted", async () => {
  const text = HEADER + rows(0, 40) +
    "1753842119000\n1753842119008,s1,2.5,9,9\n1753842119016,s1,oops\n" +
    "never,s1,3.5\n" + rows(200, 203);
  const table = await readTable(text);
  assert.equal(table.times.length, 47);
  assert.deepEqual(table.values["device_id"]?.slice(40, 44), ["", "s1", "s1", "s1"]);
  assert.deepEqual(table.values["ecg"]?.slice(40, 44).map(Number), [NaN, 2.5, NaN, 3.5]);
  assert.equal(table.times[43], MISSING_NS);
  const short = only(table.issues, "CSV_ROW_SHORT");
  assert.deepEqual([short.where.line, short.params], [42, { found: 1, expected: 3 }]);
  const long = only(table.issues, "CSV_ROW_LONG");
  assert.deepEqual([long.where.line, long.params], [43, { found: 5, expected: 3 }]);
  const invalid = table.issues.filter(({ code }) => code === "CSV_VALUE_INVALID");
  assert.deepEqual(invalid.map(({ where, params }) => [where.line, params]), [
    [44, { column: "ecg_mV", value: "oops" }],
    [45, { column: "timestamp_ms", value: "never" }],
  ]);
});

Deno.test("A cell that is no number beyond the first rows is missing and reported", async () => {
  const text = HEADER + rows(0, 3000) + "1753842200000,s1,oops\nnever,s1,7\n" +
    rows(11_000, 11_002);
  const table = await readTable(text);
  assert.equal(table.times.length, 3004);
  assert.ok(Number.isNaN(table.values["ecg"]?.[3000]));
  assert.equal(table.times[3001], MISSING_NS);
  const invalid = table.issues.filter(({ code }) => code === "CSV_VALUE_INVALID");
  assert.deepEqual(invalid.map(({ where, params }) => [where.line, params]), [
    [3002, { column: "ecg_mV", value: "oops" }],
    [3003, { column: "timestamp_ms", value: "never" }],
  ]);
  assert.deepEqual(invalid[0]?.where.stream, "shimmer_1/gsr");
});

Deno.test("A measurement of which a third is damaged stays a measurement", async () => {
  const lines = Array.from(
    { length: 60 },
    (_, n) => n % 3 === 1 ? `${1753842118000 + 8 * n},s1,--\n` : row(n),
  );
  const table = await readTable(HEADER + lines.join(""));
  assert.deepEqual(table.values["ecg"]?.slice(0, 4), [0.5, NaN, 2.5, 3.5]);
  const invalid = table.issues.filter(({ code }) => code === "CSV_VALUE_INVALID");
  assert.equal(invalid.length, 20);
});

Deno.test("Defects that are not listed one by one are counted", async () => {
  const short = (n: number) => `${1753842118000 + 8 * n},s1\n`;
  const lines = Array.from({ length: 1000 }, (_, n) => n % 2 === 1 ? short(n) : row(n));
  const table = await readTable(HEADER + lines.join(""));
  const listed = table.issues.filter(({ code }) => code === "CSV_ROW_SHORT").length;
  const { count } = only(table.issues, "CSV_DEFECTS_UNLISTED").params;
  assert.ok(listed > 0 && listed < 500);
  assert.equal(listed + Number(count), 500);
});

Deno.test("A header in the middle is left out and reported once", async () => {
  const text = HEADER + rows(0, 3) + HEADER + rows(3, 6) + HEADER + rows(6, 8);
  const table = await readTable(text);
  assert.deepEqual(table.values["ecg"], [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5]);
  assert.deepEqual(table.codes, ["CSV_HEADER_REPEATED"]);
  assert.deepEqual(table.issues.map(({ where }) => where.line), [5, 9]);
});

Deno.test("A repeated header with its sep= and units lines is left out whole", async () => {
  const head = '"sep=;"\nShimmer_1_Timestamp_Unix_CAL;Shimmer_1_ECG_CAL\nms;mV\n';
  const text = head + "1753842118000;1.5\n1753842118008;2.5\n" + head + "1753842118016;3.5\n";
  const table = await readTable(text);
  assert.deepEqual(table.values["ecg"], [1.5, 2.5, 3.5]);
  assert.deepEqual(table.codes, ["CSV_HEADER_REPEATED"]);
});

Deno.test("A last line that is cut keeps its whole cells", async () => {
  const table = await readTable(HEADER + rows(0, 5) + "1753842118040,s");
  assert.equal(table.times.length, 6);
  assert.equal(table.times[5], 1753842118040000000n);
  assert.deepEqual(only(table.issues, "CSV_LAST_LINE_CUT").params, { found: 2, expected: 3 });
});

Deno.test("NUL bytes and unclosed quotes are survived and reported", async () => {
  const table = await readTable(HEADER + rows(0, 5) + "\0".repeat(40) + rows(5, 7));
  assert.equal(table.times.length, 7);
  assert.equal(only(table.issues, "CSV_NUL_BYTES").params["count"], 40);
  // A power failure leaves a tail of NUL bytes that is longer than the table.
  const padded = await readTable(HEADER + rows(0, 40) + "\0".repeat(1_000_000));
  assert.equal(padded.times.length, 40);
  assert.equal(only(padded.issues, "CSV_NUL_BYTES").params["count"], 1_000_000);
  const quoted = await readTable(HEADER + rows(0, 3) + '1753842119000,"s1,2.5\n' + row(200));
  assert.ok(quoted.codes.includes("CSV_QUOTE_UNCLOSED"));
});

Deno.test("Rows of another width than the header get columns from the front", async () => {
  const fewer = await readTable(
    "timestamp_ms,ecg_mV,emg_mV\n1753842118000,1.5\n1753842118008,2.5\n",
  );
  assert.deepEqual(Object.keys(fewer.values), ["timestamp", "ecg"]);
  assert.deepEqual(only(fewer.issues, "CSV_ROWS_MISALIGNED").params, {
    found: 2,
    expected: 3,
    missing: "emg_mV",
  });
  const more = await readTable("timestamp_ms,ecg_mV\n1753842118000,1.5,7\n1753842118008,2.5,8\n");
  assert.deepEqual(more.values["column_3"], [7, 8]);
  const counted = await readTable(
    "timestamp_ms,ecg_mV\n0,1753842118000,1.5\n1,1753842118008,2.5\n",
  );
  assert.deepEqual(counted.values["ecg"], [1.5, 2.5]);
  assert.deepEqual(counted.values["column_1"], [0, 1]);
});

Deno.test("A time column without a value, and integers beyond 64 bits", async () => {
  const empty = await readTable("timestamp_ms,ecg\n,1\n,2\n");
  only(empty.issues, "TIME_COLUMN_MISSING");
  assert.deepEqual(empty.times, [MISSING_NS, MISSING_NS]);
  const serial = "12345678901234567890";
  const huge = await readTable(
    `timestamp_ms,serial,count\n1753842118000,${serial},9007199254740993\n`,
  );
  assert.deepEqual(huge.values["serial"], [serial]);
  assert.deepEqual(huge.values["count"], [9007199254740993n]);
});

Deno.test("A comment between rows takes no time from the table", async () => {
  const table = await readTable(HEADER + rows(0, 2) + "# pause\n" + rows(2, 4));
  assert.equal(table.times[0], 1753842118000000000n);
  assert.equal(table.times[2], MISSING_NS);
  const invalid = only(table.issues, "CSV_VALUE_INVALID");
  assert.deepEqual([invalid.where.line, invalid.params["value"]], [4, "# pause"]);
});

Deno.test("Columns of the same name are numbered", async () => {
  const table = await readTable("timestamp_ms,ecg,ecg,odd thing\n1753842118000,1,2,3\n");
  assert.deepEqual(Object.keys(table.values), ["timestamp", "ecg", "ecg_2", "odd_thing"]);
  assert.deepEqual(only(table.issues, "CSV_HEADER_DUPLICATE").params, { column: "ecg", count: 2 });
  assert.deepEqual(only(table.issues, "COLUMN_UNKNOWN").params, { column: "odd thing" });
});

Deno.test("Interleaved rates are reported with what the whole file holds", async () => {
  const lines = Array.from(
    { length: 100 },
    (_, n) => `${1753842118000 + n},${n % 2 === 0 ? n : ""},${n % 4 === 0 ? n : ""}\n`,
  );
  const table = await readTable("timestamp_ms,ecg,emg\n" + lines.join(""));
  const mixed = table.issues.filter(({ code }) => code === "RATE_MIXED");
  assert.deepEqual(mixed.map(({ params }) => params), [
    { column: "ecg", filled: 50, rows: 100 },
    { column: "emg", filled: 25, rows: 100 },
  ]);
});

Deno.test("Device stamps that are those of the phone in some rows are missing there", async () => {
  const head =
    "Timestamp_ms,DeviceTime_ms,SystemTime_ms,SessionTime_ms,DeviceId,SequenceNumber,GSR_Conductance_uS\n";
  const text = head + "1753842118000,5000,1753842118000,0,s1,1,2.5\n" +
    "1753842118020,1753842118020,1753842118020,0,s1,2,2.5\n1753842118040,5039,1753842118040,0,s1,3,2.5\n";
  const table = await readTable(text);
  assert.deepEqual(table.times, [5_000_000_000n, MISSING_NS, 5_039_000_000n]);
  assert.equal(table.hostTimes[1], 1753842118020000000n);
  assert.equal(table.values["device_time"]?.[1], 1753842118020000000n);
});

Deno.test("Files that hold no table have no reader, and are closed", async () => {
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(0), "FILE_EMPTY"],
    [new Uint8Array(5000), "CSV_NUL_BYTES"],
    [Uint8Array.from({ length: 4000 }, (_, n) => n % 13), "FILE_TYPE_MISMATCH"],
    [new TextEncoder().encode(`RIFF${"\0".repeat(4000)}`), "FILE_TYPE_MISMATCH"],
    [new TextEncoder().encode("\n\n \n"), "CSV_HEADER_ONLY"],
  ];
  for (const [bytes, code] of cases) {
    let closed = 0;
    const source: ByteSource = {
      size: bytes.length,
      read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
      close: () => Promise.resolve(void closed++),
    };
    const { reader, issues } = await openTable(source);
    assert.equal(reader, undefined);
    assert.deepEqual(issues.map((issue) => issue.code), [code]);
    assert.equal(closed, 1);
  }
});

Deno.test("Any bytes are read without an exception", async () => {
  let state = 12345;
  const random = (limit: number) => (state = (state * 48271) % 2147483647) % limit;
  const alphabet = [
    '"',
    ",",
    ";",
    "\n",
    "\r",
    "\0",
    "1",
    ".",
    "e",
    "time",
    "=",
    "é",
    "#",
    "\t",
    "-",
    " ",
  ];
  for (let round = 0; round < 300; round++) {
    const text = Array.from({ length: random(120) }, () => alphabet[random(alphabet.length)]).join(
      "",
    );
    const bytes = new TextEncoder().encode(text).slice(0, 1 + random(200));
    const { reader } = await openTable(round % 5 === 0 ? bytes.map(() => random(256)) : bytes);
    let length = 0;
    for await (const batch of reader?.batches() ?? []) {
      assert.equal(batch.times.length, batch.length);
      length += batch.length;
    }
    assert.ok(length <= bytes.length);
  }
});

Deno.test("Reading stops when it is cancelled", async () => {
  const { reader } = await openTable(HEADER + rows(0, 10));
  const signal = AbortSignal.abort();
  await assert.rejects(async () => {
    for await (const _ of reader!.batches({ signal })) assert.fail("Read after it was cancelled");
  }, CancelledError);
});
