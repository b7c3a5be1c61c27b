import { realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import {
  createIssue,
  type FolderSource,
  IssueError,
  reasonOf,
  stitchFolders,
  UsageError,
} from "session-process";
import { openFileFolder, openFolder } from "session-process/runtime";

/** Opens the session folders, or XDF files, that the user named. Throws `UsageError` when one is neither. */
export async function openRoots(paths: readonly string[]): Promise<FolderSource> {
  const roots: FolderSource[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((error: unknown) => {
      throw refusal(path, error);
    });
    if (!found.isDirectory() && !isRecording(path)) {
      throw new UsageError(
        `Not a folder: ${path}`,
        "Give the folder of a session, or an .xdf file",
      );
    }
    roots.push(found.isDirectory() ? openFolder(path) : openFileFolder(path));
  }
  await refuseOverlaps(paths);
  return stitchFolders(roots);
}

/** Files that are a session by themselves. */
const RECORDING_REGEXP = /\.xdf$/i;

function isRecording(path: string): boolean {
  return RECORDING_REGEXP.test(path);
}

/** Where the results go unless the user says it: into the folder, or beside a file, under its name. */
export async function outputFolder(path: string): Promise<string> {
  const isFile = isRecording(path) && (await stat(path).catch(() => undefined))?.isFile() === true;
  return isFile ? path.replace(RECORDING_REGEXP, "") : path;
}

function refusal(path: string, error: unknown): Error {
  const { code } = error as { code?: string };
  if (code === "ENOENT") return new UsageError(`No such folder: ${path}`);
  return new IssueError(createIssue("FILE_UNREADABLE", { reason: reasonOf(error) }, { path }));
}

/** The same recordings would be read twice, as those of two devices. */
async function refuseOverlaps(paths: readonly string[]): Promise<void> {
  const places = await Promise.all(
    paths.map(async (path) => ({ path, real: await realpath(path) })),
  );
  for (const [index, { path, real }] of places.entries()) {
    const others = places.filter((_, other) => other !== index);
    const outer = others.find((other) => real === other.real || isInside(real, other.real));
    if (outer === undefined) continue;
    throw new UsageError(
      `Cannot read a folder twice: ${path} is ${real === outer.real ? "" : "inside "}${outer.path}`,
      "Give each folder of the session once",
    );
  }
}

function isInside(path: string, folder: string): boolean {
  const rest = relative(folder, path);
  return rest !== "" && rest !== ".." && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}
