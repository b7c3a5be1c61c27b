import { mkdir } from "node:fs/promises";
import { createIssue, IssueError, reasonOf } from "session-process";

/** Makes the output folder at once: a wrong one would fail only after everything was read. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new IssueError(createIssue("OUTPUT_FAILED", { reason: reasonOf(error) }, { path }));
  }
}
