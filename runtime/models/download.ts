import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import {
  CancelledError,
  createIssue,
  IssueError,
  reasonOf,
  throwIfCancelled,
  type WorkOptions,
} from "../../core/base/mod.ts";
import { PARTIAL_SUFFIX } from "../file_sink.ts";

/** A file that can be fetched, and how it is told from any other. */
export interface RemoteFile {
  readonly name: string;
  /** Addresses of the very same file, tried in turn. */
  readonly downloads: readonly string[];
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Options of {@linkcode download}. */
export interface DownloadOptions extends WorkOptions {
  /** Seconds without a byte after which the connection is given up. @default {60} */
  readonly patienceSeconds?: number;
}

/** Why an address did not give the file. */
class DownloadError extends Error {
  override readonly name = "DownloadError";
}

/**
 * Fetches a file. It appears under its name only when its hash is right.
 *
 * What was received of an earlier attempt lies under a name that ends with `.partial`; it is gone on with where the
 * server can. Contents that are not the file are deleted. Only `https:` is used, and `http:` on this machine. Rejects
 * with `IssueError` when no address gives the file, with `CancelledError` when the signal is aborted; what was
 * received is then kept. Deno needs `--allow-net` of the host.
 *
 * @param path Where the file is to lie.
 *
 * @example
 * ```ts
 * import { download } from "session-process/runtime";
 * import assert from "node:assert/strict";
 *
 * const file = { name: "a.onnx", downloads: ["http://example.org/a"], bytes: 3, sha256: "0".repeat(64) };
 * await assert.rejects(download(file, "/tmp/no/a.onnx"), /only https: is used/);
 * ```
 */
export async function download(
  file: RemoteFile,
  path: string,
  options: DownloadOptions = {},
): Promise<void> {
  const reasons: { address: string; reason: string }[] = [];
  for (const address of file.downloads) {
    try {
      return await fetchFrom(address, file, path, options);
    } catch (error) {
      if (options.signal?.aborted) throw new CancelledError();
      reasons.push({ address, reason: causeOf(error) });
    }
  }
  const { address = "it", reason = "no address has it" } = reasons[0] ?? {};
  const params = { address, reason, folder: dirname(path), sha256: file.sha256 };
  throw new IssueError(createIssue("MODEL_DOWNLOAD_FAILED", params, { path: basename(path) }));
}

async function fetchFrom(
  address: string,
  file: RemoteFile,
  path: string,
  options: DownloadOptions,
): Promise<void> {
  mustBeSafe(address);
  const partial = `${path}${PARTIAL_SUFFIX}`;
  await mkdir(dirname(path), { recursive: true });
  const before = await sizeOf(partial);
  if (before > file.bytes) await rm(partial, { force: true });
  if (before !== file.bytes) await receive(address, file, partial, options);
  try {
    await mustBeWhole(file, partial, options);
  } catch (error) {
    // What was there before may have been of another file: then all of it is fetched anew.
    if (before === 0 || before > file.bytes || !(error instanceof DownloadError)) throw error;
    await receive(address, file, partial, options);
    await mustBeWhole(file, partial, options);
  }
  await rename(partial, path);
}

function mustBeSafe(address: string): void {
  const { protocol, hostname } = new URL(address);
  const isHere = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  if (protocol === "https:" || (protocol === "http:" && isHere)) return;
  throw new DownloadError(`only https: is used, not ${protocol}`);
}

async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(({ size }) => size, () => 0);
}

/** Appends what is missing of a partial file, or writes it anew where the server sends all of it. */
async function receive(
  address: string,
  file: RemoteFile,
  partial: string,
  options: DownloadOptions,
): Promise<void> {
  const patience = new Patience(options);
  const have = await sizeOf(partial);
  const range = have > 0 ? { range: `bytes=${have}-` } : {};
  try {
    const response = await fetch(address, {
      headers: { "accept-encoding": "identity", ...range },
      signal: patience.signal,
    });
    mustBeSafe(response.url);
    const start = startOf(response, have);
    if (response.body === null) throw new DownloadError("the answer is empty");
    await append(response.body, file, partial, start, patience, options);
  } finally {
    patience.end();
  }
}

/** Where the sent bytes belong in the file. */
function startOf(response: Response, have: number): number {
  if (response.status === 200) return 0;
  const range = response.headers.get("content-range");
  if (response.status === 206 && range?.startsWith(`bytes ${have}-`)) return have;
  void response.body?.cancel();
  if (response.status === 206) throw new DownloadError(`the server sent ${range ?? "no range"}`);
  throw new DownloadError(`the server answered ${response.status} ${response.statusText}`.trim());
}

async function append(
  body: ReadableStream<Uint8Array>,
  file: RemoteFile,
  partial: string,
  start: number,
  patience: Patience,
  { progress, signal }: DownloadOptions,
): Promise<void> {
  const handle = await open(partial, start === 0 ? "w" : "a");
  let done = start;
  try {
    for await (const bytes of body) {
      throwIfCancelled(signal);
      patience.renew();
      if (done + bytes.length > file.bytes) {
        throw new DownloadError(`the server sends more than ${file.bytes} bytes`);
      }
      await handle.write(bytes);
      done += bytes.length;
      progress?.({ task: `Fetch ${file.name}`, done, total: file.bytes, unit: "bytes" });
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file that is too short is kept, to be gone on with; one that is wrong is deleted. */
async function mustBeWhole(
  { bytes, sha256 }: RemoteFile,
  partial: string,
  { signal }: DownloadOptions,
): Promise<void> {
  const size = await sizeOf(partial);
  if (size < bytes) throw new DownloadError(`it ended after ${size} of ${bytes} bytes`);
  const found = await hashOf(partial, signal);
  if (found === sha256) return;
  await rm(partial, { force: true });
  throw new DownloadError(`its sha256 is ${found}`);
}

async function hashOf(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path)) {
    throwIfCancelled(signal);
    hash.update(bytes as Uint8Array);
  }
  return hash.digest("hex");
}

/** Gives a connection up that sends nothing for long, or when the user cancels. */
class Patience {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  readonly #user: AbortSignal | undefined;
  readonly #cancel = () => this.#controller.abort(new CancelledError());
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ patienceSeconds = 60, signal }: DownloadOptions) {
    this.#milliseconds = 1000 * patienceSeconds;
    this.#user = signal;
    signal?.addEventListener("abort", this.#cancel, { once: true });
    if (signal?.aborted) this.#cancel();
    this.renew();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  renew(): void {
    clearTimeout(this.#timer);
    const seconds = this.#milliseconds / 1000;
    this.#timer = setTimeout(
      () => this.#controller.abort(new DownloadError(`nothing came for ${seconds} s`)),
      this.#milliseconds,
    );
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#user?.removeEventListener("abort", this.#cancel);
  }
}

/** What is behind "fetch failed". */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const reason = cause instanceof Error && cause.message !== "" ? cause.message : reasonOf(error);
  // The address stands in the message already.
  return reason.replace(/^error sending request for url \(\S+\): /, "");
}
