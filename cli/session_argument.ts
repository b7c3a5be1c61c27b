import { stat } from "node:fs/promises";
import { type FolderSource, stitchFolders, UsageError } from "session-process";
import { openFolder } from "session-process/runtime";

/** Opens the session folders that the user named. Throws `UsageError` when one is not a folder. */
export async function openRoots(paths: readonly string[]): Promise<FolderSource> {
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) throw new UsageError(`No such folder: ${path}`);
    if (!found.isDirectory()) {
      throw new UsageError(
        `Not a folder: ${path}`,
        "Give the folder of a session, not a file in it",
      );
    }
  }
  return stitchFolders(paths.map(openFolder));
}
