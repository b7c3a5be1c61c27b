import { stat } from "node:fs/promises";
import {
  createIssue,
  type FolderSource,
  IssueError,
  reasonOf,
  stitchFolders,
  UsageError,
} from "session-process";
import { openFolder } from "session-process/runtime";

/** Opens the session folders that the user named. Throws `UsageError` when one is not a folder. */
export async function openRoots(paths: readonly string[]): Promise<FolderSource> {
  for (const path of paths) {
    const found = await stat(path).catch((error: unknown) => {
      throw refusal(path, error);
    });
    if (!found.isDirectory()) {
      throw new UsageError(
        `Not a folder: ${path}`,
        "Give the folder of a session, not a file in it",
      );
    }
  }
  return stitchFolders(paths.map(openFolder));
}

function refusal(path: string, error: unknown): Error {
  const { code } = error as { code?: string };
  if (code === "ENOENT") return new UsageError(`No such folder: ${path}`);
  return new IssueError(createIssue("FILE_UNREADABLE", { reason: reasonOf(error) }, { path }));
}
