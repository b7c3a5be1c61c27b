import assert from "node:assert/strict";
import { createIssue } from "session-process";
import { formatBytes, formatDuration, formatNumber, formatSigma } from "./format.ts";
import { countIssues, renderIssues } from "./issues.ts";
import { renderJson } from "./json.ts";
import { ProgressLine } from "./progress.ts";
import { createStyle, printable } from "./style.ts";
import { renderTable } from "./table.ts";

Deno.test("quantities are short and keep their unit", () => {
  assert.deepEqual([0, 999, 1000, 999_600, 2.5e12].map(formatBytes), [
    "0 B",
    "999 B",
    "1 kB",
    "1 MB",
    "2.5 TB",
  ]);
  assert.deepEqual([0.0012, 59.96, 100, 3599.7, 7300].map(formatDuration), [
    "0.001 s",
    "60 s",
    "1 min 40 s",
    "1 h 00 min",
    "2 h 01 min",
  ]);
  assert.deepEqual([12, 1500, 2.5e6, 3e9, NaN].map(formatSigma), [
    "12 ns",
    "1.5 us",
    "2.5 ms",
    "3 s",
    "unknown",
  ]);
  assert.equal(formatNumber(51.19999, "Hz"), "51.2 Hz");
  assert.equal(formatNumber(NaN, "Hz"), "-");
});

Deno.test("tables keep their columns under wide characters and hide control characters", () => {
  const table = renderTable([{ title: "A" }, { title: "N", align: "right" }], [
    ["中中", "1"],
    ["a\x1b[31m", "22"],
  ]);
  assert.deepEqual(table.split("\n").slice(0, 3), [
    "A        N",
    "中中     1",
    "a\ufffd[31m  22",
  ]);
  assert.equal(printable("a\u202eb\nc"), "a\ufffdb\ufffdc");
});

Deno.test("findings are grouped with two examples, their count and the remedy", () => {
  const issues = ["a", "b", "c"].map((path) => createIssue("FILE_EMPTY", {}, { path }));
  const text = renderIssues(issues, createStyle(false));
  assert.match(text, /^error {4}FILE_EMPTY x 3 {2}A file is empty\n/);
  assert.match(text, /a: .*\n.*b: .*\n.*and 1 more\n.*> Copy it again/s);
  assert.doesNotMatch(text, /c: /);
  assert.equal(countIssues(issues), "3 errors, 0 warnings, 0 notes");
  assert.ok(renderIssues(issues, createStyle(true)).includes("\x1b[31m"));
});

Deno.test("JSON holds 64-bit integers as text and arrays as lists", () => {
  const value = { big: 2n ** 60n, times: BigInt64Array.of(1n), floats: Float64Array.of(0.5) };
  assert.deepEqual(JSON.parse(renderJson(value)), {
    big: "1152921504606846976",
    times: ["1"],
    floats: [0.5],
  });
});

Deno.test("progress is a line per task in a log, and one line that is redrawn on a terminal", () => {
  const run = (interactive: boolean) => {
    let text = "";
    let now = 0;
    const terminal = { out: () => {}, err: (part: string) => void (text += part), colour: false };
    const line = new ProgressLine({ ...terminal, interactive }, () => now);
    for (const done of [0, 1, 50]) {
      line.report({ task: "Read a", done, total: 100 });
      now += 60;
    }
    line.report({ task: "Read b", done: 0 });
    line.end();
    return text;
  };
  assert.equal(run(false), "Read a\nRead b\n");
  assert.equal(run(true).replaceAll("\r\x1b[2K", "|"), "|Read a  0 %|Read a  50 %|Read b  0 |");
});

Deno.test("progress of pictures tells their speed and the time that is left", () => {
  let now = 0;
  let text = "";
  const terminal = { out: () => {}, err: (part: string) => void (text += part), colour: false };
  const line = new ProgressLine({ ...terminal, interactive: true }, () => now);
  for (const done of [100, 130]) {
    line.report({ task: "Find hands", done, total: 1030, unit: "frames" });
    now += 1000;
  }
  assert.equal(
    text.replaceAll("\r\x1b[2K", "|"),
    "|Find hands  9 %|Find hands  12 %  30.0 frames/s  30 s left",
  );
});
