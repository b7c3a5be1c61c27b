import {
  createIssue,
  type FolderSource,
  reasonOf,
  type ReportIssue,
  throwIfCancelled,
} from "../base/mod.ts";
import type { SessionFile } from "./model.ts";

/** Options of {@linkcode checkPictures}. */
export interface CheckPicturesOptions {
  readonly report: ReportIssue;
  readonly signal?: AbortSignal | undefined;
  /** Most pictures that are looked into. @default {1000} */
  readonly limit?: number;
}

const HEAD_BYTES = 64;
const PICTURE_REGEXP = /\.(png|jpe?g)$/i;

/**
 * Looks into the first bytes of calibration pictures and frames: recorders write JPEG under a `.png` name, and
 * text where a thermal picture should be.
 */
export async function checkPictures(
  folder: FolderSource,
  files: readonly SessionFile[],
  { report, signal, limit = 1000 }: CheckPicturesOptions,
): Promise<void> {
  const pictures = files.filter(({ path, role, size }) =>
    size > 0 && (role === "calibration" || role === "recording") && PICTURE_REGEXP.test(path)
  );
  for (const { path } of pictures.slice(0, limit)) {
    throwIfCancelled(signal);
    await checkPicture(folder, path, report);
  }
}

async function checkPicture(folder: FolderSource, path: string, report: ReportIssue) {
  try {
    const source = await folder.open(path);
    try {
      judge((await source.read(0, HEAD_BYTES)).slice(), path, report);
    } finally {
      await source.close();
    }
  } catch (thrown) {
    report(createIssue("FILE_UNREADABLE", { reason: reasonOf(thrown) }, { path }));
  }
}

function judge(head: Uint8Array, path: string, report: ReportIssue): void {
  const named = /\.png$/i.test(path) ? "PNG" : "JPEG";
  const found = formatOf(head);
  if (found === named) return;
  if (found === "text") {
    const text = new TextDecoder().decode(head).trim();
    report(createIssue("FILE_PLACEHOLDER", { text }, { path }));
  } else report(createIssue("FILE_TYPE_MISMATCH", { named, found }, { path }));
}

function formatOf(head: Uint8Array): "PNG" | "JPEG" | "text" | "of no known kind" {
  if (head[0] === 0x89 && head[1] === 0x50 && head[2] === 0x4e && head[3] === 0x47) return "PNG";
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "JPEG";
  const isText = head.every((byte) => (byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13));
  return isText ? "text" : "of no known kind";
}
