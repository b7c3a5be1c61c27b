import { ISSUES } from "./issues/catalogue.ts";

/** How much an issue matters: `error` loses trust in data, `warning` asks for a look, `info` informs. */
export type Severity = "error" | "warning" | "info";

/** A code of the issue catalogue. */
export type IssueCode = keyof typeof ISSUES;

/** One entry of the issue catalogue. */
export interface IssueDefinition {
  /** Severity unless the user re-grades it. */
  readonly severity: Severity;
  /** What is wrong, as a short heading without parameters. */
  readonly title: string;
  /** What is wrong here. `{name}` stands for a parameter of the issue. */
  readonly message: string;
  /** What the user can do about it. */
  readonly remedy: string;
}

/** Value of a message parameter. */
export type IssueParam = string | number | bigint | boolean;

/** The names between braces in a message template. */
type ParamNames<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;

/** The parameters that the message of an issue code needs. */
export type IssueParams<Code extends IssueCode> = {
  readonly [Name in ParamNames<(typeof ISSUES)[Code]["message"]>]: IssueParam;
};

/** Where an issue was found. Lines are 1-based, bytes 0-based, times in ns on the clock of the stream. */
export interface IssueWhere {
  /** Path of the file or folder, relative to the session, with forward slashes. */
  readonly path?: string;
  /** Device id. */
  readonly device?: string;
  /** Stream id. */
  readonly stream?: string;
  /** 1-based line of the file. */
  readonly line?: number;
  /** 0-based byte of the file. */
  readonly byte?: number;
  /** Time on the clock of the stream, in nanoseconds. */
  readonly timeNs?: bigint;
}

/** One thing that is wrong, assumed or worth knowing about recorded data. */
export interface Issue {
  readonly code: IssueCode;
  readonly severity: Severity;
  readonly where: IssueWhere;
  readonly params: Readonly<Record<string, IssueParam>>;
  /** How many more like it were found at the same path and not kept. @default {0} */
  readonly repeats?: number;
}

/**
 * Makes an issue of a code with the parameters that its message needs.
 *
 * @example
 * ```ts
 * import { createIssue, renderIssue } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const issue = createIssue("FILE_EMPTY", {}, { path: "webcam/a.mp4" });
 * assert.equal(issue.severity, "error");
 * assert.match(renderIssue(issue), /webcam\/a\.mp4/);
 * ```
 */
export function createIssue<Code extends IssueCode>(
  code: Code,
  params: IssueParams<Code>,
  where: IssueWhere = {},
): Issue {
  return { code, severity: ISSUES[code].severity, where, params };
}

/** The message of an issue with its parameters filled in, without its place. */
export function issueMessage(issue: Issue): string {
  const template: string = ISSUES[issue.code].message;
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = issue.params[name];
    return value === undefined ? whole : brief(String(value));
  });
}

/** Longest text of a parameter in a message: damaged files hold words without end. */
const PARAM_LIMIT = 160;

function brief(text: string): string {
  return text.length <= PARAM_LIMIT ? text : `${text.slice(0, PARAM_LIMIT - 1)}\u2026`;
}

/**
 * The place of an issue as `path:line`, `path@byte`, device or stream; empty when it has none.
 *
 * @example
 * ```ts
 * import { createIssue, issueMessage, issuePlace } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const issue = createIssue("FILE_UNREADABLE", { reason: "no permission" }, { path: "a.csv", line: 7 });
 * assert.equal(issuePlace(issue), "a.csv:7");
 * assert.equal(issueMessage(issue), "Cannot be read: no permission");
 * ```
 */
export function issuePlace(issue: Issue): string {
  const { path, line, byte, device, stream } = issue.where;
  const subject = path ?? stream ?? device ?? "";
  if (line !== undefined) return `${subject}:${line}`;
  return byte === undefined ? subject : `${subject}@${byte}`;
}

/** One line a person can act on: place, message. */
export function renderIssue(issue: Issue): string {
  const place = issuePlace(issue);
  return place === "" ? issueMessage(issue) : `${place}: ${issueMessage(issue)}`;
}
