import {
  type ByteSource,
  createIssue,
  type FolderSource,
  groupBy,
  readChunks,
  reasonOf,
  type ReportIssue,
  type StartSha256,
  throwIfCancelled,
  type WorkOptions,
} from "../base/mod.ts";
import type { Session, SessionFile } from "../session/mod.ts";

/** A file that the results were made from. */
export interface InputRecord {
  readonly path: string;
  readonly size: number;
  /** `whole`, or `ends`: first and last MiB of a file too large to read for its hash alone. */
  readonly hashed: "whole" | "ends";
  readonly sha256: string;
}

/** Larger files are hashed by their ends: a video of many gigabytes would cost minutes. */
const WHOLE_LIMIT = 256 << 20;
const END_BYTES = 1 << 20;

/** What {@linkcode hashInputs} needs. */
export interface HashInputsOptions extends WorkOptions {
  readonly folder: FolderSource;
  readonly session: Session;
  readonly sha256: StartSha256;
  readonly report: ReportIssue;
}

/** Hashes every recorded file of a session; a file that cannot be read is reported and left out. */
export async function hashInputs(options: HashInputsOptions): Promise<InputRecord[]> {
  const files = options.session.files.filter(({ role }) => role !== "output" && role !== "unknown");
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const records: InputRecord[] = [];
  let done = 0;
  for (const file of files) {
    throwIfCancelled(options.signal);
    options.progress?.({ task: "Hash recordings", done, total, unit: "bytes" });
    const record = await hashFile(options, file);
    if (record !== undefined) records.push(record);
    done += file.size;
  }
  return records;
}

/** Hashes only the recordings that have the size of another one: enough to find two with the same contents. */
export async function hashTwins(options: HashInputsOptions): Promise<InputRecord[]> {
  const { session } = options;
  const recordings = session.files.filter(({ role, size }) => role === "recording" && size > 0);
  const twins = [...groupBy(recordings, ({ size }) => size).values()].filter((files) =>
    files.length > 1
  );
  return await hashInputs({ ...options, session: { ...session, files: twins.flat() } });
}

async function hashFile(
  { folder, session, sha256, report, signal }: HashInputsOptions,
  { path }: SessionFile,
): Promise<InputRecord | undefined> {
  let source: ByteSource | undefined;
  try {
    source = await folder.open(path);
    return { path, ...await hashSource(source, { sha256, signal }) };
  } catch (error) {
    throwIfCancelled(signal);
    // Of streams, the reading says so.
    const isStream = session.streams.some((stream) => stream.path === path);
    if (!isStream) report(createIssue("FILE_UNREADABLE", { reason: reasonOf(error) }, { path }));
    return undefined;
  } finally {
    await source?.close();
  }
}

/** Hashes a file, whole or by its ends. */
async function hashSource(
  source: ByteSource,
  { sha256, signal }: Pick<HashInputsOptions, "sha256" | "signal">,
): Promise<Omit<InputRecord, "path">> {
  const hash = sha256();
  const whole = source.size <= WHOLE_LIMIT;
  if (whole) {
    for await (const chunk of readChunks(source, { chunkSize: 1 << 20, signal })) {
      hash.update(chunk);
    }
  } else {
    hash.update(await source.read(0, END_BYTES));
    hash.update(await source.read(source.size - END_BYTES, END_BYTES));
  }
  return { size: source.size, hashed: whole ? "whole" : "ends", sha256: hash.hex() };
}

/**
 * Hashes one recording: a file, or with an empty path all files of a folder by their names and contents. Rejects when
 * it cannot be read.
 */
export async function hashRecording(
  folder: FolderSource,
  path: string,
  options: Pick<HashInputsOptions, "sha256" | "signal">,
): Promise<InputRecord> {
  if (path !== "") return { path, ...await hashPath(folder, path, options) };
  const hash = options.sha256();
  let size = 0;
  for await (const entry of folder.list({ signal: options.signal, maxDepth: 1 })) {
    if (entry.kind !== "file") continue;
    const { sha256 } = await hashPath(folder, entry.path, options);
    hash.update(new TextEncoder().encode(`${entry.path} ${sha256}\n`));
    size += entry.size;
  }
  return { path, size, hashed: "whole", sha256: hash.hex() };
}

async function hashPath(
  folder: FolderSource,
  path: string,
  options: Pick<HashInputsOptions, "sha256" | "signal">,
): Promise<Omit<InputRecord, "path">> {
  const source = await folder.open(path);
  try {
    return await hashSource(source, options);
  } finally {
    await source.close();
  }
}
