import {
  createIssue,
  type FolderSource,
  type Issue,
  type ReportIssue,
  throwIfCancelled,
} from "../base/mod.ts";
import type { Session, SessionFile } from "../session/mod.ts";

/** How the files of a format begin. */
interface Format {
  readonly name: string;
  readonly endings: readonly string[];
  /** Bytes at an offset that only this format has. */
  readonly at: number;
  readonly magic: readonly number[];
}

const FORMATS: readonly Format[] = [
  { name: "a PNG picture", endings: ["png"], at: 0, magic: [0x89, 0x50, 0x4e, 0x47] },
  { name: "a JPEG picture", endings: ["jpg", "jpeg"], at: 0, magic: [0xff, 0xd8, 0xff] },
  { name: "a WAVE sound", endings: ["wav"], at: 8, magic: [0x57, 0x41, 0x56, 0x45] },
  {
    name: "an MP4 file",
    endings: ["mp4", "m4a", "m4v", "mov", "3gp"],
    at: 4,
    magic: [0x66, 0x74, 0x79, 0x70],
  },
  { name: "a ZIP archive", endings: ["zip"], at: 0, magic: [0x50, 0x4b, 0x03, 0x04] },
];

/** Enough to tell every format, and to quote a placeholder. */
const HEAD_BYTES = 32;

/** What the phone writes where the thermal camera gave nothing. */
const PLACEHOLDER_REGEXP = /^[A-Z]+_PLACEHOLDER_DATA/;

/** What {@linkcode checkContents} needs. */
export interface CheckContentsOptions {
  readonly folder: FolderSource;
  readonly session: Session;
  /** Receives what is wrong. */
  readonly report: ReportIssue;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks at the first bytes of recorded files that no reader opens, such as pictures and sounds: whether they are
 * what their names say. Files that cannot be opened are left to those who list them.
 */
export async function checkContents(options: CheckContentsOptions): Promise<void> {
  const { folder, session, report, signal } = options;
  const read = new Set(session.streams.map(({ path }) => path));
  for (const file of session.files) {
    throwIfCancelled(signal);
    if (read.has(file.path) || !isJudged(file)) continue;
    const issue = judge(file.path, await headOf(folder, file.path));
    if (issue !== undefined) report(issue);
  }
}

function isJudged({ role, size, path, unreadable }: SessionFile): boolean {
  if (size === 0 || unreadable !== undefined) return false;
  return (role === "recording" || role === "calibration") && expectedFormat(path) !== undefined;
}

function expectedFormat(path: string): Format | undefined {
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return FORMATS.find(({ endings }) => endings.includes(ending));
}

async function headOf(folder: FolderSource, path: string): Promise<Uint8Array> {
  const source = await folder.open(path).catch(() => undefined);
  if (source === undefined) return new Uint8Array(0);
  try {
    return (await source.read(0, HEAD_BYTES)).slice();
  } catch {
    return new Uint8Array(0);
  } finally {
    await source.close();
  }
}

function judge(path: string, head: Uint8Array): Issue | undefined {
  const text = String.fromCharCode(...head);
  if (PLACEHOLDER_REGEXP.test(text)) return createIssue("FILE_PLACEHOLDER", { text }, { path });
  const named = expectedFormat(path);
  const found = FORMATS.find(({ at, magic }) => magic.every((byte, i) => head[at + i] === byte));
  if (named === undefined || found === undefined || found === named) return undefined;
  return createIssue("FILE_TYPE_MISMATCH", { named: named.name, found: found.name }, { path });
}
