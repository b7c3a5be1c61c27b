import {
  type ByteSource,
  createIssue,
  type FolderSource,
  readAll,
  reasonOf,
  type ReportIssue,
} from "../base/mod.ts";

/** Largest metadata file or log that is read whole: 64 MiB. */
export const SMALL_FILE_LIMIT = 64 * 2 ** 20;

/** Options of {@linkcode readSmallFile}. */
export interface ReadSmallFileOptions {
  readonly report: ReportIssue;
  /** Largest size in bytes. @default {SMALL_FILE_LIMIT} */
  readonly limit?: number;
}

/** Reads a whole file into memory; undefined, with an issue, when it is too large or unreadable. */
export async function readSmallFile(
  folder: FolderSource,
  path: string,
  { report, limit = SMALL_FILE_LIMIT }: ReadSmallFileOptions,
): Promise<Uint8Array | undefined> {
  let source: ByteSource | undefined;
  try {
    source = await folder.open(path);
    if (source.size <= limit) return await readAll(source, limit);
    report(createIssue("FILE_TOO_LARGE", { size: source.size, limit }, { path }));
  } catch (thrown) {
    report(createIssue("FILE_UNREADABLE", { reason: reasonOf(thrown) }, { path }));
  } finally {
    await source?.close();
  }
  return undefined;
}
