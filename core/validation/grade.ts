import { groupBy, type Issue, type IssueCode, ISSUES, type Severity } from "../base/mod.ts";
import type { ProjectConfig, RuleSetting } from "./config.ts";
import { matchesGlob } from "./glob.ts";

/**
 * Gives issues the severity that the project wants, and leaves out those that it switched off. Later rules
 * win over earlier ones. The issues that were passed in are not changed.
 *
 * @example
 * ```ts
 * import { createIssue, gradeIssues } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const issues = [createIssue("FILE_EMPTY", {}, { path: "notes/todo.txt" })];
 * const rules = [{ code: "FILE_*", path: "notes/**", severity: "info" }] as const;
 * assert.equal(gradeIssues(issues, { rules })[0]?.severity, "info");
 * ```
 */
export function gradeIssues(issues: readonly Issue[], config: ProjectConfig): Issue[] {
  return issues.flatMap((issue) => {
    const setting = config.rules?.findLast((rule) => applies(rule, issue));
    if (setting === undefined) return [issue];
    return setting.severity === "off" ? [] : [{ ...issue, severity: setting.severity }];
  });
}

function applies(rule: RuleSetting, { code, where }: Issue): boolean {
  if (!matchesGlob(rule.code, code)) return false;
  if (rule.path === undefined) return true;
  const { path } = rule;
  return [where.path, where.stream, where.device].some((place) =>
    place !== undefined && matchesGlob(path, place)
  );
}

/** All issues of one code, for a list that a person can take in. */
export interface IssueSummary {
  readonly code: IssueCode;
  readonly title: string;
  readonly remedy: string;
  /** The worst of its issues. */
  readonly severity: Severity;
  readonly count: number;
  /** The first ones, worst first. */
  readonly examples: readonly Issue[];
}

const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/**
 * Groups issues by code: worst severity first, then in the order of the catalogue.
 *
 * @param examples How many issues of each code are shown.
 *
 * @example
 * ```ts
 * import { createIssue, groupIssues } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const issues = ["a.csv", "b.csv"].map((path) => createIssue("FILE_EMPTY", {}, { path }));
 * const [group] = groupIssues(issues, 1);
 * assert.deepEqual([group?.code, group?.count, group?.examples.length], ["FILE_EMPTY", 2, 1]);
 * ```
 */
export function groupIssues(issues: readonly Issue[], examples = 2): IssueSummary[] {
  const order = Object.keys(ISSUES);
  const byCode = groupBy(issues, ({ code }) => code);
  return [...byCode].map(([code, all]) => summary(code, all, examples)).sort((a, b) =>
    rank(a) - rank(b) || order.indexOf(a.code) - order.indexOf(b.code)
  );
}

function summary(code: IssueCode, issues: readonly Issue[], examples: number): IssueSummary {
  const sorted = issues.toSorted((a, b) => rank(a) - rank(b));
  const { title, remedy } = ISSUES[code];
  return {
    code,
    title,
    remedy,
    severity: sorted[0]!.severity,
    count: issues.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0),
    examples: sorted.slice(0, examples),
  };
}

function rank({ severity }: { readonly severity: Severity }): number {
  return SEVERITIES.indexOf(severity);
}
