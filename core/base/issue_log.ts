import type { Issue, IssueCode } from "./issue.ts";

/** All issues of one code at one path, of which only the first are kept in full. */
export interface IssueGroup {
  readonly code: IssueCode;
  readonly path: string;
  /** How often it occurred. */
  count: number;
  /** The first ones, at most the limit of the log. */
  readonly examples: Issue[];
}

/**
 * Collects issues in bounded memory: everything is counted, the first of each kind and file are kept.
 *
 * @example
 * ```ts
 * import { createIssue, IssueLog } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const log = new IssueLog(2);
 * for (const line of [3, 5, 8]) {
 *   log.report(createIssue("CSV_ROW_SHORT", { found: 2, expected: 4 }, { path: "a.csv", line }));
 * }
 * assert.equal(log.count, 3);
 * assert.deepEqual(log.issues().map(({ where }) => where.line), [3, 5]);
 * ```
 */
export class IssueLog {
  readonly #groups = new Map<string, IssueGroup>();
  readonly #limit: number;

  /** @param limit How many issues of one code at one path are kept in full. */
  constructor(limit = 1000) {
    this.#limit = limit;
  }

  /** Adds an issue. Bound, so that it can be passed on as a `ReportIssue`. */
  readonly report = (issue: Issue): void => {
    const group = this.#group(issue);
    group.count++;
    if (group.examples.length < this.#limit) group.examples.push(issue);
  };

  /** Adds all issues of a group that another log has gathered. */
  absorb({ count, examples }: IssueGroup): void {
    const [first] = examples;
    if (first === undefined) return;
    for (const issue of examples) this.report(issue);
    this.#group(first).count += count - examples.length;
  }

  /** Groups by code and path, in the order in which they were first seen. */
  groups(): readonly IssueGroup[] {
    return [...this.#groups.values()];
  }

  /** The issues that were kept, group by group; the last of a group says how many more there were. */
  issues(): Issue[] {
    return this.groups().flatMap(({ examples, count }) => {
      const repeats = count - examples.length;
      return repeats === 0
        ? examples
        : [...examples.slice(0, -1), { ...examples.at(-1)!, repeats }];
    });
  }

  /** How many issues were reported, kept or not. */
  get count(): number {
    return this.groups().reduce((sum, group) => sum + group.count, 0);
  }

  #group(issue: Issue): IssueGroup {
    const path = issue.where.path ?? issue.where.stream ?? issue.where.device ?? "";
    const key = `${issue.code}\n${path}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group = { code: issue.code, path, count: 0, examples: [] };
    this.#groups.set(key, group);
    return group;
  }
}
