import assert from "node:assert/strict";
import { createIssue } from "./issue.ts";
import { IssueLog } from "./issue_log.ts";

Deno.test("a log counts everything and keeps the first of each code and path", () => {
  const log = new IssueLog(2);
  for (let line = 1; line <= 5; line++) {
    log.report(createIssue("CSV_NUL_BYTES", { count: line }, { path: "a.csv", line }));
  }
  log.report(createIssue("FILE_EMPTY", {}, { path: "a.csv" }));
  assert.equal(log.count, 6);
  assert.deepEqual(log.groups().map(({ code, count }) => [code, count]), [
    ["CSV_NUL_BYTES", 5],
    ["FILE_EMPTY", 1],
  ]);
  assert.deepEqual(log.issues().map(({ where }) => where.line), [1, 2, undefined]);
  assert.deepEqual(log.issues().map(({ repeats }) => repeats), [undefined, 3, undefined]);
});

Deno.test("a log absorbs another without losing counts", () => {
  const part = new IssueLog(1);
  part.report(createIssue("FILE_EMPTY", {}, { path: "b" }));
  part.report(createIssue("FILE_EMPTY", {}, { path: "b" }));
  const whole = new IssueLog();
  whole.report(createIssue("FILE_EMPTY", {}, { path: "b" }));
  for (const group of part.groups()) whole.absorb(group);
  assert.equal(whole.count, 3);
  assert.equal(whole.issues().length, 2);
});
