import {
  createIssue,
  type FolderEntry,
  type FolderSource,
  type ReportIssue,
  throwIfCancelled,
} from "../base/mod.ts";
import { classifyFile, type FileClass, type FilePlace, placeOf } from "./classify.ts";
import { type FileName, parseFileName } from "./names.ts";

/** Folders below this depth are not looked into. */
export const MAX_DEPTH = 16;

/** A file with what its path says. */
export interface FoundFile {
  readonly entry: FolderEntry;
  readonly place: FilePlace;
  readonly name: FileName;
  readonly class: FileClass;
}

/** Options of {@linkcode listFiles}. */
export interface ListFilesOptions {
  readonly report: ReportIssue;
  readonly signal?: AbortSignal | undefined;
}

/** Lists the files of a session in the order of their paths. Links and what lies too deep is left out. */
export async function listFiles(
  folder: FolderSource,
  { report, signal }: ListFilesOptions,
): Promise<readonly FoundFile[]> {
  const files: FoundFile[] = [];
  let tooDeep = false;
  const options = { maxDepth: MAX_DEPTH + 1, ...(signal && { signal }) };
  for await (const entry of folder.list(options)) {
    throwIfCancelled(signal);
    const depth = entry.path.split("/").length;
    if (depth > MAX_DEPTH) tooDeep = true;
    else if (entry.kind === "symlink") reportLink(entry, report);
    else if (entry.kind === "file") files.push(describe(entry));
    if (entry.unreadable !== undefined) {
      report(createIssue("FILE_UNREADABLE", { reason: entry.unreadable }, { path: entry.path }));
    }
  }
  if (tooDeep) report(createIssue("FOLDER_TOO_DEEP", { depth: MAX_DEPTH }));
  return markOutputs(files);
}

/** What this toolkit writes beside its results, by which a folder of them is known wherever it stands. */
const RESULT_REGEXP = /^(.*\/)processing\/(provenance|\.work\/journal)\.json$/;

/** Results that were written into a folder of their own inside the session are no recordings. */
function markOutputs(files: readonly FoundFile[]): readonly FoundFile[] {
  const folders = new Set(files.flatMap(({ entry }) => RESULT_REGEXP.exec(entry.path)?.[1] ?? []));
  if (folders.size === 0) return files;
  return files.map((file) =>
    isResult(file.entry.path, folders) ? { ...file, class: { role: "output" } } : file
  );
}

function isResult(path: string, folders: ReadonlySet<string>): boolean {
  for (const match of path.matchAll(/(?<=^|\/)(processing|exports)\//g)) {
    if (folders.has(path.slice(0, match.index))) return true;
  }
  return false;
}

function reportLink({ path, target }: FolderEntry, report: ReportIssue): void {
  report(createIssue("FOLDER_SYMLINK", { target: target ?? "an unknown place" }, { path }));
}

function describe(entry: FolderEntry): FoundFile {
  const place = placeOf(entry.path);
  return { entry, place, name: parseFileName(place.fileName), class: classifyFile(place) };
}
