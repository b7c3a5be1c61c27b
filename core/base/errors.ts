import { type Issue, renderIssue } from "./issue.ts";

/** Thrown when the user cancelled: by Ctrl-C, or by aborting the signal that was passed in. */
export class CancelledError extends Error {
  constructor(message = "Cancelled by the user") {
    super(message);
    this.name = "CancelledError";
  }
}

/** Thrown when the toolkit is used wrongly: an option that does not exist or contradicts another. */
export class UsageError extends TypeError {
  /** @param message What is wrong. @param remedy What to do instead. */
  constructor(message: string, readonly remedy: string = "") {
    super(message);
    this.name = "UsageError";
  }
}

/**
 * Throws a {@linkcode CancelledError} when the signal is aborted.
 *
 * @example
 * ```ts
 * import { CancelledError, reasonOf, throwIfCancelled } from "session-process";
 * import assert from "node:assert/strict";
 *
 * throwIfCancelled(undefined);
 * assert.throws(() => throwIfCancelled(AbortSignal.abort()), CancelledError);
 * assert.equal(reasonOf(new Error("disk full")), "disk full");
 * ```
 */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}

/** The message of anything that was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Thrown when work cannot go on because of something that the issue catalogue has a code for. */
export class IssueError extends Error {
  /** @param issue What is wrong; its message becomes that of the error. */
  constructor(readonly issue: Issue) {
    super(renderIssue(issue));
    this.name = "IssueError";
  }
}
