import assert from "node:assert/strict";
import { createIssue } from "../base/mod.ts";
import { gradeIssues, groupIssues } from "./grade.ts";

const EMPTY = createIssue("FILE_EMPTY", {}, { path: "notes/a.txt" });
const SHORT = createIssue("STREAM_SHORT", { percent: 9 }, { stream: "s1/gsr" });
const DUPLICATE = createIssue("TIME_DUPLICATE", { count: 3 }, { path: "s1/gsr.csv" });

function severities(...rules: NonNullable<Parameters<typeof gradeIssues>[1]["rules"]>): string[] {
  return gradeIssues([EMPTY, SHORT, DUPLICATE], { rules }).map(({ code, severity }) =>
    `${code} ${severity}`
  );
}

Deno.test("without rules nothing changes", () => {
  assert.deepEqual(gradeIssues([EMPTY, SHORT], {}), [EMPTY, SHORT]);
});

Deno.test("rules apply by code and place, and the last one wins", () => {
  assert.deepEqual(
    severities(
      { code: "*", severity: "info" },
      { code: "FILE_*", path: "notes/*", severity: "error" },
      { code: "STREAM_*", path: "s1/gsr", severity: "warning" },
      { code: "TIME_DUPLICATE", path: "s2/**", severity: "off" },
    ),
    ["FILE_EMPTY error", "STREAM_SHORT warning", "TIME_DUPLICATE info"],
  );
});

Deno.test("switched off issues are left out and the originals untouched", () => {
  assert.deepEqual(severities({ code: "FILE_EMPTY", severity: "off" }), [
    "STREAM_SHORT warning",
    "TIME_DUPLICATE warning",
  ]);
  assert.equal(EMPTY.severity, "error");
});

Deno.test("groups come worst first with two examples each", () => {
  const many = [1, 2, 3].map((percent) =>
    createIssue("STREAM_SHORT", { percent }, { stream: `s${percent}/gsr` })
  );
  const graded = [...many, DUPLICATE, { ...many[2]!, severity: "error" as const }, EMPTY];
  const groups = groupIssues(graded);
  assert.deepEqual(groups.map(({ code, severity, count }) => [code, severity, count]), [
    ["FILE_EMPTY", "error", 1],
    ["STREAM_SHORT", "error", 4],
    ["TIME_DUPLICATE", "warning", 1],
  ]);
  assert.deepEqual(groups[1]!.examples.map(({ severity }) => severity), ["error", "warning"]);
});
