import { createIssue, type Issue, reasonOf } from "../base/mod.ts";
import type { Check, CheckContext, ValidationInput } from "./check.ts";
import { CHECKS } from "./checks/mod.ts";
import type { ProjectConfig } from "./config.ts";

/** Options of {@linkcode validateSession}. */
export interface ValidateOptions {
  /** Expected rates and ranges of this project. @default {{}} */
  readonly config?: ProjectConfig;
  /** The questions to ask. @default {CHECKS} */
  readonly checks?: readonly Check[];
}

/**
 * Asks every question of a session whose files were read, and returns what is wrong with it.
 *
 * Problems that readers meet while they read are not repeated here. A check that throws becomes an issue
 * `CHECK_FAILED`; the others go on.
 *
 * @example
 * ```ts
 * import { validateSession } from "session-process";
 * import assert from "node:assert/strict";
 *
 * const issues = validateSession({
 *   session: {
 *     id: "pilot",
 *     name: "pilot",
 *     roots: [],
 *     variant: "M1",
 *     status: "active",
 *     devices: [],
 *     files: [],
 *     listedFiles: [],
 *     streams: [],
 *     logs: [],
 *     events: [],
 *     clockPairs: [],
 *     calibrations: [],
 *   },
 *   streams: [],
 * });
 * assert(issues.some(({ code }) => code === "SESSION_ACTIVE"));
 * ```
 */
export function validateSession(
  input: ValidationInput,
  { config = {}, checks = CHECKS }: ValidateOptions = {},
): Issue[] {
  const context: CheckContext = { ...input, config };
  return checks.flatMap((check) => runCheck(check, context));
}

function runCheck(check: Check, context: CheckContext): Issue[] {
  const found: Issue[] = [];
  try {
    for (const issue of check.check(context)) found.push(issue);
  } catch (thrown) {
    found.push(createIssue("CHECK_FAILED", { check: check.name, reason: reasonOf(thrown) }));
  }
  return found;
}
